"""Fields of a document, simple (`w:fldSimple`) and complex (`w:fldChar`), turned into Jinja2.

A merge field becomes an expression, IF becomes `{% if %}`. What only Word can know, as a page's
number, is left to the program that makes the pages. What reads from elsewhere is refused.
Source: ECMA-376 part 1, 17.16.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.word.codes import Codes
from batchsend.word.columns import EACH, FIELD
from batchsend.word.conditions import Piece, condition
from batchsend.word.field_instructions import (
    Instruction,
    compared_field,
    greeting,
    merge_field,
    shown_date,
)
from batchsend.word.markup import (
    BREAKS,
    FORMULA,
    FORMULA_TEXT,
    PRESERVE,
    Element,
    described,
    owner,
    run_like,
    story_of,
    text_of,
    w,
)

_LEFT = {
    *("PAGE", "NUMPAGES", "PAGEREF", "REF", "TC", "HYPERLINK", "SEQ", "SYMBOL", "XE", "ADVANCE"),
    "FORMCHECKBOX",
}
"""The program that makes the pages knows them, and takes no result of Word's for them."""
_REFUSED = {"INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "DDE", "DDEAUTO", "LINK", "IMPORT", "RD"}
_OF_THE_MERGE = {
    *("ASK", "FILLIN", "SET", "NEXT", "NEXTIF", "SKIPIF", "MERGEREC", "MERGESEQ", "DATABASE", "="),
    *("COMPARE", "MERGEBARCODE", "DISPLAYBARCODE", "BARCODE", "MACROBUTTON"),
    *("STYLEREF", "LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "SECTIONPAGES"),
}
"""A letter would be wrong without what they do, and nothing else here does it: what STYLEREF showed
last is the text of another letter.
"""
_OF_A_LETTER = {"MERGEFIELD", "ADDRESSBLOCK", "GREETINGLINE", "IF"}
_SHOWS_ITS_OWN = {"HYPERLINK", "TC", "XE", "ADVANCE", "SEQ"}
"""What they show is never what the fields in their instruction say."""
_OF_A_SECTION, _OF_ALL = "SECTIONPAGES", "NUMPAGES"
"""The same where there is one section; LibreOffice knows the second one only."""
_ADDRESS = "{{ letter.Invoicee | address_block(home=letter.Invoicer.CountryCode) }}"


@dataclass(slots=True)
class Field:
    """One field on its way through a text."""

    begin: Element
    outer: Field | None
    code: list[Element | Field] = field(default_factory=list)
    """Its instruction: runs, and the fields within it."""
    result: list[Element] = field(default_factory=list)
    """Runs of what it showed last."""
    shown: list[Field] = field(default_factory=list)
    """The fields among these."""
    separated: bool = False
    end: Element | None = None

    @property
    def text(self) -> str:
        """The instruction, without what the fields within it say."""
        return "".join(
            "…" if isinstance(part, Field) else _instruction_of(part) for part in self.code
        )

    def runs(self) -> Iterator[Element]:
        """Every run it takes up."""
        yield self.begin
        for part in self.code:
            yield from part.runs() if isinstance(part, Field) else (part,)
        yield from self.result
        if self.end is not None:
            yield self.end


def turned(
    root: Element, codes: Codes, mapped: Mapping[str, str], sections: int = 1
) -> Iterator[str]:
    """Change a part's tree in place; sentences on fields whose last result is printed.

    `mapped` is which column Word took for each part of a name; `sections`, how many the document
    has. Raises TemplateError naming the field, and the paragraph it stands in.
    """
    for formula in root.iter(FORMULA):
        if next(formula.iter(w("fldSimple"), w("fldChar"), w("instrText")), None) is not None:
            raise TemplateError(
                _("{where} has a field in a formula.", where=described(_shown_around(formula))),
                hint=_("Put the field beside the formula, or write {{ … }} in it."),
            )
    for simple in list(root.iter(w("fldSimple"))):
        _make_complex(simple)
    for found in _fields(root):
        before = text_of(owner(found.begin, w("p")))
        try:
            if sections == 1:
                _count_all_pages(found)
            yield from _turn(found, codes, mapped)
        except TemplateError as error:
            raise TemplateError(f"{described(before)}: {error.message}", hint=error.hint) from None


def _shown_around(formula: Element) -> str:
    return text_of(owner(formula, w("p"))) or "".join(
        text.text or "" for text in formula.iter(FORMULA_TEXT)
    )


def _make_complex(simple: Element) -> None:
    """Put a simple field as a complex one: the rest need not know both."""
    parent, place = simple.getparent(), simple.getparent().index(simple)
    runs = list(simple)
    like = next((run for run in runs if run.tag == w("r")), None)
    like = etree.Element(w("r"), nsmap=simple.nsmap) if like is None else like
    instruction = etree.Element(w("instrText"))
    instruction.text = simple.get(w("instr"), "")
    marks = [_mark(kind) for kind in ("begin", "separate", "end")]
    begin, separate, end = (run_like(like, mark) for mark in marks)
    for new in reversed([begin, run_like(like, instruction), separate, *runs, end]):
        parent.insert(place, new)
    parent.remove(simple)


def _mark(kind: str) -> Element:
    mark = etree.Element(w("fldChar"))
    mark.set(w("fldCharType"), kind)
    return mark


def _fields(root: Element) -> list[Field]:
    """The outermost fields, each with those within it."""
    found: list[Field] = []
    open_fields: dict[Element | None, Field] = {}
    for run in root.iter(w("r")):
        story = story_of(run)
        current = open_fields.get(story)
        mark = run.find(w("fldChar"))
        kind = mark.get(w("fldCharType")) if mark is not None else ""
        if kind == "begin":
            open_fields[story] = Field(run, current)
        elif current is None:
            continue
        elif kind == "separate":
            current.separated = True
            current.code.append(run)
        elif kind == "end":
            current.end = run
            if current.outer is None:
                found.append(current)
                del open_fields[story]
            else:
                outer = open_fields[story] = current.outer
                if outer.separated:
                    outer.result += list(current.runs())
                    outer.shown.append(current)
                else:
                    outer.code.append(current)
        elif current.separated:
            current.result.append(run)
        else:
            current.code.append(run)
    return found


def _count_all_pages(found: Field) -> None:
    """Put the pages of the only section as those of the document."""
    for inner in (*found.code, *found.shown):
        if isinstance(inner, Field):
            _count_all_pages(inner)
    if Instruction.read(found.text).kind == _OF_A_SECTION:
        said = found.text.upper().replace(_OF_A_SECTION, _OF_ALL)
        for run in found.code:
            for text in () if isinstance(run, Field) else run.iter(w("instrText")):
                text.text, said = said, ""


def _instruction_of(run: Element) -> str:
    return "".join(part.text or "" for part in run.iter(w("instrText"), w("t")))


def _turn(found: Field, codes: Codes, mapped: Mapping[str, str]) -> Iterator[str]:
    read = Instruction.read(found.text)
    if read.kind in _REFUSED:
        raise TemplateError(
            _("the field {{ {text} }} reads from elsewhere, which is never done.", text=read.text),
            hint=_("Put what it shows into the document itself, and take the field out."),
        )
    if read.kind in _OF_THE_MERGE or _shows_another(found, read):
        raise TemplateError(
            _("the field {{ {text} }} is not understood.", text=read.text),
            hint=_("Take it out, or write what you want as {{ … }}: docs/word.md says how."),
        )
    if read.kind in _LEFT:
        for inner in found.code:
            if isinstance(inner, Field):
                _turn_within(inner, codes, mapped)
        for inner in found.shown:
            yield from _turn(inner, codes, mapped)
        return
    said: list[str] = []
    runs = _in_place_of(found, read, codes, mapped, said)
    if runs is None:
        yield from _kept(found, read)
        for inner in found.shown:
            yield from _turn(inner, codes, mapped)
        _keep_result(found)
        return
    yield from said
    _put(found, runs)


def _shows_another(found: Field, read: Instruction) -> bool:
    """Whether what it showed last is of the recipient whom Word showed last: it is made of fields
    that differ from letter to letter.
    """
    if read.kind in _OF_A_LETTER or read.kind in _SHOWS_ITS_OWN:
        return False
    inner = [part for part in found.code if isinstance(part, Field)]
    reads = [(part, Instruction.read(part.text)) for part in inner]
    return any(of.kind in _OF_A_LETTER or _shows_another(part, of) for part, of in reads)


def _kept(found: Field, read: Instruction) -> Iterator[str]:
    """What is said of a field whose last result must do."""
    if found.result:
        yield _("the field {{ {text} }} is printed as Word showed it last.", text=read.text)
    elif read.kind == "EQ":
        raise TemplateError(
            _("the field {{ {text} }} is not understood.", text=read.text),
            hint=_("Take it out, or write what you want as {{ … }}: docs/word.md says how."),
        )


def _turn_within(inner: Field, codes: Codes, mapped: Mapping[str, str]) -> None:
    """A field in the instruction of one that is left to others: it stays an instruction there."""
    runs = _in_place_of(inner, Instruction.read(inner.text), codes, mapped, [])
    for run in runs or ():
        for text in run.iter(w("t")):
            text.tag = w("instrText")
    if runs is not None:
        _put(inner, runs)


def _in_place_of(
    found: Field, read: Instruction, codes: Codes, mapped: Mapping[str, str], said: list[str]
) -> list[Element] | None:
    """The runs that do what a field does; None where its last result must do.

    `said` gets the sentences on fields within it whose last result is printed.
    """

    def shown(code: str) -> list[Element]:
        return [_coded(found, codes.mark(code))]

    simple: dict[str, Callable[[], list[Element]]] = {
        "MERGEFIELD": lambda: shown(_merged(read)),
        "ADDRESSBLOCK": lambda: shown(_ADDRESS),
        "GREETINGLINE": lambda: shown(greeting(read, mapped)),
        "DATE": lambda: shown(shown_date(read)),
        "TIME": lambda: shown(shown_date(read)),
        "IF": lambda: _either(found, codes, mapped, said),
    }
    return simple[read.kind]() if read.kind in simple else None


def _merged(read: Instruction) -> str:
    """The code of a MERGEFIELD; one that is called `rows.X` is of a line that is repeated."""
    name = read.words[0] if read.words else ""
    if name.lower().startswith("rows."):
        return merge_field(read, FIELD.named(name[len("rows.") :], owner=f"{EACH}."))
    return merge_field(read)


def _either(
    found: Field, codes: Codes, mapped: Mapping[str, str], said: list[str]
) -> list[Element]:
    """The runs of an IF: those for true and those for false, with `{% if %}` around them."""

    def inner_runs(inner: Field) -> list[Element]:
        read = Instruction.read(inner.text)
        runs = _in_place_of(inner, read, codes, mapped, said)
        if runs is not None:
            return runs
        nested = inner.shown or any(isinstance(part, Field) for part in inner.code)
        if read.kind in _REFUSED | _OF_THE_MERGE or nested:
            raise TemplateError(
                _("the field {{ {text} }} is not understood within an IF.", text=read.text)
            )
        if read.kind in _LEFT:
            return [copy.deepcopy(run) for run in inner.runs()]
        said.extend(_kept(inner, read))
        return [copy.deepcopy(run) for run in inner.result]

    def inner_expression(inner: Field) -> str:
        read = Instruction.read(inner.text)
        if read.kind != "MERGEFIELD" or not read.words:
            raise TemplateError(
                _("the field {{ {text} }} cannot be compared within an IF.", text=read.text)
            )
        return compared_field(read)

    pieces: list[Piece] = []
    cell = owner(found.begin, w("tc"))
    last_paragraph = owner(found.begin, w("p"))
    for part in found.code:
        first = part.begin if isinstance(part, Field) else part
        paragraph = owner(first, w("p"))
        if owner(first, w("tc")) is not cell:
            raise TemplateError(
                _("the field {{ {text} }} has a table in it.", text=" ".join(found.text.split())),
                hint=_(
                    "Put {% if … %} in a paragraph of its own above the table, and "
                    "{% endif %} below it: docs/word.md says how."
                ),
            )
        if paragraph is not last_paragraph and pieces:
            pieces.append((first, "\n"))
            last_paragraph = paragraph
        if isinstance(part, Field):
            pieces.append((part, inner_runs(part), _expression_or_none(part, inner_expression)))
        else:
            pieces += _pieces_of(part)
    return condition(pieces, found.text, codes, lambda mark: _coded(found, mark))


def _pieces_of(run: Element) -> Iterator[Piece]:
    """The texts of a run of an instruction, and what else is to be shown, as a picture."""
    for child in run:
        if child.tag in {w("instrText"), w("t")}:
            yield run, child.text or ""
        elif child.tag in BREAKS and child.get(w("type")) is None:
            yield run, BREAKS[child.tag]
        elif child.tag not in {w("rPr"), w("fldChar")}:
            yield run, [run_like(run, copy.deepcopy(child))], ""


def _expression_or_none(part: Field, expression: Callable[[Field], str]) -> str:
    try:
        return expression(part)
    except TemplateError:
        return ""


def _coded(found: Field, text: str) -> Element:
    """A run with the look of what the field showed last."""
    shown = [run for run in found.result if run.find(w("t")) is not None]
    content = etree.Element(w("t"))
    content.set(PRESERVE, "preserve")
    content.text = text
    return run_like(shown[0] if shown else found.begin, content)


def _put(found: Field, runs: list[Element]) -> None:
    """Runs in place of a field."""
    begin = found.begin
    parent, place = begin.getparent(), begin.getparent().index(begin)
    for run in reversed(runs):
        parent.insert(place, run)
    paragraphs = [owner(run, w("p")) for run in found.runs()]
    for run in list(found.runs()):
        if run.getparent() is not None:
            run.getparent().remove(run)
    for paragraph in dict.fromkeys(paragraphs):
        if paragraph is None or paragraph is owner(parent, w("p")):
            continue
        has_text = next(paragraph.iter(w("t"), w("drawing"), w("pict")), None) is not None
        if not has_text and paragraph.getparent() is not None:
            paragraph.getparent().remove(paragraph)


def _keep_result(found: Field) -> None:
    kept = set(found.result)
    for run in list(found.runs()):
        if run not in kept and run.getparent() is not None:
            run.getparent().remove(run)
