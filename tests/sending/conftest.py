"""What sending needs around it: letters, a journal that keeps count, servers that behave or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr
from waiting import NOT_KEPT_OPEN, PATIENCE

from batchsend.outcome import Attempt, Outcome, Submission
from batchsend.request import Subscription, request_body
from batchsend.sandbox import Faults
from batchsend.sending import Credentials, LetterApi, SendSettings, submit

SUBSCRIPTION = Subscription(
    SubscriptionId=SecretStr("the-subscription"), StorageId=SecretStr("267")
)
QUICK: dict[str, Any] = {"rate": 2000}
"""No waiting for the pace. All else waits as long as it does for people: machines are busy."""


def letter(identifier: str) -> Submission:
    fields = {
        "Channel": "PRINT",
        "Identifier": identifier,
        "Invoicee": {"Name": "Kari Nordmann"},
        "Invoicer": {"Name": "Utleier AS"},
    }
    return Submission(identifier, request_body(fields, b"%PDF-1.7 %%EOF", SUBSCRIPTION))


@dataclass
class Notebook:
    """A journal in memory, with what tests ask of it."""

    left: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    most_at_once: int = 0
    on_leaving: Callable[[str], Awaitable[None]] | None = None
    on_departing: Callable[[str], Awaitable[None]] | None = None
    on_ended: Callable[[Outcome], Awaitable[None]] | None = None

    async def queued(self, identifier: str) -> None:
        if self.on_leaving:
            await self.on_leaving(identifier)
        assert identifier not in self.left, "a letter enters a run once"
        self.left.append(identifier)
        self.most_at_once = max(self.most_at_once, len(self.left) - len(self.outcomes))

    async def before_write(self, identifier: str) -> None:
        assert identifier in self.left
        assert identifier not in self.outcomes
        if self.on_departing:
            await self.on_departing(identifier)

    async def attempted(self, attempt: Attempt) -> None:
        assert attempt.identifier in self.left
        assert attempt.identifier not in self.outcomes
        self.attempts.append(attempt)

    async def finished(self, outcome: Outcome) -> None:
        assert outcome.identifier in self.left
        assert outcome.identifier not in self.outcomes, "a letter ends once"
        self.outcomes[outcome.identifier] = outcome
        if self.on_ended:
            await self.on_ended(outcome)

    @property
    def states(self) -> dict[str, str]:
        return {name: outcome.state for name, outcome in self.outcomes.items()}

    @property
    def only(self) -> Outcome:
        (outcome,) = self.outcomes.values()
        return outcome


@dataclass
class Run:
    """How to submit letters in a test."""

    notebook: Notebook = field(default_factory=Notebook)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(
        self,
        base_url: str,
        letters: Sequence[str] | AsyncIterator[Submission],
        *,
        credentials: Credentials | None = None,
        **settings: Any,
    ) -> Notebook:
        await submit(
            each(letters) if isinstance(letters, Sequence) else letters,
            LetterApi(
                base_url, SendSettings(**{**QUICK, **settings}), credentials or Credentials()
            ),
            journal=self.notebook,
            stop=self.stop,
            notice=self.notebook.notices.append,
        )
        return self.notebook


async def each(identifiers: Sequence[str]) -> AsyncIterator[Submission]:
    for identifier in identifiers:
        yield letter(identifier)


@pytest.fixture
def run() -> Run:
    return Run()


class Api:
    """The sandbox as a test sees it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=address, timeout=PATIENCE, limits=NOT_KEPT_OPEN)

    def misbehave(self, **faults: Any) -> None:
        told = Faults(**faults).model_dump_json()
        headers = {"Content-Type": "application/json"}
        self._http.post("/sandbox/faults", content=told, headers=headers).raise_for_status()

    def empty(self) -> None:
        self._http.delete("/sandbox/letters").raise_for_status()

    @property
    def requests(self) -> list[dict[str, Any]]:
        return list(self._http.get("/sandbox/requests").json())

    @property
    def taken(self) -> list[str]:
        return [request["identifier"] for request in self.requests if request["taken"]]

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="session")
def sandbox(sandbox_address: str) -> Iterator[Api]:
    api = Api(sandbox_address)
    yield api
    api.close()


@pytest.fixture
def api(sandbox: Api) -> Api:
    sandbox.misbehave()
    sandbox.empty()
    return sandbox


@dataclass
class Request:
    """One request as a raw server read it."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def identifier(self) -> str:
        return str(orjson.loads(self.body)["Letter"]["Identifier"])


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(talk: Talk, **listening: Any) -> AsyncIterator[str]:
    """A server that does as `talk` says on each connection."""
    writers: set[asyncio.StreamWriter] = set()
    tasks: set[asyncio.Task[Any]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await talk(reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, **listening)
    host, port = server.sockets[0].getsockname()
    try:
        yield f"{'https' if listening.get('ssl') else 'http'}://{host}:{port}"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(line, headers, body)


def reply(status: str, content: bytes | dict[str, Any] = b"", *headers: str) -> bytes:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def accepted(request: Request) -> bytes:
    name = request.identifier
    return reply("202 Accepted", {"RequestId": name, "Message": f"{name} is accepted."})


@dataclass
class Tools:
    """What the tests of this room use, since they cannot import it."""

    letter = staticmethod(letter)
    served = staticmethod(served)
    read_request = staticmethod(read_request)
    reply = staticmethod(reply)
    accepted = staticmethod(accepted)
    Notebook = Notebook
    Run = Run


@pytest.fixture
def tools() -> type[Tools]:
    return Tools
