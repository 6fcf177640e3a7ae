"""Text over text: told where neither can be read, and not where letters are only close."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from batchsend.rendering.page_checks import FULL_SIZE, READY_MADE, check_pages
from batchsend.rendering.settings import PageRules

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


def test_nothing_is_said_of_other_programs_pages(over: Over) -> None:
    assert over(at(20, 60, _LINE) + at(20, 61, "Kontonummer"), READY_MADE) == []
