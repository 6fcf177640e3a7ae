"""A writer killed at any moment leaves behind all that it was told is safe."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from ledger.builders import address_of, facts, states

from batchsend.ledger import Ledger, Place

CONCURRENCY = 6

WRITER = """
import asyncio, itertools, os, sys
from pathlib import Path
from tempfile import mkdtemp
from ledger.builders import leave, outcome, facts
from batchsend.ledger import Ledger, LedgerJournal, Server

def say(text):
    os.write(1, text.encode())

async def slot(journal, names):
    for name in names:
        say(f"announced {name}\\n")
        await leave(journal, name)
        say(f"left {name}\\n")
        await asyncio.sleep(0)
        await journal.finished(outcome(name))
        say(f"ended {name}\\n")

async def main(ledger, run):
    names = (f"{run.number}-{count}" for count in itertools.count())
    with LedgerJournal(ledger, run) as journal:
        await asyncio.gather(*(slot(journal, names) for _ in range(int(sys.argv[2]))))

address = sys.argv[1]
place = Server.at(address, Path(mkdtemp())) if "://" in address else Path(address)
with Ledger.open(place) as ledger:
    asyncio.run(main(ledger, ledger.begin_run(facts())))
"""


def write_and_be_killed(place: Place, lines: int) -> dict[str, str]:
    """Each letter's last word from a writer killed after about so many."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, address_of(place), str(CONCURRENCY)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    whole = [line.split() for line in said if line.endswith("\n")]
    return {name: word for word, name in whole}


def test_nothing_that_was_said_to_be_safe_is_lost(place: Place) -> None:
    chance = random.Random()
    words: dict[str, str] = {}
    for _ in range(3):
        words |= write_and_be_killed(place, chance.randrange(1, 400))
    with Ledger.open(place) as ledger:
        left_over = ledger.begin_run(facts()).left_over
        assert left_over <= CONCURRENCY  # the run before made the rest of its own `unknown`
        found = states(ledger)
    for name, word in words.items():
        match word:
            case "ended":
                assert found[name] == "accepted"
            case "left":
                assert found[name] in {"accepted", "unknown"}  # it may have ended unheard
            case "announced":
                assert found.get(name, "unknown") == "unknown"
    assert found.keys() <= words.keys()
