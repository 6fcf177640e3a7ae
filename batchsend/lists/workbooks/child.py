"""The separate process that opens a workbook, so that no file can take batchsend down with it.

Run as `python -m batchsend.lists.workbooks.child`, with a request as JSON on standard input; the
answer is JSON on standard output. Its memory is bounded where the system can do that.
"""

from __future__ import annotations

import contextlib
import json
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.parsers import expat

from batchsend.errors import ListError
from batchsend.lists.headings import nearest
from batchsend.lists.workbooks.archive import damaged
from batchsend.lists.workbooks.grid import Grid, store
from batchsend.lists.workbooks.ods import OdsBook
from batchsend.lists.workbooks.sheets import Book, SheetEntry
from batchsend.lists.workbooks.xls import XlsBook
from batchsend.lists.workbooks.xlsb import XlsbBook
from batchsend.lists.workbooks.xlsx import XlsxBook

__all__ = ["answer_to", "main"]

# What readers of XML, zip and binary records run into when a file does not hold what it should.
_DAMAGES = (
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_BYTES_AT_MOST = 5 << 30  # of address space, of which polars reserves more than it uses


def main() -> None:
    """Answer the request on standard input."""
    _bound_memory()
    json.dump(answer_to(json.load(sys.stdin.buffer)), sys.stdout)


def answer_to(request: dict[str, Any]) -> dict[str, Any]:
    """Store one sheet as the request says: `path`, `kind`, `sheet`, `hidden` and `folder`.

    The answer holds the sheet's name, the others and the fields of `Grid`; or, if the workbook
    cannot be read, the `message` and `hint` of a ListError.
    """
    path = Path(request["path"])
    try:
        return _convert(path, request)
    except ListError as error:
        return _refusal(error)
    except MemoryError:
        return _refusal(
            ListError(
                f"{path.name} needs more memory than a list should.",
                hint="Save the sheet with the list alone, as .xlsx or as CSV.",
            )
        )
    except _DAMAGES:
        return _refusal(damaged(path))


def _refusal(error: ListError) -> dict[str, Any]:
    return {"message": error.message, "hint": error.hint}


def _convert(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    book = _open(path, request["kind"])
    entry = _chosen(book.sheets, request["sheet"], path)
    sheet = book.open(entry.name)
    grid = store(sheet, Path(request["folder"]), hidden=request["hidden"])
    return {
        "sheet": entry.name,
        "others": [other.name for other in book.sheets if other.visible and other != entry],
        "hidden_sheets": [other.name for other in book.sheets if not other.visible],
        **_as_json(grid),
    }


def _open(path: Path, kind: str) -> Book:
    match kind:
        case "xlsx":
            return XlsxBook(path)
        case "xlsb":
            return XlsbBook(path)
        case "ods":
            return OdsBook(path)
        case "xls":
            return XlsBook(path)
        case _:
            raise ValueError(kind)


def _chosen(sheets: list[SheetEntry], wanted: str | None, path: Path) -> SheetEntry:
    if wanted is None:
        visible = [entry for entry in sheets if entry.visible]
        if not visible:
            raise ListError(
                f"{path.name} has no visible sheet.",
                hint="Unhide the list in Excel, or name its sheet with `sheet` under [list].",
            )
        return visible[0]
    for entry in sheets:
        if entry.name.strip().casefold() == wanted.strip().casefold():
            return entry
    names = [entry.name for entry in sheets]
    like = nearest(wanted, names) or names
    raise ListError(
        f"{path.name} has no sheet called {wanted!r}.",
        hint=f"Did you mean {' or '.join(map(repr, like[:5]))}?",
    )


def _as_json(grid: Grid) -> dict[str, Any]:
    return {name: getattr(grid, name) for name in grid.__slots__}


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_BYTES_AT_MOST, _BYTES_AT_MOST))


if __name__ == "__main__":
    main()
