"""Workbooks: the first visible sheet, or the one that is asked for."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl

from batchsend.errors import ListError
from batchsend.lists.assembly import Source, assemble
from batchsend.lists.header import SEARCHED, Header, find_header
from batchsend.lists.kinds import Kind
from batchsend.lists.parts import row_schema, write_parts
from batchsend.lists.problems import Sightings
from batchsend.lists.recipients import RecipientList
from batchsend.lists.settings import ListSettings

__all__ = ["read_workbook"]


def read_workbook(
    path: Path, kind: Kind, digest: str, settings: ListSettings, workspace: Path
) -> RecipientList:
    """Read one sheet of a workbook. ListError if it holds no list."""
    try:
        book = fastexcel.read_excel(path)
        name = settings.sheet or book.sheet_names[0]
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError as error:
        raise ListError(f"{path.name} cannot be read as a workbook: {error}") from error
    cells = sheet.select(pl.all().cast(pl.String).fill_null(""))
    cells.columns = [f"c{index}" for index in range(cells.width)]
    rows = cells.with_row_index("row", 1).cast({"row": pl.UInt32})
    first = [(row, texts) for row, *texts in rows.head(SEARCHED).rows()]
    header = (
        Header(settings.header_row, tuple(first[settings.header_row - 1][1]))
        if settings.header_row
        else find_header(first)
    )
    below = rows.filter(
        (pl.col("row") > header.row) & pl.any_horizontal(pl.exclude("row").str.strip_chars() != "")
    )
    lazy = write_parts([below.cast(row_schema(cells.width))], workspace / "rows", cells.width)
    return assemble(
        Source(path, kind, digest, lazy, cells.width, Sightings()),
        header,
        settings,
        findings={"kind": kind, "sheet": name},
        notes=[],
    )
