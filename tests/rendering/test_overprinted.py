"""Text over text: told where neither can be read, and not where letters are only close."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from batchsend.rendering.page_checks import FULL_SIZE, READY_MADE, check_pages
from batchsend.rendering.settings import PageRules, PageSettings

Over = Callable[..., list[str]]
_STYLE = "<style>body { font: 11pt/14pt sans-serif } div { position: absolute }</style>"
_LINE = "Vi skriver til deg om husleien."


@pytest.fixture
def over(folder, letter) -> Over:
    def found(html: str, layout=FULL_SIZE) -> list[str]:
        pdf = folder.renderer(_STYLE + html).render(letter()).pdf
        return [
            str(each)
            for each in check_pages(pdf, PageRules(), {}, layout)
            if each.rule == "overlap"
        ]

    return found


def at(left: float, top: float, text: str, style: str = "") -> str:
    return f"<div style='left: {left}mm; top: {top}mm; {style}'>{text}</div>"


@pytest.mark.parametrize(
    "html",
    [
        at(20, 60, _LINE) + at(20, 61, "Kontonummer 1234 56 78903"),
        at(20, 60, _LINE) + at(60, 60.5, "Kontonummer"),
        "<p style='margin-bottom: -12pt'>Kjære Kari</p><p style='margin: 0'>Faktura</p>",
        "<p style='height: 10pt; margin: 0'>En linje<br>og en til</p><p style='margin: 0'>Hei</p>",
    ],
)
def test_text_over_text_is_told(over: Over, html: str) -> None:
    (said,) = over(html)
    assert "page 1, overlap: “" in said
    assert said.endswith("are printed over each other")


@pytest.mark.parametrize(
    "html",
    [
        f"<p style='line-height: .8'>{_LINE * 6}</p>",
        f"<p>H<sub>2</sub>O og m<sup>2</sup>, fotnote<sup>1)</sup> {_LINE}</p>",
        at(20, 60, "Kari Nordmann") + at(20, 60.4, "_" * 30),
        at(20, 60, "Kari Nordmann") + at(20, 60.8, "." * 60),
        at(20, 55, "KOPI", "font-size: 60pt; color: #eee") + at(20, 62, _LINE),
        at(20, 60, "Husleie") + at(20.1, 60, "Husleie"),
        at(20, 60, _LINE, "text-decoration: underline; letter-spacing: -.3pt"),
        "<ol style='padding-left: 5mm'><li>En<li>To</ol>",
        "<p style='text-align: justify; width: 60mm'>" + _LINE * 8,
    ],
)
def test_what_is_only_close_is_not(over: Over, html: str) -> None:
    assert over(html) == []


def test_how_many_more_there_are_is_said(over: Over) -> None:
    html = at(20, 60, "Kari")
    html += at(20, 61, "Storgata 1") + at(20, 60.5, "0150 Oslo")
    assert over(html)[0].endswith("are printed over each other; so do 2 more")


@pytest.mark.parametrize(
    ("html", "over"),
    [
        (at(20, 60, "Storgata 1") + at(20, 60, "0150 Oslo"), "“Storgata 1” and “0150 Oslo”"),
        (at(20, 60, _LINE) + at(60, 60, "Kontonummer"), f"“{_LINE}” and “Kontonummer”"),
        (
            "<table style='table-layout: fixed; width: 60px'><td>123456789012<td>998877665544",
            "“123456789012” and “998877665544”",
        ),
    ],
)
@pytest.mark.parametrize("page", [1, 2])
def test_words_over_words_on_the_very_same_line_are_told(
    folder, letter, html: str, over: str, page: int
) -> None:
    place = f"break-before: {'page' if page == 2 else 'auto'}; position: relative; height: 90mm"
    html = f"{_STYLE}<p>Hei</p><section style='{place}'>{html}</section>"
    made = folder.renderer(html).render(letter(channel="DIGIPOST"))
    said = [each for each in made.warnings if "overlap" in each]
    assert said == [f"page {page}, overlap: {over} are printed over each other"]


def test_letters_set_close_on_one_line_are_not(folder, letter) -> None:
    html = "<p style='letter-spacing: -1pt'>AVATAR To Vi Yv. W.A. <b>To</b> Ta<sup>2</sup></p>"
    html += "<p style='text-align: justify; width: 60mm'>" + _LINE * 8
    html += "<p>Sum<span style='margin-left: -2px'>mert</span>"
    made = folder.renderer(_STYLE + html).render(letter(channel="DIGIPOST"))
    assert not [each for each in made.warnings if "overlap" in each]


def in_window(folder, letter, html: str) -> list[str]:
    pdf = (
        folder.renderer(_STYLE + "<style>@page { margin: 0 } body { margin: 0 }</style>" + html)
        .render(letter())
        .pdf
    )
    found = check_pages(pdf, PageSettings().PRINT, letter(navn="Kari Berg").fields, READY_MADE)
    return [each.message for each in found if each.rule == "overlap"]


@pytest.mark.parametrize(
    "html",
    [
        at(25, 50, "Kari Berg") + at(25, 55, "Storgata 1") + at(25, 55.2, "0150 Oslo"),
        at(25, 50, "Kari") + at(28, 50.2, "Berg") + at(25, 55, "0150"),
    ],
)
def test_words_of_an_address_on_one_line_are_told_of_any_page(folder, letter, html) -> None:
    (said,) = in_window(folder, letter, html)
    assert said.endswith("are printed over each other")


@pytest.mark.parametrize(
    "html",
    [
        at(25, 50, "Kari Berg") + at(25.1, 50, "Kari Berg"),
        at(25, 50, "Kari Berg") + at(25.1, 50, "Kari"),
        at(25, 50, "Kari Berg") + at(25, 50, "Ola Hansen", "opacity: 0"),
    ],
)
def test_what_is_printed_twice_to_be_bold_is_not(folder, letter, html) -> None:
    assert in_window(folder, letter, html) == []


def test_nothing_is_said_of_other_programs_pages(over: Over) -> None:
    assert over(at(20, 60, _LINE) + at(20, 61, "Kontonummer"), READY_MADE) == []
