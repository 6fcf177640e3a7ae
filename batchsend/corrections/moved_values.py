"""A column of a returned workbook that was sorted alone: its values stand in others' rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from batchsend.corrections.matching import Labels, cells_of
from batchsend.corrections.returned_workbook import Change
from batchsend.errors import SettingsError
from batchsend.language import _, joined
from batchsend.lists import RecipientList

_TOLD = 3
"""That many values are in one another's rows by no chance."""
_SHOWN = 5
"""Rows that are named."""


def must_be_nobody_elses(path: Path, changed: Sequence[Change], recipients: RecipientList) -> None:
    """Raise SettingsError where a column of the workbook at `path` has its values in other rows of
    the list, and something else of these rows stayed where it was.

    Whoever exchanges two values may mean it; whoever sorts whole rows takes everything along.
    """
    labels = Labels(recipients.columns)
    for column in dict.fromkeys(change.column for change in changed):
        of_it = [change for change in changed if change.column == column]
        befores = sorted(change.before for change in of_it)
        if befores != sorted(change.now for change in of_it) or len(set(befores)) < _TOLD:
            continue
        numbers = [change.row for change in of_it]
        touched = {labels.of(each.column) for each in changed if each.row in numbers}
        rows = cells_of(recipients.rows, labels, numbers).values()
        if any(len({cells[label] for cells in rows}) > 1 for label in {*labels.all} - touched):
            raise _sorted_alone(path, labels.of(column), sorted(numbers))


def _sorted_alone(path: Path, column: str, rows: Sequence[int]) -> SettingsError:
    return SettingsError(
        _(
            "In {path} the rows {rows} of the list have one another's values in the column "
            "{column}, and not in others, as when a column is sorted alone. Recipients would get "
            "one another's data, so nothing of the workbook is used.",
            path=path,
            rows=joined([str(row) for row in rows[:_SHOWN]]),
            column=column,
        ),
        hint=_(
            "Undo the sorting, and save the workbook again. Where it is meant, correct each cell "
            "by itself, with batchsend correct and --row."
        ),
    )
