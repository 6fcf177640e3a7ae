"""Documents as three programs write them: python-docx, LibreOffice, and Word (by hand elsewhere).

`written-by-libreoffice.docx` is what LibreOffice 7.4 makes of the .fodt beside it.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.shared import Mm
from word_documents import letter_of, paragraphs, said

from batchsend.word import WordTemplate
from batchsend.word.office_process import Office

HERE = Path(__file__).parent
BY_LIBREOFFICE = HERE / "written-by-libreoffice.docx"
ROWS = [
    {"Navn": "Åse Bø", "Postnr": "0150", "Poststed": "Oslo", "Beløp": "1 234,5"},
    {"Navn": "Åse Bø", "Postnr": "0150", "Poststed": "Moss", "Beløp": "7"},
]


def by_python_docx() -> bytes:
    letter = docx.Document()
    section = letter.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Til «Navn»"
    section.header.paragraphs[0].text = "Side to, {{ navn }}"
    greeting = letter.add_paragraph("Kjære «")
    greeting.add_run("Na").bold = True
    greeting.add_run("vn», du skylder {{ beløp ")
    greeting.add_run("| money }}.")
    letter.add_paragraph("{% if beløp | amount > 100 %}", style="List Number")
    letter.add_paragraph("Det er mye.", style="List Number")
    letter.add_paragraph("{% endif %}")
    table = letter.add_table(2, 2)
    for place, text in enumerate(("Hva", "Kr", "«rows.Poststed»", "{{ each.beløp | money }}")):
        table.cell(place // 2, place % 2).text = text
    file = io.BytesIO()
    letter.save(file)
    return file.getvalue()


def test_python_docx() -> None:
    data = by_python_docx()
    text = ["Kjære Åse Bø, du skylder 1\u00a0234,50.", "Det er mye.", "Hva", "Kr"]
    assert said(data, *ROWS) == [*text, "Oslo", "1\u00a0234,50", "Moss", "7,00"]
    letter = letter_of(data, *ROWS)
    style = docx.Document(io.BytesIO(letter)).paragraphs[1].style
    assert style is not None
    assert style.name == "List Number"
    with zipfile.ZipFile(io.BytesIO(letter)) as archive:
        heads = sorted(name for name in archive.namelist() if name.startswith("word/header"))
    assert sorted(paragraphs(letter, name)[0] for name in heads) == [
        "Side to, Åse Bø",
        "Til Åse Bø",
    ]


def test_libreoffice() -> None:
    data = BY_LIBREOFFICE.read_bytes()
    text = ["Kjære Åse Bø, du skylder 1\u00a0234,50.", *["Åse Bø", "0150 Oslo"] * 2, "Det er mye."]
    assert said(data, *ROWS) == [*text, "Hva", "Kr", "Oslo", "1 234,5", "Moss", "7"]
    assert paragraphs(letter_of(data, *ROWS), "word/header1.xml") == ["Til Åse Bø"]


@pytest.mark.parametrize(
    "data", [by_python_docx(), BY_LIBREOFFICE.read_bytes()], ids=["docx", "lo"]
)
def test_a_letter_has_every_part_of_its_document(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as before:
        wanted = set(before.namelist())
    with zipfile.ZipFile(io.BytesIO(letter_of(data, *ROWS))) as after:
        assert set(after.namelist()) == wanted
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in after.infolist())


@pytest.mark.slow
def test_what_is_beside_it_is_what_libreoffice_writes(tmp_path: Path, real_office: None) -> None:
    (tmp_path / "a.fodt").write_bytes(BY_LIBREOFFICE.with_suffix(".fodt").read_bytes())
    Office(tmp_path).convert(["a.fodt"], tmp_path, to="docx", limit=60)
    made = (tmp_path / "a.docx").read_bytes()
    assert said(made, *ROWS) == said(BY_LIBREOFFICE.read_bytes(), *ROWS)
    assert WordTemplate.read(made).notes == ()
