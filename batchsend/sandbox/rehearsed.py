"""keep_letters: a folder of letters cleared of those that earlier rehearsals left there."""

from __future__ import annotations

import contextlib
from collections.abc import Set as AbstractSet
from pathlib import Path

import orjson

from batchsend.sandbox.letterfiles import letter_files


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
