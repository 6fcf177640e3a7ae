"""What goes wrong at the foot of PlutoPrint's pages: columns cut through, a sum alone."""

from __future__ import annotations

import pytest

from batchsend.errors import RenderingError

STYLE = (
    "<!doctype html><style>@page { size: A4; margin: 14mm 25mm 30mm }"
    " body { margin: 0; font: 10pt/15pt sans-serif } table { width: 100% }"
    " td { padding: 1.5mm } tr { break-inside: avoid } tr.sum { break-before: avoid }</style>"
)
TEXT = "<p>" + "Vi viser til Deres brev av 3. november om uttalelsen fra organisasjonen. " * 3


def table(rows: int, sum_row: str = "<tr class='sum'><td>Å betale<td>99,00</tr>") -> str:
    body = "".join(f"<tr><td>post {n}<td>1,00</tr>" for n in range(rows))
    head = "<thead><tr><th>Post<th>Kr</tr></thead>"
    return f"{STYLE}<table class='a'>{head}<tbody>{body}{sum_row}</tbody></table><p>Hilsen"


@pytest.mark.parametrize(
    "sum_row",
    [
        "<tr class='sum'><td>Å betale<td>99,00</tr>",
        "<tr style='page-break-before: avoid'><td>Å betale<td>99,00</tr>",
        "</tbody><tbody><tr class='odd sum'><td>Å <b>betale</b><td>99,00</tr>",
    ],
    ids=["class", "style", "body of its own"],
)
def test_a_sum_never_stands_alone(folder, letter, text, sum_row) -> None:
    parted = 0
    for rows in range(26, 34):
        pages = text(folder.renderer(table(rows, sum_row)).render(letter()).pdf)
        at = next(n for n, page in enumerate(pages) if "betale" in page)
        parted += at > 0
        assert f"post {rows - 1} 1,00" in pages[at], rows
        assert " ".join(pages).count("1,00") == rows
        assert at == 0 or "Post Kr" in pages[at]
    assert parted > 1


LAST = "<tr class='b sum' id='total'><td>Å betale<td>99,00</tr>"


@pytest.mark.parametrize(
    ("css", "end"),
    [
        (".sum { break-before: avoid }", LAST),
        ("table tbody > .sum, h2 { color: #000; break-before: avoid-page }", LAST),
        ("tr.b.sum { break-before: avoid }", LAST),
        ("#total { page-break-before: avoid }", LAST),
        ("@media print { tr:last-child { break-before: avoid } }", LAST.replace("sum", "x")),
        ("tbody.end { break-before: avoid }", f"</tbody><tbody class='end'>{LAST}</tbody>"),
        ("tr.sum { break-before: avoid }", f"<tr class='sum'><td>Mva<td>9</tr>{LAST}"),
        ("", "<tr><td>Å betale<td>99,00</tr>"),
        ("", "<tr><td><b>Sum</b> å betale<td>99,00</tr>"),
        ("", "<tr><td>Total, betale<td>99,00</tr>"),
    ],
)
def test_nor_does_it_whichever_way_the_row_is_named(folder, letter, text, css, end) -> None:
    style = STYLE.replace("tr.sum { break-before: avoid }", css)
    parted = 0
    for rows in range(26, 34):
        html = table(rows, end).replace(STYLE, style)
        pages = text(folder.renderer(html).render(letter()).pdf)
        at = next(n for n, page in enumerate(pages) if "betale" in page)
        parted += at > 0
        assert f"post {rows - 1} 1,00" in pages[at], rows
    assert parted > 1


def test_a_table_of_one_row_goes_whole(folder, letter, text) -> None:
    for height in range(215, 250, 2):
        html = f"{STYLE}<div style='height: {height}mm'>topp</div>{table(1)[len(STYLE) :]}"
        for page in text(folder.renderer(html).render(letter()).pdf):
            assert ("betale" in page) == ("post 0" in page)


@pytest.mark.parametrize("height", [0, 83, 120, 150])
@pytest.mark.parametrize("count", [7, 16])
def test_columns_are_not_cut_through(folder, letter, text, height, count) -> None:
    html = (
        f"{STYLE}<style>.c {{ columns: 2 }}</style><div style='height: {height}mm'>topp</div>"
        f"<div class='c'>{TEXT * count}</div>"
    )
    document = folder.renderer(html).render(letter())
    assert document.warnings == ()
    assert " ".join(text(document.pdf)).count("uttalelsen") == count * 3


def test_columns_of_a_style_sheet_are_not_cut_either(folder, letter) -> None:
    folder.write("own.css", ".c { column-count: 2; }")
    html = (
        f"{STYLE}<link rel='stylesheet' href='own.css'><div style='height: 150mm'>topp</div>"
        f"<div class='c'>{TEXT * 10}</div>"
    )
    assert folder.renderer(html).render(letter()).warnings == ()


def test_what_cannot_be_put_right_is_held(folder, letter) -> None:
    html = f"{STYLE}<div style='columns: 2'>{TEXT * 30}</div>"
    with pytest.raises(RenderingError, match=r"page \d, cut: the foot of the page cuts through “"):
        folder.renderer(html).render(letter())


def test_a_heading_never_ends_a_page(folder, letter, text) -> None:
    style = "h2 { margin: 0; break-after: avoid } p { margin: 0; break-inside: avoid }"
    moved = 0
    for height in range(216, 250, 3):
        html = (
            f"{STYLE}<style>{style}</style><div style='height: {height}mm'>topp</div>"
            "<h2>Slik betaler du</h2><p>Betal til kontoen.<br>Merk med nummeret.<br>Takk.</p>"
        )
        first, *more = text(folder.renderer(html).render(letter()).pdf)
        moved += "Slik" in "".join(more)
        assert ("Slik betaler du" in first) == ("Betal til kontoen" in first), height
    assert moved > 2
