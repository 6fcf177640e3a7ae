"""The letters that ship, opened again as PDFs: what stands where, on which page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
import pytest
from example_rows import ROWS

from batchsend.letters import Letter
from batchsend.lists import Column, Row
from batchsend.rendering import Renderer, Templates, TemplateSettings
from batchsend.rendering.document import Document
from batchsend.starter import begin_letter
from batchsend.text import column_name

ROOT = Path(__file__).parents[2]
BEGUN = TemporaryDirectory()
"""Has the letter that `init` begins."""
FOLDERS = [
    *sorted({path.parent for path in (ROOT / "templates").glob("*/letter.html")}),
    begin_letter(Path(BEGUN.name) / "letter").parent,
]
LETTERS = [path for folder in FOLDERS for path in sorted(folder.glob("letter*.html"))]
MM = 72 / 25.4
ALL = 1000
"""More rows than any letter has here."""

SHORT = {
    "Name": "Åse Bø",
    "Address1": "Åsveien 12",
    "PostCode": "0150",
    "City": "Oslo",
    "CountryCode": "NO",
    "CustomerNo": "100234",
}
LONG = {
    "Name": "Gunnhild-Kristine Mæhlum-Østgårdshaug og Torbjørn Sæterbråten-Øvrevoll",
    "Address1": "c/o Bjørnstad, Leilighet H0304",
    "Address2": "Næringsparken Øst, Bygg C, 3. etasje, inngang fra bakgården",
    "Address3": "Postboks 1234 Sentrum",
    "PostCode": "111 22",
    "City": "Kristiansund og Østre Hemnesberget",
    "CountryCode": "SE",
    "CustomerNo": "100234",
}


FOREIGN = {
    "Name": "Zoë Müller-Østergård & Søn",
    "Address1": "Hauptstraße 5",
    "PostCode": "10115",
    "City": "Berlin",
    "CountryCode": "DE",
    "CustomerNo": "100235",
}
LAST_LINE = {"DE": "GERMANY", "SE": "SWEDEN", "NO": "0150 OSLO"}
PRINTED: dict[tuple[Path, str, int], Document] = {}


@dataclass(frozen=True)
class Box:
    """A piece of text, or a drawing, in mm from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def touches(self, left: float, top: float, right: float, bottom: float) -> bool:
        return self.left < right and self.right > left and self.top < bottom and self.bottom > top

    def within(self, left: float, top: float, right: float, bottom: float) -> bool:
        return (
            self.left >= left and self.top >= top and self.right <= right and self.bottom <= bottom
        )


WINDOW = (15.0, 44.0, 120.0, 79.0)
CLEAR = (5.0, 34.0, 130.0, 89.0)


def rendered(path: Path, invoicee: dict[str, str], *, rows: int = ALL) -> pypdfium2.PdfDocument:
    table = ROWS.get(path.parent.name, [{"Navn": "Åse"}])[:rows]
    columns = [Column(place, head, column_name(head)) for place, head in enumerate(table[0])]
    language = "EN" if path.name.endswith(".en.html") else "NO"
    fields: dict[str, Any] = {
        "Channel": "PRINT",
        "Identifier": "rent-2026-11-100234",
        "Invoicee": invoicee,
        "Invoicer": {
            "CompanyRegNo": "312345676",
            "Name": "Utleier AS",
            "Address1": "Kongeveien 1",
            "PostCode": "0580",
            "City": "Oslo",
            "CountryCode": "NO",
            "Phone": "22 55 66 99",
            "Email": "post@example.no",
            "WebAddress": "www.example.no",
        },
    }
    known = (path, invoicee["Name"], rows)
    if known not in PRINTED:
        PRINTED[known] = document(path, columns, table, fields, language)
    return pypdfium2.PdfDocument(PRINTED[known].pdf)


def document(
    path: Path,
    columns: list[Column],
    table: list[dict[str, str]],
    fields: dict[str, Any],
    language: str,
) -> Document:
    templates = Templates.load(TemplateSettings(path=path), folder=path.parent)
    rows = tuple(Row(number, tuple(row.values())) for number, row in enumerate(table, start=2))
    letter = Letter(
        identifier="1", channel="PRINT", language=language, fields=fields, rows=rows, content=""
    )
    return Renderer(templates, columns).render(letter)


def texts(page: pypdfium2.PdfPage) -> Iterator[Box]:
    height = page.get_height()
    text = page.get_textpage()
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        said = text.get_text_bounded(left, bottom, right, top).strip()
        yield Box(left / MM, (height - top) / MM, right / MM, (height - bottom) / MM, said)


def drawings(page: pypdfium2.PdfPage) -> Iterator[Box]:
    height = page.get_height()
    for drawn in page.get_objects():
        left, bottom, right, top = drawn.get_bounds()
        yield Box(left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", LETTERS, ids=named)
@pytest.mark.parametrize("invoicee", [SHORT, LONG, FOREIGN], ids=["short", "long", "foreign"])
class TestEveryLetter:
    def test_shows_the_address_and_nothing_else_in_the_window(
        self, path: Path, invoicee: dict[str, str]
    ) -> None:
        first = rendered(path, invoicee)[0]
        inside = [box for box in texts(first) if box.touches(*CLEAR)]
        assert all(box.within(*WINDOW) for box in inside)
        assert inside[0].text.startswith(invoicee["Name"].split()[0])
        assert inside[-1].text == LAST_LINE[invoicee["CountryCode"]]
        assert not [
            box for box in drawings(first) if box.touches(*CLEAR) and not box.within(*WINDOW)
        ]

    def test_keeps_its_margins(self, path: Path, invoicee: dict[str, str]) -> None:
        for page in rendered(path, invoicee):
            assert (round(page.get_width() / MM), round(page.get_height() / MM)) == (210, 297)
            for box in [*texts(page), *drawings(page)]:
                assert box.left >= 24, box
                assert box.right <= 186, box
                assert box.top >= 10, box
                assert box.bottom <= 287, box

    def test_keeps_every_rule_of_the_page(self, path: Path, invoicee: dict[str, str]) -> None:
        rendered(path, invoicee)  # fails where one holds the letter
        assert PRINTED[path, invoicee["Name"], ALL].warnings == ()

    def test_prints_nothing_on_top_of_anything(self, path: Path, invoicee: dict[str, str]) -> None:
        for page in rendered(path, invoicee):
            boxes = [box for box in texts(page) if box.text]
            for number, one in enumerate(boxes):
                inner = (one.left + 0.3, one.top + 0.6, one.right - 0.3, one.bottom - 0.6)
                assert not [other for other in boxes[number + 1 :] if other.touches(*inner)], one

    def test_numbers_its_pages(self, path: Path, invoicee: dict[str, str]) -> None:
        letter = rendered(path, invoicee)
        of = "Page {} of {}" if path.name.endswith(".en.html") else "Side {} av {}"
        for number, page in enumerate(letter, start=1):
            said = [box.text for box in texts(page)]
            assert of.format(number, len(letter)) in said

    def test_says_who_sends_it_on_every_page(self, path: Path, invoicee: dict[str, str]) -> None:
        for page in rendered(path, invoicee):
            assert "post@example.no" in page.get_textpage().get_text_bounded()


@pytest.mark.parametrize("path", LETTERS, ids=named)
def test_makes_do_with_what_every_letter_has(path: Path) -> None:
    table = ROWS.get(path.parent.name, [{"Navn": "Åse"}])[:1]
    columns = [Column(place, head, column_name(head)) for place, head in enumerate(table[0])]
    fields = {
        "Channel": "PRINT",
        "Identifier": "1",
        "Invoicee": {"Name": "Åse Bø"},
        "Invoicer": {"Name": "Utleier"},
    }
    page = pypdfium2.PdfDocument(document(path, columns, table, fields, "NO").pdf)[0]
    assert "Åse Bø" in page.get_textpage().get_text_bounded()


@pytest.mark.parametrize("name", ["payment-reminder", "annual-statement"])
def test_a_long_table_repeats_its_head_and_loses_no_row(name: str) -> None:
    letter = rendered(ROOT / "templates" / name / "letter.html", LONG)
    pages = [page.get_textpage().get_text_bounded() for page in letter]
    assert len(pages) >= 2
    head, key = {
        "payment-reminder": ("Forfall", "Fakturanr"),
        "annual-statement": ("Saldo", "Tekst"),
    }[name]
    with_rows = [page for page in pages if any(row[key] in page for row in ROWS[name])]
    assert len(with_rows) >= 2
    assert all(head in page for page in with_rows)
    whole = "\n".join(pages).replace("\r", "")
    for row in ROWS[name]:
        assert f"{row[key]} " in whole.replace("\n", " ")


def test_the_signature_is_never_alone_on_a_page() -> None:
    path = ROOT / "templates" / "payment-reminder" / "letter.html"
    for rows in range(8, 20):
        last = list(rendered(path, SHORT, rows=rows))[-1].get_textpage().get_text_bounded()
        assert "Vennlig hilsen" in last
        assert "Er du uenig i kravet" in last


def test_a_reminder_adds_up_its_invoices_and_fees() -> None:
    path = ROOT / "templates" / "payment-reminder" / "letter.html"
    text = rendered(path, SHORT, rows=3)[0].get_textpage().get_text_bounded()
    assert text.replace("\u00a0", " ").count("3 106,50") == 3  # in words, in the table, in the box
    assert "0001002344" in text  # the KID


def test_a_rent_notice_says_how_much_more() -> None:
    path = ROOT / "templates" / "rent-notice" / "letter.html"
    text = rendered(path, SHORT)[0].get_textpage().get_text_bounded().replace("\u00a0", " ")
    for said in ("9 500,00", "350,00", "(3,7 %)", "9 850,00", "1. januar 2027"):
        assert said in text


@pytest.mark.parametrize("name", ["letter.html", "letter.en.html"])
def test_an_invoice_shows_fifteen_columns_of_every_line(name: str) -> None:
    path = ROOT / "templates" / "invoice" / name
    letter = rendered(path, SHORT)
    text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in letter)
    [head] = re.findall(r"<thead>.*?</thead>", path.read_text(encoding="utf-8"), re.DOTALL)[:1]
    headings = re.findall(r"<th[^>]*>(.*?)</th>", head)
    assert len(headings) == 15
    plain = [heading.replace("&shy;", "").replace(" ", "") for heading in headings]
    assert text.count("".join(plain)) == len(letter)  # on every page
    total = "720,562.50" if name.endswith(".en.html") else "720562,50"
    assert text.count(total) == len(ROWS["invoice"])


def test_the_form_to_return_is_on_a_page_of_its_own() -> None:
    for name, form in (("letter.html", "Svarskjema"), ("letter.en.html", "Reply form")):
        first, second = (
            page.get_textpage().get_text_bounded()
            for page in rendered(ROOT / "templates" / "reply-form" / name, LONG)
        )
        assert form not in first.replace("\r", "").split("\n")
        assert second.startswith(form)
        assert "540001" in second


def test_a_card_grows_with_the_names_on_it() -> None:
    path = ROOT / "templates" / "membership" / "letter.html"
    heights = {}
    for invoicee in (SHORT, LONG):
        page = rendered(path, invoicee)[0]
        heights[invoicee["Name"]] = max(
            box.bottom - box.top for box in drawings(page) if 85 < box.right - box.left < 87
        )
    assert 53.5 < heights[SHORT["Name"]] < 54.8  # a bank card's
    assert heights[LONG["Name"]] > heights[SHORT["Name"]]


@pytest.mark.parametrize("name", ["letter.html", "letter.en.html"])
def test_the_information_has_two_pages(name: str) -> None:
    for invoicee in (SHORT, LONG):
        assert len(rendered(ROOT / "templates" / "information" / name, invoicee)) == 2


@pytest.mark.parametrize("name", ["letter.css", "head.html", "logo.svg"])
def test_letters_share_one_letterhead(name: str) -> None:
    """A template's folder is all that it can use, so each has its own copy: of the same."""
    assert len({(folder / name).read_bytes() for folder in FOLDERS}) == 1
