"""Checked lists and standings, small enough to be read at a glance."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.ledger import STANDING
from batchsend.lists import LEFT_OUT, Column

SENT_AT = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)

FRAME: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "letter": pl.UInt32(),
    "identifier": pl.String(),
    "channel": pl.String(),
    "content": pl.String(),
    "held": pl.Boolean(),
    "reasons": pl.String(),
}


@dataclass(frozen=True)
class List:
    """What a report needs of a snapshot."""

    frame: pl.LazyFrame
    columns: tuple[Column, ...]
    sensitive: frozenset[str] = frozenset()
    left_out: pl.DataFrame = field(default_factory=LEFT_OUT.to_frame)


def listed(
    *rows: dict[str, Any],
    headings: Sequence[str] = ("Navn",),
    sensitive: frozenset[str] = frozenset(),
) -> List:
    """A list of rows that are good unless told otherwise; cells are given by their keys."""
    columns = tuple(
        Column(index, heading, f"column_{index}") for index, heading in enumerate(headings)
    )
    good = {"channel": "PRINT", "content": "content-1", "held": False, "reasons": ""}
    cells = dict.fromkeys((column.key for column in columns), "")
    whole = [
        {"row": number, "letter": number, "identifier": f"letter-{number}", **good, **cells, **row}
        for number, row in enumerate(rows, start=2)
    ]
    schema = {**FRAME, **dict.fromkeys(cells, pl.String())}
    return List(pl.LazyFrame(whole, schema=schema), columns, sensitive)


def standing(**entries: dict[str, Any] | str) -> pl.DataFrame:
    """Letters in the ledger by identifier, `_` for `-`; each a state or more of its columns."""
    usual = {
        "content": "content-1",
        "reason": "",
        "request_id": "request-1",
        "http_status": 202,
        "attempts": 1,
        "channel": "PRINT",
        "pages": 2,
        "engine": "plutoprint 0.23.0",
        "submitted_at": SENT_AT,
        "row": 2,
        "run": 1,
        "delivery": "",
    }
    rows = [
        {"identifier": name.replace("_", "-"), **usual}
        | ({"state": entry} if isinstance(entry, str) else entry)
        for name, entry in entries.items()
    ]
    return pl.DataFrame(rows, schema=STANDING)


def read(path: Path) -> list[dict[str, str]]:
    """A report as a program reads it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = ";" if file.readline().startswith("row;") else ","
        file.seek(0)
        return list(csv.DictReader(file, delimiter=separator))
