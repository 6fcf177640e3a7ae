"""A file that ends too early: refused, or its last row says so; never read as a whole list."""

from __future__ import annotations

import pytest
from lists.conftest import Reader
from lists.workbook_files import ods, xls, xlsb

from batchsend.errors import ListError

PEOPLE = [("1001", "Bjørn Ås", "Gata 1", "0150", "Oslo"), ("1002", "Kari", "Vei 2", "5003", "Bø")]
ROWS = [(str(1003 + row), f"Ola {row}", f"Sti {row}", "7010", "Ås") for row in range(4)]
HEADINGS = ("Kundenr", "Navn", "Adresse", "Postnr", "Sted")
LIST = (HEADINGS, *PEOPLE, *ROWS)
CSV = "".join(";".join(cells) + "\r\n" for cells in LIST)
HTML = (
    "<html><body><table border=1>\n"
    + "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>" for cells in LIST)
    + "\n</table>\n</body></html>\n"
)
XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>'
    + "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells)
        + "</Row>"
        for cells in LIST
    )
    + "</Table></Worksheet></Workbook>"
)


def said(read: Reader, content: bytes, name: str) -> tuple[int, list[tuple[int, str]]] | None:
    """How many rows are read, and the problems by row; None where it is refused."""
    try:
        recipients = read(content, name)
    except ListError:
        return None
    found = recipients.problems.select("row", "severity").rows()
    return recipients.rows.collect().height, found


@pytest.mark.parametrize("place", range(30, len(HTML), 23))
def test_half_a_web_page_is_no_whole_list(read: Reader, place: int) -> None:
    found = said(read, HTML[:place].encode(), "list.xls")
    if found is not None and place < HTML.index("</table"):
        rows, problems = found
        assert problems == [(rows + 1, "warning")], "its last row"


@pytest.mark.parametrize(
    "left_out", ["</table>", "</table>\n</body></html>\n", "</body></html>", "</tr>", "</td>"]
)
def test_a_page_whose_program_leaves_ends_out_is_read(read: Reader, left_out: str) -> None:
    found = said(read, HTML.replace(left_out, "").encode(), "list.xls")
    assert found is not None
    assert found[0] == len(LIST) - 1
    assert "error" not in dict(found[1]).values()


def test_a_page_that_ends_after_a_row_may_be_cut_short(read: Reader) -> None:
    page = HTML[: HTML.rindex("\n</table")]
    assert said(read, page.encode(), "list.xls") == (6, [(7, "warning")])
    script = page + "</table><script>var row = '<tr><td>'</script>"
    assert said(read, script.encode(), "list.xls") == (6, [])


@pytest.mark.parametrize(
    ("content", "name"),
    [(xls(), "list.xls"), (xlsb(), "list.xlsb"), (ods(), "list.ods"), (XML.encode(), "list.xml")],
)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_half_a_workbook_is_refused(read: Reader, content: bytes, name: str, share: float) -> None:
    whole, half = said(read, content, name), content[: int(share * len(content))]
    assert whole is not None
    # What an .xls file has behind its cells may be missing.
    assert said(read, half, name) in (None, whole if name == "list.xls" else None)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("before", range(8, 34, 3))
def test_a_row_cut_short_is_held(read: Reader, encoding: str, before: int) -> None:
    content = (CSV + "1009;Åse Ødegård;Båtveien 12;0150;Ørje").encode(encoding)
    cut = content[: -before * (2 if encoding == "utf-16" else 1)]
    found = said(read, cut, "list.csv")
    assert found is None or (8, "error") in found[1]
