"""Rows below a heading -> RecipientList: what is the same for every kind of file."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _, ngettext
from batchsend.lists.filling_down import filled_down
from batchsend.lists.header import Header, count_footer
from batchsend.lists.headings import columns_from
from batchsend.lists.merged_across import filled_from_the_left
from batchsend.lists.problems import Problem, ReadFindings, problem_frame, rows_in_words
from batchsend.lists.recipients import LEFT_OUT, SHORT, Column, RecipientList
from batchsend.lists.repeated_headings import heading_rows
from batchsend.lists.settings import ListSettings
from batchsend.lists.short_rows import beside_loose_cells, cut_in_pieces
from batchsend.text import blank

MOST_COLUMNS = 2_000
"""More are no list of people; each costs time and memory in every step."""
_FOOTER_SEARCHED = 10
_FAR = 100
_LONELY = 3
"""Columns from which rows of a single cell are odd."""
_WIDE = 4
"""Columns from which a recipient has more than one cell."""


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
    rows, footer, dropped = _without_footer(source, headings, settings)
    kept = _columns_with_content(rows, headings)
    columns = tuple(
        replace(column, formatted=index in source.formatted)
        for index, column in zip(
            kept, columns_from([headings[index] for index in kept]), strict=True
        )
    )
    position = {index: column.index for index, column in zip(kept, columns, strict=True)}
    last = _last_row(rows)
    if last is None:
        raise _empty(source, header)
    if settings.footer_rows is None and not (settings.fill_down or settings.group_by):
        source.sightings.problems += _lonely_rows(rows, source, header)
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
            *_header_notes(header),
            *notes,
            *_row_notes(source.sightings, header.row, last),
            *footer,
            *_column_notes(columns),
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


def _without_footer(
    source: Source, headings: Sequence[str], settings: ListSettings
) -> tuple[pl.LazyFrame, list[str], list[tuple[int, str, Sequence[str]]]]:
    """The rows without those at the end that are no recipients, what to say of it, and those."""
    wanted = settings.footer_rows
    searched = _FOOTER_SEARCHED if wanted is None else wanted
    tail = _last_rows(source, source.rows, searched)
    texts = [cells for _other, *cells in tail]
    numbers = [row for row, *_other in tail]
    stray = _stray_rows(numbers, texts) if wanted is None else 0
    if wanted is None:
        sums = not settings.fill_down  # a row of amounts alone is one of the customer's above
        footer = count_footer(texts[: len(tail) - stray], headings, sums=sums)
    else:
        footer = wanted
    first = len(tail) - stray - footer
    notes = [
        ngettext(
            "{rows} {where} was not read as a recipient: “{cells}”. Set `footer_rows = 0` under "
            "[list] to read all rows.",
            "{rows} {where} were not read as recipients: “{cells}”. Set `footer_rows = 0` under "
            "[list] to read all rows.",
            end - start,
            rows=rows_in_words(numbers[start:end]).capitalize(),
            where=where,
            cells=_in_words(texts[start:end]),
        )
        for start, end, where in (
            (first, first + footer, _("at the end")),
            (first + footer, len(tail), _where(numbers, first + footer)),
        )
        if start < end
    ]
    if not notes:
        return source.rows, [], []
    why = _("Not read as a recipient: {where}. Set footer_rows = 0 under [list] to read all rows.")
    dropped: list[tuple[int, str, Sequence[str]]] = [
        (
            numbers[at],
            why.format(
                where=_("at the end of the list")
                if at < first + footer
                else _("far below the list")
            ),
            texts[at],
        )
        for at in range(first, len(tail))
    ]
    return source.rows.filter(pl.col("row") < numbers[first]), notes, dropped


def _last_rows(source: Source, rows: pl.LazyFrame, number: int) -> list[tuple[Any, ...]]:
    """The number and the cells of so many rows at the end; of merged cells, the first alone."""
    names = (f"c{index}" for index in range(source.width))
    across = source.sightings.across
    return [
        (row, *("" if at in across.get(row, ()) else cell for at, cell in enumerate(cells)))
        for row, *cells in rows.select("row", *names).tail(number).collect().rows()
    ]


def _lonely_rows(rows: pl.LazyFrame, source: Source, header: Header) -> list[Problem]:
    """Rows of a single cell at the end of a wide list: a footer, or what is left of a recipient.

    In a list of two or three columns, only those below the first blank row.
    """
    found: list[Problem] = []
    if source.width == 1:
        return found
    first_blank = next((row for row in source.sightings.blank if row > header.row), inf)
    below = header.row if source.width >= _WIDE else max(header.row, first_blank)
    tail = _last_rows(source, rows, _FOOTER_SEARCHED)
    for row, *cells in reversed(tail):
        if sum(not blank(cell) for cell in cells) != 1 or row <= below:
            break
        number = len(found) + 1
        message = _(
            "this row has a single cell; if it is no recipient, set footer_rows = {number} "
            "under [list]",
            number=number,
        )
        found.append(Problem(row, None, "", message))
    # A list whose rows all are so is made like that.
    return found if len(found) < len(tail) else []


def _stray_rows(numbers: Sequence[int], rows: Sequence[Sequence[str]]) -> int:
    """How many of the last rows are single cells that somebody once left far below the list, or
    several such rows below a blank one.
    """
    for at in range(1, len(rows)):
        gap = numbers[at] - numbers[at - 1] - 1
        lonely = all(sum(not blank(cell) for cell in cells) == 1 for cells in rows[at:])
        # A title, a date and a copyright, as Salesforce writes them below the list.
        below = len(rows) - at > 1 and gap and len(rows[at]) >= _LONELY
        if lonely and (gap >= _FAR or below):
            return len(rows) - at
    return 0


def _where(numbers: Sequence[int], at: int) -> str:
    far = 0 < at < len(numbers) and numbers[at] - numbers[at - 1] > _FAR
    return _("far below the list") if far else _("below the list")


def _in_words(rows: Sequence[Sequence[str]]) -> str:
    words = " / ".join(" ".join(cell for cell in cells if not blank(cell)) for cells in rows)
    return words if len(words) <= 200 else words[:200] + "…"


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


def _header_notes(header: Header) -> list[str]:
    if not header.row and not any(header.headings):
        return [
            _(
                "The list seems to have no headings: its first row looks like a recipient. "
                'Give them with `headings = ["navn", "adresse", …]` under [list], or say '
                "where they are with `header_row = 1`."
            )
        ]
    if header.row > 1:
        return [
            ngettext(
                "Row {last} above the headings was left out.",
                "Rows 1-{last} above the headings were left out.",
                header.row - 1,
                last=header.row - 1,
            )
        ]
    return []


def _row_notes(sightings: ReadFindings, header_row: int, last: int) -> list[str]:
    def between(rows: Sequence[int]) -> list[int]:
        return [row for row in rows if header_row < row <= last]

    notes = []
    if blanks := between(sightings.blank):
        notes.append(_("Blank rows were left out: {rows}.", rows=rows_in_words(blanks)))
    if short := between(sightings.short.rows):
        notes.append(
            _(
                "{rows} had fewer cells than the list has columns; the missing ones are empty.",
                rows=rows_in_words(short).capitalize(),
            )
        )
    if rulers := between(sightings.rulers):
        notes.append(
            _("Lines that only draw the table were left out: {rows}.", rows=rows_in_words(rulers))
        )
    if nul := between(sightings.nul):
        notes.append(
            _("Invisible characters (NUL) were left out in {rows}.", rows=rows_in_words(nul))
        )
    return notes


def _column_notes(columns: Sequence[Column]) -> list[str]:
    names = Counter(column.name for column in columns)
    repeated = [name for name, count in names.items() if count > 1]
    notes = []
    if repeated:
        notes.append(
            _(
                "More than one column is called {repeated}; give each its own heading "
                "before a mapping or a template uses it.",
                repeated=", ".join(repeated),
            )
        )
    bare = [column.name for column in columns if blank(column.heading)]
    if bare and len(bare) < len(columns):
        notes.append(_("Columns without a heading are called {bare}.", bare=", ".join(bare)))
    return notes


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
