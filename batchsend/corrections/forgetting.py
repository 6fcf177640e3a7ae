"""Forgetting the corrections of somebody's rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from batchsend.corrections.journal import (
    Key,
    read_journal,
    replace_lines,
    whole_lines,
    written_alone,
)
from batchsend.corrections.matching import same_cell, stored

Cells = Mapping[str, str]
"""A row as it was corrected: what stands in each column, by the column's label."""
_FORGOTTEN = json.dumps({"undo": []})
"""Stands in a line's place: lines are known by their numbers."""


def lines_about(path: Path, rows: Sequence[Cells]) -> tuple[str, ...]:
    """The lines that correct any of these rows. Raises SettingsError where they cannot be read."""
    lines = whole_lines(path)
    return tuple(lines[number - 1] for number in _about(path, rows))


def forget(path: Path, rows: Sequence[Cells]) -> int:
    """Empty the lines that correct any of these rows, and how many they were.

    Raises SettingsError where they cannot be read, OSError or TimeoutError where they cannot be
    written.
    """
    if not path.exists():
        return 0
    with written_alone(path):
        about = _about(path, rows)
        if about:
            lines = whole_lines(path)
            for number in about:
                lines[number - 1] = _FORGOTTEN
            replace_lines(path, lines)
        return len(about)


def _about(path: Path, rows: Sequence[Cells]) -> list[int]:
    """The numbers of the lines that are about them."""
    corrections = read_journal(path).corrections
    became: dict[Key, set[tuple[str, str, str]]] = {}
    for each in corrections:
        cell = (each.draft.column, stored(each.draft.was), stored(each.draft.now))
        became.setdefault(each.draft.key, set()).add(cell)
    theirs = {key for key, cells in became.items() if any(_is_of(key, cells, row) for row in rows)}
    return [each.number for each in corrections if each.draft.key in theirs]


def _is_of(key: Key, became: set[tuple[str, str, str]], row: Cells) -> bool:
    """Whether a row is the one of a key, of which some cells may have been corrected since."""
    return bool(key) and all(
        label in row
        and (same_cell(row[label], text) or (label, stored(text), stored(row[label])) in became)
        for label, text in key
    )
