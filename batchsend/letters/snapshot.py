"""Snapshot: the list as it was checked, in a folder that sending and reporting read.

The letter that goes out is the row that was checked, even if the list is edited meanwhile. The
folder holds Parquet files: portions of rows with their letters' texts, in list order, and one with
every row's fate, which is known last and so marks a snapshot that is whole.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import polars as pl

from batchsend.errors import ListError, in_short
from batchsend.language import _
from batchsend.letters.letter import Letter
from batchsend.letters.row_set import RowSet
from batchsend.lists import LEFT_OUT, Column, Row, texts_of

PROBLEMS_TOLD = "problems.parquet"
"""Everything that was found wrong, by row, as PROBLEMS."""
LEFT_OUT_TOLD = "left-out.parquet"
"""Rows that are no recipients, by row, as LEFT_OUT with their cells and `identifier`."""
FATES = "fates.parquet"
"""`row`, `letter`, `held` and `reasons` of every row; in a grouped list also the `identifier`,
`channel` and `content` of its letter, which a portion has beside the letter's first row only."""
REPEATS = pl.Schema({"identifier": pl.String(), "why": pl.String()})
"""Letters that a run held because the same letter went in another way, each once, and why."""
_KEY = "batchsend"
_FORM = 3


def portion_name(number: int) -> str:
    """The file of a portion of rows: `row`, `letter`, the cells, and what the drafts say."""
    return f"{number:06d}.parquet"


def _kept(column: Column) -> dict[str, Any]:
    """What is kept of a column: in which currencies a sheet shows it only its check asks."""
    facts = asdict(column)
    del facts["currencies"]
    return facts


@dataclass(frozen=True, slots=True)
class Origin:
    """What was checked."""

    list_path: Path
    list_digest: str
    """SHA-256 of the list's bytes, hexadecimal."""
    notes: tuple[str, ...]
    """What was done or left out by itself, in sentences, to be said aloud."""
    key: str
    """Equal for checks that must come to the same; empty where that cannot be known."""


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
    portions: int
    """How many files the rows are in."""
    windows: tuple[int, ...]
    """Of a grouped list the row numbers at which its letters are cut into what fits into memory;
    otherwise empty, since every portion is whole letters."""
    origin: Origin

    def to_metadata(self) -> dict[str, str]:
        """As the Parquet file carries it."""
        facts = {
            "form": _FORM,
            "columns": [_kept(column) for column in self.columns],
            "sensitive": sorted(self.sensitive),
            "fields": self.fields,
            "varying": self.varying,
            "portions": self.portions,
            "windows": self.windows,
            "origin": {**asdict(self.origin), "list_path": str(self.origin.list_path)},
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
            portions=facts["portions"],
            windows=tuple(facts["windows"]),
            origin=Origin(
                list_path=Path(facts["origin"]["list_path"]),
                list_digest=facts["origin"]["list_digest"],
                notes=tuple(facts["origin"]["notes"]),
                key=facts["origin"]["key"],
            ),
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
            metadata = pl.read_parquet_metadata(path / FATES)
            return cls(path, Contents.from_metadata(metadata[_KEY]))
        except (OSError, pl.exceptions.PolarsError, LookupError, ValueError) as error:
            raise ListError(
                _(
                    "{path} does not hold a checked list: {reason}.",
                    path=path,
                    reason=in_short(error),
                ),
                hint=_("Run the check or the sending again; it writes a new one."),
            ) from None

    def must_be_whole(self) -> None:
        """Raise ListError where its files have not as many rows as were checked."""
        rows = self._read(self._rows().select(pl.len())).item()
        fates, _other, _other = self.figures()
        if rows != fates:
            raise self._damaged(_("it has {rows} of {fates} rows", rows=rows, fates=fates))

    def _read(self, rows: pl.LazyFrame) -> pl.DataFrame:
        try:
            return rows.collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, why: str) -> ListError:
        return ListError(
            _("The checked list at {path} is damaged: {why}.", path=self.path, why=why),
            hint=_("Run the same command again; it checks the list again."),
        )

    @staticmethod
    def remove(path: Path) -> None:
        """Take what is at `path` from the disk, if anything; OSError where that fails."""
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

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

        `row`, `letter` (the row its letter begins with), the cells by their columns' keys, what the
        sheet shows of formatted columns by their shown keys,
        `identifier` and `channel` and `content` of its letter, `held` (held back), `reasons`
        (why, in words; empty where it is not).
        """
        keys = [column.key for column in self.columns]
        keys += [column.shown_key for column in self.columns if column.formatted]
        return self._scan().select(
            "row", "letter", *keys, "identifier", "channel", "content", "held", "reasons"
        )

    def problems(self) -> pl.DataFrame:
        """Everything that was found wrong, by row (PROBLEMS)."""
        return self._read(pl.scan_parquet(self.path / PROBLEMS_TOLD, glob=False))

    @property
    def left_out(self) -> pl.DataFrame:
        """Rows of the list that are no recipients: `row`, `reason`, the cells by their keys, and
        the `identifier` that a letter of the row alone would have, empty where there is none."""
        cells = {column.key: pl.String() for column in self.columns}
        if not (self.path / LEFT_OUT_TOLD).exists():  # written before 0.2
            return pl.DataFrame(schema={**LEFT_OUT, **cells, "identifier": pl.String()})
        return self._read(pl.scan_parquet(self.path / LEFT_OUT_TOLD, glob=False))

    def faults(self) -> pl.DataFrame:
        """`row` and `column` (its heading) of each cell that an error names."""
        is_cell = (pl.col("severity") == "error") & (pl.col("column") != "")
        return self.problems().filter(is_cell).select("row", "column")

    def figures(self) -> tuple[int, int, int]:
        """How many rows there are, letters that can be sent, and rows that are held back."""
        good = (pl.col("row") == pl.col("letter")) & ~pl.col("held")
        counts = self._fates().select(rows=pl.len(), letters=good.sum(), held=pl.sum("held"))
        rows, letters, held = self._read(counts).row(0)
        return rows, letters, held

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
        if not self.contents.windows:
            return rows
        chosen = self._scan().filter(rows.contains(pl.col("row"))).select("letter")
        return RowSet.of(chosen.collect(engine="streaming")["letter"])

    def letters(self, rows: RowSet | None = None) -> Iterator[Letter]:
        """The letters that can be sent, in list order; of `rows` those that begin there.

        Memory is that of some ten thousand rows.
        """
        wanted = pl.lit(True) if rows is None else rows.contains(pl.col("letter"))
        for window in self._windows():
            chosen = self._read(window.filter(wanted))
            if chosen.height:
                yield from self._letters_of(self._good_of(chosen))

    def note_repeats(self, run: int, repeats: pl.DataFrame) -> None:
        """Keep what a run held as repeats (REPEATS) for its reports; OSError where that fails."""
        path = self._repeats(run)
        path.unlink(missing_ok=True)  # of a run of this number in a ledger that is gone
        if repeats.height:
            path.touch(mode=0o600)
            repeats.select(REPEATS.names()).write_parquet(path, compression="lz4")

    def repeats(self, run: int) -> pl.DataFrame:
        """What a run of this list held as repeats (REPEATS)."""
        path = self._repeats(run)
        if not path.exists():
            return REPEATS.to_frame()
        return self._read(pl.scan_parquet(path, glob=False))

    def _repeats(self, run: int) -> Path:
        return self.path / f"repeats-{run}.parquet"

    def _windows(self) -> Iterator[pl.LazyFrame]:
        """The portions' rows, cut so that no letter is."""
        if not self.contents.windows:
            for number in range(self.contents.portions):
                yield pl.scan_parquet(self.path / portion_name(number), glob=False)
        letter, rows = pl.col("letter"), self._rows()
        for start, stop in zip(self.contents.windows, self.contents.windows[1:], strict=False):
            yield rows.filter(letter >= start, letter < stop)

    def _good_of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Those of `rows` that are not held back."""
        first, last = rows.item(0, "row"), rows.item(-1, "row")
        fates = self._fates().filter(pl.col("row").is_between(first, last), ~pl.col("held"))
        good = self._read(fates.select("row"))
        return rows.join(good, on="row", how="semi", maintain_order="left")

    def _rows(self) -> pl.LazyFrame:
        names = (portion_name(number) for number in range(self.contents.portions))
        return pl.scan_parquet([self.path / name for name in names], glob=False)

    def _fates(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.path / FATES, glob=False)

    def _scan(self) -> pl.LazyFrame:
        rows, fates = self._rows(), self._fates().drop("row", "letter")
        return pl.concat([rows.drop(fates.collect_schema(), strict=False), fates], how="horizontal")

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
        cells = texts_of(frame, self.columns)
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
                fields=filled(self.contents.fields, varying),
                rows=tuple(members[letter]),
                content=content,
            )


def filled(tree: Any, texts: tuple[str, ...]) -> Any:
    """`tree`, a skeleton of a letter, with the texts in their places."""
    if isinstance(tree, int):
        return texts[tree]
    if isinstance(tree, dict):
        return {name: filled(inner, texts) for name, inner in tree.items()}
    if isinstance(tree, list):
        return [filled(inner, texts) for inner in tree]
    return tree
