"""Writing a report as the kind of file its name asks for, over an older one and nothing else. CSV,
for programs to read and for a spreadsheet to open without harm, and JSON, for programs, are written
here; the others have files of their own.

And write_problems: the problems of a check, for whoever corrects the list, as CSV or a workbook.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.reports.account import Account
from batchsend.reports.atomic_files import beside, in_words, is_open, replacing, written_beside
from batchsend.reports.html_report import HTML_BEGINS, write_html
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport
from batchsend.reports.workbook import MOST_ROWS, text_workbook
from batchsend.reports.xlsx_report import MARK, write_xlsx

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


JSON_BEGINS = b'{"batchsend_report":'
_ROWS_AT_ONCE = 5_000


def write_json(path: Path, account: Account) -> None:
    """Write the report to `path`, whole or not at all. Raises ReportError."""
    with replacing(path) as file:
        for line in json_lines(account):
            file.write(line + b"\n")


def json_lines(account: Account) -> Iterator[bytes]:
    """One JSON object, in lines: what it is about, how many ended how, why, and every row."""
    about, figures = account.about, account.figures
    head = {
        "batchsend_report": 1,
        "mailing": about.mailing,
        "made": _time(about.made),
        "period": about.period,
        "rehearsal": about.rehearsed,
        "notes": about.notes,
        "runs": [
            {
                "run": run.number,
                "destination": run.facts.destination,
                "list": str(run.facts.list_path),
                "started": _time(run.started),
                "ended": run.ended and _time(run.ended),
                "end": run.end,
                "user": run.user or None,
                "approved_by": run.approved_by or None,
            }
            for run in about.runs
        ],
        "rows_in_list": figures.rows,
        "letters": figures.letters,
        "letters_by_status": dict(figures.by_status),
        "attention": [
            {
                "status": concern.status,
                "reason": concern.reason,
                "rows": concern.rows,
                "first_rows": [int(line[1]) for line in concern.first],
            }
            for concern in account.attention.concerns
        ],
    }
    yield orjson.dumps(head)[:-1] + b',"rows":['
    between = b""
    for row in _rows(account.rows):
        yield between + orjson.dumps(row)
        between = b","
    yield b"]}"


def _rows(report: RowsReport) -> Iterator[dict[str, Any]]:
    headings, own = report.typed, len(SYSTEM_COLUMNS)
    for batch in report.frame.collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True):
        for cells in batch.iter_rows():
            line = dict(zip(SYSTEM_COLUMNS, cells[:own], strict=True))
            line["submitted_at"] = line["submitted_at"] and _time(line["submitted_at"])
            line["list"] = _named(headings, cells[own:])
            yield line


def _named(headings: Sequence[str], cells: tuple[str | None, ...]) -> dict[str, str]:
    """The cells by their headings; a repeated one with its number."""
    named: dict[str, str] = {}
    for heading, cell in zip(headings, cells, strict=True):
        name, times = heading, 1
        while name in named:
            times += 1
            name = f"{heading} ({times})"
        named[name] = cell or ""
    return named


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


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


KINDS = (".csv", ".xlsx", ".html", ".json")
_BEGINNINGS = {".csv": CSV_BEGINS, ".html": (HTML_BEGINS,), ".json": (JSON_BEGINS,)}


def write_file(path: Path, account: Account) -> Path:
    """Write the report to `path`, whole or not at all, as the end of its name says (KINDS); beside
    it while another program has it open. Where it was written.

    Raises ReportError.
    """

    def write(place: Path) -> None:
        if place != path:
            must_be_writable(place)
        _write(place, account)

    where = written_beside(path, write)
    if where == path:
        _remove_older(beside(path))
    return where


def _remove_older(path: Path) -> None:
    """Remove what was written beside the report while that was open: there is one report."""
    with suppress(OSError):
        if path.stat().st_size and is_report(path) and not is_open(path):
            path.unlink()


def _write(path: Path, account: Account) -> None:
    match _kind(path):
        case ".xlsx":
            write_xlsx(path, account)
        case ".html":
            write_html(path, account)
        case ".json":
            write_json(path, account)
        case _:
            write_csv(path, account.rows, separator=account.about.separator)


def must_be_writable(path: Path) -> None:
    """Find out before a long run whether its report can be written. Raises ReportError."""
    try:
        if path.is_dir():
            raise IsADirectoryError
        _must_be_a_kind(path)
        if path.exists() and not is_report(path):
            raise ReportError(
                _("{path} already exists and is not a report. It is not changed.", path=path),
                hint=_("Name another file for the report."),
            )
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise in_words(path, error) from error


def _kind(path: Path) -> str:
    return path.suffix.lower() or ".csv"


def _must_be_a_kind(path: Path) -> None:
    if _kind(path) not in KINDS:
        raise ReportError(
            _(
                "{path}: the name of a report ends in {kinds} or {kind}.",
                path=path,
                kinds=", ".join(KINDS[:-1]),
                kind=KINDS[-1],
            ),
        )


def is_report(path: Path) -> bool:
    """Whether a file is one that a report may take the place of; a device is none."""
    if not path.is_file() or _kind(path) not in KINDS:
        return False
    if not path.stat().st_size:
        return True
    if _kind(path) == ".xlsx":
        return _is_workbook_of_ours(path)
    begins = _BEGINNINGS[_kind(path)]
    with path.open("rb") as file:
        return file.read(max(map(len, begins))).startswith(begins)


def _is_workbook_of_ours(path: Path) -> bool:
    """Saving it in a spreadsheet program keeps the mark, so it may have been looked at."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MARK.encode() in archive.read("docProps/custom.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
