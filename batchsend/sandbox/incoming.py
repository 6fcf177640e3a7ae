"""What a request brings: its body, of bounded size, and the fields of a form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

LARGEST_BODY = 32 * 1024 * 1024


def fields_of(form: bytes) -> dict[str, str]:
    """The values of a form as browsers send it; none where it cannot be read."""
    try:
        return dict(parse_qsl(form.decode(), keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


async def body_of(receive: Receive) -> bytes | None:
    """The request's body; empty when the client went away, None when it is too large."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(pieces)
