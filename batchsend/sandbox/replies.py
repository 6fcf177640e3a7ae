"""Reply: an HTTP answer as plain data, and how ASGI sends one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson

__all__ = ["Reply"]

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
JSON = (b"content-type", b"application/json")
# The page brings all it needs with it; nothing is fetched, no script runs, PDFs are shown within.
PAGE = (
    (b"content-type", b"text/html; charset=utf-8"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; object-src 'self'; "
        b"frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, headers, body, and whether it says that the letter was taken."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    taken: bool = False

    @classmethod
    def json(cls, status: int, content: Any, *, taken: bool = False) -> Reply:
        """`content` as JSON."""
        return cls(status, (JSON,), orjson.dumps(content), taken)

    @classmethod
    def page(cls, html: str) -> Reply:
        """A page for a browser."""
        return cls(200, PAGE, html.encode())

    @classmethod
    def pdf(cls, content: bytes) -> Reply:
        """A PDF, to be shown in a page of ours."""
        return cls(
            200,
            (
                (b"content-type", b"application/pdf"),
                (b"content-disposition", b"inline"),
                (b"x-content-type-options", b"nosniff"),
                (b"cache-control", b"no-store"),
            ),
            content,
        )

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
