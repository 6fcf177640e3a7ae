"""A Word document as one Jinja2 template: its text in all its parts, each paragraph on a line.

Turned once, before anything is sent; a letter is then a rendering of this source, put back among
the document's other parts (filling.py).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from batchsend.errors import TemplateError
from batchsend.expressions import LANGUAGES, left_in
from batchsend.language import _
from batchsend.word.codes import Codes
from batchsend.word.fields import turned
from batchsend.word.fonts import missing_fonts
from batchsend.word.markup import FORMULA, Element, described, parsed, tag, w, written
from batchsend.word.package import Package
from batchsend.word.pairs import must_be_whole
from batchsend.word.places import Names, put_in_place
from batchsend.word.safety import disarmed
from batchsend.word.tidying import tidied
from batchsend.word.torn import healed

PART: Final = re.compile(r"<\?batchsend-part (?P<name>.*?)\?>")
"""What stands before each part in the source. No value can have it: `<` is escaped there."""
LANGUAGE: Final = "batchsend-language"
"""Stands for the letter's language in the parts that have no other text; and in the source for what
it is."""
_LINE: Final = "{#\n#}"
"""A new line of the source that is none in the letter."""
_TEXTS: Final = ("header", "footer", "footnotes", "endnotes")
_DRAWN: Final = re.compile(r"word/(?:charts/chart|diagrams/(?:data|drawing))[^/]*\.xml$")
_CODE: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_PROPERTIES: Final = "docProps/core.xml"
_SHOWN_IN_PDF: Final = ("{*}title", "{*}subject", "{*}keywords")
_TEXT_OF: Final = etree.XPath("//*[local-name() = 't']/text()")
_VOLATILE: Final = re.compile(
    rb' w:rsid\w*="[^"]*"| w14:(?:paraId|textId)="[^"]*"'
    rb"|<w:(?:proofErr|lastRenderedPageBreak|bookmarkStart|bookmarkEnd)\b[^>]*/>"
)
"""What Word writes otherwise each time it saves the same letter."""
_TAGS: Final = {name: locale.replace("_", "-") for name, locale in LANGUAGES.items()}
_LANGUAGE: Final = f"<?batchsend-part {LANGUAGE}?>{{{{ {_TAGS}.get(language, 'nb-NO') }}}}"
WORD_NAMES: Final = Names(
    paragraph=w("p"),
    row=w("tr"),
    cells=(w("tc"),),
    text=w("t"),
    pictures=(*map(w, ("drawing", "pict", "br", "sym", "footnoteReference")), FORMULA),
    closed=tuple(map(w, ("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote"))),
    ends=w("sectPr"),
)


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """A document, read."""

    source: str
    """Jinja2: the parts that have text in them, one after the other."""
    parts: Mapping[str, bytes]
    """The others, as they are."""
    notes: tuple[str, ...]
    """What is worth knowing of it, as sentences that begin with “it” or “the”."""
    lasting: bytes
    """What makes it another letter when it changes."""

    @classmethod
    def read(cls, data: bytes, fonts: frozenset[str] | None = None) -> WordTemplate:
        """Read a .docx. Raises TemplateError, without the file's name.

        `fonts`: those at hand, in small letters, where it is to be told which are missing.
        """
        whole = Package.read(data)
        package, notes = disarmed(whole)
        mapped = mapped_names(whole)
        codes = Codes()
        said, sources = list(notes), []
        names = [package.main, *package.of_main(*_TEXTS)]
        sections = 0
        for name in names:
            root = parsed(package.parts[name], name)
            said += tidied(root)
            sections = sections or sum(1 for _each in root.iter(w("sectPr")))
            said += turned(root, codes, mapped, sections)
            healed(root, codes)
            put_in_place(root, codes, WORD_NAMES)
            said += _told_of_word_art(root)
            sources.append(_source(name, root, codes))
        if fonts is not None:
            said += missing_fonts(package, fonts)
        source = "".join([*sources, _LANGUAGE])
        must_be_whole(source)
        said += _drawn_as_they_are(package)
        said += _told_of_it(whole)
        others = {name: part for name, part in package.parts.items() if name not in names}
        others |= {name: _styles(name, others[name]) for name in package.of_main("styles")}
        return cls(source, others, tuple(dict.fromkeys(said)), b"\0".join(_lasting(package)))


def _drawn_as_they_are(package: Package) -> Iterator[str]:
    """Sentences on charts and diagrams that seem to ask for a value: nothing is filled in there.

    Raises TemplateError where one does.
    """
    for name, part in package.parts.items():
        if not _DRAWN.match(name):
            continue
        text = " ".join("".join(_TEXT_OF(parsed(part, name))).split())
        if found := _CODE.search(text):
            raise TemplateError(
                _("a chart or diagram has {code} in it.", code=found[0]),
                hint=_("Nothing is filled in there. Write it into the letter's text."),
            )
        if found := re.search(r"«[^«»]+»", text):
            yield _("a chart or diagram shows {words}, which is printed as it is.", words=found[0])


def _told_of_word_art(root: Element) -> Iterator[str]:
    """Sentences on bracketed words in WordArt of the older kind, whose text is an attribute."""
    for art in root.iter(tag("v:textpath")):
        for words, _column in left_in(_CODE.sub("", art.get("string") or ""), ()):
            yield _("WordArt shows {words}, which is printed as it is.", words=words)


def _told_of_it(package: Package) -> Iterator[str]:
    """Sentences on the document's title and the like, which every letter's PDF has as they are.

    Raises TemplateError where one asks for a value.
    """
    if (data := package.parts.get(_PROPERTIES)) is None:
        return
    for element in parsed(data, _PROPERTIES).iter(*_SHOWN_IN_PDF):
        text = element.text or ""
        if found := _CODE.search(text):
            raise TemplateError(
                _("its title, subject or keywords have {code} in them.", code=found[0]),
                hint=_(
                    "Nothing is filled in there, and every letter's PDF shows them. Correct them "
                    "in Word: File > Info."
                ),
            )
        for words, _column in left_in(text, ()):
            yield _("its title, subject or keywords show {words} in every letter.", words=words)


def paragraph_at(source: str, line: int) -> str:
    """The paragraph on a line of a source, as a person would point at it."""
    lines = source.split("\n")
    part = next(
        (
            found[-1]["name"]
            for n in range(line - 2, -1, -1)
            if (found := list(PART.finditer(lines[n])))
        ),
        "",
    )
    said = lines[line - 1] if 1 < line <= len(lines) else ""
    text = re.sub(r"#\}|\{#", "", PART.split(said)[0])
    text = re.sub(r"<w:instrText\b.*?</w:instrText>", "", text)
    text = re.sub(r"\{%.*?%\}", " ", re.sub(r"</?[\w:]+[^>]*>|<\?.*?\?>", "", text))
    place = _place(part)
    return described(html.unescape(text)) + (f" in {place}" if place else "")


def _place(part: str) -> str:
    for word in ("header", "footer", "footnotes", "endnotes"):
        if word in part.rpartition("/")[2]:
            return f"the {word}"
    return ""


def mapped_names(package: Package) -> dict[str, str]:
    """Which column Word took for each part of a name, as its own list of fields says."""
    found: dict[str, str] = {}
    for name in package.of_main("settings"):
        for entry in parsed(package.parts[name], name).iter(w("fieldMapData")):
            column, meaning = (
                (child.get(w("val")) if child is not None else None)
                for child in (entry.find(w("name")), entry.find(w("mappedName")))
            )
            if column and meaning:
                found[meaning] = column
    return found


def _source(name: str, root: Element, codes: Codes) -> str:
    for text in root.iter(w("t")):
        if any(map(Codes.is_mark, Codes.split(text.text or ""))):
            text.set(tag("xml:space"), "preserve")
    text = etree.tostring(root, encoding="unicode").replace("\n", " ")
    text = re.sub(r"<w:p(?=[ >/])", f"{_LINE}<w:p", text)
    return f"<?batchsend-part {name}?>{codes.restored(text)}"


def _styles(name: str, data: bytes) -> bytes:
    """The styles, with room for the letter's language as the language of its text."""
    root = parsed(data, name)
    defaults = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
    if defaults is None:
        return data
    language = defaults.find(w("lang"))
    if language is None:
        language = etree.SubElement(defaults, w("lang"))
    language.set(w("val"), LANGUAGE)
    return written(root)


def _lasting(package: Package) -> Iterator[bytes]:
    for name, part in sorted(package.parts.items()):
        if not name.startswith(("docProps/", "customXml/")) and not re.search(
            r"(?:settings|webSettings|comments\w*|people|fontTable)\.xml", name
        ):
            yield name.encode()
            yield _VOLATILE.sub(b"", part)
