"""LetterFiles: the letters the sandbox took, as a PDF and a JSON file each, the newest ones; and a
folder of them cleared of what earlier rehearsals left.

Knows nothing of HTTP. The files hold personal data: only their owner can read them.
"""

from __future__ import annotations

import contextlib
import os
import re
from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import orjson

from batchsend.errors import BatchsendError
from batchsend.sandbox.checking import TakenLetter
from batchsend.text import file_stem

MOST = 1_000
"""Letters kept; 1,000 of them are about 40 MB."""
OURS = re.compile(r"([0-9]{6,})(?:-[A-Za-z0-9._-]+)?\.pdf")
FIELDS = re.compile(r"[0-9]{6,}(?:-[A-Za-z0-9._-]+)?\.json")
BINARY = getattr(os, "O_BINARY", 0)  # only Windows has it, and needs it


class LetterFiles:
    """A folder of letters. Numbers go on from those an earlier sandbox left there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.trouble = ""
        """Why letters are no longer kept, if they are not."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = {int(m[1]): p for p in folder.iterdir() if (m := OURS.fullmatch(p.name))}
        except OSError as error:
            raise BatchsendError(
                f"The sandbox cannot keep its letters in {folder}: {error.strerror or error}."
            ) from error
        self._kept = deque(found[number] for number in sorted(found))
        self._number = max(found, default=0)

    def kept(self) -> Iterator[tuple[Path, bytes, float]]:
        """The letters that are there, oldest first: the PDF, the fields, and when they came."""
        for pdf in list(self._kept):
            with contextlib.suppress(OSError):
                yield pdf, pdf.with_suffix(".json").read_bytes(), pdf.stat().st_mtime

    def add(self, letter: TakenLetter) -> Path | None:
        """Write one letter, and drop the oldest when there are too many; where its PDF is.

        A full disk ends the keeping, not the taking: the letters are a convenience.
        """
        if self.trouble:
            return None
        self._number += 1
        pdf = self._folder / f"{file_name(self._number, letter.identifier)}.pdf"
        try:
            _write(pdf, b64decode(letter.free_text))
            _write(pdf.with_suffix(".json"), letter.fields)
        except OSError as error:
            self.trouble = str(error.strerror or error)
            return None
        self._kept.append(pdf)
        while len(self._kept) > MOST:
            oldest = self._kept.popleft()
            for path in (oldest, oldest.with_suffix(".json")):
                with contextlib.suppress(OSError):
                    path.unlink()
        return pdf


def letter_files(folder: Path) -> list[Path]:
    """The files in a folder that are named as the sandbox names its letters."""
    return [
        path
        for path in folder.glob("*")
        if path.is_file() and (OURS.fullmatch(path.name) or FIELDS.fullmatch(path.name))
    ]


def file_name(number: int, identifier: str) -> str:
    """A name every file system takes, whatever an identifier holds, and never two the same.

    >>> file_name(7, "../rent 1")
    '000007-rent-1'
    """
    plain = file_stem(identifier)
    return f"{number:06}-{plain}" if plain else f"{number:06}"


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)


def keep_letters(folder: Path, identifiers: AbstractSet[str]) -> None:
    """Remove the letters that a sandbox wrote to a folder, but for those of `identifiers`.

    Whatever else is there stays, and so does what cannot be removed: the letters are a convenience.
    """
    for fields in letter_files(folder):
        if fields.suffix != ".json":
            continue
        with contextlib.suppress(OSError, orjson.JSONDecodeError, LookupError, TypeError):
            if orjson.loads(fields.read_bytes())["Identifier"] not in identifiers:
                # In this order: a letter half removed is still known by its fields.
                fields.with_suffix(".pdf").unlink(missing_ok=True)
                fields.unlink()
