"""write_problems: the problems of a check as CSV, for whoever corrects the list."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from batchsend.reports.csv_report import BOM, harmless
from batchsend.reports.files import replacing

__all__ = ["write_problems"]


def write_problems(path: Path, problems: pl.DataFrame) -> None:
    """Write a frame of problems (lists.PROBLEMS) to `path`: comma-separated UTF-8 with BOM.

    Raises ReportError.
    """
    with replacing(path) as file:
        file.write(BOM)
        problems.with_columns(harmless(pl.col("column", "value", "message"))).write_csv(
            file, line_terminator="\r\n"
        )
