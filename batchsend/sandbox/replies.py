"""Reply: an HTTP answer as plain data, and how ASGI sends one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

JSON = (b"content-type", b"application/json")
# Pages of others may neither show nor read what is ours, nor may a cache keep it.
OURS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Forms tell where they come from only under a policy that lets addresses be told to ourselves.
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
PAGE: Headers = (
    (b"content-type", b"text/html; charset=utf-8"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        b"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    *OURS,
)
FILE: Headers = (
    # The second part is for the viewer that a browser makes a page of itself.
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
    ),
    *OURS,
)
EVENTS: Headers = ((b"content-type", b"text/event-stream"), *OURS)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers, body, and whether it says that the letter was taken."""

    status: int
    headers: Headers
    body: bytes
    taken: bool = False

    @classmethod
    def json(cls, status: int, content: Any, *, taken: bool = False) -> Reply:
        """`content` as JSON."""
        return cls(status, (JSON,), orjson.dumps(content), taken)

    @classmethod
    def record(cls, content: Any) -> Reply:
        """The same for what was received: nothing for pages of others to read."""
        return cls(200, (JSON, *OURS), orjson.dumps(content))

    @classmethod
    def page(cls, html: str, status: int = 200) -> Reply:
        """A page for a browser."""
        return cls(status, PAGE, html.encode())

    @classmethod
    def file(cls, kind: str, content: bytes, name: str = "") -> Reply:
        """A file for a browser to show; `name` is what it is called when it is saved."""
        shown = f'inline; filename="{name}"' if name else "inline"
        headers = (
            (b"content-type", kind.encode()),
            (b"content-disposition", shown.encode()),
            *FILE,
        )
        return cls(200, headers, content)

    @classmethod
    def see(cls, address: str) -> Reply:
        """Where to look next, after a form."""
        return cls(303, ((b"location", address.encode()), *OURS), b"")

    async def send(self, send: Send) -> None:
        """Hand it to the server."""
        length = (b"content-length", str(len(self.body)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [*self.headers, length],
            }
        )
        await send({"type": "http.response.body", "body": self.body})
