"""Parquet files, from those whose lists come out of a data warehouse.

Values become the text a spreadsheet would show for them: ISO dates, whole numbers without ".0".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists import subprocess_reader as separate
from batchsend.lists.assembly import MOST_COLUMNS, Source, assemble, too_wide
from batchsend.lists.header import Header
from batchsend.lists.parts import no_room
from batchsend.lists.problems import ReadFindings
from batchsend.lists.recipients import RecipientList
from batchsend.lists.settings import ListSettings

_FILE = "table.parquet"
_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "+00:00"})
_AS_THEY_ARE = (pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Null)


def read_parquet(path: Path, digest: str, settings: ListSettings, folder: Path) -> RecipientList:
    """Read a Parquet file; its first record is row 1. ListError if it holds no list."""
    found = separate.converted(path, {"kind": "parquet", "folder": str(folder)})
    names = found["columns"]
    if len(names) > MOST_COLUMNS:
        raise too_wide(path, len(names))
    return assemble(
        Source(
            path,
            "parquet",
            digest,
            pl.scan_parquet(folder / _FILE, glob=False),
            len(names),
            ReadFindings(),
            frozenset(found["formatted"]),
        ),
        Header(0, settings.headings or tuple(names)),
        # A table has no footer, whatever its last rows say.
        settings.model_copy(update={"footer_rows": settings.footer_rows or 0}),
        findings={"kind": "Parquet"},
        notes=[],
    )


def convert(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Store the table as text; runs in the separate process.

    The answer: its `columns`' names, and the positions of those that are `formatted`. They hold
    instants of UTC, which are shown as such: what day they are of is for the letter's country to
    say. As in 0.1 rows are known by their clock alone.
    """
    source = pl.scan_parquet(path, glob=False)
    schema = source.collect_schema()
    cells = [_text(name, kind).alias(f"c{at}") for at, (name, kind) in enumerate(schema.items())]
    instants = {
        at: name
        for at, (name, kind) in enumerate(schema.items())
        if isinstance(kind, pl.Datetime) and kind.time_zone in _UTC
    }
    shown = [_instant(name).alias(f"s{at}") for at, name in instants.items()]
    numbered = source.select(*cells, *shown).with_row_index("row", 1).cast({"row": pl.UInt32})
    folder = Path(request["folder"])
    try:
        numbered.sink_parquet(folder / _FILE, compression="lz4", statistics=False)
    except pl.exceptions.ComputeError as error:
        # Reading and writing fail alike here; only the system's words tell a full disk.
        if "space" in str(error):
            raise no_room(folder, error) from error
        raise
    return {"columns": list(schema), "formatted": list(instants)}


def _instant(name: str) -> pl.Expr:
    """An instant of UTC; null at midnight, where the column has days rather than moments."""
    written = pl.col(name).dt.to_string("%Y-%m-%d %H:%M:%SZ")
    return pl.when(~written.str.ends_with(" 00:00:00Z")).then(written)


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, _AS_THEY_ARE) or kind.is_integer() or kind.is_decimal():
        text = column.cast(pl.String)
    elif kind.is_float():
        text = column.cast(pl.String).str.strip_suffix(".0")
    elif isinstance(kind, pl.Boolean):
        text = column.cast(pl.String).str.to_uppercase()
    elif isinstance(kind, pl.Datetime):
        text = column.dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    elif isinstance(kind, pl.Time):
        text = column.dt.to_string("%H:%M:%S")
    else:
        raise ListError(
            _(
                "The column {name!r} holds {kind}, which is neither text, number nor date.",
                name=name,
                kind=kind,
            ),
            hint=_("Leave it out of the export, or turn it into text there."),
        )
    return text.fill_null("")
