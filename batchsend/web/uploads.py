"""Uploads: a dropped file, streamed to disk, never longer than it may be.

The page sends a file as the body of a request and nothing else, so that there is nothing to take
apart; what the file is called is no more than a text.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from starlette.requests import Request

NAME = "x-batchsend-name"
LONGEST_NAME = 120
_ODD = frozenset('<>:"/\\|?*')


class TooLargeError(Exception):
    """The file is larger than it may be; none of it is kept."""


async def save_upload(request: Request, place: Path, *, most: int) -> int:
    """Write the body of a request to a new file; its bytes. Raises TooLargeError, OSError."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise TooLargeError
    size = 0
    try:
        with place.open("xb") as file:
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    raise TooLargeError
                file.write(piece)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return size


def name_of_upload(request: Request) -> str:
    """What the file is called, as a file may be called here: no folder, nothing hidden or odd."""
    return safe_name(unquote(request.headers.get(NAME, "")))


def safe_name(given: str) -> str:
    """A name for a file of ours, made of what somebody calls theirs.

    >>> safe_name("../../Leietakere 2026.xlsx"), safe_name("C:\\\\lists\\\\a.csv"), safe_name("..")
    ('Leietakere 2026.xlsx', 'a.csv', 'file')
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in _ODD).strip(" .")
    stem, dot, kind = kept.rpartition(".")
    if not dot:
        return kept[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - 10]}.{kind[:9]}"
