"""Parquet files, from those whose lists come out of a data warehouse.

Values become the text a spreadsheet would show for them: ISO dates, whole numbers without ".0".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.lists.assembly import Source, assemble
from batchsend.lists.header import Header
from batchsend.lists.parts import row_schema, write_parts
from batchsend.lists.problems import Sightings
from batchsend.lists.recipients import RecipientList
from batchsend.lists.settings import ListSettings

__all__ = ["read_parquet"]

_BATCH = 20_000
_AS_THEY_ARE = (pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Null)


def read_parquet(path: Path, digest: str, settings: ListSettings, workspace: Path) -> RecipientList:
    """Read a Parquet file; its first record is row 1. ListError if it holds no list."""
    source = pl.scan_parquet(path, glob=False)
    try:
        schema = source.collect_schema()
        width = len(schema)
        as_text = source.select(_text(name, kind) for name, kind in schema.items()).rename(
            {name: f"c{index}" for index, name in enumerate(schema)}
        )
        rows = write_parts(_numbered(as_text, width), workspace / "rows", width)
    except pl.exceptions.PolarsError as error:
        raise ListError(
            f"{path.name} is a damaged or incomplete Parquet file.",
            hint="Export it again, or copy it again.",
        ) from error
    return assemble(
        Source(path, "parquet", digest, rows, width, Sightings()),
        Header(0, settings.headings or tuple(schema)),
        settings.model_copy(update={"footer_rows": settings.footer_rows or 0}),
        findings={"kind": "Parquet"},
        notes=[],
    )


def _numbered(table: pl.LazyFrame, width: int) -> Iterator[pl.DataFrame]:
    row = 1
    for batch in table.collect_batches(chunk_size=_BATCH, maintain_order=True):
        yield batch.with_row_index("row", row).cast(row_schema(width))
        row += batch.height


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
            f"The column {name!r} holds {kind}, which is neither text, number nor date.",
            hint="Leave it out of the export, or turn it into text there.",
        )
    return text.fill_null("").alias(name)
