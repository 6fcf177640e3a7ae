"""The lines of corrections.jsonl, read and replaced; what they mean is not known here.

Its last line may be torn, as by a program that copies it: then that line counts for nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from batchsend.errors import SettingsError, in_short
from batchsend.language import _

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
