"""ask: what the API says has become of letters, one request each, by `[status]` of the mailing.

Neither the request nor the answer is documented, so both are the operator's to describe, and what
comes back is read tolerantly. Asking changes nothing, so it is repeated freely.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal
from urllib.parse import urlencode

import orjson

from batchsend.language import _
from batchsend.sending.authorization import Unreachable, authorization
from batchsend.sending.backoff import Conditions, rest
from batchsend.sending.client import Client
from batchsend.sending.credentials import LetterApi
from batchsend.sending.pace import AdaptiveLimiter, Pacer
from batchsend.sending.policy import POLICIES, growing
from batchsend.sending.responses import Answer, AnswerKind, NoAnswer, Verdict, judge
from batchsend.sending.settings import StatusSettings
from batchsend.sending.texts_from_outside import fit_to_show

_IDENTIFIER: Final = re.compile(r"\{\{\s*identifier\s*\}\}")


@dataclass(frozen=True, slots=True)
class ApiStatus:
    """What the API says of one letter."""

    identifier: str
    standing: Literal["taken", "not taken", "unclear"]
    """`unclear`: what it said is in neither list of the settings, or could not be read."""
    text: str
    """The status in the API's own words, else why there is none."""
    http_status: int | None
    asked: datetime


async def ask(
    identifiers: Iterable[str],
    api: LetterApi,
    *,
    status: StatusSettings,
    tell: Callable[[ApiStatus], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Ask for the status of each letter, paced like sending, and `tell` it.

    Raises SettingsError and SendingError as `submit` does; those asked for before were told.
    """
    address = api.address
    async with Client(api.settings, api.credentials) as client:
        inquiry = _Inquiry(f"{address}/{status.path.lstrip('/')}", api, status, client)
        waiting = iter(identifiers)
        try:
            async with asyncio.TaskGroup() as workers:
                for _other in range(api.settings.concurrency):
                    workers.create_task(inquiry.work(waiting, tell, stop))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None


class _Inquiry:
    def __init__(
        self,
        url: str,
        api: LetterApi,
        status: StatusSettings,
        client: Client,
    ) -> None:
        settings = api.settings
        self._url = url
        self._settings = settings
        self._status = status
        self._secrets = api.credentials.texts()
        self._client = client
        self._authorization = authorization(settings, api.credentials, client)
        self._pacer = Pacer(settings.rate)
        self._conditions = Conditions(
            settings, self._pacer, AdaptiveLimiter(settings.concurrency), lambda _sentence: None
        )

    async def work(
        self,
        identifiers: Iterator[str],
        tell: Callable[[ApiStatus], Awaitable[None]],
        stop: asyncio.Event,
    ) -> None:
        """Ask for one after the other until there are no more."""
        for identifier in identifiers:
            if stop.is_set():
                return
            await tell(await self._of(identifier, stop))

    async def _of(self, identifier: str, stop: asyncio.Event) -> ApiStatus:
        attempts = 0
        while True:
            reply = await self._asked(identifier, stop)
            verdict = _judged(reply, identifier)
            if error := self._conditions.after(verdict):
                raise error
            attempts += POLICIES[verdict.kind].counts
            final = (
                verdict.kind in {AnswerKind.TAKEN, AnswerKind.REJECTED}
                or attempts >= self._settings.attempts
            )
            if final or stop.is_set():
                return self._read(identifier, reply, verdict)
            await rest(max(growing(max(attempts, 1)), self._pacer.held), unless=stop)

    async def _asked(self, identifier: str, stop: asyncio.Event) -> Answer | NoAnswer:
        try:
            header = await self._authorization.header()
        except Unreachable as error:
            return NoAnswer(left=False, message=str(error))
        fields = filled_in(self._status.request, identifier)
        headers, body, url = dict(header), b"", self._url
        if self._status.method == "GET":
            url = f"{url}?{urlencode(fields)}"
        else:
            headers["Content-Type"] = "application/json"
            body = orjson.dumps(fields)
        while not stop.is_set():
            reply = await self._client.request(
                self._status.method, url, body, headers, self._pacer.depart
            )
            if reply is not None:
                return reply
            await rest(self._pacer.held, unless=stop)
        return NoAnswer(left=False, message=_("It was not asked: the run was stopped."))

    def _read(self, identifier: str, reply: Answer | NoAnswer, verdict: Verdict) -> ApiStatus:
        settings = self._status
        said = ""
        if isinstance(reply, Answer) and reply.complete:
            said = found_at(reply.body, settings.field)
        standing: Literal["taken", "not taken", "unclear"] = "unclear"
        if verdict.kind is AnswerKind.TAKEN and said.casefold() in settings.words(settings.taken):
            standing = "taken"
        elif (
            verdict.kind is AnswerKind.TAKEN
            and said.casefold() in settings.words(settings.not_taken)
        ) or verdict.status in settings.not_taken_statuses:
            standing = "not taken"
        text = fit_to_show(said or verdict.message, self._secrets)
        return ApiStatus(identifier, standing, text, verdict.status, datetime.now(UTC))


def _judged(reply: Answer | NoAnswer, identifier: str) -> Verdict:
    """As of a letter, but an answer is an answer and a doubt only a reason to ask again."""
    verdict = judge(reply, identifier, ())
    if isinstance(reply, Answer) and 200 <= reply.status < 300:
        return Verdict(
            AnswerKind.TAKEN, _("The answer has no status where [status] says it is."), reply.status
        )
    if verdict.leaves_doubt:
        answered = verdict.status is not None and verdict.status < 500
        return replace(verdict, kind=AnswerKind.REJECTED if answered else AnswerKind.NOT_NOW)
    return verdict


def filled_in(request: Any, identifier: str) -> Any:
    """The request with the identifier in its places.

    >>> filled_in({"Ids": ["{{ identifier }}"]}, "rent-1")
    {'Ids': ['rent-1']}
    """
    if isinstance(request, str):
        return _IDENTIFIER.sub(lambda _: identifier, request)
    if isinstance(request, list):
        return [filled_in(item, identifier) for item in request]
    if isinstance(request, dict):
        return {key: filled_in(item, identifier) for key, item in request.items()}
    return request


def found_at(body: bytes, path: str) -> str:
    """The text at a dotted path of a JSON body, names in any case; empty where there is none.

    >>> found_at(b'{"letters": [{"status": "Sent"}]}', "Letters.0.Status")
    'Sent'
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    for name in path.split("."):
        if isinstance(value, dict):
            named = {key.casefold(): item for key, item in value.items()}
            value = named.get(name.casefold())
        elif isinstance(value, list) and name.isascii() and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()
