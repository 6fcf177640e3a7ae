"""Writing a report as the kind of file its name asks for, over an older one and nothing else.

And write_problems: the problems of a check, for whoever corrects the list, as CSV or a workbook.
"""

from __future__ import annotations

import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import polars as pl

from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.reports.account import Account
from batchsend.reports.atomic_files import beside, in_words, is_open, replacing, written_beside
from batchsend.reports.csv_report import BOM, CSV_BEGINS, harmless, write_csv
from batchsend.reports.html_report import HTML_BEGINS, write_html
from batchsend.reports.json_report import JSON_BEGINS, write_json
from batchsend.reports.workbook import MOST_ROWS, text_workbook
from batchsend.reports.xlsx_report import MARK, write_xlsx


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
