"""Checked lists small enough to be written in a test, to choose letters of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.letters import (
    Checked,
    CheckSettings,
    PayloadSettings,
    Snapshot,
    TemplateNeeds,
    check_letters,
)
from batchsend.lists import PROBLEMS, Column, RecipientList
from batchsend.text import column_name

HEADINGS = (
    "No",
    "Name",
    "Address",
    "Address 2",
    "Postcode",
    "City",
    "Channel",
    "Lang",
    "Id",
    "Note",
)
LETTER: dict[str, Any] = {
    "Channel": "{{ channel }}",
    "Identifier": "test-{{ no }}",
    "LanguageID": "{{ lang }}",
    "Invoicee": {
        "Name": "{{ name }}",
        "Address1": "{{ address }}",
        "Address2": "{{ address_2 }}",
        "PostCode": "{{ postcode }}",
        "City": "{{ city }}",
        "Email": "kari@example.com",
        "NationalId": "{{ id }}",
    },
    "Invoicer": {"Name": "Utleier AS"},
}


def row(no: int, **cells: str) -> tuple[str, ...]:
    """A row of the list: nothing special about it but what is said."""
    usual = {
        "name": "Kari Nordmann",
        "address": f"Storgata {no % 10}",
        "address_2": "",
        "postcode": "0150",
        "city": "Oslo",
        "channel": "PRINT",
        "lang": "NO",
        "id": "",
        "note": "",
    }
    return (str(no), *(usual | cells).values())


def snapshot_of(folder: Path, *rows: Sequence[str], group_by: tuple[str, ...] = ()) -> Snapshot:
    """The snapshot of a checked list; its first row is row 2, as under a header."""
    return checked_list(folder, *rows, group_by=group_by).snapshot


def checked_list(folder: Path, *rows: Sequence[str], group_by: tuple[str, ...] = ()) -> Checked:
    """The same with what the check found."""
    columns = tuple(Column(n, text, column_name(text)) for n, text in enumerate(HEADINGS))
    cells = {column.key: [cells[column.index] for cells in rows] for column in columns}
    numbers = pl.Series(range(2, len(rows) + 2), dtype=pl.UInt32)
    recipients = RecipientList(
        path=Path("list.csv"),
        columns=columns,
        rows=pl.LazyFrame({"row": numbers, **cells}),
        problems=PROBLEMS.to_frame(),
        findings={},
        notes=(),
        digest="0" * 64,
    )
    return check_letters(
        recipients,
        PayloadSettings.model_validate({"Letter": LETTER}),
        group_by=group_by,
        checks=CheckSettings.model_validate({"same": ["Email"]}),
        template=TemplateNeeds("template"),
        snapshot=folder / "snapshot",
    )
