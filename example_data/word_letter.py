"""The meter reading's letter, made as an office writes one in Word. Needs python-docx."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

PETROL = RGBColor(0x12, 0x47, 0x5A)


def write_meter_letter(path: Path) -> None:
    """The meter reading's letter, as an office writes one in Word: merge fields and no code."""
    letter = docx.Document()
    _set_page(letter)
    section = letter.sections[0]
    head = section.header.paragraphs[0]
    _say(head, "Vannverket AS", bold=True, size=14, color=PETROL)
    foot = section.footer.paragraphs[0]
    _say(foot, "Vannverket AS · Org.nr. 312 345 676 · post@example.no · Side ", size=7.5)
    _field(foot, "PAGE", "1", size=7.5)
    _say(foot, " av ", size=7.5)
    _field(foot, "NUMPAGES", "1", size=7.5)

    _frame(_field(letter.add_paragraph(), "ADDRESSBLOCK", "«Adresseblokk»"), 25, 48, 90, 29)
    facts = letter.add_paragraph()
    for label, name, switches in (("Kundenummer", "Kundenr", ""), ("Frist", "Frist", DAY)):
        _say(facts, f"{label}: ", size=9)
        _field(facts, f"MERGEFIELD {name} {switches}", f"«{name}»", size=9)
        facts.add_run().add_break()
    _frame(facts, 135, 48, 55, 20)

    title = letter.add_heading("Les av vannmåleren", 1)
    title.paragraph_format.space_before = Mm(66)  # below the window
    _text(letter, "Kjære ", "«Navn»", ",")
    due = f"MERGEFIELD Frist {DAY}"
    text = _text(letter, "Det er tid for årets avlesning. Send oss målerstanden innen ")
    _field(text, due, "«Frist»", bold=True)
    _say(text, ". Uten avlesning beregner vi forbruket ut fra det du brukte i fjor.")
    _meter_table(letter)
    _if_email(_text(letter))
    _text(letter, "Du kan lese av på www.example.no eller ringe oss på 22 55 66 99.")
    _text(letter, "Vennlig hilsen")
    _say(_text(letter), "Vannverket AS", bold=True)
    properties = letter.core_properties
    properties.author, properties.title = "Vannverket AS", "Les av vannmåleren"
    properties.created = properties.modified = datetime(2026, 11, 20)
    path.parent.mkdir(parents=True, exist_ok=True)
    letter.save(str(path))


DAY = '\\@ "d. MMMM yyyy"'


def _set_page(letter: Document) -> None:
    """A4 with the letter below the window, everything in Noto Sans."""
    section = letter.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(26), Mm(30)
    section.header_distance, section.footer_distance = Mm(14), Mm(12)
    for fonts in letter.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for side in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{side}"), "Noto Sans")
    normal, heading = letter.styles["Normal"], letter.styles["Heading 1"]
    normal.font.size, normal.paragraph_format.space_after = Pt(10), Pt(8)
    normal.paragraph_format.line_spacing = Pt(15)
    heading.font.size, heading.font.bold, heading.font.color.rgb = Pt(15), True, PETROL
    heading.paragraph_format.space_before = Pt(0)
    heading.paragraph_format.space_after, heading.paragraph_format.line_spacing = Pt(10), Pt(20)


def _text(letter: Document, *words: str) -> Paragraph:
    """A paragraph; words in guillemets are merge fields."""
    paragraph = letter.add_paragraph()
    for said in words:
        if said.startswith("«"):
            _field(paragraph, f"MERGEFIELD {said.strip('«»')}", said)
        else:
            _say(paragraph, said)
    return paragraph


def _say(
    paragraph: Paragraph,
    words: str,
    *,
    bold: bool = False,
    size: float = 10,
    color: RGBColor | None = None,
) -> None:
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold or None, Pt(size)
    if color is not None:
        run.font.color.rgb = color


def _field(
    paragraph: Paragraph, instruction: str, shown: str, *, bold: bool = False, size: float = 10
) -> Paragraph:
    """A complex field, as Word's ribbon puts it in."""
    first = len(paragraph.runs)
    _mark(paragraph, "begin")
    _instruct(paragraph, f" {instruction} ")
    _mark(paragraph, "separate")
    _say(paragraph, shown)
    _mark(paragraph, "end")
    for run in paragraph.runs[first:]:
        run.bold, run.font.size = bold or None, Pt(size)
    return paragraph


def _mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _instruct(paragraph: Paragraph, text: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = text
    paragraph.add_run()._r.append(instruction)


def _if_email(paragraph: Paragraph) -> None:
    """IF, with a field in its condition and one in its text."""
    _mark(paragraph, "begin")
    _instruct(paragraph, " IF ")
    _field(paragraph, "MERGEFIELD Epost", "«Epost»")
    _instruct(paragraph, ' <> "" "Kvitteringen sender vi til ')
    _field(paragraph, "MERGEFIELD Epost", "«Epost»")
    _instruct(paragraph, '." "Kvitteringen sender vi i posten." ')
    _mark(paragraph, "separate")
    _say(paragraph, "Kvitteringen sender vi i posten.")
    _mark(paragraph, "end")


def _frame(paragraph: Paragraph, left: float, top: float, width: float, height: float) -> None:
    """Where a paragraph stands on the page, in millimetres from its corner."""
    frame = OxmlElement("w:framePr")
    for name, value in (("w", width), ("h", height), ("x", left), ("y", top)):
        frame.set(qn(f"w:{name}"), str(round(value / 25.4 * 1440)))
    for name, said in (("hRule", "exact"), ("hAnchor", "page"), ("vAnchor", "page")):
        frame.set(qn(f"w:{name}"), said)
    frame.set(qn("w:wrap"), "around")
    paragraph._p.get_or_add_pPr().insert(0, frame)
    paragraph.paragraph_format.line_spacing = Pt(12.25)
    paragraph.paragraph_format.space_after = Pt(0)


def _meter_table(letter: Document) -> None:
    """A head, and one row that every meter of the customer gets."""
    table = letter.add_table(2, 5)
    table.style = letter.styles["Table Grid"]
    indent = OxmlElement("w:tblInd")  # so that its edge is the text's
    indent.set(qn("w:w"), "108")
    indent.set(qn("w:type"), "dxa")
    table._tbl.tblPr.append(indent)
    head = ("Målernummer", "Plassering", "Forrige stand", "Avlest", "Ny stand")
    fields = ("Målernr", "Plassering", 'Forrige_stand \\# "# ##0"', 'Avlest \\@ "dd.MM.yyyy"', "")
    for place, (title, field) in enumerate(zip(head, fields, strict=True)):
        top, cell = (table.cell(row, place).paragraphs[0] for row in (0, 1))
        _say(top, title, bold=True, size=8.5)
        if field:
            _field(cell, f"MERGEFIELD rows.{field}", f"«{field.split()[0]}»", size=9.5)
        for paragraph in (top, cell):
            paragraph.paragraph_format.space_after = Pt(2)
            if place in {2, 4}:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    letter.add_paragraph().paragraph_format.space_after = Pt(0)
