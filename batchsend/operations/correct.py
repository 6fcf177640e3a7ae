"""Corrections of a mailing: taken from a workbook, typed for single cells, undone, listed.

The list itself is never written. What is entered here holds for every later check and run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from batchsend.corrections import (
    Cell,
    Correction,
    Fit,
    Ignored,
    Journal,
    Labels,
    State,
    append,
    cells_of,
    changes,
    draft,
    fits,
    laid_over,
    must_be_nobody_elses,
    read_returned,
    same_cell,
)
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.letters import Checked
from batchsend.letters import certain_cures as cures_of
from batchsend.lists import Column, RecipientList, with_period
from batchsend.mailing import Mailing
from batchsend.operations.mailing_list.corrected import OpenedList, digest_of, opened_list, untaken
from batchsend.text import column_name, folded

__all__ = [
    "Cell",
    "Corrected",
    "Ignored",
    "Listed",
    "Taken",
    "certain_cures",
    "correct_cells",
    "corrections_of",
    "take_workbook",
    "take_workbooks",
    "undo",
]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A cell that says something else from now on. A national id is masked in it."""

    row: int
    column: str
    """Its label: the heading; where another column before has the same, its number, too,
    as `Navn (2)`."""
    before: str
    """What stood there, corrected as it was until now."""
    now: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was entered together."""

    corrected: tuple[Corrected, ...]
    ignored: tuple[Ignored, ...] = ()
    workbook: Path | None = None
    lines: int = 0
    """How many corrections were entered, or undone."""
    read_as: tuple[tuple[str, str], ...] = ()
    """Columns that were called by another name, and the columns that were meant."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction that is in force. A national id is masked in it."""

    row: int | None
    """Its row in the list; None where that has none, or several."""
    column: str
    was: str
    now: str
    at: datetime
    by: str
    """Which user of the system entered it."""
    state: State
    key: tuple[tuple[str, str], ...]
    """What its row is known by."""


def corrections_of(mailing: Mailing) -> tuple[Listed, ...]:
    """All corrections that are in force, in the order they were entered, and what each means for
    the list as it is now.

    Raises SettingsError, or ListError where the list cannot be read.
    """
    with opened_list(mailing) as opened:
        return tuple(_listed(opened, fit) for fit in opened.found)


def _listed(opened: OpenedList, fit: Fit) -> Listed:
    correction = fit.correction
    column = fit.column or Column(0, correction.draft.column, "")
    key = tuple(
        (label, opened.shown(Column(0, label, ""), text)) for label, text in correction.draft.key
    )
    return Listed(
        row=fit.row,
        column=correction.draft.column,
        was=opened.shown(column, correction.draft.was),
        now=opened.shown(column, correction.draft.now),
        at=correction.at,
        by=correction.by,
        state=fit.state,
        key=key,
    )


def correct_cells(mailing: Mailing, cells: Sequence[Cell]) -> Taken:
    """Enter what cells are to say, all or none; what they say already is not entered.

    A cell that is to say what the list itself says is no longer corrected. Raises SettingsError
    where the list has no such row or column, or a row cannot be told from another.
    """
    with opened_list(mailing) as opened:
        return _entered(opened, cells)


def take_workbook(mailing: Mailing, path: Path) -> Taken:
    """Enter what was changed in a needs-attention workbook, of this version or of 0.1.

    Raises ListError where it cannot be read, SettingsError where it is something else, or where a
    column of it was sorted alone.
    """
    with opened_list(mailing) as opened:
        digest = digest_of(path)
        returned = read_returned(path, opened.workspace)
        changed, ignored = changes(returned, opened.corrected, opened.identifier)
        must_be_nobody_elses(path, changed, opened.corrected)
        cells = [Cell(each.row, opened.labels.of(each.column), each.now) for each in changed]
        cells, alike = _apart(opened, cells)
        return _entered(opened, cells, (*ignored, *alike), path, digest)


def take_workbooks(mailing: Mailing) -> tuple[Taken, ...]:
    """The same of every workbook beside the mailing that somebody has saved since it was written
    and that was not taken yet, the oldest first.

    Raises SettingsError where there is none.
    """
    found = untaken(mailing)
    if not found:
        raise SettingsError(
            _(
                "No needs-attention workbook beside {path} holds a correction that is not used "
                "yet.",
                path=mailing.path,
            ),
            hint=_("Correct rows in it and save it, or name another workbook."),
        )
    return tuple(take_workbook(mailing, path) for path in found)


def certain_cures(mailing: Mailing) -> tuple[Corrected, ...]:
    """The cures that have only one answer, by row; `correct_cells` enters them."""
    with opened_list(mailing) as opened:
        known = with_period(opened.corrected, mailing.period)
        cures = cures_of(
            known.columns, known.rows, mailing.payload, mailing.checks.beside(mailing.folder)
        )
        cells = [
            Cell(row, opened.labels.all[column], now) for row, column, now in cures.iter_rows()
        ]
        cells, _other = _apart(opened, cells)
        return _as_seen(opened, cells)


def has_certain_cures(mailing: Mailing, checked: Checked) -> bool:
    """Whether any row that is held back has such a cure."""
    snapshot = checked.snapshot
    held = snapshot.frame.filter("held")
    return not cures_of(
        snapshot.columns, held, mailing.payload, mailing.checks.beside(mailing.folder)
    ).is_empty()


def undo(mailing: Mailing, *, row: int | None = None) -> Taken:
    """Undo what was entered together last, or all corrections of a row of the list.

    What was corrected before holds again. Raises SettingsError where there is nothing to undo.
    """
    with opened_list(mailing) as opened:
        journal = opened.journal
        if row is None:
            going = {each.number for each in journal.last_taking}
        else:
            of_row = [fit.correction for fit in opened.found if fit.row == row]
            going = {
                each.number
                for each in journal.standing
                if any(_same_place(each, other) for other in of_row)
            }
        if not going:
            which = (
                _("There is no correction")
                if row is None
                else _("No cell of row {row} is corrected", row=row)
            )
            raise SettingsError(_("{which}: nothing is undone.", which=which))
        after = append(mailing.corrections, lambda _: (), undo=lambda _: going)
        left = laid_over(opened.plain, fits(opened.plain, after.in_force))
        places = [
            Cell(fit.row, opened.labels.of(fit.column), "")
            for fit in opened.found
            if fit.correction.number in going and fit.row is not None and fit.column is not None
        ]
        before, now = _texts(opened.corrected, places), _texts(left, places)
        return Taken(_seen(opened, places, before, now), lines=len(going))


def _same_place(one: Correction, other: Correction) -> bool:
    return one.draft.key == other.draft.key and one.draft.column == other.draft.column


def _entered(
    opened: OpenedList,
    cells: Sequence[Cell],
    ignored: tuple[Ignored, ...] = (),
    workbook: Path | None = None,
    digest: str = "",
) -> Taken:
    labels = [(cell.column, opened.labels.of(opened.column(cell.column))) for cell in cells]
    read_as = tuple(dict.fromkeys(pair for pair in labels if not _same_name(*pair)))
    numbers = {cell.row for cell in cells}
    missing = numbers - cells_of(opened.plain.rows, opened.labels, [*numbers]).keys()
    if missing:
        raise SettingsError(
            _(
                "{path} has no recipient in row {number}.",
                path=opened.plain.path,
                number=min(missing),
            ),
            hint=_("Rows are numbered as the spreadsheet shows them."),
        )
    _other, alike = _apart(opened, cells)
    if alike:
        raise SettingsError(
            alike[0].why, hint=_("Correct the list itself, or tell the rows apart.")
        )
    seen = _as_seen(opened, cells)
    says = _texts(opened.corrected, cells)
    cells = [cell for cell, now in zip(cells, says, strict=True) if not same_cell(now, cell.now)]
    drafts = draft(opened.plain, opened.identifier, cells)
    going = [each for each in drafts if same_cell(each.was, each.now)]
    staying = [each for each in drafts if not same_cell(each.was, each.now)]

    def undone(journal: Journal) -> Iterator[int]:
        for each in journal.standing:
            if any((each.draft.key, each.draft.column) == (it.key, it.column) for it in going):
                yield each.number

    append(opened.mailing.corrections, lambda _: staying, undo=undone, workbook=digest)
    return Taken(seen, ignored, workbook, len(cells), read_as)


def _same_name(one: str, other: str) -> bool:
    """Whether two names differ in capitals, accents and punctuation alone."""
    return folded(column_name(one)) == folded(column_name(other))


def _apart(opened: OpenedList, cells: Sequence[Cell]) -> tuple[list[Cell], tuple[Ignored, ...]]:
    """Those of cells whose rows can be told from all others of the list, and what is said of the
    others."""
    drafts = draft(opened.plain, opened.identifier, cells)
    probes = [Correction(0, 0, each, datetime.min, "") for each in drafts]
    kept: list[Cell] = []
    alike: list[Ignored] = []
    for cell, fit in zip(cells, fits(opened.plain, probes), strict=True):
        if fit.row == cell.row:
            kept.append(cell)
        else:
            why = _(
                "Row {row} of the list is the same as another one: it cannot be corrected.",
                row=cell.row,
            )
            alike.append(Ignored(cell.row, cell.column, why))
    return kept, tuple(alike)


def _as_seen(opened: OpenedList, cells: Sequence[Cell]) -> tuple[Corrected, ...]:
    before = _texts(opened.corrected, cells)
    return _seen(opened, cells, before, [cell.now for cell in cells])


def _texts(recipients: RecipientList, cells: Sequence[Cell]) -> list[str]:
    labels = Labels(recipients.columns)
    rows = cells_of(recipients.rows, labels, [cell.row for cell in cells])
    found = []
    for cell in cells:
        column = labels.find(cell.column)
        found.append(rows[cell.row][labels.of(column)] if column else "")
    return found


def _seen(
    opened: OpenedList, cells: Sequence[Cell], before: Sequence[str], now: Sequence[str]
) -> tuple[Corrected, ...]:
    found: list[Corrected] = []
    for cell, was, becomes in zip(cells, before, now, strict=True):
        column = opened.column(cell.column)
        if not same_cell(was, becomes):
            texts = opened.shown(column, was), opened.shown(column, becomes)
            found.append(Corrected(cell.row, opened.labels.of(column), *texts))
    return tuple(sorted(found, key=lambda each: (each.row, each.column)))
