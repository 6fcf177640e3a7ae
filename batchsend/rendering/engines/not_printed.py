"""What an engine did not print, in silence: found by its words, and by printing the letter once
more with nothing moved from its place and nothing cut off.

PlutoPrint leaves out what stands above a page's upper margin, below its lower one or to the left of
its left one, and what `overflow: hidden` cuts off. WeasyPrint leaves out what goes on below a
page's foot where it floats or is placed absolutely. Knows nothing of letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

import lxml.html
from lxml import etree

from batchsend.language import _
from batchsend.rendering.page_checks import FULL_SIZE, Layout, bare
from batchsend.rendering.pdf.opened import open_pdf
from batchsend.rendering.pdf.text import page_texts

_NEGATIVE = r"-\s*0*\.?0*[1-9]"
_MOVING = re.compile(
    # Upwards, or by what is known only in the letter.
    r"(?<![\w-])(?:top|inset[\w-]*|margin(?:-top|-block[\w-]*)?|transform|translate)\s*:"
    rf"[^;{{}}\"']*(?:{_NEGATIVE}|{{{{)"
    rf"|--[\w-]+\s*:[^;{{}}\"']*{_NEGATIVE}"
    # From below, or below the foot.
    r"|(?<![\w-])bottom\s*:(?!\s*(?:0[a-z]*\s*[;}\"']|auto\b))"
    r"|(?<![\w-])top\s*:\s*(?:\d{3}mm|\d\dcm|\d{4})"
    # Turned around a corner; on every page in the same place, and cut off by its foot.
    r"|(?<![\w-])(?:transform|rotate|scale)\s*:[^;{}\"']*(?:rotate|matrix|skew|scale|deg|turn|rad)"
    r"|(?<![\w-])position\s*:\s*fixed"
    # A drawing with words, which may stand outside of it.
    r"|<text\b"
)
_ASIDE = re.compile(
    # To the left, or from the right.
    r"(?<![\w-])(?:left|inset[\w-]*|margin(?:-left|-inline[\w-]*)?|text-indent|transform"
    rf"|translate)\s*:[^;{{}}\"']*(?:{_NEGATIVE}|{{{{)"
    r"|(?<![\w-])right\s*:\s*(?:[12]\d\dmm|[12]\d(?:\.\d+)?cm|\d{3}p)"
)
_LISTS = (re.compile(r"<[ou]l\b", re.IGNORECASE), re.compile(r"(?<![\w-])padding[\w-]*\s*:"))
"""A list's numbers stand to the left of it: it may have less room for them than they need."""
_LEFT = re.compile(r"(?<![\w-])left\s*:\s*-([\d.]+)mm")
_WIDTH = re.compile(r"(?<![\w-])width\s*:\s*([\d.]+)mm")
_CLIPPING = re.compile(r"(?<![\w-])overflow(?:-\w+)?\s*:\s*(?:hidden|clip|auto|scroll)")
_ON_PURPOSE = re.compile(
    r"(?<![\w-])(?:clip|clip-path|text-overflow|(?:-webkit-)?line-clamp|max-lines)\s*:"
    r"|(?<![\w-])(?:max-)?(?:height|width)\s*:\s*(?:0|1px)\b"
)
"""Beside `overflow: hidden`: a text for screen readers alone, or one that ends with an ellipsis."""
_PALE = re.compile(
    r"(?<![\w-])color\s*[:=]\s*[\"']?(?:#f{3}\b|#(?:f[0-9a-f]){3}|rgba?\(\s*2[45]\d\b|hsla?\(|var\("
    r"|\{\{|[a-z]*white|snow|ivory|mintcream|azure|aliceblue)",
    re.IGNORECASE,
)
"""A colour of text that may be one of those that nobody sees on paper."""
_RULES = re.compile(r"(?P<selector>[^{};]*)\{(?P<said>[^{}]*)\}")
_STYLES = re.compile(r"style\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_WRITING = re.compile(r"(?<![\w-])content\s*:[^;]*[\"'][^\"']*\w")
"""Words that stand in a style sheet, and not in the HTML."""
_UNREAD = ("script", "style", "template", "title", "desc", "select", "textarea")
_TRACED = "rgba(253, 254, 255, .004)"
_COLOUR = (253, 254, 255)
"""Nobody sees it; behind pictures, it tells how many are printed."""
_PICTURES = f"img, svg {{ background: {_TRACED} !important }} "
_IN_ORDER = (
    "* { position: static !important; float: none !important; transform: none !important;"
    " margin-top: 0 !important; margin-left: 0 !important; margin-block-start: 0 !important;"
    " margin-inline-start: 0 !important; text-indent: 0 !important; overflow: visible !important;"
    " height: auto !important; max-height: none !important } "
)
"""The style with which everything is printed, one below the other."""
_PICTURE = re.compile(r"<(?:img|svg)\b", re.IGNORECASE)
_MOST = 6
"""Words that are named."""
_PAGES = 3
"""Digits of a page's number."""


class Losses:
    """What a template's texts (by file name) may ask for that is not printed."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.rises = any(_MOVING.search(text) for text in texts.values())
        """Whether something may stand above or below the margins."""
        said = [each for text in texts.values() for each in _declarations(text)]
        self.clips = any(_CLIPPING.search(each) and not _ON_PURPOSE.search(each) for each in said)
        """Whether something may be cut off that is not meant to be."""
        whole = "\n".join(texts.values())
        self.goes_aside = bool(_ASIDE.search(whole) or all(each.search(whole) for each in _LISTS))
        """Whether something may begin to the left of the margins."""
        self.leaves = any(_ASIDE.search(each) and not _is_wide(each) for each in said)
        """Whether it may stand there as a whole."""
        self.may_be_pale = any(map(_PALE.search, texts.values()))
        """Whether a text may have a colour that is nearly white."""
        self._writes = any(map(_WRITING.search, said))
        self._full_size = self._seen(FULL_SIZE)
        self._unseen = "".join(_unseen(text) for text in texts.values())

    def laid_out(self, layout: Layout) -> Layout:
        """The layout of a letter, with what may be missing on its pages."""
        return self._full_size if layout is FULL_SIZE else self._seen(layout)

    def _seen(self, layout: Layout) -> Layout:
        return replace(
            layout,
            may_rise=self.rises,
            may_clip=self.clips,
            goes_aside=self.goes_aside,
            may_be_pale=self.may_be_pale,
        )

    def words(self, html: str, pdf: bytes, printed: Callable[[str], bytes]) -> str:
        """The first words that are not in `pdf`, but are when `html` is `printed` with a style that
        leaves everything in its place; in quotation marks, and blank where nothing is missing.
        """
        seen = bare(" ".join(filter(None, _texts(pdf))))
        words = list(_words_of(html))
        times = Counter(map(bare, words))
        fewer = {word for word in times if seen.count(word) < times[word]}
        if not (fewer or self._writes):
            return ""
        shown = _texts(printed(_IN_ORDER + self._unseen))
        if None in shown:  # a page that cannot be read
            return ""
        words += " ".join(filter(None, shown)).split() if self._writes else []
        whole = bare(" ".join(filter(None, shown)))
        missing = [
            word
            for word in dict.fromkeys(words)
            # The letter printed so may have a page more, with the words of every page on it.
            if ((plain := bare(word)) in fewer or (plain not in times and plain not in seen))
            and whole.count(plain) > seen.count(plain)
            and not _is_number_of(word, times)
        ]
        return f"“{' '.join(missing[:_MOST])}”" if missing else ""

    @staticmethod
    def pictures(html: str, printed: Callable[[str], bytes]) -> str:
        """That fewer are `printed` than with everything in its place; blank where as many are."""
        if not _PICTURE.search(html):
            return ""
        in_order = printed(_IN_ORDER + _PICTURES)
        return _("a picture") if _pictures(printed(_PICTURES)) < _pictures(in_order) else ""


def _is_wide(said: str) -> bool:
    """Whether what a rule moves to the left is so wide that more of it stays where it is seen."""
    left, width = _LEFT.search(said), _WIDTH.search(said)
    return left is not None and width is not None and float(width[1]) > 2 * float(left[1])


def _unseen(text: str) -> str:
    """A style that leaves out what a text cuts off on purpose."""
    selectors = (
        found["selector"].strip()
        for found in _RULES.finditer(text)
        if _CLIPPING.search(found["said"]) and _ON_PURPOSE.search(found["said"])
    )
    return "".join(f" {each} {{ display: none !important }}" for each in selectors if each)


def _declarations(text: str) -> Iterator[str]:
    """What each rule of a style sheet, and each `style`, says."""
    yield from (found["said"] for found in _RULES.finditer(text))
    yield from (found[1] or found[2] or "" for found in _STYLES.finditer(text))


def _words_of(html: str) -> Iterator[str]:
    """Each word that `html` has to show."""
    body = lxml.html.document_fromstring(html).find("body")
    if body is not None:
        etree.strip_elements(body, *_UNREAD, with_tail=False)
        for text in body.itertext(with_tail=True):
            yield from filter(bare, text.split())


def _is_number_of(word: str, written: Collection[str]) -> bool:
    """Whether it may be a page's, or those of a list: there may be a page more."""
    said = bare(word)
    return said.isdigit() and (len(said) <= _PAGES or said not in written)


def _pictures(pdf: bytes) -> float:
    """How many pictures are printed on a page."""
    with open_pdf(pdf) as opened:
        found = sum(
            page.filled_with(mark) == _COLOUR
            for page in opened.pages()
            for mark in page.marks()
            if not mark.is_text
        )
        # Those of the margins come again on every page.
        return found / opened.page_count


def _texts(pdf: bytes) -> list[str | None]:
    with open_pdf(pdf) as opened:
        return list(page_texts(opened))
