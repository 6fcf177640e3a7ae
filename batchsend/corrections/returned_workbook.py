"""A needs-attention workbook that comes back: what batchsend has added to its rows, which of them
are which of the list's, and what was changed in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from batchsend.corrections.journal import Key, Text
from batchsend.corrections.matching import (
    Labels,
    cells_of,
    differs,
    lost_zeros,
    rows_fitting,
    same_cell,
)
from batchsend.errors import ListError, SettingsError
from batchsend.language import N_, _, in_each_language
from batchsend.lists import Column, ListSettings, RecipientList, read_list, texts_of
from batchsend.text import blank, column_name, trimmed

REASONS = N_("What is wrong (batchsend)")
"""The heading of the column that says what is wrong."""
ROW = N_("Row in the list (batchsend)")
"""The heading of the column with the list's own row numbers."""
ORIGINAL = "batchsend"
"""The hidden sheet with the rows as they were written, so that it can be seen what was changed."""


def is_reasons(heading: str) -> bool:
    """Whether this is the heading of the column that says what is wrong."""
    return _is(heading, REASONS)


def is_row(heading: str) -> bool:
    """Whether this is the heading of the column with the list's own row numbers."""
    return _is(heading, ROW)


def is_own(heading: str) -> bool:
    """Whether this is the heading of a column that batchsend has added."""
    return is_reasons(heading) or is_row(heading)


def _is(heading: str, message: str) -> bool:
    """Whether a workbook of any language has this heading for it."""
    said = column_name(heading)
    return any(said == column_name(each) for each in in_each_language(message))


_NUMBERED = re.compile(r"Row (\d+): ")
"""How version 0.1 began what is wrong with a row."""
Cells = dict[str, Text]


def same_text(one: str, other: str) -> bool:
    """Whether two cells say the same, whatever a spreadsheet program has made of one of them."""
    return not (differs(one, other) and differs(other, one))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the workbook."""

    at: int
    """Its number in the workbook."""
    row: int | None
    """The number of its row in the list as it was; None where the workbook does not say."""
    cells: Cells
    """By the labels of the workbook's columns."""
    written: Cells | None
    """What the workbook said when it was written; None where that is not known."""
    spoilt: frozenset[str] = frozenset()
    """Labels of cells that hold an error of the spreadsheet program's."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What a workbook says that somebody has saved."""

    lines: tuple[Line, ...]
    columns: tuple[str, ...]
    """The labels of its columns but for those that batchsend has added."""
    deleted: tuple[int, ...]
    """Numbers of rows that were written and are not in it any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that somebody has changed in the workbook."""

    row: int
    """In the list."""
    column: Column
    """Of the list."""
    before: Text
    now: Text


@dataclass(frozen=True, slots=True)
class Ignored:
    """What is not taken of the workbook, and why."""

    row: int | None
    """In the list, where it is known."""
    column: str
    """Its heading; empty where the whole row is meant."""
    why: str
    """In a sentence."""


@dataclass(slots=True)
class _Found:
    changes: list[Change] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def read_returned(path: Path, workspace: Path) -> Returned:
    """Read a needs-attention workbook, of this version or of 0.1.

    Raises ListError where it cannot be read, SettingsError where it is something else.
    """
    listed = _sheet(path, workspace, None)
    reasons = next((each for each in listed.columns if is_reasons(each.heading)), None)
    numbers = next((each for each in listed.columns if is_row(each.heading)), None)
    if reasons is None and numbers is None:
        raise SettingsError(
            _(
                "{path} is no needs-attention workbook: it has no column “{row}” and none "
                "“{reasons}”.",
                path=path,
                row=_(ROW),
                reasons=_(REASONS),
            ),
            hint=_("Name the workbook that batchsend wrote, with its own columns in it."),
        )
    written = _written(path, workspace) if numbers is not None else None
    labels = Labels(listed.columns)
    kept = tuple(labels.of(column) for column in listed.columns if not is_own(column.heading))
    lines = tuple(_lines(listed, labels, kept, reasons, numbers, written))
    there = {line.row for line in lines}
    deleted = tuple(sorted(set(written or {}) - there))
    return Returned(lines, kept, deleted)


def _sheet(path: Path, workspace: Path, sheet: str | None) -> RecipientList:
    """Every row of it: rows that a filter hides are there all the same, and none is a footer."""
    settings = ListSettings(path=path.absolute(), sheet=sheet, footer_rows=0, hidden="read")
    first = settings.model_copy(update={"header_row": 1})
    found = read_list(first, folder=Path(), workspace=workspace)
    if sheet is None and not any(is_reasons(column.heading) for column in found.columns):
        return read_list(settings, folder=Path(), workspace=workspace)
    return found


def _written(path: Path, workspace: Path) -> dict[int, Cells] | None:
    """What was written, by the list's row numbers; None where the hidden sheet is gone."""
    try:
        listed = _sheet(path, workspace, ORIGINAL)
    except ListError:
        return None
    labels = Labels(listed.columns)
    number, *others = labels.columns
    frame = listed.rows.collect()
    return {
        int(texts[0]): {
            labels.of(column): text for column, text in zip(others, texts[1:], strict=True)
        }
        for texts in texts_of(frame, [number, *others])
        if texts[0].isdigit()
    }


def _lines(  # noqa: PLR0913, PLR0917 - what is known of the sheet
    listed: RecipientList,
    labels: Labels,
    kept: Sequence[str],
    reasons: Column | None,
    numbers: Column | None,
    written: Mapping[int, Cells] | None,
) -> Iterator[Line]:
    errors = listed.problems.filter(pl.col("severity") == "error")
    wrong: dict[int, set[str]] = {}
    for row, heading in errors.select("row", "column").iter_rows():
        wrong.setdefault(row, set()).add(heading)
    frame = listed.rows.collect()
    for at, texts in zip(frame["row"].to_list(), texts_of(frame, labels.columns), strict=True):
        cells = dict(zip(labels.all, texts, strict=True))
        number = _number(cells[labels.of(numbers)] if numbers else "")
        if number is None and reasons is not None:
            found = _NUMBERED.match(cells[labels.of(reasons)])
            number = int(found[1]) if found else None
        spoilt = frozenset(kept) & wrong.get(at, set())
        own = {label: cells[label] for label in kept}
        yield Line(at, number, own, (written or {}).get(number or 0), spoilt)


def _number(text: str) -> int | None:
    bare = trimmed(text)
    return int(bare) if bare.isdecimal() and len(bare) < 10 else None


def changes(
    returned: Returned, recipients: RecipientList, identifier: Sequence[Column]
) -> tuple[tuple[Change, ...], tuple[Ignored, ...]]:
    """What was changed in a workbook, as seen from the list with its corrections laid over, and
    what of it cannot be taken.

    `identifier` are the columns of the list that letters' identifiers are made of.
    """
    labels = Labels(recipients.columns)
    columns = {label: labels.find(label) for label in returned.columns}
    found = _Found()
    for label, column in columns.items():
        if column is None:
            why = _("The list has no column “{label}”: it is not used.", label=label)
            found.ignored.append(Ignored(None, label, why))
    known = {label: column for label, column in columns.items() if column is not None}
    gone = _("The row is not in the workbook any more. It stays in the list.")
    found.ignored += [Ignored(row, "", gone) for row in returned.deleted]
    rows = _rows_of(returned, recipients, labels, known, identifier)
    cells = cells_of(recipients.rows, labels, [row for row in rows if row is not None])
    taken: set[int] = set()
    for line, row in zip(returned.lines, rows, strict=True):
        if row is None or row in taken:
            _cannot_place(line, row, found)
            continue
        taken.add(row)
        for label, column in known.items():
            _compare(line, row, label, column, cells[row][labels.of(column)], found)
    return tuple(found.changes), tuple(found.ignored)


def _cannot_place(line: Line, row: int | None, found: _Found) -> None:
    if all(blank(text) for text in line.cells.values()):
        return
    if row is not None:
        why = _(
            "Row {at} of the workbook is of the same row of the list as one above it.", at=line.at
        )
    elif line.row is None:
        why = _("Row {at} of the workbook is not in the list. Add it there.", at=line.at)
    else:
        why = _(
            "Row {at} of the workbook is not in the list any more, or is there twice.", at=line.at
        )
    found.ignored.append(Ignored(row or line.row, "", why))


def _compare(  # noqa: PLR0913, PLR0917 - a cell in all its states
    line: Line, row: int, label: str, column: Column, says: str, found: _Found
) -> None:
    now = line.cells[label]
    if label in line.spoilt:
        if line.written is None or not same_cell(now, line.written.get(label, "")):
            why = _("The cell holds an error of the spreadsheet program's: it is not used.")
            found.ignored.append(Ignored(row, label, why))
        return
    before = says if line.written is None else line.written.get(label, says)
    if not differs(now, before):
        if lost_zeros(now, before):
            why = _("The zeros in front are gone, as Excel drops them: it is not used.")
            found.ignored.append(Ignored(row, label, why))
        return
    if not differs(now, says):
        return
    if differs(says, before):
        why = _("The list says something else by now than the workbook did: it is not used.")
        found.ignored.append(Ignored(row, label, why))
        return
    found.changes.append(Change(row, column, says, _tidy(now)))


def _tidy(text: Text) -> Text:
    return text if trimmed(text) == text else trimmed(text)


def _rows_of(
    returned: Returned,
    recipients: RecipientList,
    labels: Labels,
    known: Mapping[str, Column],
    identifier: Sequence[Column],
) -> list[int | None]:
    """The list's row of each line; None where there is none, or more than one may be meant."""
    numbers = [line.row for line in returned.lines if line.row is not None]
    cells = cells_of(recipients.rows, labels, numbers)
    by_column = {column: label for label, column in known.items()}
    naming = [by_column[column] for column in identifier if column in by_column]
    whole = len(naming) == len(identifier) and bool(naming)
    short = [_key(line, naming if whole else []) for line in returned.lines]
    long = [_key(line, list(known) if line.written else []) for line in returned.lines]
    by_short = rows_fitting(recipients.rows, labels, short)
    by_long = rows_fitting(recipients.rows, labels, long)
    found: list[int | None] = []
    for line, few, many in zip(returned.lines, by_short, by_long, strict=True):
        there = cells.get(line.row) if line.row is not None else None
        agreeing = 0.0 if there is None else _agreeing(line, there, labels, known)
        if there is not None and (
            agreeing == 1
            if line.written is not None
            else (line.row in few or (not few and agreeing > 1 / 2))
        ):
            found.append(line.row)
        elif len(few) == 1:
            found.append(few[0])
        else:
            found.append(many[0] if len(many) == 1 else None)
    return found


def _key(line: Line, labels: Sequence[str]) -> Key:
    """What a line is known by; nothing where any of it is blank."""
    says = line.cells if line.written is None else line.written
    key = tuple((label, says.get(label, "")) for label in labels)
    return () if line.written is None and any(blank(text) for _other, text in key) else key


def _agreeing(line: Line, there: Cells, labels: Labels, known: Mapping[str, Column]) -> float:
    """Which part of the cells that say anything is the same in the list."""
    says = line.cells if line.written is None else line.written
    pairs = [(says.get(label, ""), there[labels.of(column)]) for label, column in known.items()]
    telling = [pair for pair in pairs if not (blank(pair[0]) and blank(pair[1]))]
    return sum(same_text(*pair) for pair in telling) / len(telling) if telling else 0.0
