"""Snapshot: the list as it was checked, in one Parquet file that sending and reporting read.

The letter that goes out is the row that was checked, even if the list is edited meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from batchsend.errors import ListError
from batchsend.letters.letter import Letter
from batchsend.letters.row_set import RowSet
from batchsend.lists import Column, Row

__all__ = ["Contents", "Snapshot"]

_KEY = "batchsend"
_FORM = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot says of itself, beside its rows."""

    columns: tuple[Column, ...]
    sensitive: frozenset[str]
    """Keys of columns that hold national ids."""
    fields: dict[str, Any]
    """The request's `Letter`: a text where it is constant, else a place in `varying`."""
    varying: tuple[str, ...]
    """The frame's columns that hold what differs from letter to letter, by their paths."""
    windows: tuple[int, ...]
    """Numbers of rows at which letters are cut into portions that fit into memory."""
    grouped: bool
    """Whether letters may be made of several rows."""

    def to_metadata(self) -> dict[str, str]:
        """As the Parquet file carries it."""
        facts = {
            "form": _FORM,
            "columns": [asdict(column) for column in self.columns],
            "sensitive": sorted(self.sensitive),
            "fields": self.fields,
            "varying": self.varying,
            "windows": self.windows,
            "grouped": self.grouped,
        }
        return {_KEY: json.dumps(facts, ensure_ascii=False)}

    @classmethod
    def from_metadata(cls, text: str) -> Self:
        """The reverse of `to_metadata`."""
        facts = json.loads(text)
        if facts["form"] != _FORM:
            raise ValueError(f"form {facts['form']}")
        return cls(
            columns=tuple(Column(**column) for column in facts["columns"]),
            sensitive=frozenset(facts["sensitive"]),
            fields=facts["fields"],
            varying=tuple(facts["varying"]),
            windows=tuple(facts["windows"]),
            # Earlier snapshots do not say; to look costs little.
            grouped=facts.get("grouped", True),
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A checked list on disk."""

    path: Path
    contents: Contents

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open what `check_letters` wrote; ListError where it is something else."""
        try:
            metadata = pl.read_parquet_metadata(path)
            return cls(path, Contents.from_metadata(metadata[_KEY]))
        except (OSError, pl.exceptions.PolarsError, LookupError, ValueError) as error:
            raise ListError(
                f"{path} is not a snapshot of a checked list: {error}",
                hint="Run the check or the sending again; it writes a new one.",
            ) from None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The list's columns."""
        return self.contents.columns

    @property
    def sensitive(self) -> frozenset[str]:
        """Keys of the columns that hold national ids."""
        return self.contents.sensitive

    @property
    def frame(self) -> pl.LazyFrame:
        """Every row of the list, in its order.

        `row`, `letter` (the row its letter begins with), the cells by their columns' keys,
        `identifier` and `channel` and `content` of its letter, `held` (kept back), `reasons`
        (why, in words; empty where it is not).
        """
        keys = [column.key for column in self.columns]
        return self._scan().select(
            "row", "letter", *keys, "identifier", "channel", "content", "held", "reasons"
        )

    def identities(self) -> pl.LazyFrame:
        """`row`, `identifier`, `channel`, `content` of the letters that can be sent."""
        return self._good().select("row", "identifier", "channel", "content")

    def texts(self, *paths: str) -> pl.LazyFrame:
        """Of the letters that can be sent `row`, `channel`, `language`, and their texts.

        `paths` are places in the request's `Letter`, as `Invoicee.Name`; where a letter has no
        such text it is empty.
        """
        texts = (self._text(path).alias(path) for path in paths)
        return self._good().select("row", "channel", "language", *texts)

    def beginnings(self, rows: RowSet) -> RowSet:
        """The first rows of the letters that any of `rows` goes into: what `letters` takes."""
        if not self.contents.grouped:
            return rows
        chosen = self._scan().filter(rows.contains(pl.col("row"))).select("letter")
        return RowSet.of(chosen.collect(engine="streaming")["letter"])

    def letters(self, rows: RowSet | None = None) -> Iterator[Letter]:
        """The letters that can be sent, in list order; of `rows` those that begin there.

        Memory is that of one window of some ten thousand rows.
        """
        wanted = pl.lit(True) if rows is None else rows.contains(pl.col("letter"))
        for start, stop in zip(self.contents.windows, self.contents.windows[1:], strict=False):
            chosen = self._scan().filter(
                pl.col("letter") >= start, pl.col("letter") < stop, ~pl.col("held"), wanted
            )
            yield from self._letters_of(chosen.collect())

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path, glob=False)

    def _good(self) -> pl.LazyFrame:
        return self._scan().filter(pl.col("row") == pl.col("letter"), ~pl.col("held"))

    def _text(self, path: str) -> pl.Expr:
        if path in self.contents.varying:
            return pl.col(path)
        found: Any = self.contents.fields
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return pl.lit(found if isinstance(found, str) else "")

    def _letters_of(self, frame: pl.DataFrame) -> Iterator[Letter]:
        """Letters out of whole letters' rows; `frame` is in list order."""
        cells = zip(*(frame[column.key].to_list() for column in self.columns), strict=True)
        rows = [
            Row(number, texts) for number, texts in zip(frame["row"].to_list(), cells, strict=True)
        ]
        firsts = frame.select(is_first=pl.col("row") == pl.col("letter")).to_series()
        letters = frame.filter(firsts)
        members: dict[int, list[Row]] = {}
        for letter, row in zip(frame["letter"].to_list(), rows, strict=True):
            members.setdefault(letter, []).append(row)
        facts = letters.select("letter", "identifier", "channel", "language", "content").iter_rows()
        texts = letters.select(self.contents.varying).iter_rows()
        for (letter, identifier, channel, language, content), varying in zip(
            facts, texts, strict=False
        ):
            yield Letter(
                identifier=identifier,
                channel=channel,
                language=language,
                fields=_filled(self.contents.fields, varying),
                rows=tuple(members[letter]),
                content=content,
            )


def _filled(tree: Any, texts: tuple[str, ...]) -> Any:
    """`tree` with the texts in their places."""
    if isinstance(tree, int):
        return texts[tree]
    if isinstance(tree, dict):
        return {name: _filled(inner, texts) for name, inner in tree.items()}
    if isinstance(tree, list):
        return [_filled(inner, texts) for inner in tree]
    return tree
