"""corrections.jsonl: one line for each cell, read and written; and Correction, what such a line
says.

A new state of the file takes the place of the old one whole, so that what is entered together is
there together, and only while the writer holds the lock beside it. Its last line may be torn, as by
a program that copies it: then that line counts for nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from batchsend.errors import SettingsError, in_short
from batchsend.language import _
from batchsend.lists import Figure
from batchsend.system_user import system_user

Text = str
"""What a cell says; a number that its sheet shows otherwise is a `Figure`."""
Key = tuple[tuple[str, Text], ...]
"""What a row is known by: labels of columns, and what the list says there."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be kept of one cell."""

    key: Key
    column: str
    """Its label (see `Labels`)."""
    was: Text
    """What the list said when it was corrected."""
    now: Text


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the journal that corrects a cell."""

    number: int
    """Of its line, from 1."""
    taking: int
    """Lines that were entered together share one, counted from 1."""
    draft: Draft
    at: datetime
    by: str
    """Which user of the system entered it."""


@dataclass(frozen=True, slots=True)
class Journal:
    """All that corrections.jsonl says."""

    corrections: tuple[Correction, ...] = ()
    """All that were ever entered, in order."""
    undone: frozenset[int] = frozenset()
    """The numbers of those that are undone."""
    workbooks: frozenset[str] = frozenset()
    """SHA-256 of each workbook that was taken, hexadecimal."""
    lines: int = 0

    @property
    def standing(self) -> tuple[Correction, ...]:
        """Those that are not undone, in order."""
        return tuple(each for each in self.corrections if each.number not in self.undone)

    @property
    def in_force(self) -> tuple[Correction, ...]:
        """The last for each cell and what it said, of those that are not undone."""
        last = {
            (_bare(each.draft.key), each.draft.column, _stored(each.draft.was)): each
            for each in self.standing
        }
        return tuple(sorted(last.values(), key=lambda each: each.number))

    @property
    def last_taking(self) -> tuple[Correction, ...]:
        """What was entered together last and is not undone."""
        standing = self.standing
        return tuple(each for each in standing if each.taking == standing[-1].taking)


def _bare(key: Key) -> tuple[tuple[str, str], ...]:
    return tuple((label, _stored(text)) for label, text in key)


def _stored(text: Text) -> str:
    return text.stored if isinstance(text, Figure) else text


_WAIT = 30  # seconds; a writer holds the lock for a moment only


@contextmanager
def written_alone(path: Path) -> Iterator[None]:
    """While nobody else writes the file. Raises OSError, or TimeoutError where somebody does."""
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=_WAIT, mode=0o600):
        yield


def whole_lines(path: Path) -> list[str]:
    """The lines of the file, none where it is not there; without a last one that is torn.

    Raises SettingsError where it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        text = _without_torn_end(path, error)
    except OSError as error:
        raise SettingsError(
            _("{path} cannot be read: {reason}.", path=path, reason=in_short(error))
        ) from error
    *lines, torn = text.split("\n")
    lines = [line.rstrip("\r") for line in lines]
    if torn.strip() and _is_whole(torn):  # somebody has taken off the end of the last line
        lines.append(torn)
    return lines


def _without_torn_end(path: Path, error: UnicodeDecodeError) -> str:
    """The text up to its last whole line, where only the end is no UTF-8."""
    whole, _other, torn = error.object.rpartition(b"\n")
    if error.start <= len(whole) or not torn:
        raise SettingsError(
            _("{path} cannot be read: it is not text in UTF-8.", path=path),
            hint=_("Put it back as it was; batchsend alone writes it."),
        ) from error
    return whole.decode("utf-8-sig", "replace") + "\n"


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def replace_lines(path: Path, lines: Iterable[str]) -> None:
    """Put these lines in the place of the file, whole. Raises OSError."""
    content = "".join(f"{line}\n" for line in lines).encode()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    with suppress(OSError):  # Windows opens no folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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
