"""LivePage: the finished page of one person, from a letter that is still being written.

The list is read once and a worker kept warm, so that a page is there half a second after the last
key. Nothing is written but scratch files.

And the people whose letters are looked at meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import polars as pl

from batchsend.errors import BatchsendError, RenderingError
from batchsend.language import _, current_language
from batchsend.letters import Checked, Letter
from batchsend.lists import Column
from batchsend.mailing import Mailing
from batchsend.masking import masked, masked_where_valid
from batchsend.operations.check import templates_of
from batchsend.operations.looking.drawing import drawn, finding, ready
from batchsend.operations.looking.letter_troubles import (
    in_desk_words,
    left_over,
    no_sender,
    unknown_names,
    unknown_words,
)
from batchsend.operations.looking.live_list import LiveList
from batchsend.rendering import PageRules, Templates, Workers

FOUND: Final = 20
"""So many are shown of those that were searched for."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose letter can be looked at."""

    row: int
    name: str
    why: str = ""
    """`first`, `longest` or `foreign`; empty for those that were searched for."""


def worth_looking_at(mailing: Mailing, checked: Checked, words: str, key: str) -> list[Person]:
    """The first, the longest name and the first abroad; or those whose names have `words` in them.

    With a `key`, only those whose letters are in that LanguageID.
    """
    letters = checked.snapshot.texts("Invoicee.Name", "Invoicee.CountryCode")
    letters = letters.filter(pl.col("language") == key) if key else letters
    name = pl.col("Invoicee.Name")
    if words.strip():
        wanted = name.str.to_lowercase().str.contains(words.strip().lower(), literal=True)
        return [
            Person(row, said)
            for row, said in letters.filter(wanted)
            .select("row", name)
            .head(FOUND)
            .collect(engine="streaming")
            .iter_rows()
        ]
    home = mailing.payload.Letter.Invoicer.CountryCode.strip().upper() or mailing.checks.country
    abroad = ~pl.col("Invoicee.CountryCode").str.to_uppercase().is_in([home, ""])
    chosen = (
        ("first", letters.head(1)),
        ("longest", letters.sort(name.str.len_chars(), descending=True).head(1)),
        ("foreign", letters.filter(abroad).head(1)),
    )
    people: dict[int, Person] = {}
    for why, found in chosen:
        for row, said in found.select("row", name).collect(engine="streaming").iter_rows():
            people.setdefault(row, Person(row, said, why))
    return list(people.values())


TIME_LIMIT: Final = 20.0
"""Seconds that a page may take."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a letter looks like, and what is wrong with it."""

    person: Person | None
    pictures: tuple[bytes, ...]
    """A PNG of each page, of the first ones where there are many; none where it cannot be made."""
    pages: int
    troubles: tuple[str, ...]
    """Whole sentences, what stops the letter first."""
    unknown: tuple[str, ...]
    """The names in it that no column has."""


class LivePage:
    """The pages of one mailing. For several threads, of which one works and the newest is next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = 0
        self._workers: Workers | None = None
        self._list = LiveList()

    def close(self) -> None:
        """End the worker and let go of the list."""
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=True)
        self._list = LiveList()

    def warm(self, mailing: Mailing) -> None:
        """Read the list and start the worker, before the first page is asked for."""
        with self._lock:
            started = self._worker().submit(ready)
        with suppress(BatchsendError):  # the page says it
            self._list.any_of(mailing)
        with suppress(RuntimeError, TimeoutError):
            started.result()

    def columns(self, mailing: Mailing) -> tuple[Column, ...]:
        """The list's columns. Raises ListError, SettingsError."""
        return self._list.any_of(mailing).snapshot.columns

    def people(self, mailing: Mailing, words: str = "", *, key: str = "") -> list[Person]:
        """Those worth looking at, or those whose names have `words` in them.

        With a `key`, only those whose letters are in that LanguageID.
        """
        return worth_looking_at(mailing, self._list.whole(mailing), words, key)

    def samples(self, mailing: Mailing, row: int | None) -> list[tuple[Column, str]]:
        """Each column that has a name, and what it says in the row of a letter, ids masked."""
        checked, letter = self._list.letter(mailing, row, "")
        cells = letter.rows[0].cells if letter else ()
        sensitive = checked.snapshot.sensitive
        return [
            (column, _shown(cells[column.index], hidden=column.key in sensitive) if cells else "")
            for column in checked.snapshot.columns
            if column.heading.strip()
        ]

    def proof(
        self, mailing: Mailing, text: str, row: int | None, *, key: str = "", limits: bool = False
    ) -> Proof | None:
        """The page of one person, of whom a row is; of the first where it is None.

        `key` is the LanguageID whose template `text` is. With `limits`, what the page is held
        against is drawn on it, as it is where it breaks a rule. None where another page was asked
        for meanwhile.
        """
        self._asked += 1
        ticket = self._asked
        with self._lock:
            if ticket != self._asked:
                return None
            return self._proof(mailing, text, row, key, limits)

    def _proof(self, mailing: Mailing, text: str, row: int | None, key: str, limits: bool) -> Proof:
        try:
            checked, letter = self._list.letter(mailing, row, key)
            templates = templates_of(mailing, {key: text})
        except BatchsendError as error:
            return Proof(None, (), 0, (in_desk_words(error, mailing),), ())
        columns = checked.snapshot.columns
        templates = templates.fitted(columns)
        unknown = unknown_names(templates, columns)
        written = [*unknown_words(unknown, columns), *left_over(text, columns)]
        if letter is None:
            nobody = _("No row of the list can be a letter yet: see “Who gets it”.")
            return Proof(None, (), 0, (nobody, *written), unknown)
        person = Person(letter.rows[0].number, _name(letter))
        rules = templates.pages.for_channel(letter.channel)
        try:
            made = self._draw(templates, columns, letter, rules, limits=limits)
        except BatchsendError as error:
            said = [] if unknown else [in_desk_words(error, mailing)]
            return Proof(person, (), 0, (*written, *said), unknown)
        pictures, pages, warnings = made
        troubles = (*written, *map(finding, warnings), *no_sender(mailing))
        return Proof(person, pictures, pages, troubles, unknown)

    def _draw(
        self,
        templates: Templates,
        columns: Sequence[Column],
        letter: Letter,
        rules: PageRules,
        *,
        limits: bool,
    ) -> tuple[tuple[bytes, ...], int, tuple[str, ...]]:
        future = self._worker().submit(
            drawn,
            templates.for_preview(),
            tuple(columns),
            letter,
            rules,
            limits,
            current_language(),
        )
        try:
            return future.result()
        except TimeoutError:
            raise RenderingError(
                _("The page takes longer than {number} seconds.", number=int(TIME_LIMIT))
            ) from None
        except RuntimeError as error:  # its process died
            raise RenderingError(_("The page cannot be made: {why}.", why=str(error))) from None

    def _worker(self) -> Workers:
        if self._workers is None:
            self._workers = Workers(1, timeout=TIME_LIMIT)
        return self._workers


def _shown(cell: str, *, hidden: bool) -> str:
    return masked(cell.strip()) if hidden and cell.strip() else masked_where_valid(cell.strip())


def _name(letter: Letter) -> str:
    return str(letter.fields.get("Invoicee", {}).get("Name") or "")
