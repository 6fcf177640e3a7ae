"""Rows on their way to disk: Parquet files in the workspace, which polars then streams from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _


def row_schema(width: int) -> pl.Schema:
    """The frame of a list of `width` columns."""
    return pl.Schema({"row": pl.UInt32(), **{f"c{index}": pl.String() for index in range(width)}})


def write_parts(frames: Iterable[pl.DataFrame], folder: Path, width: int) -> pl.LazyFrame:
    """Write each frame to a file of its own in `folder`, and scan them all as one."""
    parts = []
    for number, frame in enumerate(frames):
        if frame.height:
            parts.append(folder / f"{number:06d}.parquet")
            write_part(frame, parts[-1])
    if not parts:
        return pl.LazyFrame(schema=row_schema(width))
    return pl.scan_parquet(parts, glob=False)


def write_part(frame: pl.DataFrame, path: Path) -> None:
    """Write one file. ListError if the disk does not take it."""
    try:
        frame.write_parquet(path, compression="lz4", statistics=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise no_room(path.parent, error) from error


def no_room(folder: Path, error: Exception) -> ListError:
    """What to say when rows cannot be written to `folder`."""
    return ListError(
        _("The list could not be copied to {folder}: {error}.", folder=folder, error=error),
        hint=_("Make room on that disk, or set TMPDIR (TEMP on Windows) to a folder on another."),
    )
