"""Drafts: the list streamed once, each letter filled and judged by itself, portions put on disk.

What only the whole list can tell (repeated identifiers and the like) is settled afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.letters.basis import Basis
from batchsend.letters.checks import Judge
from batchsend.letters.checks.languages import DEFAULT_LANGUAGE
from batchsend.letters.contents import ContentHash
from batchsend.letters.documents import DocumentCheck
from batchsend.letters.duplicates import Drafted, hashes
from batchsend.letters.filling import fill
from batchsend.letters.grouping import Groups, disagreements, group, must_be_aligned, subtotals
from batchsend.letters.problems import Problems
from batchsend.letters.snapshot import portion_name
from batchsend.lists import RecipientList

PORTION = 40_000
"""Rows that are judged at a time: enough for columns to pay, few enough to be forgotten."""


def draft_letters(
    recipients: RecipientList, basis: Basis, folder: Path, snapshot: Path, problems: Problems
) -> Drafted:
    """Fill and judge every letter; `snapshot` takes the drafts, `problems` what is wrong.

    `folder` is for what is needed on the way.
    """
    desk = _Checker(basis, problems, folder)
    windows: tuple[int, ...] = ()
    if basis.group_by:
        groups = group(recipients, basis.mapping, basis.group_by, folder, problems)
        frames, windows = _grouped(groups, desk), groups.windows
    else:
        frames = _ungrouped(recipients.rows, desk)
    paths: list[Path] = []
    rows = 0
    for frame in frames:
        paths.append(snapshot / portion_name(len(paths)))
        frame.write_parquet(paths[-1], compression="lz4")
        rows += frame.height
        del frame  # or it would be held while the next is made
    if not paths:
        raise ListError(_("{path} has no rows below its headings.", path=recipients.path))
    drafts = pl.scan_parquet(paths, glob=False)
    return Drafted(drafts, desk.hashes, desk.files, desk.appended, len(paths), rows, windows)


class _Checker:
    """Where portions of rows become letters; `folder` takes the hashes that they are known by."""

    def __init__(self, basis: Basis, problems: Problems, folder: Path) -> None:
        self._mapping, self._group_by = basis.mapping, basis.group_by
        self._judge = Judge(basis)
        self._hash = ContentHash(basis.mapping, basis.template.uses, basis.template.digest)
        self._documents = DocumentCheck(basis.mapping, basis.documents) if basis.documents else None
        self._problems = problems
        self._folder = folder
        self._hashed: list[Path] = []
        self._filed: list[Path] = []
        self._appended: list[Path] = []

    @property
    def hashes(self) -> pl.LazyFrame:
        """Of all letters so far."""
        return pl.scan_ipc(self._hashed, glob=False)

    @property
    def files(self) -> pl.LazyFrame | None:
        """Of all letters so far; None where letters have no documents of their own."""
        return pl.scan_ipc(self._filed, glob=False) if self._filed else None

    @property
    def appended(self) -> pl.LazyFrame | None:
        """What comes after all letters so far and may be one's own; None as for `files`."""
        return pl.scan_ipc(self._appended, glob=False) if self._appended else None

    def letters(self, members: pl.DataFrame) -> pl.DataFrame:
        """A line for each letter, its `row` and its part of Drafted.drafts.

        `members`: all rows, in one piece, since unlike pieces are copied at every question.
        """
        if self._group_by:
            disagreements(self._mapping, self._group_by, members, self._problems)
            subtotals(self._mapping, self._group_by, members, self._problems)
        filled = fill(self._mapping, members, self._problems)
        judged = self._judge(filled, members, self._problems)
        self._hashed.append(self._folder / f"{len(self._hashed)}.hashes")
        hashes(judged, self._mapping).write_ipc(self._hashed[-1])
        text = self._mapping.text
        letters = judged.select(
            "row",
            *(leaf.path for leaf in self._mapping.varying),
            identifier=text("Identifier"),
            channel=text("Channel"),
            language=text("LanguageID").replace("", DEFAULT_LANGUAGE),
            content=self._hash.of(judged, members),
        )
        return self._with_documents(letters, members) if self._documents else letters

    def _with_documents(self, letters: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
        assert self._documents is not None  # noqa: S101 - as letters() has made sure
        looked = self._documents(letters, members, self._problems)
        self._filed.append(self._folder / f"{len(self._filed)}.files")
        own = looked.filter(pl.col("file") != "")
        own.select("row", "identifier", "file", "file_contents").write_ipc(self._filed[-1])
        self._appended.append(self._folder / f"{len(self._appended)}.appended")
        after = looked.select("row", "appended").explode("appended").drop_nulls()
        after.unnest("appended").write_ipc(self._appended[-1])
        return looked.drop("file", "file_contents", "appended")


def _ungrouped(rows: pl.LazyFrame, desk: _Checker) -> Iterator[pl.DataFrame]:
    """Each row a letter."""
    batches = rows.collect_batches(chunk_size=PORTION, maintain_order=True)
    # Not in a loop, whose variables would hold one portion while the next is made.
    return map(partial(_letter_of_each, desk), filter(len, batches))


def _letter_of_each(desk: _Checker, batch: pl.DataFrame) -> pl.DataFrame:
    members = batch.with_columns(letter="row").rechunk()
    made = desk.letters(members).rename({"row": "made_of"})
    beside = pl.concat([members, made], how="horizontal")
    must_be_aligned(beside.lazy(), "made_of")
    return beside.drop("made_of")


def _grouped(groups: Groups, desk: _Checker) -> Iterator[pl.DataFrame]:
    """Letters are made of whole groups, then laid beside the list's rows, both in list order."""
    made = _Supply(desk.letters(members.rechunk()) for members in groups.portions())
    for batch in groups.rows.collect_batches(chunk_size=PORTION, maintain_order=True):
        letters = made.take(batch.select((pl.col("row") == pl.col("letter")).sum()).item())
        if batch.height:
            yield batch.join(letters, on="row", how="left", maintain_order="left")


class _Supply:
    """Frames that come in portions of their own size, handed out by the number of lines."""

    def __init__(self, frames: Iterator[pl.DataFrame]) -> None:
        self._frames = frames
        self._left = pl.DataFrame()

    def take(self, height: int) -> pl.DataFrame:
        """The next `height` lines."""
        while self._left.height < height:
            more = next(self._frames)
            self._left = pl.concat([self._left, more]) if self._left.height else more
        taken, self._left = self._left.head(height), self._left.slice(height)
        return taken
