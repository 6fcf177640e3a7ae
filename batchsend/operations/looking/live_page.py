"""LivePage: the finished page of one person, from a letter that is still being written.

The list is checked once and a worker kept warm, so that a page is there half a second after the
last key. Nothing is written but scratch files.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

import polars as pl

from batchsend.errors import BatchsendError, RenderingError
from batchsend.language import _, current_language, speaking
from batchsend.letters import Checked, Letter, RowSet, TemplateNeeds, check_letters
from batchsend.lists import Column
from batchsend.mailing import Mailing
from batchsend.masking import masked, masked_where_valid
from batchsend.operations.looking.letter_troubles import (
    RULE,
    finding,
    in_desk_words,
    left_over,
    no_sender,
    unknown_names,
    unknown_words,
)
from batchsend.operations.looking.live_people import Person, worth_looking_at
from batchsend.operations.looking.stand_in_sender import with_sender
from batchsend.operations.mailing_list.recipients import recipients_of
from batchsend.operations.preview import last_saved
from batchsend.operations.templates import templates_of
from batchsend.previews import page_pictures
from batchsend.rendering import PageRules, Renderer, Templates, Workers
from batchsend.scratch import ScratchFolder

PAGES: Final = 6
"""So many are pictured."""
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
        self._scratch = ScratchFolder()
        self._checked: Checked | None = None
        self._checked_as: object = None
        self._letter: tuple[object, Letter] | None = None

    def close(self) -> None:
        """End the worker and remove what was kept."""
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=True)
        self._scratch.remove()

    def warm(self, mailing: Mailing) -> None:
        """Read the list and start the worker, before the first page is asked for."""
        with self._lock:
            ready = self._worker().submit(_ready)
            with suppress(BatchsendError):  # the page says it
                self._check(mailing)
        with suppress(RuntimeError, TimeoutError):
            ready.result()

    def columns(self, mailing: Mailing) -> tuple[Column, ...]:
        """The list's columns. Raises ListError, SettingsError."""
        with self._lock:
            return self._check(mailing).snapshot.columns

    def people(self, mailing: Mailing, words: str = "", *, key: str = "") -> list[Person]:
        """Those worth looking at, or those whose names have `words` in them.

        With a `key`, only those whose letters are in that LanguageID.
        """
        with self._lock:
            return worth_looking_at(mailing, self._check(mailing), words, key)

    def samples(self, mailing: Mailing, row: int | None) -> list[tuple[Column, str]]:
        """Each column that has a name, and what it says in the row of a letter, ids masked."""
        with self._lock:
            checked = self._check(mailing)
            letter = self._letter_of(checked, row, "")
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
            checked = self._check(mailing)
            letter = self._letter_of(checked, row, key)
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
            drawn = self._draw(templates, columns, letter, rules, limits=limits)
        except BatchsendError as error:
            said = [] if unknown else [in_desk_words(error, mailing)]
            return Proof(person, (), 0, (*written, *said), unknown)
        pictures, pages, warnings = drawn
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
            _drawn,
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

    def _check(self, mailing: Mailing) -> Checked:
        """The list as it was checked; again where it or mailing.toml has changed."""
        checked_as = mailing, last_saved(mailing.folder / mailing.list.path)
        if self._checked is None or self._checked_as != checked_as:
            self._checked = None
            with ScratchFolder() as workspace:
                recipients = recipients_of(mailing, workspace)
                self._checked = check_letters(
                    recipients,
                    with_sender(mailing).payload,
                    group_by=mailing.list.group_by,
                    checks=mailing.checks.model_copy(update={"postcodes": None}),
                    template=TemplateNeeds(""),  # what it needs of a row, the page shows
                    snapshot=self._scratch.path / "snapshot",
                )
            self._checked_as = checked_as
        return self._checked

    def _letter_of(self, checked: Checked, row: int | None, key: str) -> Letter | None:
        """The letter that a row is of; where there is none of it, the first in that language."""
        asked = self._checked_as, row, key
        if self._letter and self._letter[0] == asked:
            return self._letter[1]
        snapshot = checked.snapshot
        letter = None
        if row is not None:
            rows = snapshot.beginnings(RowSet.of(pl.Series([row], dtype=pl.UInt32)))
            letter = next(snapshot.letters(rows), None)
        if letter is None or (key and letter.language != key):
            every = snapshot.letters()
            letter = next((each for each in every if key in {"", each.language}), letter)
        if letter is not None:
            self._letter = asked, letter
        return letter


def _ready() -> None:
    """Runs in the worker: it has loaded what it needs by then."""


def _drawn(  # noqa: PLR0913, PLR0917 - it goes to another process as it is
    templates: Templates,
    columns: Sequence[Column],
    letter: Letter,
    rules: PageRules,
    limits: bool,
    language: str,
) -> tuple[tuple[bytes, ...], int, tuple[str, ...]]:
    """Runs in the worker: the pictures of a letter's pages, their number, and warnings."""
    with speaking(language):
        document = Renderer(templates, columns).render(letter)
    broken = any(RULE.fullmatch(warning) for warning in document.warnings)
    marks = rules if limits or broken else None
    pictures = tuple(islice(page_pictures(document.pdf, marks), PAGES))
    return pictures, document.pages, document.warnings


def _shown(cell: str, *, hidden: bool) -> str:
    return masked(cell.strip()) if hidden and cell.strip() else masked_where_valid(cell.strip())


def _name(letter: Letter) -> str:
    return str(letter.fields.get("Invoicee", {}).get("Name") or "")
