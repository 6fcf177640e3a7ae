"""`skip` under [list]: which rows the mailing itself says are no recipients.

An expression over few columns is asked once for each text that stands in them, not once a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from jinja2 import Template

from batchsend.errors import SettingsError
from batchsend.expressions import Names, environment
from batchsend.language import _, filled
from batchsend.letters.filling import rendered
from batchsend.letters.mapping import Leaf, leaf_of
from batchsend.letters.text import trimmed
from batchsend.lists import LEFT_OUT, PROBLEMS, Column, RecipientList, Row, texts_of
from batchsend.masking import masked_in_text

_AT_ONCE = 40_000
_QUOTED = 80
"""Characters of a cell that a reason quotes."""
_NO = (
    *("", "-", "false", "none", "null"),
    *("no", "nei", "nej", "ei", "nein"),
    *("usann", "falsk", "falskt", "epätosi", "falsch"),
)
"""What leaves no row out, in small letters: nothing, and what people and spreadsheets write for
no in a column of yes and no."""
_ZERO = r"^[+-]?0+([.,]0+)?$"


def says_no(text: pl.Expr) -> pl.Expr:
    """Whether what `skip` gave for a row, or a cell of yes and no, leaves it in."""
    small = trimmed(text).str.to_lowercase()
    return small.is_in(_NO) | small.str.contains(_ZERO)


def skipped(
    recipients: RecipientList, sources: Sequence[str], zone: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that any of the expressions leaves out (LEFT_OUT), and the rows of which one cannot
    tell that, as PROBLEMS: they are neither left out nor to be sent.

    Raises SettingsError for an expression that does not compile, names a column that the list has
    not, or names none at all.
    """
    names = Names(recipients.columns)
    env = environment(autoescape=False, zone=zone)
    leaves = [leaf_of("skip", source, names, env, above="list.") for source in sources]
    for leaf in leaves:
        if not (leaf.columns or leaf.takes_rows):
            raise SettingsError(
                _(
                    "{place} names no column, so it would leave out every row or none.",
                    place=leaf.place,
                ),
                hint=_(
                    "Write the column it is about, as \"{{ 'ikke send' in merknad | lower }}\"."
                ),
            )
    gone, wrong = [LEFT_OUT.to_frame()], [PROBLEMS.to_frame()]
    for batch in _cells(recipients, leaves):
        left = batch
        for leaf in leaves:
            told = _told(leaf, left, names)
            failed = pl.col("failed").is_not_null()
            wrong.append(_problems(told.filter(failed), leaf))
            out = told.filter(~failed, ~says_no(pl.col("text")))
            gone.append(_with_reason(left.join(out, on="row", how="semi"), leaf))
            left = left.join(out, on="row", how="anti", maintain_order="left")
    rows = pl.concat(gone).sort("row")
    problems = pl.concat(wrong).join(rows, on="row", how="anti")
    return rows, problems.sort("row", maintain_order=True)


def _cells(recipients: RecipientList, leaves: Sequence[Leaf]) -> Iterator[pl.DataFrame]:
    """The list's rows, with the columns that are looked at."""
    needed = {column for leaf in leaves for column in _looked_at(leaf, recipients.columns)}
    names = [name for column in recipients.columns if column in needed for name in _keys(column)]
    yield from recipients.rows.select("row", *names).collect_batches(
        chunk_size=_AT_ONCE, maintain_order=True
    )


def _looked_at(leaf: Leaf, columns: Sequence[Column]) -> Sequence[Column]:
    return columns if leaf.takes_rows else leaf.columns


def _keys(column: Column) -> list[str]:
    return [column.key, column.shown_key] if column.formatted else [column.key]


def _told(leaf: Leaf, rows: pl.DataFrame, names: Names) -> pl.DataFrame:
    """`row`, the expression's `text`, and why it `failed`, if it did."""
    if not isinstance(leaf.made, Template):
        made = pl.lit(leaf.made) if isinstance(leaf.made, str) else leaf.made
        return rows.select("row", text=made, failed=pl.lit(None, pl.String))
    columns = _looked_at(leaf, names.columns)
    keys = [name for column in columns for name in _keys(column)]
    asked = rows.select("row", *keys).unique(keys, keep="first", maintain_order=True)
    answers = [_answer(leaf, row, names) for row in _whole_rows(asked, columns, names)]
    known = asked.drop("row").with_columns(
        text=pl.Series([text for text, _other in answers], dtype=pl.String),
        failed=pl.Series([failed for _other, failed in answers], dtype=pl.String),
    )
    beside = rows.join(known, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return beside.select("row", "text", "failed")


def _whole_rows(rows: pl.DataFrame, columns: Sequence[Column], names: Names) -> Iterator[Row]:
    """Rows with those cells that the expression looks at, and nothing in the others."""
    places = [names.columns.index(column) for column in columns]
    for number, texts in zip(rows["row"].to_list(), texts_of(rows, columns), strict=True):
        cells = [""] * len(names.columns)
        for place, text in zip(places, texts, strict=True):
            cells[place] = text
        yield Row(number, tuple(cells))


def _answer(leaf: Leaf, row: Row, names: Names) -> tuple[str, str | None]:
    return rendered(leaf, {"language": "NO", **names.variables([row])}, discreet=False)


def _problems(failed: pl.DataFrame, leaf: Leaf) -> pl.DataFrame:
    hint = _("So it is not known whether this row is to be left out: correct the cell, or skip.")
    said = pl.col("failed").map_elements(masked_in_text, return_dtype=pl.String)
    return failed.select(
        "row",
        column=pl.lit(leaf.headings),
        value=pl.lit(""),
        message=pl.format("{}. {}", said.str.strip_chars_end("."), pl.lit(hint)),
        severity=pl.lit("error"),
    ).cast(PROBLEMS)


def _with_reason(rows: pl.DataFrame, leaf: Leaf) -> pl.DataFrame:
    """Rows that are left out, with what they say in the columns that it is about."""
    if not leaf.columns or rows.is_empty():
        reason: pl.Expr = pl.lit(_("By skip under [list]."))
    else:
        said = pl.concat_str(map(_quoted, leaf.columns), separator=", ", ignore_nulls=True)
        reason = filled(_("By skip under [list]: {said}."), said=said)
    return rows.select("row", reason=reason).cast(LEFT_OUT)


def _quoted(column: Column) -> pl.Expr:
    cell = trimmed(column.shown).map_elements(masked_in_text, return_dtype=pl.String)
    short = cell.str.slice(0, _QUOTED) + pl.when(cell.str.len_chars() > _QUOTED).then(
        pl.lit("…")
    ).otherwise(pl.lit(""))
    heading = pl.lit(column.heading or column.name)
    return pl.when(cell != "").then(
        filled(_("{heading} is “{short}”"), heading=heading, short=short)
    )
