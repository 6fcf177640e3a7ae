"""What the letter's script sends, and what it is told."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from batchsend.desk.editing import LetterSource
from batchsend.desk.screens.letter.file import LONGEST

_LARGEST = 4 * 1024 * 1024


async def read_json(request: Request) -> dict[str, Any]:
    """What a script of ours sent. Raises ValueError."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > _LARGEST:
            raise ValueError("too long")
        pieces.append(piece)
    found = json.loads(b"".join(pieces))
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def text_of(asked: dict[str, Any]) -> str:
    """The source of the letter that the page has now.

    The page sends the source it was made from and what became of it in the editor, so that it can
    be saved often and each time loses nothing. Raises NotADocumentError, ValueError.
    """
    text = asked.get("text")
    if text is None:
        base = asked.get("base")
        if not isinstance(base, str) or len(base) > LONGEST:
            raise ValueError("no letter")
        text = LetterSource.read(base).written(asked.get("doc"))
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ValueError("no text")
    return text


def refusal(said: str, status: int) -> Response:
    """Why something was not done, for a script of ours."""
    return JSONResponse({"said": said}, status)
