"""`[send]` of mailing.toml: where letters go, how fast, and when to give up. `[status]`: how the
API is asked what has become of one.

Knows nothing of secrets: those are `Credentials`, and never in this file.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from pydantic import Field, field_validator, model_validator

from batchsend.language import _
from batchsend.request import Recipient
from batchsend.sending.fallback import Fallback
from batchsend.sending.timetable import opening_hours
from batchsend.settings import Section

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class AuthSettings(Section):
    """How requests are authorised. The documented API asks for nothing: the subscription in the
    body is the credential."""

    kind: Literal["none", "bearer", "client_credentials"] = "none"
    """`bearer` sends a fixed token; `client_credentials` fetches one (OAuth 2) and renews it."""
    token_url: str | None = None
    """Where `client_credentials` fetches its token."""
    scope: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> AuthSettings:
        if self.kind == "client_credentials" and not self.token_url:
            raise ValueError(_("`client_credentials` needs a `token_url`"))
        return self


class SendSettings(Section):
    """Where letters are sent, how fast and how patiently."""

    base_url: str | None = None
    """The address the provider gave you; letters are posted to `send/letter` under it."""
    rate: Annotated[float, Field(gt=0, le=5_000)] = 10
    """Letters a second, retries included; never exceeded."""
    concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    """At most so many requests under way at once."""
    max_letters: Annotated[int, Field(ge=0)] | None = None
    """Letters that one run may send: a plan of more sends nothing."""
    max_cost: Annotated[Decimal, Field(ge=0, max_digits=12)] | None = None
    """What the letters of one run may cost by `[prices]`: a plan that costs more sends nothing."""
    approval: bool = False
    """Whether another user than the sender must have approved what is sent, with
    `batchsend approve`. A rehearsal needs nobody."""
    per_day: Annotated[int, Field(ge=1)] | None = None
    """Letters begun in one day at most; then the run waits for the next."""
    hours: str | None = None
    """`08:00-20:00`: letters leave between these times only; a run waits for them."""
    time_zone: str | None = None
    """Of `hours` and of the day, as `Europe/Oslo`; otherwise this machine's."""
    timeout: Seconds = 60
    """For the answer, from the moment the letter leaves."""
    connect_timeout: Seconds = 10
    attempts: Annotated[int, Field(ge=1, le=100)] = 6
    """Requests for one letter in one run."""
    retry_share: Annotated[float, Field(ge=0, le=10)] = 0.5
    """Of a run's letters, the share that may be repeats; beyond it no letter is tried again."""
    max_wait: Seconds = 600
    """How long the run waits for an API that takes no letters before it stops."""
    max_retry_after: Seconds = 300
    """The longest wait that an answer's Retry-After can ask of us."""
    stop_after: Annotated[int, Field(ge=1)] = 20
    """So many letters in a row that end badly in the same way stop the run."""
    repeats_are_refused: bool = False
    """True only if the provider has confirmed that an identifier sent twice makes one letter:
    then a letter whose answer was lost is sent again."""
    insecure_http: bool = False
    """Allows plain http to other machines: everything in the letters can be read on the way."""
    ca_file: Path | None = None
    """A PEM file of the authorities to trust in place of the usual ones."""
    client_certificate: Path | None = None
    """A PEM file with our certificate, and its key unless `client_key` names that."""
    client_key: Path | None = None
    proxy: str | None = None
    """`http://host:port`. One that needs a password is set as BATCHSEND_PROXY instead."""
    fallback: tuple[Fallback, ...] = ()
    """By which channel a letter goes that was refused, as `[[send.fallback]]` describes it."""
    auth: AuthSettings = AuthSettings()
    me: Recipient | None = None
    """Who gets the letter of `send --to-me`, in the words of `Invoicee`: all of it is yours."""

    @field_validator("proxy")
    @classmethod
    def _no_password_here(cls, proxy: str | None) -> str | None:
        if proxy is None:
            return None
        url = _url(proxy)
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError(_("a proxy is written as `http://host:port`"))
        if url.userinfo:
            raise ValueError(
                _("a proxy with a password is set as BATCHSEND_PROXY, not in this file")
            )
        return proxy

    @field_validator("hours")
    @classmethod
    def _two_times(cls, hours: str | None) -> str | None:
        if hours is not None:
            opening_hours(hours)
        return hours

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(_("no such time zone; one is written as `Europe/Oslo`")) from None
        return name

    @model_validator(mode="after")
    def _key_has_certificate(self) -> SendSettings:
        if self.client_key and not self.client_certificate:
            raise ValueError(_("`client_key` is set, but no `client_certificate`"))
        return self

    def beside(self, folder: Path) -> SendSettings:
        """The same with its file names taken from `folder` where they are relative."""
        named = ("ca_file", "client_certificate", "client_key")
        files = {name: getattr(self, name) for name in named}
        return self.model_copy(
            update={name: folder / file for name, file in files.items() if file is not None}
        )


def _url(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ValueError(_("not a web address: {error}", error=error)) from error


class StatusSettings(Section):
    """The status call, as the provider has told you.

    The API documents no more of it than its path, so it is off until the operator describes it.
    """

    path: str = "send/pstatus"
    """Under the base_url."""
    method: Literal["POST", "GET"] = "POST"
    request: Annotated[dict[str, Any], Field(min_length=1)]
    """The JSON body, or a GET's query: `{{ identifier }}` stands for the letter's own."""
    field: str
    """Where the answer holds the status: `Status`, or `Letters.0.Status` inside others."""
    taken: Annotated[tuple[str, ...], Field(min_length=1)]
    """Statuses, in any case of letters, which mean that the API has the letter."""
    not_taken: tuple[str, ...] = ()
    """Statuses which mean that it has not."""
    not_taken_statuses: tuple[Annotated[int, Field(ge=400, le=499)], ...] = ()
    """HTTP statuses which mean that it has not; 404, if the provider says so."""

    @staticmethod
    def words(statuses: tuple[str, ...]) -> frozenset[str]:
        """In the form in which they are compared."""
        return frozenset(status.strip().casefold() for status in statuses)
