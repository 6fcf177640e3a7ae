"""The pace as the sandbox saw it: `python benchmarks/pacing.py`.

For each rate: the share of it that was reached from the first request to the last, and the most
requests that arrived in any one second. The last line has every tenth request refused or failed,
so that retries are in the count.
"""

from __future__ import annotations

import argparse
import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator

import httpx
from pydantic import SecretStr

from batchsend.outcome import Attempt, Outcome, Submission
from batchsend.request import Subscription, request_body
from batchsend.sandbox import Fault, Faults, running_sandbox
from batchsend.sending import LetterApi, SendSettings, submit


class NoJournal:
    """Keeps nothing: the sandbox's record is what counts here."""

    async def queued(self, identifier: str) -> None:
        """Nothing."""

    async def before_write(self, identifier: str) -> None:
        """Nothing."""

    async def attempted(self, attempt: Attempt) -> None:
        """Nothing."""

    async def finished(self, outcome: Outcome) -> None:
        """Nothing."""


async def letters(number: int) -> AsyncIterator[Submission]:
    """So many small letters."""
    subscription = Subscription(SubscriptionId=SecretStr("benchmark"), StorageId=SecretStr("1"))
    for place in range(number):
        fields = {
            "Channel": "PRINT",
            "Identifier": f"letter-{place}",
            "Invoicee": {"Name": "Kari Nordmann"},
            "Invoicer": {"Name": "Utleier AS"},
        }
        body = request_body(fields, b"%PDF-1.7 %%EOF", subscription)
        yield Submission(f"letter-{place}", body)


def arrivals(rate: float, seconds: float, concurrency: int, faults: Faults) -> list[float]:
    """When each request reached the sandbox, in seconds of its own clock."""
    with running_sandbox(faults=faults) as address:
        asyncio.run(
            submit(
                letters(round(rate * seconds)),
                LetterApi(
                    address,
                    SendSettings(rate=rate, concurrency=concurrency, repeats_are_refused=True),
                ),
                journal=NoJournal(),
                stop=asyncio.Event(),
            )
        )
        record = httpx.get(f"{address}/sandbox/requests").json()
    return [request["monotonic"] for request in record]


def most_in_a_second(times: list[float]) -> int:
    """The most requests in any window of one second."""
    return max(bisect_left(times, time + 1) - place for place, time in enumerate(times))


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rates", type=float, nargs="+", default=[5, 20, 50, 100])
    options.add_argument("--seconds", type=float, default=8)
    options.add_argument("--concurrency", type=int, default=8)
    given = options.parse_args()
    failing = Faults(rates={Fault.ERROR: 0.05, Fault.DROP_AFTER: 0.05}, refuse_repeats=True, seed=1)
    print(f"{'rate':>12}{'requests':>12}{'reached':>12}{'most in 1 s':>14}{'allowed':>10}")
    lines = [(rate, Faults(), "") for rate in given.rates]
    for rate, faults, note in [*lines, (given.rates[-1], failing, "  10 % failing")]:
        times = arrivals(rate, given.seconds, given.concurrency, faults)
        reached = (len(times) - 1) / (times[-1] - times[0]) / rate
        print(
            f"{rate:>10g}/s{len(times):>12}{reached:>11.1%}{most_in_a_second(times):>14}"
            f"{rate + 1:>10g}{note}",
            flush=True,
        )


if __name__ == "__main__":
    main()
