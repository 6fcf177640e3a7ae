"""What is known of a cluster, and asking it, with a limit: a machine that has frozen neither
answers nor is gone.

Left to itself, Dask waits for its answer without an end and without a word.
"""

from __future__ import annotations

import asyncio
import platform
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from batchsend.errors import SettingsError
from batchsend.language import N_, _

if TYPE_CHECKING:
    from distributed import Client


class Cluster(ABC, Executor):
    """Renders elsewhere what worker processes would render here, by the same interface."""

    @abstractmethod
    def threads(self) -> int:
        """How many tasks are done at once, as it is now: workers come and go."""


ANSWER_LIMIT = 15.0
"""Seconds a scheduler and its workers may take to answer. Less than Dask's own limit for a
connection, after which a worker out of reach would count as one that has just gone."""
NAMING_LIMIT = 5.0
"""Seconds each may take when it is asked by itself, to find out which of them does not answer."""
PARTING_LIMIT = 4.0
"""Seconds for taking leave. What is left then is cleared by those who stay."""
SCHEDULER = N_("the cluster's scheduler")


def answer(
    client: Client, question: Callable[..., object], *args: object, **options: object
) -> Any:
    """What a method of the client comes to. Raises SettingsError naming who does not answer."""
    try:
        return in_time(client, question, *args, **options)
    except TimeoutError:
        message, hint = no_answer(client)
        raise SettingsError(message, hint=hint) from None


def in_time(
    client: Client, question: Callable[..., object], *args: object, **options: object
) -> Any:
    """The same, raising TimeoutError."""
    return client.sync(question, *args, callback_timeout=ANSWER_LIMIT, **options)


def no_answer(client: Client) -> tuple[str, str]:
    """What to say when no answer has come, and what to do."""
    # Whoever is well again by now is not to be named; that somebody was not, still has to be said.
    who = silent(client) or _("one of the cluster's workers")
    return (
        _(
            "There was no answer from {who} within {answer_limit:g} seconds.",
            who=who,
            answer_limit=ANSWER_LIMIT,
        ),
        _(
            "Its process or its network may be frozen. End it, with `kill -9` where it "
            "takes no other, or start it again; then run the same command again, or without "
            "--cluster."
        ),
    )


def silent(client: Client) -> str:
    """Who does not answer when asked by itself, in words; empty where everybody does."""
    try:
        addresses = client.sync(_silent_workers, client, callback_timeout=2 * NAMING_LIMIT)
    except OSError:  # also one that took too long
        return _(SCHEDULER)
    if not addresses:
        return ""
    if len(addresses) > 1:
        return _(
            "the worker at {address} and {number} more",
            address=addresses[0],
            number=len(addresses) - 1,
        )
    return _("the worker at {address}", address=addresses[0])


async def _silent_workers(client: Client) -> list[str]:
    async with asyncio.timeout(NAMING_LIMIT):
        addresses = list(await client.nthreads())
    answered = await asyncio.gather(*(_answers(client, address) for address in addresses))
    return [address for address, there in zip(addresses, answered, strict=True) if not there]


async def _answers(client: Client, address: str) -> bool:
    try:
        async with asyncio.timeout(NAMING_LIMIT):
            await client.run(platform.python_version, workers=[address])
    except OSError:
        return False
    return True
