"""What PlutoPrint does not print because it stands above the page's upper margin or below its lower
one: found by printing the letter once more with nothing moved from its place, where style sheets
may put something there.

Knows nothing of letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from batchsend.language import _
from batchsend.rendering.page_checks import bare
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
)
_TRACED = "rgba(253, 254, 255, .004)"
_COLOUR = (253, 254, 255)
"""Nobody sees it; behind pictures, it tells how many are printed."""
_PICTURES = f"img, svg {{ background: {_TRACED} !important }} "
_IN_ORDER = (
    "* { position: static !important; float: none !important; transform: none !important;"
    " margin-top: 0 !important; margin-block-start: 0 !important } " + _PICTURES
)
"""The style with which everything is printed, one below the other."""
_PICTURE = re.compile(r"<(?:img|svg)\b", re.IGNORECASE)
_MOST = 6
"""Words that are named."""
_PAGES = 3
"""Digits of a page's number."""


def may_rise(texts: Mapping[str, str]) -> bool:
    """Whether a template's texts (by file name) may put something above or below the margins."""
    return any(_MOVING.search(text) for text in texts.values())


def vanished(html: str, pdf: bytes, printed: Callable[[str], bytes]) -> str:
    """The first words that are not in `pdf`, but are when `html` is `printed` with a style that
    leaves everything in its place, or that a picture is not; blank where nothing is missing.
    """
    in_order = printed(_IN_ORDER)
    seen = bare(" ".join(filter(None, _texts(pdf))))
    texts = _texts(in_order)
    if None not in texts:  # else one cannot be read
        words = " ".join(filter(None, texts)).split()
        missing = [word for word in words if _is_missing(word, seen)]
        if missing:
            return f"“{' '.join(missing[:_MOST])}”"
    if _PICTURE.search(html) and _pictures(printed(_PICTURES)) < _pictures(in_order):
        return _("a picture")
    return ""


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


def _is_missing(word: str, seen: str) -> bool:
    word = bare(word)
    # The letter printed so may have a page more, and its number.
    return word not in seen and not (word.isdigit() and len(word) <= _PAGES)


def _texts(pdf: bytes) -> list[str | None]:
    with open_pdf(pdf) as opened:
        return list(page_texts(opened))
