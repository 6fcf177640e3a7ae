from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from ledger.builders import facts
from postgres import PostgresServer

from batchsend.ledger import Ledger, LedgerJournal, Place, Run, Server

Tell = Callable[[Callable[[LedgerJournal], Awaitable[None]]], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger in a file, for what only files do."""
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Server:
    """A ledger in a PostgreSQL database, for what only databases do."""
    running: PostgresServer = request.getfixturevalue("postgres")
    return Server.at(running.new_place(), tmp_path / "ledger.snapshots")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest) -> Place:
    """A ledger on either."""
    place: Place = request.getfixturevalue("path" if request.param == "sqlite" else "server")
    return place


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
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
