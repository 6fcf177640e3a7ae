"""What is not printed: it stands where PlutoPrint prints nothing, or is cut off."""

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
        "position: relative; bottom: 20mm",
        "position: relative; bottom: 3em",
        "position: absolute; bottom: 26cm",
        "position: absolute; bottom: 100%",
        "margin-block-start: -20mm",
        "margin-top: calc(0mm - 20mm)",
        "transform: matrix(1, 0, 0, 1, 0, -80)",
        "transform: rotate(180deg); transform-origin: 0 0",
        "position: absolute; top: {{ -20 }}mm",
        "--up: -20mm; position: absolute; top: var(--up)",
        "position: fixed; bottom: -20mm",
        "position: fixed; top: 260mm",
        "position: absolute; left: -90mm; width: 50mm",
        "position: absolute; right: 210mm; width: 50mm",
        "margin-left: -90mm; width: 50mm",
        "transform: translateX(-120mm); width: 50mm",
        "text-indent: -120mm",
        "height: 0mm; overflow: hidden",
    ],
)
def test_it_is_named(folder, letter, css: str) -> None:
    said = "cut: “Kundenr 1001.*” is not printed: it stands outside the page's margins"
    with pytest.raises(RenderingError, match=said):
        folder.renderer(page(css)).render(letter())


def test_what_is_on_every_page_ends_with_it(folder, letter) -> None:
    lines = "<br>".join(f"linje{n}" for n in range(99))
    html = f"{STYLE}</style><div style='position: fixed; top: 20mm'>{lines}</div>"
    with pytest.raises(RenderingError, match=r"cut: “linje.*” is not printed"):
        folder.renderer(html).render(letter())


@pytest.mark.parametrize(
    "css",
    [
        "position: absolute; top: 9mm; left: -0.1mm",
        "margin-top: 9mm; margin-left: 9mm",
        "position: relative; top: 9mm; margin-top: -1mm",
        "width: 30mm; transform: translate(9mm, 9mm) rotate(-3deg)",
        "position: absolute; bottom: 100mm",
        "position: fixed; bottom: 0",
        "position: absolute; top: 200mm",
        "display: none; margin-top: -9mm",
        "overflow: hidden",
        "width: 60mm; overflow: hidden; height: 9mm",
        "position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0, 0, 0, 0)",
        "position: absolute; margin-top: -1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0)",
        "width: 10mm; white-space: nowrap; overflow: hidden; text-overflow: ellipsis",
    ],
)
def test_what_is_printed_is_not(folder, letter, css: str) -> None:
    said = folder.renderer(page(css)).render(letter()).warnings
    assert [each for each in said if "overlap" not in each] == []  # two of them stand over the text


def test_a_line_that_is_cut_is_named(folder, letter) -> None:
    with pytest.raises(RenderingError, match="cut: the page's upper margin cuts through “Kundenr"):
        folder.renderer(page("position: absolute; top: -2.5mm")).render(letter())


CUT = [
    "height: 7mm; overflow: hidden",
    "width: 30mm; white-space: nowrap; overflow: hidden",
    "display: flex; width: 30mm; white-space: nowrap; overflow: hidden",
]


@pytest.mark.parametrize("css", CUT)
def test_what_a_box_cuts_off_is_named(folder, letter, css: str) -> None:
    html = page(css).replace("Kundenr 1001", "Kundenr 1001 " + "og mer tekst " * 30)
    with pytest.raises(
        RenderingError,
        match=r"cut: “Kundenr .*” goes beyond the box around it|cut: “.*” is not printed",
    ):
        folder.renderer(html).render(letter())


@pytest.mark.parametrize("css", ["position: absolute; left: -9mm", "margin-left: -9mm"])
def test_what_the_left_margin_cuts_off_is_named(folder, letter, css: str) -> None:
    with pytest.raises(
        RenderingError, match=r"cut: “Kundenr 1001” goes beyond .* the page's margin"
    ):
        folder.renderer(page(css)).render(letter())


def test_so_is_a_picture(folder, letter, png) -> None:
    folder.write("logo.png", png())
    html = page("").replace("Kundenr 1001", "<img src=logo.png style='STYLE'>")
    placed = html.replace("STYLE", "position: absolute; left: -9mm; width: 40mm")
    with pytest.raises(RenderingError, match="cut: a line or picture goes beyond"):
        folder.renderer(placed).render(letter())
    for fine in ("width: 40mm; height: 9mm; object-fit: cover", "margin-left: -.2mm; width: 40mm"):
        assert folder.renderer(html.replace("STYLE", fine)).render(letter()).warnings == ()


def test_one_of_the_same_words_is_missed_too(folder, letter) -> None:
    html = page("margin-top: -9mm") + "<p>Kundenr 1001"
    with pytest.raises(RenderingError, match="“Kundenr 1001” is not printed"):
        folder.renderer(html).render(letter())


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


LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9">'
    '<rect width="9" height="9"/></svg>'
)


@pytest.mark.parametrize("picture", ["<img src='logo.svg'{}>", LOGO.replace("<svg", "<svg{}")])
@pytest.mark.parametrize(
    ("place", "held"),
    [
        ("top: -20mm", True),
        ("top: -1mm", False),
        ("top: 9mm", False),
        ("left: -40mm", True),
        ("left: 9mm", False),
    ],
)
def test_a_picture_is_found_missing_too(folder, letter, picture, place, held) -> None:
    folder.write("logo.svg", LOGO)
    placed = picture.format(f" style='position: absolute; {place}'")
    two = f"<div style='break-before: page'>{picture.format('')}</div>"
    html = f"{STYLE} p {{ margin-top: -1px }} </style>{placed}<p>Kjære {{{{ navn }}}}{two}"
    if held:
        with pytest.raises(RenderingError, match=r"cut: a (?:line or )?picture is"):
            folder.renderer(html).render(letter())
    else:
        assert folder.renderer(html).render(letter()).warnings == ()


@pytest.mark.parametrize("reset", ["ol { padding-left: 2mm }", "ol { padding-left: 1mm }"])
def test_numbers_of_a_list_that_has_no_room_for_them(folder, letter, reset: str) -> None:
    html = f"{STYLE} {reset}</style><p>Kjære kunde<ol><li>En<li>To</ol>"
    with pytest.raises(RenderingError, match=r"cut: “[12]\.” goes beyond the box around it"):
        folder.renderer(html).render(letter())


@pytest.mark.parametrize("reset", ["* { padding: 0 } ol { margin: 0 0 0 8mm }", "p { padding: 0 }"])
def test_numbers_of_a_list_that_has(folder, letter, reset: str) -> None:
    html = f"{STYLE} {reset}</style><p>Kjære kunde<ol><li>En<li>To</ol>"
    assert folder.renderer(html).render(letter()).warnings == ()


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("* { padding: 0; margin: 0 }", True),
        ("ol, ul { margin: 0; padding: 0mm }", True),
        ("* { padding: 0 }\n.text ol { padding-left: 8mm }", False),
        ("* { padding: 0 } li { margin-left: 9mm }", False),
        ("ul, ol { padding: 0; list-style: none }", False),
        ("td { padding: 0 } /* ol { padding: 0 } */", False),
        ("ol { padding: 0 3mm 0 8mm }", False),
    ],
)
def test_a_style_sheet_that_leaves_lists_no_room_is_told(folder, style: str, told: bool) -> None:
    notes = folder.load(f"<style>{style}</style><ol><li>En</ol>").warnings
    assert any("lists have no padding here" in note for note in notes) == told
    assert folder.load(f"<style>{style}</style><p>En").warnings == ()
