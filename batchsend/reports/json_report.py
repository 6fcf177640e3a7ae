"""write_json: the report for programs, with its summary and every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from batchsend.reports.account import Account
from batchsend.reports.atomic_files import replacing
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport

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
