"""What the ledger costs, in a file and on a PostgreSQL server of its own that waits for the disk.

    python benchmarks/ledger.py [--letters 5000] [--entries 1000000]

Letters go through a journal as sending leads them, several at once, and nothing else happens. Then
the ledger is filled, and a list of as many letters is compared with it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from batchsend.ledger import Entry, Ledger, LedgerJournal, Place, Run, RunFacts, Server, compare
from batchsend.outcome import Attempt, Outcome

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from postgres import programs, running_postgres

AT_ONCE = 8
API = "https://api.example.com"
FILLING = """
INSERT INTO letters (destination, identifier, state, content, run, "row", channel, submitted_at)
WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {entries})
SELECT '{to}', 'entry-' || n, 'sending', 'content-' || n, {run}, n, 'PRINT',
    '2026-11-23T08:30:00.000Z' FROM n
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=1_000_000)
    options = parser.parse_args()
    print(f"{'':12}{'a letter':>24}{'':12}{f'plan of {options.entries:,}':>24}")
    with _places() as places:
        for name, place in places.items():
            with Ledger.open(place) as ledger:
                run = ledger.begin_run(
                    RunFacts(API, Path("list.csv"), "", "", "", Path("snapshot"))
                )
                letter = _timed(lambda: asyncio.run(_send(ledger, run, options.letters)))  # noqa: B023
                with ledger.writing() as connection:
                    filling = FILLING.format(entries=options.entries, to=API, run=run.number)
                    connection.exec_driver_sql(filling)
                compared = _timed(lambda: _compare(ledger, options.entries))
            each = [1000 * seconds / options.letters for seconds in letter]
            print(
                f"{name:12}{each[0]:8.2f} ms, CPU{each[1]:6.2f} ms"
                f"{compared[0]:18.1f} s, CPU{compared[1]:6.1f} s"
            )


@contextmanager
def _places() -> Iterator[dict[str, Place]]:
    found = programs()
    with ExitStack() as ending:
        folder = Path(ending.enter_context(TemporaryDirectory()))
        places: dict[str, Place] = {"SQLite": folder / "ledger.sqlite"}
        if found is not None:
            server = ending.enter_context(running_postgres(found, fsync=True))
            places["PostgreSQL"] = Server.at(server.new_place(), folder)
        yield places


def _timed(what: object) -> tuple[float, float]:
    """Seconds by the clock and of this process's CPU."""
    assert callable(what)
    began, cpu = time.perf_counter(), time.process_time()
    what()
    return time.perf_counter() - began, time.process_time() - cpu


async def _send(ledger: Ledger, run: Run, letters: int) -> None:
    numbers = count()

    async def slot() -> None:
        while (number := next(numbers)) < letters:
            name, now = f"letter-{number}", datetime.now(UTC)
            journal.announce(Entry(name, number, "PRINT", "content", 1, "plutoprint 0.23.0"))
            await journal.queued(name)
            await journal.attempted(Attempt(name, 1, now, now, 202, ""))
            await journal.finished(Outcome(name, "accepted", "", f"id-{number}", 202, 1, now))

    with LedgerJournal(ledger, run) as journal:
        await asyncio.gather(*(slot() for _ in range(AT_ONCE)))


def _compare(ledger: Ledger, entries: int) -> None:
    numbers = pl.int_range(1, entries + 1, eager=True)
    listed = pl.LazyFrame({"row": numbers, "number": numbers}).select(
        pl.col("row").cast(pl.UInt32),
        identifier=pl.format("entry-{}", "number"),
        channel=pl.lit("PRINT"),
        content=pl.format("content-{}", "number"),
    )
    found = compare(listed, ledger.outline(API))
    assert found.unknown.height == entries


if __name__ == "__main__":
    main()
