"""corrections.jsonl: one line for each cell, read and written.

A new state of the file takes the place of the old one whole, so that what is entered together is
there together, and only while the writer holds the lock beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from batchsend.corrections.correction import Correction, Draft, Journal, Text
from batchsend.corrections.lines import replace_lines, whole_lines, written_alone
from batchsend.errors import SettingsError, in_short
from batchsend.language import _
from batchsend.lists import Figure
from batchsend.system_user import system_user

Entry = Mapping[str, object]
"""What one line says, without when and by whom."""


def read_journal(path: Path) -> Journal:
    """What the file says; an empty journal where there is none.

    Raises SettingsError where it cannot be read, naming the line.
    """
    return _understood(path, whole_lines(path))


def append(
    path: Path,
    drafts: Callable[[Journal], Iterable[Draft]],
    *,
    undo: Callable[[Journal], Iterable[int]] = lambda _: (),
    workbook: str = "",
) -> Journal:
    """Enter corrections, undo others by their numbers, and note which workbook was taken, by its
    SHA-256; the journal as it is then.

    All are asked of the journal as it is under the lock, and nothing is written where there is
    nothing to enter. Raises SettingsError where the file cannot be read or written.
    """
    try:
        with written_alone(path):
            old = whole_lines(path)
            before = _understood(path, old)
            new = _entries(before, drafts(before), undo(before), workbook)
            if not new:
                return before
            lines = [*old, *new]
            replace_lines(path, lines)
            return _understood(path, lines)
    except (OSError, TimeoutError) as error:
        raise SettingsError(
            _(
                "{path} cannot be written: {reason}. Nothing was corrected.",
                path=path,
                reason=in_short(error),
            ),
            hint=_("Close it where it is open, or make room, and run the same command again."),
        ) from error


def _entries(
    before: Journal, drafts: Iterable[Draft], undo: Iterable[int], workbook: str
) -> list[str]:
    taking = 1 + max((each.taking for each in before.corrections), default=0)
    entries: list[dict[str, object]] = []
    if undone := sorted(set(undo) - before.undone):
        entries.append({"undo": undone})
    entries += [
        {
            "taking": taking,
            "key": [[label, _as_json(text)] for label, text in each.key],
            "column": each.column,
            "was": _as_json(each.was),
            "now": _as_json(each.now),
        }
        for each in drafts
    ]
    if workbook and workbook not in before.workbooks:
        entries.append({"workbook": workbook})
    facts = {"at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "by": system_user()}
    return [json.dumps({**entry, **facts}, ensure_ascii=False) for entry in entries]


def _understood(path: Path, lines: Iterable[str]) -> Journal:
    corrections: list[Correction] = []
    undone: set[int] = set()
    workbooks: set[str] = set()
    number = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if "undo" in entry:
                undone.update(int(each) for each in entry["undo"])
            elif "workbook" in entry:
                workbooks.add(str(entry["workbook"]))
            else:
                corrections.append(_correction(number, entry))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise SettingsError(
                _("{path}, line {number} cannot be understood.", path=path, number=number),
                hint=_(
                    "Put it back as it was, or take that line out: then its cell is not corrected."
                ),
            ) from error
    return Journal(tuple(corrections), frozenset(undone), frozenset(workbooks), number)


def _correction(number: int, entry: Mapping[str, Any]) -> Correction:
    return Correction(
        number=number,
        taking=int(entry["taking"]),
        draft=Draft(
            key=tuple((str(label), _text(text)) for label, text in entry["key"]),
            column=str(entry["column"]),
            was=_text(entry["was"]),
            now=_text(entry["now"]),
        ),
        at=datetime.fromisoformat(entry["at"]),
        by=str(entry["by"]),
    )


def _as_json(text: Text) -> object:
    if isinstance(text, Figure):
        return {"shown": str(text), "stored": text.stored}
    return text


def _text(value: object) -> Text:
    match value:
        case str():
            return value
        case {"shown": str(shown), "stored": str(stored)}:
            return Figure(shown, stored)
    raise ValueError(value)
