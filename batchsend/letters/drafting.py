"""Drafts: the list streamed once, each letter filled and judged by itself, parts put on disk.

What only the whole list can tell (repeated identifiers and the like) is settled afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.letters.checks import Judge
from batchsend.letters.contents import ContentHash
from batchsend.letters.filling import fill
from batchsend.letters.grouping import Groups, disagreements, group
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.settings import CheckSettings
from batchsend.lists import RecipientList

__all__ = ["Drafted", "Rules", "draft_letters"]

PORTION = 50_000
"""Rows that are judged at a time: enough for columns to pay, few enough to be forgotten."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How rows become letters, and what is asked of them."""

    mapping: Mapping
    group_by: tuple[str, ...]
    checks: CheckSettings
    uses: frozenset[str]
    formats: MappingOf[str, AbstractSet[str]]
    digest: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """Drafts on disk."""

    rows: pl.LazyFrame
    """Every row in list order: `row`, `letter`, the cells; of the first row of each letter also
    `identifier`, `channel`, `language`, `content` and the varying leaves, null elsewhere."""
    problems: Problems
    windows: tuple[int, ...]
    """Row numbers at which letters are cut into portions that fit into memory."""
    grouped: bool


def draft_letters(recipients: RecipientList, rules: Rules, folder: Path) -> Drafted:
    """Fill and judge every letter; `folder` takes the drafts and must be empty."""
    problems = Problems()
    problems.extend(recipients.problems)
    desk = _Desk(rules, problems)
    parts = folder / "parts"
    parts.mkdir()
    if rules.group_by:
        groups = group(recipients, rules.mapping.names, rules.group_by, folder, problems)
        frames = _grouped(groups, desk)
        windows = groups.windows
    else:
        frames = _ungrouped(recipients.rows, desk)
        windows = ()
    cuts: list[int] = []
    rows = 0
    for number, frame in enumerate(frames):
        cuts.append(frame.item(0, "row"))
        rows = frame.item(-1, "row")
        frame.write_parquet(parts / f"{number:06}.parquet", compression="lz4")
    return Drafted(
        rows=pl.scan_parquet(parts / "*.parquet"),
        problems=problems,
        windows=windows or (*cuts, rows + 1),
        grouped=bool(rules.group_by),
    )


class _Desk:
    """Where portions of rows become letters."""

    def __init__(self, rules: Rules, problems: Problems) -> None:
        self._mapping = rules.mapping
        self._judge = Judge(rules.mapping, rules.checks, rules.formats)
        self._hash = ContentHash(rules.mapping, rules.uses, rules.digest)
        self._problems = problems

    def letters(self, members: pl.DataFrame) -> pl.DataFrame:
        """One line per letter: `row` and what Drafted.rows has of it. `members`: all its rows."""
        disagreements(self._mapping, members, self._problems)
        filled = fill(self._mapping, members, self._problems)
        judged = self._judge(filled, members, self._problems)
        text = self._mapping.text
        return judged.select(
            "row",
            *(leaf.path for leaf in self._mapping.varying),
            identifier=text("Identifier"),
            channel=text("Channel"),
            language=text("LanguageID"),
            content=self._hash.of(judged, members),
        )


def _ungrouped(rows: pl.LazyFrame, desk: _Desk) -> Iterator[pl.DataFrame]:
    """Each row a letter."""
    for batch in rows.collect_batches(chunk_size=PORTION, maintain_order=True):
        if batch.height:
            members = batch.with_columns(letter="row")
            yield members.hstack(desk.letters(members).drop("row"))


def _grouped(groups: Groups, desk: _Desk) -> Iterator[pl.DataFrame]:
    """Letters are made of whole groups, then laid beside the list's rows, both in list order."""
    made = _Supply(desk.letters(members) for members in groups.portions())
    for batch in groups.rows.collect_batches(chunk_size=PORTION, maintain_order=True):
        letters = made.take(batch.select((pl.col("row") == pl.col("letter")).sum()).item())
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
