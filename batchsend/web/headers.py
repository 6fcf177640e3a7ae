"""Headers: what every answer tells the browser not to do."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
"""Nothing inline, nothing from elsewhere, no text that becomes markup (CSP level 3)."""
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def content_policy(parts: dict[str, str] | None = None) -> str:
    """The value of Content-Security-Policy; `parts` take the place of parts of POLICY."""
    whole = {**POLICY, **(parts or {})}
    return "; ".join(f"{key} {value}" for key, value in whole.items())


class Headers:
    """An ASGI application whose answers have them. `policy` takes the place of parts of POLICY."""

    def __init__(self, app: ASGIApp, policy: dict[str, str] | None = None) -> None:
        self._app = app
        self._headers = {**ALWAYS, "content-security-policy": content_policy(policy)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)
