"""Grouping: which rows make one letter, and portions of whole letters out of a scattered list.

A last row may be the sum of those above without saying so, which is told here, too. The rows of a
letter need not lie together. A row's `letter` is the number of its first row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.errors import SettingsError
from batchsend.expressions import Names
from batchsend.language import _, filled
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.text import trimmed
from batchsend.lists import Column, RecipientList

WINDOW = 20_000
"""Rows of whole letters that are held at a time."""
_SUM = (
    r"(?i:(?:(?:del|sub|mellom|total|slutt|sum)?-?summ?a?|(?:sub|grand )?total[te]?|i alt"
    r"|til ?sammen|tilsammans|yhteensä|välisumma|gesamt|zwischensumme|summe|å betale|at betale"
    r"|att betala|til betaling|maksettavaa|zu zahlen|(?:amount|total) due)"
    r"(?: (?:å betale|att betala|at betale|kr|nok|sek|dkk|eur))?"
    r"(?:,? (?:in|ex|eks|inkl|ekskl|exkl)\.? ?(?:mva|moms)\.?)?)[:.]?"
)
"""What a row of Excel's or a report's own is called that sums up those above it."""
_DITTO = (
    r"^(?:[\"'“”„´`〃]+|\p{Pd}+|\p{Pd}*\s?[\"”“〃']+\s?\p{Pd}*"
    r"|(?i:do\.?|ditto|dito|idem|id\.|samme))?$"
)
"""What people write in a cell that is as the one above."""
_AGREED = frozenset({"Identifier", "Channel", "LanguageID", "Invoicee"})
"""What a letter is known by and to whom, where and how it goes."""


@dataclass(frozen=True, slots=True)
class Groups:
    """A list whose rows know their letters."""

    rows: pl.LazyFrame
    """In list order: `row`, `letter` and the cells."""
    windows: tuple[int, ...]
    """Letters from one of these numbers up to the next are about WINDOW rows together."""

    def portions(self) -> Iterator[pl.DataFrame]:
        """All rows of some letters at a time, in list order; the letters in order, too."""
        for start, stop in zip(self.windows, self.windows[1:], strict=False):
            letter = pl.col("letter")
            yield self.rows.filter(letter >= start, letter < stop).collect()


def group(
    recipients: RecipientList,
    mapping: Mapping,
    group_by: tuple[str, ...],
    folder: Path,
    problems: Problems,
) -> Groups:
    """Find the letter of every row; `folder` takes the list with it.

    Rows without anything to group by are problems, each a letter of its own.
    Raises SettingsError where `group_by` names no column.
    """
    columns = [_column(mapping.names, name) for name in group_by]
    cells = [trimmed(pl.col(column.key)) for column in columns]
    others = [
        trimmed(pl.col(column.key)) for column in agreed_columns(mapping) if column not in columns
    ]
    key = pl.concat_str(cells, separator="\x1f")
    # 128 bits, so that no two customers ever share a letter by chance.
    keys = recipients.rows.select(
        "row",
        key=key.hash(seed=1),
        other=key.hash(seed=2),
        empty=pl.all_horizontal(cell == "" for cell in cells),
        ditto=pl.all_horizontal(cell.str.contains(_DITTO) for cell in cells),
        of=pl.concat_str([pl.lit(""), *others], separator="\x1f").hash(),
        silent=pl.all_horizontal(pl.lit(True), *(cell == "" for cell in others)),
    ).collect(engine="streaming")
    ditto = pl.col("ditto") & pl.col("silent") & ~pl.col("empty")
    keys = keys.with_columns(ditto=ditto, empty=pl.col("empty") | ditto)
    letters = keys.select(
        "row",
        "empty",
        "ditto",
        # It says nothing of a recipient of its own.
        loose=pl.col("empty") & (pl.col("silent") | (pl.col("of") == pl.col("of").shift(1))),
        letter=pl.when("empty").then("row").otherwise(pl.min("row").over("key", "other")),
    )
    _tell_loose_rows(letters, columns, mapping, problems)
    path = folder / "grouped.parquet"
    beside = letters.lazy().select("letter", letter_of="row")
    pl.concat([recipients.rows, beside], how="horizontal").sink_parquet(
        path, compression="lz4", row_group_size=WINDOW
    )
    rows = pl.scan_parquet(path, glob=False)
    must_be_aligned(rows, "letter_of")
    return Groups(rows.drop("letter_of"), _windows(letters["letter"]))


def _tell_loose_rows(
    letters: pl.DataFrame, columns: list[Column], mapping: Mapping, problems: Problems
) -> None:
    """Hold rows without a key, and the letter above them: half of a statement would be wrong.

    `letters` has of every row, in list order, `row`, whether its key is `empty`, and whether it is
    `loose`: without a recipient of its own, too; `ditto`: a mark stands in place of its key.
    """
    headings = ", ".join(column.heading or column.name for column in columns)
    filled_down = _proposed([*columns, *agreed_columns(mapping)])
    unknown = _("Empty, so it is not known which letter this row belongs to. Fill it in.")
    empty, loose = pl.col("empty"), pl.col("loose")
    below = loose & ((~empty).cum_sum() > 0)
    ditto = pl.col("ditto")
    problems.tell(letters, empty & ~below, unknown, column=headings)
    problems.tell(
        letters,
        below & ditto,
        _("It stands for the cell above, which only people know. Write what stands there."),
        column=headings,
    )
    problems.tell(
        letters,
        below & ~ditto,
        _(
            "Empty, so it is not known which letter this row belongs to. Fill it in; or, where "
            "such rows belong to the letter above, have them filled from there: {filled_down}.",
            filled_down=filled_down,
        ),
        column=headings,
    )
    problems.tell(
        letters,
        ~empty & loose.shift(-1, fill_value=False),
        _(
            "The row below has nothing in {headings}. If it belongs to this letter, the "
            "letter says only a part: fill it in, or have it filled from here: "
            "{filled_down}.",
            headings=headings,
            filled_down=filled_down,
        ),
        column="",
    )


def agreed_columns(mapping: Mapping) -> list[Column]:
    """The columns in which all rows of one letter have to agree."""
    leaves = (leaf for leaf in mapping.varying if leaf.path.partition(".")[0] in _AGREED)
    return sorted({column for leaf in leaves for column in leaf.columns}, key=lambda c: c.index)


def _proposed(columns: Iterable[Column]) -> str:
    """The setting that fills these columns from above."""
    names = ", ".join(f'"{name}"' for name in dict.fromkeys(column.name for column in columns))
    return _("fill_down = [{names}] under [list]", names=names)


def subtotals(
    mapping: Mapping, group_by: tuple[str, ...], members: pl.DataFrame, problems: Problems
) -> None:
    """Warn of rows within letters that call themselves the sum of the others.

    `members` holds all rows of its letters, in list order.
    """
    keys = {_column(mapping.names, name) for name in group_by}
    message = _(
        "This row seems to be the sum of others: what it says would count twice. If so, delete it."
    )
    others = [column for column in mapping.names.columns if column not in keys]
    together = members.filter(pl.len().over("letter") > 1)
    for frame, searched, pattern in (
        (
            together,
            others,
            f"^(?:{_SUM})$",
        ),
        (members, list(keys), rf"^(?:{_SUM})\s+\S|\s(?:{_SUM})$"),
    ):
        for column in searched:
            cell = trimmed(pl.col(column.key))
            problems.tell(
                frame,
                cell.str.contains(pattern),
                message,
                column=column.heading or column.name,
                value=cell,
                severity="warning",
            )
    for column, found in silent_sums(others, together):
        problems.tell(
            found,
            pl.lit(True),
            message,
            column=column.heading or column.name,
            value=trimmed(pl.col(column.key)),
            severity="warning",
        )


def disagreements(
    mapping: Mapping, group_by: tuple[str, ...], members: pl.DataFrame, problems: Problems
) -> None:
    """Tell each row that names another recipient than the first row of its letter, or would make
    it another letter.

    `members` holds all rows of its letters, in list order: a list sorted anew has other first rows,
    and must come to the same letters.
    """
    if members.height == members["letter"].n_unique():
        return
    keys = {_column(mapping.names, name) for name in group_by}
    proposed = _proposed(column for column in agreed_columns(mapping) if column not in keys)
    for leaf in mapping.varying:
        if not (leaf.columns and leaf.path.partition(".")[0] in _AGREED):
            continue
        cells = [trimmed(pl.col(column.key)) for column in leaf.columns]
        here = leaf.made if isinstance(leaf.made, pl.Expr) else pl.concat_str(cells, separator=" ")
        texts = members.select("row", "letter", here=here).with_columns(
            first=pl.first("here").over("letter")
        )
        problems.tell(
            texts,
            pl.col("here") != pl.col("first"),
            pl.when(pl.col("here") == "")
            .then(
                filled(
                    _(
                        "Empty, and row {letter}, which goes into the same letter, "
                        "has it. Fill it in, or have it filled from there: {lit}."
                    ),
                    letter="letter",
                    lit=pl.lit(proposed),
                )
            )
            .otherwise(
                filled(
                    _(
                        "Differs from row {letter}, which goes into the same letter; "
                        "make them agree, or group by something else."
                    ),
                    letter="letter",
                )
            ),
            column=leaf.headings,
        )


def must_be_aligned(rows: pl.LazyFrame, other: str) -> None:
    """Make sure of what was laid side by side: a slip would put one's data into another's letter.

    `other` is the row number that came with the right-hand side.
    """
    if not rows.select((pl.col("row") == pl.col(other)).all()).collect().item():
        raise RuntimeError("rows were laid beside those of others")


def _column(names: Names, name: str) -> Column:
    try:
        return names.columns[names.place(name)]
    except KeyError:
        raise SettingsError(_("list.group_by: {why_not}.", why_not=names.why_not(name))) from None


def _windows(letters: pl.Series) -> tuple[int, ...]:
    """Numbers at which to cut: `letters` has the letter of every row."""
    if letters.is_empty():
        return ()
    sizes = letters.value_counts(name="rows").sort("letter")
    cut = (pl.cum_sum("rows") - 1) // WINDOW
    starts = sizes.select("letter", window=cut).group_by("window").agg(pl.min("letter"))
    return (*sorted(starts["letter"].to_list()), int(letters.max()) + 1)  # type: ignore[arg-type]  # not empty


_FEWEST = 3
"""Rows of a letter whose last one may be a sum: of one row it would be a repetition."""
_HALF_A_CENT = 0.005


def silent_sums(
    columns: Iterable[Column], members: pl.DataFrame
) -> Iterator[tuple[Column, pl.DataFrame]]:
    """Columns whose last row within a letter is the sum of the others, each with those rows; below
    it may stand the sum of all letters.

    Only where that row lacks something that all others have, as its text: two that cost 10 and 20
    may well stand above one that costs 30.
    """
    looked_at = list(columns)
    if not looked_at:
        return
    filled = pl.sum_horizontal(trimmed(pl.col(column.key)) != "" for column in looked_at)
    together = members.filter(pl.len().over("letter") >= _FEWEST).with_columns(filled=filled)
    for sums in (1, 2):
        above = pl.int_range(pl.len()).over("letter") < pl.len().over("letter") - sums
        fewest = pl.col("filled").filter(above).min().over("letter")
        most = pl.col("filled").filter(~above).max().over("letter")
        rows = together.filter(most < fewest) if together.height else together
        for column in looked_at if rows.height else ():
            amount = _amount(column)
            whole = amount.is_not_null().all().over("letter")
            others = amount.filter(above).sum().over("letter")
            first = amount.filter(~above).first().over("letter")
            adds_up = (first - others).abs() < _HALF_A_CENT
            found = rows.filter(whole & ~above & adds_up & (first != 0))
            if found.height:
                yield column, found


def _amount(column: Column) -> pl.Expr:
    bare = (
        trimmed(pl.col(column.key)).str.replace_all(r"\s", "").str.replace(",", ".", literal=True)
    )
    return bare.cast(pl.Float64, strict=False)
