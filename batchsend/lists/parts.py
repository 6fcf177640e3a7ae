"""Rows on their way to disk: Parquet files in the workspace, which polars then streams from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from batchsend.errors import ListError

__all__ = ["row_schema", "write_parts"]


def row_schema(width: int) -> pl.Schema:
    """The frame of a list of `width` columns."""
    return pl.Schema({"row": pl.UInt32(), **{f"c{index}": pl.String() for index in range(width)}})


def write_parts(frames: Iterable[pl.DataFrame], folder: Path, width: int) -> pl.LazyFrame:
    """Write each frame to a file of its own in `folder`, and scan them all as one."""
    parts = []
    try:
        for number, frame in enumerate(frames):
            if frame.height:
                parts.append(folder / f"{number:06d}.parquet")
                frame.write_parquet(parts[-1], compression="lz4", statistics=False)
    except OSError as error:
        raise ListError(
            f"The list could not be copied to {folder}: {error.strerror or error}.",
            hint="Make room on that disk, or set TMPDIR (TEMP on Windows) to a folder on another.",
        ) from error
    if not parts:
        return pl.LazyFrame(schema=row_schema(width))
    return pl.scan_parquet(parts, glob=False)
