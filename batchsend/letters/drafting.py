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

from batchsend.errors import ListError
from batchsend.letters.checks import Judge, Leftovers, PrintableCheck
from batchsend.letters.checks.languages import DEFAULT_LANGUAGE, LanguageCheck
from batchsend.letters.contents import ContentHash
from batchsend.letters.filling import fill
from batchsend.letters.grouping import WINDOW, Groups, disagreements, group
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.settings import CheckSettings
from batchsend.lists import RecipientList

__all__ = ["Drafted", "Rules", "draft_letters"]

PORTION = 20_000
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
    unprintable: str
    languages: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """Drafts on disk, in list order."""

    drafts: pl.LazyFrame
    """A line for every row: `row`, `letter`, and for the first row of each letter `identifier`,
    `channel`, `language`, `content` and the varying leaves; null for its other rows."""
    cells: pl.LazyFrame
    """The rows' cells, line by line as `drafts`; `cells_of` is the row's number once more."""
    rows: int
    windows: tuple[int, ...]
    """Row numbers at which letters are cut into portions that fit into memory."""
    grouped: bool

    @property
    def letters(self) -> pl.LazyFrame:
        """The drafts of first rows."""
        return self.drafts.filter(pl.col("row") == pl.col("letter"))


def draft_letters(
    recipients: RecipientList, rules: Rules, folder: Path, problems: Problems
) -> Drafted:
    """Fill and judge every letter; `folder` takes the drafts, `problems` what is wrong."""
    desk = _Desk(rules, problems)
    keys = [column.key for column in recipients.columns]
    if rules.group_by:
        groups = group(recipients, rules.mapping.names, rules.group_by, folder, problems)
        frames, cells, windows = _grouped(groups, desk), groups.rows, groups.windows
    else:
        frames, cells, windows = _ungrouped(recipients.rows, desk), recipients.rows, ()
    paths: list[Path] = []
    cuts: list[int] = []
    rows = 0
    for frame in frames:
        paths.append(folder / f"{len(paths)}.arrow")
        frame.write_ipc(paths[-1], compression="lz4")
        rows += frame.height
        cuts += frame["row"].gather_every(WINDOW).to_list()
    if not paths:
        raise ListError(f"{recipients.path} has no rows below its headings.")
    return Drafted(
        drafts=pl.scan_ipc(paths, glob=False),
        cells=cells.select(*keys, cells_of="row"),
        rows=rows,
        windows=windows or (*cuts, frame.item(-1, "row") + 1),
        grouped=bool(rules.group_by),
    )


class _Desk:
    """Where portions of rows become letters."""

    def __init__(self, rules: Rules, problems: Problems) -> None:
        self._mapping = rules.mapping
        printable = PrintableCheck(rules.mapping, rules.uses, rules.unprintable)
        leftovers = Leftovers(rules.mapping, rules.uses)
        self._judge = Judge(rules.mapping, rules.checks, rules.formats, leftovers, printable)
        self._has_template = LanguageCheck(rules.mapping, rules.languages)
        self._hash = ContentHash(rules.mapping, rules.uses, rules.digest)
        self._problems = problems

    def letters(self, members: pl.DataFrame) -> pl.DataFrame:
        """One line per letter, as in Drafted.drafts but for `letter`; `members`: all its rows."""
        disagreements(self._mapping, members, self._problems)
        filled = fill(self._mapping, members, self._problems)
        judged = self._judge(filled, members, self._problems)
        self._has_template(judged, self._problems)
        text = self._mapping.text
        return judged.select(
            "row",
            *(leaf.path for leaf in self._mapping.varying),
            identifier=text("Identifier"),
            channel=text("Channel"),
            language=text("LanguageID").replace("", DEFAULT_LANGUAGE),
            content=self._hash.of(judged, members),
        )


def _ungrouped(rows: pl.LazyFrame, desk: _Desk) -> Iterator[pl.DataFrame]:
    """Each row a letter."""
    for batch in rows.collect_batches(chunk_size=PORTION, maintain_order=True):
        if batch.height:
            yield desk.letters(batch.with_columns(letter="row")).with_columns(letter="row")


def _grouped(groups: Groups, desk: _Desk) -> Iterator[pl.DataFrame]:
    """Letters are made of whole groups, then laid beside the list's rows, both in list order."""
    made = _Supply(desk.letters(members) for members in groups.portions())
    rows = groups.rows.select("row", "letter")
    for batch in rows.collect_batches(chunk_size=PORTION, maintain_order=True):
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
