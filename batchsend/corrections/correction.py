"""Correction: one cell's other value, and the journal of them all as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from batchsend.lists import Figure

Text = str
"""What a cell says; a number that its sheet shows otherwise is a `Figure`."""
Key = tuple[tuple[str, Text], ...]
"""What a row is known by: labels of columns, and what the list says there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be kept of one cell."""

    key: Key
    column: str
    """Its label (see `Labels`)."""
    was: Text
    """What the list said when it was corrected."""
    now: Text


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the journal that corrects a cell."""

    number: int
    """Of its line, from 1."""
    taking: int
    """Lines that were entered together share one, counted from 1."""
    draft: Draft
    at: datetime
    by: str
    """Which user of the system entered it."""


@dataclass(frozen=True, slots=True)
class Journal:
    """All that corrections.jsonl says."""

    corrections: tuple[Correction, ...] = ()
    """All that were ever entered, in order."""
    undone: frozenset[int] = frozenset()
    """The numbers of those that are undone."""
    workbooks: frozenset[str] = frozenset()
    """SHA-256 of each workbook that was taken, hexadecimal."""
    lines: int = 0

    @property
    def standing(self) -> tuple[Correction, ...]:
        """Those that are not undone, in order."""
        return tuple(each for each in self.corrections if each.number not in self.undone)

    @property
    def in_force(self) -> tuple[Correction, ...]:
        """The last for each cell and what it said, of those that are not undone."""
        last = {
            (_bare(each.draft.key), each.draft.column, _stored(each.draft.was)): each
            for each in self.standing
        }
        return tuple(sorted(last.values(), key=lambda each: each.number))

    @property
    def last_taking(self) -> tuple[Correction, ...]:
        """What was entered together last and is not undone."""
        standing = self.standing
        return tuple(each for each in standing if each.taking == standing[-1].taking)


def _bare(key: Key) -> tuple[tuple[str, str], ...]:
    return tuple((label, _stored(text)) for label, text in key)


def _stored(text: Text) -> str:
    return text.stored if isinstance(text, Figure) else text
