"""PlutoPrint prints everything smaller where something is too wide: found, named, and held."""

from __future__ import annotations

import plutoprint
import pytest

from batchsend.errors import RenderingError
from batchsend.rendering import PageSettings

PAGE = "<!doctype html><style>@page { size: A4; margin: 14mm 25mm } body { margin: 0 }</style>"
CELLS = "".join(f"<td style='white-space: nowrap'>kolonne{n}" for n in range(20))
LONG = "menneskerettighetsorganisasjon" * 5
WIDE = "\u00a0".join(["Kari"] * 60)
KEPT = f"<span style='white-space: nowrap'>{LONG}</span>"


@pytest.mark.parametrize("channel", ["PRINT", "DIGIPOST", "KIVRA", "EMAIL"])
@pytest.mark.parametrize(
    ("wide", "named"),
    [
        (
            f"<table class='items'><tr>{CELLS}</table>",
            "“kolonne0 kolonne1 kolonne2 kolonne3 kol",
        ),
        (f"<p class='items'>{KEPT}", "“menneskerettighetsorganisasjonmenneskere…” in <span>"),
        (f"<ul><li>a<li>b</ul><div><b>ja</b> <a id='items'>{KEPT}</a></div>", "in <span>"),
        ("<div class='items' style='width: 300mm'></div>", "<div class="),
        ("<p>ja<p><img src='bred.svg'>", "bred.svg"),
        (f"<p style='position: absolute; left: 100mm' class='items'>{LONG}", "in <p class="),
        (f"<pre>{LONG}</pre>", "in <pre>"),
        (f"<ul><li style='white-space: nowrap'>{'ord ' * 60}</ul>", "in <ul>"),
        (
            "<div style='display: flex'>" + "<b style='flex: 0 0 60mm'>a</b>" * 4,
            "“a a a a” in <div>",
        ),
        ("<table style='width: 300mm'><tr><td>a<td>b</table>", "“a b” in <table>"),
        (f"<table><tr><td><table><tr>{CELLS}</table></table>", "in <table>"),
        ("<p style='margin-left: 150mm; width: 40mm'>a", "“a” in <p>"),
        ("<input size=200>", "<input>"),
        ("<p><span style='display: inline-block; width: 200mm'>a</span>", "“a” in <span>"),
        ("<p>ja<p style='break-before: page'><img src='bred.svg'>", "bred.svg"),
    ],
)
def test_a_letter_that_is_printed_smaller_is_held(folder, letter, channel, wide, named) -> None:
    folder.write(
        "bred.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="9"><rect/></svg>'
    )
    renderer = folder.renderer(f"{PAGE}<p>Hei {{{{ navn }}}}, dette er brevet.{wide}")
    with pytest.raises(RenderingError, match=r"shrunk: .* is wider than the page, so") as raised:
        renderer.render(letter(channel=channel))
    assert named in str(raised.value)


@pytest.mark.parametrize(
    ("millimetres", "held"), [(150, False), (160, False), (163, False), (164, True), (190, True)]
)
def test_less_than_98_per_cent_is_too_little(folder, letter, millimetres, held) -> None:
    renderer = folder.renderer(f"{PAGE}<p>Hei<div style='width: {millimetres}mm'>a</div>")
    if held:
        with pytest.raises(RenderingError, match=f"at {160 / millimetres:.0%} of its size"):
            renderer.render(letter())
    else:
        assert renderer.render(letter()).warnings == ()


def test_each_letter_is_measured_whatever_came_before_it(folder, letter) -> None:
    html = (
        f"{PAGE}<p style='font-size: {{{{ beløp }}}}pt; overflow-wrap: normal'>Hei {{{{ navn }}}}"
    )
    renderer = folder.renderer(html)
    sizes = ("10", "9", "8", "9.5")
    rows = [letter(n, navn=name) for n, name in enumerate(["Kari", WIDE, "Ola", WIDE, "Kari"], 2)]
    for size in sizes:
        for each in rows:
            cells = (*each.rows[0].cells[:2], size)
            made = letter(each.rows[0].number, rows=(each.rows[0].__class__(2, cells),))
            if WIDE in cells[1]:
                with pytest.raises(RenderingError, match="shrunk: "):
                    renderer.render(made)
            else:
                assert renderer.render(made).warnings == ()


@pytest.mark.parametrize(
    "wide",
    [
        "<img src='bred.svg'>",
        "<hr style='width: 300mm'>",
        "<svg width='900' height='9'><rect width='900' height='9'/></svg>",
        "<div style='position: absolute; right: -60mm; width: 60mm'>a</div>",
    ],
)
def test_a_page_without_text_or_with_all_of_it_beyond_the_edge_is_measured_too(
    folder, letter, wide
) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="9"><rect/></svg>'
    folder.write("bred.svg", svg)
    with pytest.raises(RenderingError, match="is wider than the page, so everything is printed"):
        folder.renderer(PAGE + wide).render(letter())


def test_a_setting_wins_and_a_preview_only_warns(folder, letter) -> None:
    html = f"{PAGE}<p>{KEPT}"
    warned = PageSettings.model_validate({"EMAIL": {"rules": {"shrunk": "warn"}}})
    for pages in (warned, PageSettings().only_warning()):
        (said,) = folder.renderer(html, pages=pages).render(letter()).warnings
        assert said.startswith("shrunk: ")
    off = PageSettings.model_validate({"EMAIL": {"rules": {"shrunk": "off"}}})
    assert folder.renderer(html, pages=off).render(letter()).warnings == ()


def test_weasyprint_lets_it_run_off_the_page_which_is_told(folder, letter) -> None:
    pytest.importorskip("weasyprint")
    html = f"{PAGE}<p>Hei<p style='white-space: nowrap'>{LONG}"
    renderer = folder.renderer(html, engine="weasyprint")
    with pytest.raises(RenderingError, match=r"page 1, edge: “.*” runs .* off the right edge"):
        renderer.render(letter(channel="PRINT"))
    (said,) = renderer.render(letter()).warnings
    assert "off the right edge" in said


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Se {LONG}",
        f"<p>Se <a href='#x'>https://example.com/{LONG}</a>",
        f"<h1>{LONG}</h1><p>Hei",
        f"<table><tr><td>Avtale<td>{LONG}<td>1 000,00</table>",
        f"<ul><li>{LONG}</ul>",
        "<p>Hei {{ navn }}<p style='width: 100mm'>{{ navn }}",
    ],
    ids=["word", "link", "heading", "cell", "list", "name"],
)
def test_long_words_break_where_the_template_does_not_forbid_it(folder, letter, text, html) -> None:
    document = folder.renderer(PAGE + html).render(letter(navn=LONG))
    assert document.warnings == ()
    assert LONG in text(document.pdf)[0].replace(" ", "").replace("\ufffe", "")


def test_words_beside_a_long_one_stay_whole(folder, letter, text) -> None:
    for blanks in range(0, 30, 3):
        html = f"<p style='width: 60mm'>{'i' * blanks} Vi har fått <b>NOK\u00a042\u00a0582,75</b>."
        pdf = folder.renderer(f"{PAGE}{html}<p>{LONG}").render(letter()).pdf
        assert "NOK 42 582,75" in text(pdf)[0].replace("\u00a0", " ")


def test_a_shrunk_letter_is_held_where_an_earlier_one_is_that_small_on_purpose(
    folder, letter
) -> None:
    html = (
        f"{PAGE}<div style='font-size: {{{{ beløp }}}}pt; width: {{{{ beløp | int * 20 }}}}mm'>Hei"
    )
    renderer = folder.renderer(html)

    def of_size(points: str):
        row = letter().rows[0]
        return letter(rows=(row.__class__(2, (*row.cells[:2], points)),))

    assert renderer.render(of_size("8")).warnings == ()
    with pytest.raises(RenderingError, match="at 50% of its size"):
        renderer.render(of_size("16"))
    assert renderer.render(of_size("8")).warnings == ()


BEFORE = "<style>body::before { content: 'Utkast'; font-size: 40pt }</style>"


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hei",
        "<style>@page { margin: 0 } body { margin: 12mm 20mm 12mm 20mm }</style><p>Hei",
        "<body style='display: flex'><p>Hei",
        "<p style='break-before: page'>Hei<p style='break-before: page'>Hei",
        "<style>* { font-size: 9pt !important; transform: none; line-height: 3 }</style><p>Hei",
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=' style='width: 160mm'>",
        f"{BEFORE}<p>Hei",
        "<style>.letter::before { content: 'Utkast' }</style><body class='letter'><p>Hei",
    ],
)
def test_a_letter_that_fits_is_printed_once_and_says_nothing_else(
    folder, letter, text, monkeypatch, html
) -> None:
    printed = []
    book = plutoprint.Book
    monkeypatch.setattr(plutoprint, "Book", lambda *size: printed.append(1) or book(*size))
    document = folder.renderer(PAGE + html).render(letter(channel="DIGIPOST"))
    assert len(printed) == 1
    assert document.warnings == ()
    shown = " ".join(" ".join(text(document.pdf)).split())
    assert shown.replace("Utkast", "").replace("Hei", "").strip() == ""
    assert ("Utkast" in shown) == ("Utkast" in html)


@pytest.mark.parametrize("before", ["", BEFORE])
@pytest.mark.parametrize("page", ["", "<p style='break-before: page'>"])
def test_it_is_held_whichever_page_it_stands_on(folder, letter, before, page) -> None:
    html = f"{before}{PAGE}<p>Hei{page}<div style='width: 400mm'>Bred</div>"
    with pytest.raises(RenderingError, match=r"“Bred” in <div> is wider.* at \d\d% of its size"):
        folder.renderer(html).render(letter())


def test_a_letter_made_smaller_on_purpose_is_not_held(folder, letter) -> None:
    html = f"{PAGE}<style>body {{ transform: scale(.5) }}</style><p>Hei"
    assert folder.renderer(html).render(letter()).warnings == ()
