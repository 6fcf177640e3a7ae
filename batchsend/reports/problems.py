"""write_problems: the problems of a check, for whoever corrects the list, as CSV or a workbook."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.reports.atomic_files import replacing
from batchsend.reports.csv_report import BOM, harmless
from batchsend.reports.workbook import MOST_ROWS, text_workbook


def write_problems(path: Path, problems: pl.DataFrame) -> None:
    """Write a frame of problems (lists.PROBLEMS) to `path`.

    A workbook where it ends in `.xlsx`, comma-separated UTF-8 with BOM otherwise.
    Raises ReportError.
    """
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, problems)
    else:
        _write_csv(path, problems)


def _write_csv(path: Path, problems: pl.DataFrame) -> None:
    with replacing(path) as file:
        file.write(BOM)
        problems.with_columns(harmless(pl.col("column", "value", "message"))).write_csv(
            file, line_terminator="\r\n"
        )


def _write_workbook(path: Path, problems: pl.DataFrame) -> None:
    if problems.height >= MOST_ROWS:
        raise ReportError(
            _(
                "{problems:,} problems are more rows than a workbook can hold.",
                problems=problems.height,
            ),
            hint=_("Write them to a CSV file: --problems {path}", path=path.with_suffix(".csv")),
        )
    with text_workbook(path, problems.columns, sheet=_("Problems")) as sheet:
        for problem in problems.iter_rows():
            sheet.add(problem)
