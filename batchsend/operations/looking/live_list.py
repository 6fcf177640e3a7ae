"""LiveList: the letters of a mailing's list while one of them is being written.

Its first rows are checked first, since the first letter is what is looked at; the whole list where
a row further down is asked for, or a name. It is read once and checked once, until it changes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.letters import Checked, Letter, RowSet, Snapshot, TemplateNeeds, check_letters
from batchsend.lists import RecipientList, with_period
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.corrected import read_corrected
from batchsend.operations.mailing_list.left_out_rows import leave_out
from batchsend.operations.planning.other_channels import with_sender
from batchsend.operations.preview import last_saved
from batchsend.scratch import ScratchFolder

FIRST: Final = 500
"""Rows that are checked before the rest of the list."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What something was made of, and the folder that it lies in, which goes with it."""

    made_of: object
    room: ScratchFolder


@dataclass(frozen=True, slots=True)
class _Read(_Known):
    recipients: RecipientList


@dataclass(frozen=True, slots=True)
class _Whole(_Known):
    checked: Checked


@dataclass(frozen=True, slots=True)
class _First(_Known):
    checked: Checked | None
    """None where the first rows alone say nothing."""
    last: int
    """The last row that was looked at."""


class LiveList:
    """The list of one mailing. For several threads: who waits for all of it is in nobody's way."""

    def __init__(self) -> None:
        self._reading, self._beginning, self._checking = (threading.Lock() for _each in range(3))
        self._read: _Read | None = None
        self._first: _First | None = None
        self._whole: _Whole | None = None

    def any_of(self, mailing: Mailing) -> Checked:
        """The first rows as they were checked; the whole list where those say nothing.

        Raises as `whole`.
        """
        return self._first_of(mailing).checked or self.whole(mailing)

    def whole(self, mailing: Mailing) -> Checked:
        """All rows as they were checked. Raises ListError, SettingsError."""
        made_of = _made_of(mailing)
        with self._checking:
            if self._whole is None or self._whole.made_of != made_of:
                self._whole = None
                room = ScratchFolder()
                checked = _checked(self._recipients(mailing), mailing, room)
                self._whole = _Whole(made_of, room, checked)
            return self._whole.checked

    def letter(self, mailing: Mailing, row: int | None, key: str) -> tuple[Checked, Letter | None]:
        """The letter that a row is of, where there is none of it the first; and what it is among.

        With a `key`, of those in that LanguageID if there are any. Raises as `whole`.
        """
        first = self._first_of(mailing)
        if first.checked is not None and (row is None or row <= first.last):
            letter = _letter_of(first.checked.snapshot, row, key)
            if letter is not None:
                return first.checked, letter
        whole = self.whole(mailing)
        letter = _letter_of(whole.snapshot, row, key) or _letter_of(whole.snapshot, row, "")
        return whole, letter

    def _first_of(self, mailing: Mailing) -> _First:
        made_of = _made_of(mailing)
        with self._beginning:
            if self._first is None or self._first.made_of != made_of:
                self._first = None
                self._first = _check_first(self._recipients(mailing), mailing, made_of)
            return self._first

    def _recipients(self, mailing: Mailing) -> RecipientList:
        # Who sends a letter, and what it says, is no part of how its list is read.
        made_of = mailing.list, mailing.period, mailing.checks, _files(mailing)
        with self._reading:
            if self._read is None or self._read.made_of != made_of:
                self._read = None
                room = ScratchFolder()
                self._read = _Read(made_of, room, _recipients_of(mailing, room.path))
            return self._read.recipients


def _made_of(mailing: Mailing) -> object:
    return mailing, _files(mailing)


def _files(mailing: Mailing) -> object:
    return last_saved(mailing.folder / mailing.list.path), last_saved(mailing.corrections)


def _check_first(recipients: RecipientList, mailing: Mailing, made_of: object) -> _First:
    room, nothing = ScratchFolder(), None
    if mailing.list.group_by:  # the rows of a letter may stand anywhere
        return _First(made_of, room, nothing, 0)
    rows = recipients.rows.head(FIRST).collect(engine="streaming")
    last = int(rows["row"].max() or 0) if rows.height else 0  # type: ignore[arg-type] # a number
    upto = pl.col("row") <= last
    part = replace(
        recipients,
        rows=rows.lazy(),
        problems=recipients.problems.filter(upto),
        short=recipients.short.filter(upto),
    )
    try:
        checked = _checked(part, mailing, room)
    except BatchsendError:  # it may be so of these rows only: the whole list says it
        return _First(made_of, room, nothing, last)
    return _First(made_of, room, checked if checked.letters else nothing, last)


def _checked(recipients: RecipientList, mailing: Mailing, room: ScratchFolder) -> Checked:
    return check_letters(
        recipients,
        with_sender(mailing).payload,
        group_by=mailing.list.group_by,
        checks=mailing.checks.model_copy(update={"postcodes": None}),
        template=TemplateNeeds(""),  # what it needs of a row, the page shows
        snapshot=room.path / "snapshot",
    )


def _letter_of(snapshot: Snapshot, row: int | None, key: str) -> Letter | None:
    """The letter of a row if it is in that language, else the first that is; any for no key."""
    if row is not None:
        rows = snapshot.beginnings(RowSet.of(pl.Series([row], dtype=pl.UInt32)))
        letter = next(snapshot.letters(rows), None)
        if letter is not None and key in {"", letter.language}:
            return letter
    fits = pl.lit(True) if not key else pl.col("language") == key
    first = snapshot.texts().filter(fits).select("row").head(1).collect(engine="streaming")
    return next(snapshot.letters(RowSet.of(first["row"])), None) if first.height else None


def _recipients_of(mailing: Mailing, workspace: Path) -> RecipientList:
    """The mailing's list, corrected, without the rows that are left out on purpose.

    Raises as `read_corrected` and `leave_out`.
    """
    corrected = read_corrected(mailing, workspace)
    return leave_out(with_period(corrected, mailing.period), mailing, workspace)
