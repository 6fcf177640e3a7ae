"""The check: the whole list read once, every row judged, and the snapshot written.

Streams: what is held in memory is one portion of rows, a few numbers per row, and the problems.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from batchsend.errors import ListError, in_short
from batchsend.expressions import LETTER_NAMES
from batchsend.language import _
from batchsend.letters.basis import Basis, TemplateNeeds
from batchsend.letters.checks import judge_constants, recipients_must_differ
from batchsend.letters.documents import Look
from batchsend.letters.drafting import draft_letters
from batchsend.letters.list_without_rows import left_out_with_identifiers
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.row_fates import settle
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.snapshot import LEFT_OUT_TOLD, Origin, Snapshot
from batchsend.lists import LEFT_OUT, RecipientList
from batchsend.scratch import ScratchFolder


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    snapshot: Snapshot
    problems: pl.DataFrame
    """Everything found, by row (PROBLEMS), reading included."""
    rows: int
    letters: int
    """Letters that can be sent."""
    held: int
    """Rows held back."""
    notes: tuple[str, ...]
    """What was done or left out by itself, in sentences, to be said aloud."""
    list_path: Path
    list_digest: str
    """SHA-256 of the list's bytes, hexadecimal."""
    left_out: pl.DataFrame
    """Rows that are no recipients on purpose, which are not among `rows` (LEFT_OUT)."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """What the check came to that wrote this snapshot."""
        origin = snapshot.contents.origin
        rows, letters, held = snapshot.figures()
        return cls(
            snapshot=snapshot,
            problems=snapshot.problems(),
            rows=rows,
            letters=letters,
            held=held,
            notes=origin.notes,
            list_path=origin.list_path,
            list_digest=origin.list_digest,
            left_out=snapshot.left_out.select(LEFT_OUT.names()),
        )


def check_letters(  # noqa: PLR0913 - one call takes all that a mailing says of its letters
    recipients: RecipientList,
    payload: PayloadSettings,
    *,
    group_by: tuple[str, ...],
    checks: CheckSettings,
    template: TemplateNeeds,
    snapshot: Path,
    documents: Look | None = None,
    key: str = "",
) -> Checked:
    """Check every row of a list and write the snapshot of its letters to `snapshot`.

    `documents` looks at those that letters have of their own (None: they have none), `key` is what
    `recall` knows this check by.
    Problems of single rows hold those rows back and are all told at once.
    Raises SettingsError where the mapping, the grouping or the template names what the list does
    not have, or where a text that is the same in every letter is wrong; ListError where the list
    has no rows, or the disk no room.
    """
    compiled = Mapping.compile(payload, recipients.columns, checks.country, checks.zone)
    mapping, notes = judge_constants(compiled, checks)
    mapping.names.check(template.uses, place="The template", known=LETTER_NAMES)
    basis = Basis(mapping, checks, template, group_by, documents)
    problems = Problems(recipients)
    with _room_beside(snapshot) as folder:
        written = folder / "snapshot"
        written.mkdir(mode=0o700)  # it holds all that the list does: for its owner's eyes only
        drafted = draft_letters(recipients, basis, folder, written, problems)
        if drafted.hashes.select(pl.len()).collect().item() > 1:
            notes += recipients_must_differ(mapping, checks.same)
        origin = Origin(recipients.path, recipients.digest, recipients.notes + notes, key)
        left_out = left_out_with_identifiers(recipients, mapping)
        left_out.write_parquet(written / LEFT_OUT_TOLD, compression="lz4")
        settle(drafted, mapping, problems, origin, written)
        _secure(written)
        Snapshot.remove(snapshot)
        written.replace(snapshot)
    return Checked.of(Snapshot.open(snapshot))


def recall(snapshots: Iterable[Path], key: str) -> Checked | None:
    """What an earlier check of this key came to: the first of `snapshots` that has it."""
    for path in snapshots if key else ():
        try:
            snapshot = Snapshot.open(path)
            if snapshot.contents.origin.key == key:
                snapshot.must_be_whole()
                return Checked.of(snapshot)
        except ListError:  # of another version, or not whole
            continue
    return None


def _secure(folder: Path) -> None:
    """Have its files on disk before the folder has its name, and for their owner's eyes only."""
    for path in folder.iterdir():
        path.chmod(0o600)
        with path.open("rb+") as file:
            os.fsync(file.fileno())


@contextmanager
def _room_beside(snapshot: Path) -> Iterator[Path]:
    """A private folder on the snapshot's disk; ListError where that has no room."""
    try:
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        with ScratchFolder(snapshot.parent) as folder:
            yield folder
    except (OSError, pl.exceptions.ComputeError) as error:
        raise ListError(
            _(
                "The check cannot be written in {parent}: {reason}.",
                parent=snapshot.parent,
                reason=in_short(error),
            ),
            hint=_("It needs about as much room there as the list takes."),
        ) from None
