"""What stands above the page's margin, where PlutoPrint prints nothing, holds the letter."""

from __future__ import annotations

import pytest

from batchsend.errors import RenderingError
from batchsend.rendering import PageSettings

STYLE = "<!doctype html><style>@page { size: A4; margin: 25mm } body { margin: 0 }"


def page(css: str) -> str:
    return f"{STYLE} .x {{ {css} }}</style><div class='x'>Kundenr 1001</div><p>Kjære {{{{ navn }}}}"


@pytest.mark.parametrize(
    "css",
    [
        "position: absolute; top: -9mm",
        "position: fixed; top: -9mm",
        "position: relative; top: -9mm",
        "position: absolute; inset: -9mm auto auto 0",
        "position: absolute; bottom: 250mm",
        "margin-top: -9mm",
        "margin: -9mm 0 0 0",
        "float: left; margin-top: -19mm",
        "transform: translateY(-9mm)",
        "transform: translate(0, -9mm)",
        "position: absolute; top: calc(1mm - 10mm)",
    ],
)
def test_it_is_named(folder, letter, css: str) -> None:
    with pytest.raises(RenderingError, match="cut: “Kundenr 1001” stands above the page's margin"):
        folder.renderer(page(css)).render(letter())


@pytest.mark.parametrize(
    "css",
    [
        "position: absolute; top: 9mm; left: -9mm",
        "margin-top: 9mm; margin-left: -9mm",
        "position: relative; top: 9mm; margin-top: -1mm",
        "width: 30mm; transform: translate(9mm, 9mm) rotate(-3deg)",
        "position: absolute; bottom: 100mm",
        "display: none; margin-top: -9mm",
    ],
)
def test_what_is_printed_is_not(folder, letter, css: str) -> None:
    assert folder.renderer(page(css)).render(letter()).warnings == ()


def test_a_line_that_is_cut_is_named(folder, letter) -> None:
    with pytest.raises(RenderingError, match="cut: the page's upper margin cuts through “Kundenr"):
        folder.renderer(page("position: absolute; top: -2.5mm")).render(letter())


def test_nor_is_the_number_of_a_page_more(folder, letter) -> None:
    html = page("margin-top: -1pt").replace(
        "</style>",
        " @page { @bottom-left { content: 'Side ' counter(page) ' av ' counter(pages) } }</style>",
    )
    html += "<div style='height: 180mm'>" + "</div><p>tekst"
    assert folder.renderer(html).render(letter()).warnings == ()


def test_it_can_be_let_pass(folder, letter, text) -> None:
    pages = PageSettings.model_validate({"EMAIL": {"rules": {"cut": "warn"}}})
    document = folder.renderer(page("margin-top: -9mm"), pages=pages).render(letter())
    assert any("Kundenr 1001" in warning for warning in document.warnings)
    assert "Kundenr" not in text(document.pdf)[0]
