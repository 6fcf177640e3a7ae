"""write_csv: report.csv, for programs to read and for a spreadsheet to open without harm."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl

from batchsend.reports.files import replacing
from batchsend.reports.rows import RowsReport

__all__ = ["BOM", "harmless", "write_csv"]

BOM = b"\xef\xbb\xbf"
"""Without it Excel takes the file for Windows-1252."""

_RUNS = r"^(\s*[=+\-@\t\r\n])"
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection")."""
_PLAIN_NUMBER = r"^\s*[+\-][\d\s.,]*\d(,-)?\s*$"
"""Amounts and telephone numbers begin with a sign too, and do no harm."""


def write_csv(path: Path, report: RowsReport) -> None:
    """Write the report to `path`, whole or not at all: comma-separated UTF-8 with BOM.

    Cells that a spreadsheet would run get a `'` in front. Raises ReportError.
    """
    text = [column.key for column in report.columns]
    text += ["identifier", "reason", "request_id", "channel", "engine", "delivery"]
    with replacing(path) as file:
        file.write(BOM + _header(report.headings))
        file.flush()
        report.frame.with_columns(harmless(pl.col(text))).sink_csv(
            file,
            include_header=False,
            line_terminator="\r\n",
            datetime_format="%Y-%m-%dT%H:%M:%SZ",
            null_value="",
            engine="streaming",
        )


def harmless(cell: pl.Expr) -> pl.Expr:
    """The cell's text, with a `'` in front where a spreadsheet would run it."""
    safe = ~cell.str.contains(_RUNS) | cell.str.contains(_PLAIN_NUMBER)
    return pl.when(safe).then(cell).otherwise(pl.concat_str(pl.lit("'"), cell))


def _header(headings: tuple[str, ...]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(
        f"'{heading}" if re.match(_RUNS, heading) else heading for heading in headings
    )
    return line.getvalue().encode()
