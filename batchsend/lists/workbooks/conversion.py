"""One sheet of a workbook of any kind -> Parquet files. Runs in the separate process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from batchsend.errors import ListError
from batchsend.language import _, either
from batchsend.lists.workbooks.archive import Archive, FlatFile
from batchsend.lists.workbooks.grid import Grid, store
from batchsend.lists.workbooks.html_tables import HtmlBook
from batchsend.lists.workbooks.ods import OdsBook
from batchsend.lists.workbooks.sheets import Book, SheetEntry
from batchsend.lists.workbooks.spreadsheetml import SpreadsheetMlBook
from batchsend.lists.workbooks.xls import XlsBook
from batchsend.lists.workbooks.xlsb import XlsbBook
from batchsend.lists.workbooks.xlsx import XlsxBook
from batchsend.text import nearest

_BOOKS: dict[str, Callable[[Path], Book]] = {
    "xlsx": XlsxBook,
    "xlsb": XlsbBook,
    "xls": XlsBook,
    "ods": lambda path: OdsBook(Archive(path)),
    "fods": lambda path: OdsBook(FlatFile(path)),
    "xml": SpreadsheetMlBook,
    "html": HtmlBook,
}


def convert(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Store the sheet called `sheet`, or the first visible one that holds anything if that is
    None; `hidden` says whether hidden rows and columns are read too.

    The answer: the sheet's name, the `others`, the `hidden_sheets` and the fields of `Grid`.
    """
    book = _BOOKS[request["kind"]](path)
    for entry in _candidates(book.sheets, request["sheet"], path):
        grid = store(book.open(entry.name), Path(request["folder"]), hidden=request["hidden"])
        if grid.columns or grid.hidden_rows:
            break
    else:
        entry = _candidates(book.sheets, request["sheet"], path)[0]
    return {
        "sheet": entry.name,
        "others": [other.name for other in book.sheets if other.visible and other != entry],
        "hidden_sheets": [other.name for other in book.sheets if not other.visible],
        **_as_json(grid),
    }


def _candidates(sheets: list[SheetEntry], wanted: str | None, path: Path) -> list[SheetEntry]:
    """The sheets to look for the list in, in this order; at least one."""
    if wanted is None:
        visible = [entry for entry in sheets if entry.visible]
        if not visible:
            raise ListError(
                _("{name} has no visible sheet.", name=path.name),
                hint=_("Unhide the list in Excel, or name its sheet with `sheet` under [list]."),
            )
        return visible
    for entry in sheets:
        if entry.name.strip().casefold() == wanted.strip().casefold():
            return [entry]
    names = [entry.name for entry in sheets]
    like = nearest(wanted, names) or names
    raise ListError(
        _("{name} has no sheet called {wanted!r}.", name=path.name, wanted=wanted),
        hint=_("Did you mean {meant}?", meant=either(map(repr, like[:5]))),
    )


def _as_json(grid: Grid) -> dict[str, Any]:
    return {name: getattr(grid, name) for name in grid.__slots__}
