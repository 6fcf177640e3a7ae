"""write_csv: report.csv, for programs to read and for a spreadsheet to open without harm."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from batchsend.reports.atomic_files import replacing
from batchsend.reports.rows import RowsReport

BOM = b"\xef\xbb\xbf"
"""Without it Excel takes the file for Windows-1252."""
CSV_BEGINS = (BOM + b"row,identifier,", BOM + b"row;identifier;")

_SIGN = "[=+\\-@＝＋－＠]"
_RUNS = rf"^\s*{_SIGN}"
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection")."""
_RUNS_IF_SPLIT = rf"([;\t\r\n]\s*)({_SIGN})"
"""The same further on, where a spreadsheet that expects another separator begins a new cell, as
Norwegian Excel does at a semicolon, quotes or not."""
_PLAIN_NUMBER = r"^\s*[+\-][\d\s.,]*(\d(,-)?)?\s*$"
"""Amounts and telephone numbers begin with a sign too, and do no harm; nor does a lone dash."""


def write_csv(path: Path, report: RowsReport, *, separator: str = ",") -> None:
    """Write the report to `path`, whole or not at all: separated UTF-8 with BOM.

    Cells that a spreadsheet would run get a `'` in front. Raises ReportError.
    """
    text = [column.key for column in report.columns]
    text += ["identifier", "reason", "request_id", "channel", "engine", "delivery"]
    with replacing(path) as file:
        file.write(BOM + _header(report.headings, separator))
        file.flush()
        report.frame.with_columns(harmless(pl.col(text))).sink_csv(
            file,
            include_header=False,
            separator=separator,
            line_terminator="\r\n",
            datetime_format="%Y-%m-%dT%H:%M:%SZ",
            null_value="",
            engine="streaming",
        )


def harmless(cell: pl.Expr) -> pl.Expr:
    """The cells' text, with a `'` in front of what a spreadsheet would run; empty becomes null.

    `cell` may stand for several columns at once.
    """
    inside = cell.str.replace_all(_RUNS_IF_SPLIT, "$1'$2")
    safe = ~cell.str.contains(_RUNS) | cell.str.contains(_PLAIN_NUMBER)
    return (
        pl.when(safe & (cell != ""))
        .then(inside)
        .when(cell != "")
        .then(inside.str.replace(r"\A", "'"))
    )


def _header(headings: tuple[str, ...], separator: str) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, delimiter=separator, lineterminator="\r\n").writerow(
        pl.Series(headings).to_frame("heading").select(harmless(pl.col("heading"))).to_series()
    )
    return line.getvalue().encode()
