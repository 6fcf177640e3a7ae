from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from ledger.story import facts

from batchsend.ledger import Ledger, LedgerJournal, Run

Tell = Callable[[Callable[[LedgerJournal], Awaitable[None]]], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


@pytest.fixture
def run(ledger: Ledger) -> Run:
    return ledger.begin_run(facts())


@pytest.fixture
def tell(ledger: Ledger, run: Run) -> Tell:
    """Tell a journal of the run something, and close it."""

    def told(story: Callable[[LedgerJournal], Awaitable[None]]) -> None:
        async def all_of_it() -> None:
            with LedgerJournal(ledger, run) as journal:
                await story(journal)

        asyncio.run(all_of_it())

    return told
