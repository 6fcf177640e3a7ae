"""The statuses of a row: names, meanings, what to do, order and colours, all in one table.

The workbook, the page, the terminal and the documentation are made from it. A status is added by
a line here, and by saying in `rows.py` when a row has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from batchsend.language import N_, _

LEFT_OUT = N_("left out")
"""The status of a row that is no recipient on purpose: hidden, or a footer."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a row stands, for people."""

    name: str
    means: str
    to_do: str
    """Empty where nothing is to be done."""
    urgency: int
    """1 is what somebody must see first; 0 needs nobody."""
    light: str
    """Its colour on a light page, and on paper."""
    dark: str
    """Its colour on a dark page."""
    cell: tuple[str, str]
    """Paper and ink in a workbook, light as those Excel itself gives good and bad cells."""

    @property
    def label(self) -> str:
        """Its name in the language of messages."""
        return _(self.name)

    @property
    def css_class(self) -> str:
        """Its class on the page, which gives it its colour."""
        return f"status-{self.name.replace(' ', '-')}"


TABLE = (
    Status(
        N_("accepted"),
        N_("The letter API has the letter."),
        "",
        urgency=0,
        light="#1a7f43",
        dark="#55c282",
        cell=("#C6EFCE", "#0B5A22"),
    ),
    Status(
        N_("rejected"),
        N_("The letter API refused the letter; the reason says why."),
        N_("Correct the row, and send again."),
        urgency=4,
        light="#b42318",
        dark="#ff8f85",
        cell=("#FFC7CE", "#8C0A12"),
    ),
    Status(
        N_("failed"),
        N_("The letter was certainly not taken."),
        N_("Send again."),
        urgency=6,
        light="#b45309",
        dark="#f7a35c",
        cell=("#FCE0C5", "#7A3A00"),
    ),
    Status(
        N_("unknown"),
        N_("The letter may have been taken: the answer was lost."),
        N_(
            "Ask the provider about it, then settle it with batchsend settle. It is never "
            "sent again without that decision."
        ),
        urgency=1,
        light="#7c3aed",
        dark="#bd9bff",
        cell=("#E4D7FA", "#4B1E99"),
    ),
    Status(
        N_("invalid"),
        N_("The row, or its letter, cannot be sent as it is."),
        N_("Read the reason, correct the row, and send again."),
        urgency=5,
        light="#8f5b00",
        dark="#e0b252",
        cell=("#FFEB9C", "#6B4A00"),
    ),
    Status(
        N_("conflict"),
        N_("Another letter went, or may have gone, under this identifier. This one was not sent."),
        N_(
            "Nothing, if it is that letter. If it is another one, give it an identifier of "
            "its own and send again."
        ),
        urgency=2,
        light="#a21caf",
        dark="#ec8cf5",
        cell=("#F6D3F7", "#751079"),
    ),
    Status(
        N_("repeat"),
        N_(
            "The same letter went, or may have gone, in another way: the reason says which. "
            "This one was not sent."
        ),
        N_(
            "Nothing, if it is that letter. If it is another one, send it with batchsend "
            "send --again and its row."
        ),
        urgency=3,
        light="#0f766e",
        dark="#5ecac2",
        cell=("#CDEFEE", "#0B5552"),
    ),
    Status(
        N_("pending"),
        N_("The letter has not been sent yet."),
        N_("Send again to go on."),
        urgency=7,
        light="#3b6ea5",
        dark="#86b6ea",
        cell=("#D6E6F7", "#1F4B7A"),
    ),
    Status(
        N_("skipped"),
        N_("The letter was left out of the run by --rows or --limit."),
        "",
        urgency=0,
        light="#667085",
        dark="#a2acba",
        cell=("#E7E6E6", "#44474D"),
    ),
    Status(
        LEFT_OUT,
        N_(
            "The row is no recipient: it is hidden, or below the list. The reason says "
            "which setting reads it."
        ),
        "",
        urgency=0,
        light="#667085",
        dark="#a2acba",
        cell=("#E7E6E6", "#44474D"),
    ),
)
"""In the order of every report, for ever; new ones are added before the last."""

BY_NAME: Mapping[str, Status] = {status.name: status for status in TABLE}

STATUSES = tuple(BY_NAME)

ROW_STATUS = pl.Enum(STATUSES)

NEEDS_ATTENTION = tuple(
    status.name for status in sorted(TABLE, key=lambda each: each.urgency) if status.urgency
)
"""The statuses that somebody has to do something about, the most urgent first."""

MAY_HAVE_GONE = ("accepted", "unknown")
"""The API has the row's letter, or may have it."""

NOT_SENT = ("invalid", "conflict", "repeat")
"""The row was not sent; another letter may have gone under its identifier."""

CORRECTABLE = ("invalid", "rejected")
"""A correction of the row helps. Of a conflict it would make a second letter."""
