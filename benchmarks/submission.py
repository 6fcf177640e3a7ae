"""Client CPU per submission at 4, 16 and 64 connections: `python benchmarks/submission.py`.

The letter is 40 kB (a PDF of 30 kB in base64), the API is the sandbox in its own process. Beside
the whole of `submit` stand the two things it could be built on: httpx with its own transport, and
httpx with aiohttp's, each posting the same bodies and reading the answers.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from pydantic import SecretStr

from batchsend.outcome import Attempt, Outcome, Submission
from batchsend.request import Subscription, request_body
from batchsend.sandbox import running_sandbox
from batchsend.sending import LetterApi, SendSettings, submit

Way = Callable[[str, Sequence[Submission], int], Coroutine[Any, Any, None]]


def letters(number: int) -> list[Submission]:
    """Finished requests, made before the clock starts."""
    subscription = Subscription(SubscriptionId=SecretStr("benchmark"), StorageId=SecretStr("1"))
    pdf = b"%PDF-1.7\n" + os.urandom(30_000) + b"\n%%EOF\n"
    return [
        Submission(
            f"letter-{place}",
            request_body(
                {
                    "Channel": "PRINT",
                    "Identifier": f"letter-{place}",
                    "Invoicee": {"Name": "Kari Nordmann"},
                    "Invoicer": {"Name": "Utleier AS"},
                },
                pdf,
                subscription,
            ),
        )
        for place in range(number)
    ]


class NoJournal:
    """Keeps nothing: the ledger has a benchmark of its own."""

    async def queued(self, identifier: str) -> None:
        """Nothing."""

    async def before_write(self, identifier: str) -> None:
        """Nothing."""

    async def attempted(self, attempt: Attempt) -> None:
        """Nothing."""

    async def finished(self, outcome: Outcome) -> None:
        """See that it went well."""
        if outcome.state != "accepted":
            raise RuntimeError(outcome.reason)


async def ours(address: str, submissions: Sequence[Submission], connections: int) -> None:
    """`submit`, with nothing switched off."""

    async def each() -> AsyncIterator[Submission]:
        for submission in submissions:
            yield submission

    await submit(
        each(),
        LetterApi(address, SendSettings(rate=5_000, concurrency=connections)),
        journal=NoJournal(),
        stop=asyncio.Event(),
    )


async def posted(
    client: httpx.AsyncClient, address: str, submissions: Sequence[Submission], connections: int
) -> None:
    """The same letters with nothing around the client."""
    waiting = iter(submissions)

    async def work() -> None:
        for submission in waiting:
            answer = await client.post(
                f"{address}/send/letter",
                content=submission.body,
                headers={"Content-Type": "application/json"},
            )
            if answer.json()["RequestId"] != submission.identifier:
                raise RuntimeError(answer.text)

    async with client:
        await asyncio.gather(*(work() for _ in range(connections)))


async def httpx_alone(address: str, submissions: Sequence[Submission], connections: int) -> None:
    """httpx with its own transport."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    await posted(httpx.AsyncClient(limits=limits), address, submissions, connections)


async def httpx_aiohttp(address: str, submissions: Sequence[Submission], connections: int) -> None:
    """httpx with aiohttp's connections."""
    transport = AiohttpTransport(
        client=lambda: aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections))
    )
    await posted(httpx.AsyncClient(transport=transport), address, submissions, connections)


WAYS: dict[str, Way] = {
    "batchsend submit": ours,
    "httpx, aiohttp's transport": httpx_aiohttp,
    "httpx, its own transport": httpx_alone,
}


def measured(way: Way, number: int, connections: int) -> tuple[float, float]:
    """CPU milliseconds of this process per submission, and submissions a second."""
    submissions = letters(number)
    with running_sandbox() as address:
        asyncio.run(way(address, submissions[: number // 10], connections))  # warms both up
        rest = submissions[number // 10 :]
        cpu, wall = time.process_time(), time.perf_counter()
        asyncio.run(way(address, rest, connections))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu / len(rest) * 1000, len(rest) / wall


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--letters", type=int, default=2000)
    options.add_argument("--connections", type=int, nargs="+", default=[4, 16, 64])
    given = options.parse_args()
    print("client CPU per submission in ms (submissions a second)")
    print(f"{'':28}" + "".join(f"{f'{count} connections':>20}" for count in given.connections))
    for name, way in WAYS.items():
        cells = []
        for connections in given.connections:
            cpu, speed = measured(way, given.letters, connections)
            cells.append(f"{f'{cpu:.2f} ({speed:.0f}/s)':>20}")
        print(f"{name:28}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
