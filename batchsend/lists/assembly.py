"""Rows below a heading -> RecipientList: what is the same for every kind of file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.beyond_headings import cells_beyond
from batchsend.lists.filling_down import filled_down
from batchsend.lists.footer import lonely_rows, without_footer
from batchsend.lists.header import Header, columns_from, heading_rows
from batchsend.lists.merged_across import filled_from_the_left
from batchsend.lists.notes import column_notes, header_notes, row_notes
from batchsend.lists.problems import Problem, ReadFindings, problem_frame, rows_in_words
from batchsend.lists.recipients import LEFT_OUT, SHORT, Column, RecipientList
from batchsend.lists.settings import ListSettings
from batchsend.lists.short_rows import beside_loose_cells, cut_in_pieces
from batchsend.text import blank

MOST_COLUMNS = 2_000
"""More are no list of people; each costs time and memory in every step."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose rows have been read and stored, its headings not yet applied."""

    path: Path
    kind: str
    digest: str
    rows: pl.LazyFrame
    """`row, c0, c1, …`: the rows below the headings, blank ones left out."""
    width: int
    sightings: ReadFindings
    formatted: frozenset[int] = frozenset()
    """Positions of columns with another, `s0, s1, …`, of what formats show."""
    currencies: Mapping[int, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Of such positions: in which currencies formats show their numbers, each with its first
    row."""


def assemble(
    source: Source,
    header: Header,
    settings: ListSettings,
    *,
    findings: dict[str, str],
    notes: Sequence[str],
) -> RecipientList:
    """Give the columns their names, take off the footer and the empty columns, say what was done.

    ListError if no row is left.
    """
    if len(header.headings) > source.width:
        raise ListError(
            _(
                "{name} has {width} columns, but {number} headings are set.",
                name=source.path.name,
                width=source.width,
                number=len(header.headings),
            ),
            hint=_("Set as many `headings` under [list] as there are columns."),
        )
    headings = [*header.headings, *[""] * (source.width - len(header.headings))]
    rows, footer, dropped = without_footer(source.rows, headings, settings, source.sightings)
    kept = _columns_with_content(rows, headings)
    columns = tuple(
        replace(
            column,
            formatted=index in source.formatted,
            currencies=source.currencies.get(index, ()),
        )
        for index, column in zip(
            kept, columns_from([headings[index] for index in kept]), strict=True
        )
    )
    position = {index: column.index for index, column in zip(kept, columns, strict=True)}
    last = _last_row(rows)
    if last is None:
        raise _empty(source, header)
    if settings.footer_rows is None and not (settings.fill_down or settings.group_by):
        source.sightings.problems += lonely_rows(rows, source.width, header.row, source.sightings)
    source.sightings.problems += cells_beyond(rows, headings, kept)
    problems = [
        p._replace(column=position.get(p.column) if p.column is not None else None)
        for p in _problems(source, rows, header, last)
        if header.row < p.row <= last
    ]
    named = rows.select("row", *_named(kept, columns))
    return RecipientList(
        path=settings.path,
        columns=columns,
        rows=filled_down(named, columns, settings),
        problems=problem_frame(problems, columns),
        findings={**findings, "header row": str(header.row) if header.row else _("none")},
        notes=(
            *header_notes(header),
            *notes,
            *row_notes(source.sightings, header.row, last),
            *footer,
            *column_notes(columns),
        ),
        digest=source.digest,
        left_out=_left_out(source, dropped, kept, columns),
        short=_short(source, kept, last),
    )


def _named(kept: Sequence[int], columns: Sequence[Column]) -> Iterator[pl.Expr]:
    for old, column in zip(kept, columns, strict=True):
        yield pl.col(f"c{old}").alias(column.key)
        if column.formatted:
            yield pl.col(f"s{old}").alias(column.shown_key)


def too_wide(path: Path, width: int) -> ListError:
    """What to say of a file with more columns than MOST_COLUMNS."""
    return ListError(
        _(
            "{name} has {width:,} columns, more than any list of recipients "
            "({most_columns:,} at most).",
            name=path.name,
            width=width,
            most_columns=MOST_COLUMNS,
        ),
        hint=_(
            "Delete the columns that no letter needs; in a text file, set `separator` under "
            "[list] if its cells are separated by something else."
        ),
    )


def _problems(source: Source, rows: pl.LazyFrame, header: Header, last: int) -> list[Problem]:
    """What the reader saw, and what only all rows together can tell."""
    repeated = {problem.row: problem for problem in _repeated(source, rows, header)}
    seen = (
        *source.sightings.problems,
        *_line_breaks(source, header.row, last),
        *filled_from_the_left(source.sightings.across, header.headings),
    )
    return [*(p for p in seen if p.row not in repeated), *repeated.values()]


def _line_breaks(source: Source, header_row: int, last: int) -> Iterator[Problem]:
    """Rows that a line break in a cell without quotation marks has cut, or may have."""
    short, blanks = source.sightings.short, source.sightings.blank
    for rows in cut_in_pieces(short, source.width, blanks):
        message = _(
            "{rows} seem to be one row that a line break has cut: together they have the "
            "{width} cells of a row; join them again",
            rows=rows_in_words(rows),
            width=source.width,
        )
        yield from (Problem(row, None, "", message) for row in rows)
    for row, loose in beside_loose_cells(short, source.width, blanks):
        if not header_row < loose <= last:
            continue
        if loose > row:
            message = _(
                "row {loose} beside this one has a single cell: if a line break has cut it off "
                "this row, the last cell here is not whole",
                loose=loose,
            )
        else:
            message = _(
                "row {loose} beside this one has a single cell: if a line break has cut it off "
                "this row, the first cell here is not whole",
                loose=loose,
            )
        yield Problem(row, None, "", message, "warning")


def _repeated(source: Source, rows: pl.LazyFrame, header: Header) -> Iterator[Problem]:
    """Rows that hold the headings once more. ListError if it is for other columns."""
    for row, in_order in heading_rows(rows, header.headings):
        if not in_order:
            raise ListError(
                _(
                    "Row {row} of {name} holds headings again, in another order: the rows "
                    "below it would be read under the wrong headings.",
                    row=row,
                    name=source.path.name,
                ),
                hint=_(
                    "Make two lists of it, or bring the columns below into the order of the "
                    "first headings."
                ),
            )
        message = (
            _(
                "this row repeats the headings of row {row} and is no recipient; delete it",
                row=header.row,
            )
            if header.row
            else _("this row repeats the headings and is no recipient; delete it")
        )
        yield Problem(row, None, "", message)


def _short(source: Source, kept: Sequence[int], last: int) -> pl.DataFrame:
    """The short rows, by how many of the columns that are `kept` they have."""
    short = source.sightings.short
    columns = [bisect_left(kept, cells) for cells in short.cells]
    return pl.DataFrame([short.rows, columns], SHORT).filter(pl.col("row") <= last)


def _left_out(
    source: Source,
    dropped: Sequence[tuple[int, str, Sequence[str]]],
    kept: Sequence[int],
    columns: Sequence[Column],
) -> pl.DataFrame:
    """Rows that are no recipients, each with its reason and, where it was read, its cells."""
    hidden = _('Hidden in the sheet. Set hidden = "read" under [list] to read it.')
    rows = [(row, hidden, *[""] * len(kept)) for row in source.sightings.hidden]
    rows += [(row, why, *(cells[index] for index in kept)) for row, why, cells in dropped]
    schema = {**LEFT_OUT, **{column.key: pl.String() for column in columns}}
    return pl.DataFrame(rows, schema, orient="row").sort("row")


def _last_row(rows: pl.LazyFrame) -> int | None:
    last: int | None = rows.select(pl.col("row").max()).collect().item()
    return last


def _columns_with_content(rows: pl.LazyFrame, headings: Sequence[str]) -> list[int]:
    """All columns but those that have neither a heading nor a single filled cell."""
    bare = [index for index, heading in enumerate(headings) if blank(heading)]
    if not bare:
        return list(range(len(headings)))
    found = rows.select((pl.col(f"c{i}").str.strip_chars() != "").any() for i in bare).collect()
    empty = {int(name[1:]) for name in found.columns if not found[name].item()}
    return [index for index in range(len(headings)) if index not in empty]


def _empty(source: Source, header: Header) -> ListError:
    if header.row:
        return ListError(
            _(
                "{name} has headings in row {row}, but no rows below them.",
                name=source.path.name,
                row=header.row,
            ),
            hint=_("Add the recipients, or set `header_row` under [list] if that is a recipient."),
        )
    return ListError(_("{name} is empty.", name=source.path.name), hint=_("Export the list again."))
