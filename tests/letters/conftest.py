"""Lists and mailings small enough to be written in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pytest

from batchsend.letters import Checked, CheckSettings, PayloadSettings, TemplateNeeds, check_letters
from batchsend.lists import PROBLEMS, SHORT, Column, RecipientList
from batchsend.text import column_name

HEADINGS = ("Kundenr.", "Navn", "Adresse", "Postnr", "Poststed")
GOOD = ("1001", "Kari Nordmann", "Storgata 1", "0150", "Oslo")

Table = Sequence[Sequence[str]]


class Check(Protocol):
    """Checks a list given as headings and rows; the first row is row 2, as under a header."""

    def __call__(
        self,
        rows: Table,
        headings: Sequence[str] = HEADINGS,
        *,
        letter: Mapping[str, Any] | None = None,
        invoicee: Mapping[str, Any] | None = None,
        group_by: tuple[str, ...] = (),
        checks: Mapping[str, Any] | None = None,
        uses: frozenset[str] = frozenset(),
        formats: Mapping[str, AbstractSet[str]] | None = None,
        digest: str = "template",
        problems: pl.DataFrame | None = None,
        short: Sequence[tuple[int, int]] = (),
    ) -> Checked: ...


def recipients(
    headings: Sequence[str],
    rows: Table,
    problems: pl.DataFrame | None = None,
    short: Sequence[tuple[int, int]] = (),
) -> RecipientList:
    """What a reader would make of these rows."""
    columns = tuple(
        Column(index, heading, column_name(heading) or f"column_{index + 1}")
        for index, heading in enumerate(headings)
    )
    cells = {
        column.key: pl.Series([row[column.index] for row in rows], dtype=pl.String)
        for column in columns
    }
    frame = pl.DataFrame({"row": pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32), **cells})
    return RecipientList(
        path=Path("list.csv"),
        columns=columns,
        rows=frame.lazy(),
        problems=PROBLEMS.to_frame() if problems is None else problems,
        findings={},
        notes=("Read as a test.",),
        digest="0" * 64,
        short=pl.DataFrame(short, SHORT, orient="row"),
    )


def payload(
    letter: Mapping[str, Any] | None = None, invoicee: Mapping[str, Any] | None = None
) -> PayloadSettings:
    """A mapping for HEADINGS, with other texts in some places; None takes a text out."""

    def without_none(table: dict[str, Any]) -> dict[str, Any]:
        return {name: text for name, text in table.items() if text is not None}

    recipient = {
        "Name": "{{ navn }}",
        "Address1": "{{ adresse }}",
        "PostCode": "{{ postnr }}",
        "City": "{{ poststed }}",
        **(invoicee or {}),
    }
    table = {
        "Channel": "PRINT",
        "Identifier": "test-{{ kundenr }}",
        "Invoicee": without_none(recipient),
        "Invoicer": {"Name": "Utleier AS"},
        **(letter or {}),
    }
    return PayloadSettings.model_validate({"Letter": without_none(table)})


@pytest.fixture
def check(tmp_path: Path) -> Check:
    numbers = iter(range(1000))

    def checked(
        rows: Table,
        headings: Sequence[str] = HEADINGS,
        *,
        letter: Mapping[str, Any] | None = None,
        invoicee: Mapping[str, Any] | None = None,
        group_by: tuple[str, ...] = (),
        checks: Mapping[str, Any] | None = None,
        uses: frozenset[str] = frozenset(),
        formats: Mapping[str, AbstractSet[str]] | None = None,
        digest: str = "template",
        problems: pl.DataFrame | None = None,
        short: Sequence[tuple[int, int]] = (),
    ) -> Checked:
        return check_letters(
            recipients(headings, rows, problems, short),
            payload(letter, invoicee),
            group_by=group_by,
            checks=CheckSettings.model_validate(checks or {}),
            template=TemplateNeeds(digest, uses, formats or {}),
            snapshot=tmp_path / f"snapshot-{next(numbers)}",
        )

    return checked


Told = list[tuple[int, str, str]]


@pytest.fixture
def told() -> Callable[[Checked], Told]:
    """The problems of a check as (row, column, severity)."""

    def of(checked: Checked) -> Told:
        return checked.problems.select("row", "column", pl.col("severity").cast(pl.String)).rows()

    return of
