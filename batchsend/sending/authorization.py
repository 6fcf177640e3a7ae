"""Authorization headers: none, a fixed token, or one that is fetched and renewed (OAuth 2).

Knows nothing of letters. Tokens live in memory only.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import Protocol
from urllib.parse import urlencode

import orjson
from pydantic import SecretBytes, SecretStr

from batchsend.errors import SendingError, SettingsError
from batchsend.language import _
from batchsend.sending.address import safe_address
from batchsend.sending.client import Client
from batchsend.sending.credentials import Credentials
from batchsend.sending.responses import Answer, NoAnswer
from batchsend.sending.settings import SendSettings
from batchsend.sending.texts_from_outside import explanation, fit_to_show

EARLY = 30.0
"""Seconds before its end that a token is renewed."""
TRUSTED = 60.0
"""Seconds after a refusal in which the token fetched for it is not read as stale."""
USUAL_LIFE = 300.0
"""Seconds a token is used for whose end is not told."""


class Unreachable(Exception):  # noqa: N818 - a state of the world, no mistake
    """The token server gave no usable answer just now; it may later."""


class Authorization(Protocol):
    """What a request carries to say who we are."""

    async def header(self) -> dict[str, str]:
        """The header; raises Unreachable or SendingError."""
        ...

    def refused(self, header: dict[str, str]) -> bool:
        """The API refused this header (401): whether another is worth trying."""
        ...


def authorization(
    settings: SendSettings, credentials: Credentials, client: Client
) -> Authorization:
    """The kind that `[send.auth]` names. Raises SettingsError when its secrets are not set."""
    auth = settings.auth
    if auth.kind == "none":
        return _Fixed({})
    if auth.kind == "bearer":
        if credentials.bearer_token is None:
            raise _missing("bearer_token", "BATCHSEND_BEARER_TOKEN")
        return _Fixed({"Authorization": f"Bearer {credentials.bearer_token.get_secret_value()}"})
    if credentials.client_id is None:
        raise _missing("client_id", "BATCHSEND_CLIENT_ID")
    if credentials.client_secret is None:
        raise _missing("client_secret", "BATCHSEND_CLIENT_SECRET")
    if auth.token_url is None:
        raise SettingsError(_("[send.auth] of kind client_credentials needs a token_url."))
    safe_address(auth.token_url, insecure_http=settings.insecure_http, what="token_url")
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials.client_id.get_secret_value(),
        "client_secret": credentials.client_secret.get_secret_value(),
    }
    if auth.scope:
        form["scope"] = auth.scope
    return _Renewed(auth.token_url, SecretBytes(urlencode(form).encode()), credentials, client)


def _missing(what: str, variable: str) -> SettingsError:
    return SettingsError(
        _("[send.auth] asks for a {what}, but none is set.", what=what),
        hint=_(
            "Set {variable} in the environment or in the .env file beside the mailing.",
            variable=variable,
        ),
    )


class _Fixed:
    def __init__(self, header: dict[str, str]) -> None:
        self._header = header

    async def header(self) -> dict[str, str]:
        return self._header

    def refused(self, header: dict[str, str]) -> bool:
        return header is not self._header


class _Renewed:
    """Client credentials (RFC 6749, 4.4), the secrets in the form as the provider documents."""

    def __init__(
        self, url: str, form: SecretBytes, credentials: Credentials, client: Client
    ) -> None:
        self._url = url
        self._form = form
        self._secrets = credentials.texts()
        self._client = client
        self._header: dict[str, str] = {}
        self._until = -math.inf
        self._refused_at = -math.inf
        self._fetching = asyncio.Lock()

    async def header(self) -> dict[str, str]:
        async with self._fetching:
            if time.monotonic() >= self._until:
                token, life = await self._fetch()
                self._header = {"Authorization": f"Bearer {token.get_secret_value()}"}
                self._until = time.monotonic() + max(life - EARLY, life / 2)
        return self._header

    def refused(self, header: dict[str, str]) -> bool:
        if header is not self._header:
            return True  # it has been renewed since, for another letter
        now = time.monotonic()
        if now - self._refused_at < TRUSTED:
            return False  # the fresh token is refused like the one before: it is not the token
        self._refused_at = now
        self._header, self._until = {}, -math.inf
        return True

    async def _fetch(self) -> tuple[SecretStr, float]:
        reply = await self._client.request(
            "POST",
            self._url,
            self._form.get_secret_value(),
            {"Content-Type": "application/x-www-form-urlencoded"},
            _at_once,
        )
        if reply is None or isinstance(reply, NoAnswer):
            said = reply.message if reply else ""
            raise Unreachable(_("The token server cannot be reached. {said}", said=said).strip())
        if reply.status in {408, 425, 429} or reply.status >= 500:
            raise Unreachable(_("The token server answered {status}.", status=reply.status))
        if reply.status != 200:
            said = fit_to_show(explanation(reply.body), self._secrets)
            raise SendingError(
                _(
                    "The token server refused our client credentials ({status}): {said}",
                    status=reply.status,
                    said=said,
                ),
                hint=_("Check BATCHSEND_CLIENT_ID, BATCHSEND_CLIENT_SECRET and token_url."),
            )
        return _token(reply)


def _token(answer: Answer) -> tuple[SecretStr, float]:
    """The token and the seconds it lives. Nothing of the body may reach an error: it is secret."""
    try:
        body = orjson.loads(answer.body)
        token = body["access_token"]
        life = float(body.get("expires_in") or USUAL_LIFE)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        token, life = None, 0.0
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise SendingError(
            _("The token server's answer holds no access_token that can be read."),
            hint=_("Check token_url: it may be the address of something else."),
        )
    return SecretStr(token), min(max(life, 1.0), 86_400.0)


async def _at_once() -> bool:
    return True
