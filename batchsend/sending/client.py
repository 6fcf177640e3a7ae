"""Client: one request and what came of it. httpx's API over aiohttp's connections.

Knows nothing of retrying, pacing or the journal; it only says, for sure, whether a letter left.
httpx's own pool costs up to ten times the CPU at 64 connections.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from batchsend import __version__
from batchsend.errors import SettingsError
from batchsend.sending.answers import Answer, NoAnswer
from batchsend.sending.credentials import Credentials
from batchsend.sending.settings import SendSettings

__all__ = ["Client"]

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read: a 202 has fewer than 200."""
KEEP_ALIVE = 4.0
"""Seconds a connection is kept for the next letter. Common servers drop idle ones after 5 and
more; one that is dropped just as a letter leaves on it puts that letter in doubt."""

Departure = Callable[[], Awaitable[bool]]
"""Waits until a request may leave; False when it may not after all."""


class _Leaving:
    """One request on its way to the wire."""

    __slots__ = ("deadline", "departure", "left", "timeout")

    def __init__(self, departure: Departure, deadline: asyncio.Timeout, timeout: float) -> None:
        self.departure = departure
        self.deadline = deadline
        self.timeout = timeout
        self.left = False


class _Withheld(Exception):  # noqa: N818 - not an error
    """The request was not let go; it has not left."""


_leaving: ContextVar[_Leaving] = ContextVar("_leaving")


class Client:
    """Connections to one API, used as an async context manager.

    `transport` replaces the network in tests, as httpx intends.
    """

    def __init__(
        self,
        settings: SendSettings,
        credentials: Credentials,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._http = httpx.AsyncClient(
            transport=transport or _transport(settings, credentials),
            timeout=httpx.Timeout(
                connect=settings.connect_timeout, read=settings.timeout, write=None, pool=None
            ),
            headers={
                "User-Agent": f"batchsend/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
            follow_redirects=False,
            trust_env=False,
        )
        self._http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def __aenter__(self) -> Client:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._http.__aexit__(kind, error, trace)

    async def post(
        self, url: str, body: bytes, headers: dict[str, str], departure: Departure
    ) -> Answer | NoAnswer | None:
        """Send `body` once. It leaves when it has its connection and `departure` lets it.

        Whatever the network does is told by what comes back; it raises nothing for that. None
        means that `departure` did not let it go.
        """
        settings = self._settings
        try:
            async with asyncio.timeout(2 * settings.connect_timeout) as deadline:
                leaving = _Leaving(departure, deadline, settings.timeout)
                _leaving.set(leaving)
                request = self._http.build_request("POST", url, content=body, headers=headers)
                response = await self._http.send(request, stream=True)
                try:
                    return await _read(response)
                finally:
                    await _close(response)
        except _FAILURES as error:
            return NoAnswer(leaving.left and not _cut_short(error), _in_words(error, leaving.left))
        except _Withheld:
            return None


async def _let_go(_session: Any, _context: Any, _params: Any) -> None:
    """aiohttp calls this when a request has its connection and before its first byte is written.

    Here the pace is exact, whatever connecting took, and here a letter stops being certain not to
    have left.
    """
    leaving = _leaving.get()
    leaving.deadline.reschedule(None)
    if not await leaving.departure():
        raise _Withheld
    leaving.deadline.reschedule(asyncio.get_running_loop().time() + leaving.timeout)
    leaving.left = True


async def _read(response: httpx.Response) -> Answer:
    body = bytearray()
    complete = False
    try:
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > LARGEST_ANSWER:
                break
        else:
            complete = "content-encoding" not in response.headers
    except _FAILURES:
        pass  # The status has arrived, and that is the answer.
    return Answer(response.status_code, response.headers, bytes(body[:LARGEST_ANSWER]), complete)


async def _close(response: httpx.Response) -> None:
    with contextlib.suppress(*_FAILURES):
        await response.aclose()


_FAILURES = (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError, TimeoutError)


def _cut_short(error: BaseException | None) -> bool:
    """Whether the request is certain to have been cut off before its end.

    aiohttp refuses to write to a connection that has been closed; what it had not written yet the
    API cannot have, and half a letter is none (RFC 9112, 8). All else that can happen once a
    request has begun to leave is in doubt: httpx-aiohttp calls even an answer that never came
    `ConnectTimeout`, so its classes are not asked.
    """
    while error is not None:
        if isinstance(error, aiohttp.ClientConnectionResetError):
            return str(error) == "Cannot write to closing transport"
        error = error.__cause__
    return False


def _in_words(error: BaseException, left: bool) -> str:
    cause = error.__cause__ or error
    if isinstance(error, TimeoutError | httpx.TimeoutException) and isinstance(cause, TimeoutError):
        return "No answer came in time." if left else "No connection in time."
    detail = str(cause) or type(cause).__name__
    if left:
        return f"The connection was lost before the answer came ({detail})."
    return f"No connection ({detail})."


def _transport(settings: SendSettings, credentials: Credentials) -> AiohttpTransport:
    context = _tls(settings, credentials)
    watched = aiohttp.TraceConfig()
    watched.on_request_headers_sent.append(_let_go)

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=settings.concurrency, keepalive_timeout=KEEP_ALIVE, ssl=context
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[watched],
            trust_env=False,
        )

    proxy = credentials.proxy.get_secret_value() if credentials.proxy else settings.proxy
    return AiohttpTransport(
        client=session, verify=context, proxy=httpx.Proxy(proxy) if proxy else None
    )


def _tls(settings: SendSettings, credentials: Credentials) -> ssl.SSLContext:
    """Certificates are always verified; there is no switch."""
    try:
        context = httpx.create_ssl_context(
            verify=ssl.create_default_context(cafile=str(settings.ca_file))
            if settings.ca_file
            else True,
            trust_env=False,
        )
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"The ca_file {settings.ca_file} cannot be used: {error}.") from error
    if settings.client_certificate:
        password = credentials.key_password
        try:
            context.load_cert_chain(
                settings.client_certificate,
                settings.client_key,
                password.get_secret_value() if password else "",
            )
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"The client_certificate {settings.client_certificate} cannot be used: {error}."
            ) from error
    return context
