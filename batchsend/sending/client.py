"""Client: one request, and its answer or why there is none. httpx over aiohttp's connections.

Knows nothing of retrying, pacing or the journal; it only says, for sure, whether a letter left.
httpx's own pool costs up to ten times the CPU at 64 connections. Its client, which would add
cookies, redirects and defaults of its own, is not between us and the transport.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError
from httpx_aiohttp import AiohttpTransport

from batchsend.errors import SendingError, SettingsError, in_short
from batchsend.language import _
from batchsend.sending.credentials import Credentials
from batchsend.sending.responses import Answer, NoAnswer
from batchsend.sending.settings import SendSettings
from batchsend.sending.texts_from_outside import fit_to_show
from batchsend.version import __version__

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read: a 202 has fewer than 200."""
BODY_PATIENCE = 15.0
"""Seconds to wait for an answer's body once its status has come: a 202 has to name the letter."""
KEEP_ALIVE = 4.0
"""Seconds a connection is kept for the next letter. Common servers drop idle ones after 5 and
more; one that is dropped just as a letter leaves on it puts that letter in doubt."""

_HEADERS = {
    "User-Agent": f"batchsend/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}

Departure = Callable[[], Awaitable[bool]]
"""Waits until a request may leave; False when it may not after all."""


class _Leaving:
    """One request on its way to the wire."""

    __slots__ = ("connecting", "deadline", "departure", "more_came", "timeout")

    def __init__(self, departure: Departure, deadline: asyncio.Timeout, timeout: float) -> None:
        self.departure = departure
        self.deadline = deadline
        self.timeout = timeout
        self.connecting = False
        """Only while this is true is it certain that nothing of the request has left."""
        self.more_came = False
        """Whether another answer stood behind the one to this request."""


class _Withheld(Exception):  # noqa: N818 - not an error
    """The request was not let go; it has not left."""


_leaving: ContextVar[_Leaving] = ContextVar("_leaving")


class Client:
    """Connections to one API, used as an async context manager."""

    def __init__(self, settings: SendSettings, credentials: Credentials) -> None:
        self._settings = settings
        self._transport = _transport(settings, credentials)
        timeout = httpx.Timeout(None, connect=settings.connect_timeout)
        self._extensions = {"timeout": timeout.as_dict()}

    async def __aenter__(self) -> Client:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def request(
        self,
        method: str,
        url: httpx.URL | str,
        body: bytes,
        headers: Mapping[str, str],
        departure: Departure,
    ) -> Answer | NoAnswer | None:
        """Send one request, once. It leaves when it has its connection and `departure` lets it.

        Whatever the network does is told by what comes back; it raises nothing for that. None
        means that `departure` did not let it go.
        """
        request = httpx.Request(
            method,
            url,
            content=body,
            headers={**_HEADERS, **headers},
            extensions=self._extensions,
        )
        # For the name, the connection and TLS; from then on `_Gate` sets it.
        deadline = asyncio.timeout(2 * self._settings.connect_timeout)
        leaving = _Leaving(departure, deadline, self._settings.timeout)
        _leaving.set(leaving)
        try:
            async with deadline:
                response = await self._transport.handle_async_request(request)
                if not deadline.expired():
                    deadline.reschedule(None)
            try:
                answer = await _read(response)
            finally:
                await _close(response)
        except _Withheld:
            return None
        except Exception as error:
            if leaving.connecting:
                return _not_sent(error)
            # Whatever it was, a bug included: the letter may have arrived.
            return NoAnswer(not _cut_short(error), _in_words(error))
        if leaving.more_came and answer.status != HTTPStatus.ACCEPTED:  # that one names its letter
            return NoAnswer(left=True, message=_("Two answers came to one request."))
        return answer


class _Gate(aiohttp.TCPConnector):
    """Connections that requests get only when they may leave.

    Here the pace is exact, whatever connecting took, and here a letter stops being certain not to
    have left: the next thing that happens is that its first byte is written.
    """

    async def connect(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> aiohttp.connector.Connection:
        leaving = _leaving.get()
        leaving.connecting = True
        connection = await super().connect(req, traces, timeout)
        try:
            if leaving.deadline.expired():
                raise TimeoutError
            leaving.deadline.reschedule(None)
            let_go = await leaving.departure()
        except BaseException:
            connection.close()
            raise
        if not let_go:
            connection.release()
            raise _Withheld
        leaving.deadline.reschedule(asyncio.get_running_loop().time() + leaving.timeout)
        if not _fresh(connection):
            connection.close()
            connection = await super().connect(req, traces, timeout)
        leaving.connecting = False
        return connection


def _fresh(connection: aiohttp.connector.Connection) -> bool:
    """Whether the other side left it open and silent while we waited: an answer that is there
    before its request is none, and would be taken for this letter's."""
    protocol = connection.protocol
    return protocol is not None and protocol.is_connected() and not protocol.should_close


class _Response(aiohttp.ClientResponse):
    """An answer whose connection is closed after a 101, which we never asked for: aiohttp would
    take what follows for the answer to the next letter (docs/upstream.md). Where one more has come
    with it, nobody can tell which of them belongs to this letter."""

    async def start(self, connection: aiohttp.connector.Connection) -> aiohttp.ClientResponse:
        protocol = connection.protocol  # by the end of this it may be back in the pool
        answer = await super().start(connection)
        if answer.status < HTTPStatus.OK and protocol is not None:
            protocol.close()
        _leaving.get().more_came = protocol is not None and bool(protocol._buffer)
        return answer


async def _read(response: httpx.Response) -> Answer:
    body = bytearray()
    complete = False
    with contextlib.suppress(*_FAILURES):  # the status has come: an answer, if half of one
        async with asyncio.timeout(BODY_PATIENCE):
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    break
            else:
                complete = "content-encoding" not in response.headers
    # What was compressed, though we ask for it plain, says nothing to anybody.
    said = b"" if "content-encoding" in response.headers else bytes(body[:LARGEST_ANSWER])
    return Answer(response.status_code, response.headers, said, complete)


async def _close(response: httpx.Response) -> None:
    with contextlib.suppress(*_FAILURES):
        await response.aclose()


_FAILURES = (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError, TimeoutError)


def _not_sent(error: Exception) -> Answer | NoAnswer:
    """What it means that a request got no connection. Raises what waiting would not put right."""
    cause = error.__cause__ or error
    if (
        isinstance(cause, aiohttp.ClientHttpProxyError)
        and cause.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
    ):
        raise SendingError(
            _("The proxy asks for a user name and password, or does not accept ours (407)."),
            hint=_("Set BATCHSEND_PROXY to http://user:password@host:port."),
        ) from None
    if isinstance(cause, aiohttp.ClientConnectorCertificateError):
        raise SendingError(
            _(
                "The API's certificate cannot be trusted: {fit_to_show}",
                fit_to_show=fit_to_show(str(cause)),
            ),
            hint=_(
                "Check the base_url. If a firewall stands in between, ask for its "
                "certificate authority's PEM file and set `ca_file` under [send]."
            ),
        ) from None
    if not isinstance(error, _FAILURES):
        raise error
    if isinstance(cause, TimeoutError):
        return NoAnswer(left=False, message=_("No connection in time."))
    if isinstance(cause, aiohttp.ClientConnectorError):
        number = cause.os_error.errno
        why = os.strerror(number) if number and number > 0 else cause.os_error.strerror
        message = _(
            "No connection to {host}:{port} ({why}).",
            host=cause.host,
            port=cause.port,
            why=why or _("no reason given"),
        )
        return NoAnswer(left=False, message=message)
    return NoAnswer(
        left=False, message=_("No connection ({cause}).", cause=str(cause) or type(cause).__name__)
    )


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


def _in_words(error: Exception) -> str:
    cause = error.__cause__ or error
    # Of a deadline that has passed, httpx-aiohttp passes on how aiohttp came to know of it.
    if isinstance(cause, (TimeoutError, asyncio.CancelledError)):
        return _("No answer came in time.")
    if isinstance(cause, HttpProcessingError):
        # aiohttp gives it the status 400, which no API has said (docs/upstream.md).
        return _("The answer is not HTTP ({message}).", message=cause.message)
    detail = str(cause) or type(cause).__name__
    return _("The connection was lost before an answer came ({detail}).", detail=detail)


def _transport(settings: SendSettings, credentials: Credentials) -> AiohttpTransport:
    context = _tls(settings, credentials)

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=_Gate(limit=settings.concurrency, keepalive_timeout=KEEP_ALIVE, ssl=context),
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=_Response,
            trust_env=False,
        )

    return AiohttpTransport(client=session, verify=context, proxy=_proxy(settings, credentials))


def _proxy(settings: SendSettings, credentials: Credentials) -> httpx.Proxy | None:
    address = credentials.proxy.get_secret_value() if credentials.proxy else settings.proxy
    if not address:
        return None
    try:
        url = httpx.URL(address)
        plain = url.copy_with(userinfo=b"")
        # As a header, since aiohttp is to drop the argument that httpx-aiohttp passes it.
        signed = {"Proxy-Authorization": _basic(url)} if url.userinfo else None
        return httpx.Proxy(plain, headers=signed)
    except (httpx.InvalidURL, ValueError):
        raise SettingsError(
            _("The proxy address is not a valid URL."), hint=_("It is written as http://host:port.")
        ) from None


def _basic(url: httpx.URL) -> str:
    return "Basic " + b64encode(f"{url.username}:{url.password}".encode()).decode("ascii")


def _tls(settings: SendSettings, credentials: Credentials) -> ssl.SSLContext:
    """Certificates are always verified; there is no switch."""
    if not settings.ca_file and not settings.client_certificate:
        return _usual_tls()
    try:
        context = (
            ssl.create_default_context(cafile=str(settings.ca_file))
            if settings.ca_file
            else httpx.create_ssl_context(trust_env=False)
        )
    except OSError as error:
        raise _unusable("ca_file", settings.ca_file, error) from error
    if settings.client_certificate:
        password = credentials.key_password
        try:
            context.load_cert_chain(
                settings.client_certificate,
                settings.client_key,
                # Never None: OpenSSL would ask at the terminal.
                password.get_secret_value() if password else "",
            )
        except OSError as error:
            raise _unusable("client_certificate", settings.client_certificate, error) from error
    return context


@cache
def _usual_tls() -> ssl.SSLContext:
    """Made once: reading all the authorities takes longer than sending ten letters."""
    return httpx.create_ssl_context(trust_env=False)


def _unusable(setting: str, path: Path | None, error: OSError) -> SettingsError:
    return SettingsError(
        _(
            "The {setting} {path} cannot be used: {reason}.",
            setting=setting,
            path=path,
            reason=in_short(error),
        )
    )
