"""What a request says of itself: its headers, its query, its body, and whose page it comes from.

A browser on this machine also shows pages of others; none of them may read the sandbox or tell it
what to do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

LARGEST_BODY = 32 * 1024 * 1024
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def header(scope: Scope, name: bytes) -> str:
    """A header's value; empty where there is none."""
    return next((v.decode("latin-1") for key, v in scope["headers"] if key == name), "")


def asked_locally(scope: Scope) -> bool:
    """Whether the request names this machine: a page elsewhere may point its own name here."""
    host = header(scope, b"host")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name in LOCAL_NAMES


def from_our_page(scope: Scope) -> bool:
    """Whether a form was sent by a page of the sandbox itself."""
    return header(scope, b"origin") == f"http://{header(scope, b'host')}"


def query(scope: Scope) -> dict[str, str]:
    """The values after the question mark."""
    return fields_of(scope.get("query_string", b""))


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
