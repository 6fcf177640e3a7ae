"""One run at a time, and what each leaves behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from ledger.builders import API, address_of, facts, leave, pass_through, states

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LedgerJournal, Place, Run

HOLDER = """
import sys
from pathlib import Path
from tempfile import mkdtemp
from batchsend.ledger import Ledger, RunFacts, Server
address = sys.argv[1]
ledger = Ledger.open(Server.at(address, Path(mkdtemp())) if "://" in address else Path(address))
ledger.begin_run(RunFacts("api", Path("list.csv"), "", "", "", Path("snapshot")))
print("begun", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_run(place: Place) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, address_of(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_run_is_recorded_with_what_it_was_about(ledger: Ledger) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    about = facts(list_path=Path("leie-æøå.xlsx"), options={"limit": 5, "rows": None})
    begun = ledger.begin_run(about)
    assert begun.facts == about
    assert (begun.end, begun.ended, begun.counts) == (None, None, {})
    finished = ledger.finish_run(begun, "stopped")
    (found,) = ledger.runs()
    assert found == finished
    assert (found.number, found.facts, found.end) == (begun.number, about, "stopped")
    assert found.ended is not None
    assert before <= found.started <= found.ended


def test_a_second_run_is_refused_until_the_first_has_ended(path: Path) -> None:
    with Ledger.open(path) as one, Ledger.open(path) as two:
        run = one.begin_run(facts())
        with pytest.raises(LedgerError, match="in use by another run"):
            two.begin_run(facts())
        one.finish_run(run, "complete")
        two.begin_run(facts())


def test_another_process_is_refused_in_words_and_may_read(place: Place) -> None:
    with another_run(place) as process, Ledger.open(place) as ledger:
        with pytest.raises(LedgerError) as caught, ledger.settling():
            pass
        (run,) = ledger.runs()
        said = str(caught.value)
        assert f"begun {run.started.astimezone():%Y-%m-%d %H:%M}" in said
        assert f"process {process.pid} on " in said
        assert "Wait until" in said
        with pytest.raises(LedgerError, match="in use"):
            ledger.settle(API, {}, because="")
        with pytest.raises(LedgerError, match="in use"):
            ledger.purge(datetime.now(UTC))


def test_a_killed_process_holds_nothing(place: Place) -> None:
    with another_run(place) as process:
        process.kill()
        process.wait()
        with Ledger.open(place) as ledger:
            ledger.begin_run(facts())
            assert [run.end for run in ledger.runs()] == [None, None]


async def left_in_every_state(ledger: Ledger, run: Run) -> None:
    with LedgerJournal(ledger, run) as journal:
        await pass_through(journal, "accepted", "accepted")
        await pass_through(journal, "rejected", "rejected")
        await pass_through(journal, "failed", "failed")
        await leave(journal, "sending")


def test_what_a_dead_run_was_sending_is_unknown_to_the_next(place: Place) -> None:
    with Ledger.open(place) as ledger:
        asyncio.run(left_in_every_state(ledger, ledger.begin_run(facts())))
        assert states(ledger)["sending"] == "sending"
        # ... and here its process ends without a word
    with Ledger.open(place) as ledger:
        run = ledger.begin_run(facts())
        assert run.left_over == 1
        assert states(ledger) == {
            "accepted": "accepted",
            "rejected": "rejected",
            "failed": "failed",
            "sending": "unknown",
        }
        reason = ledger.standing(API).filter(identifier="sending")["reason"].item()
        assert "before the answer was noted" in reason


def test_a_run_counts_what_it_touched(ledger: Ledger) -> None:
    first = ledger.begin_run(facts())
    asyncio.run(left_in_every_state(ledger, first))
    assert ledger.finish_run(first, "complete").counts == {
        "accepted": 1, "failed": 1, "rejected": 1, "sending": 1,
    }  # fmt: skip
    second = ledger.begin_run(facts())
    assert ledger.finish_run(second, "complete").counts == {}


def test_letters_begun_since_a_moment_are_counted(ledger: Ledger) -> None:
    before = datetime.now(UTC)
    asyncio.run(left_in_every_state(ledger, ledger.begin_run(facts())))
    later = datetime.now(timezone(timedelta(hours=5))) + timedelta(seconds=1)
    assert ledger.begun_since(API, before - timedelta(seconds=1)) == 4
    assert ledger.begun_since(API, later) == 0
    assert ledger.begun_since("sandbox", before - timedelta(seconds=1)) == 0


def test_nothing_counts_as_unchanged_while_the_last_run_may_be_on(place: Place) -> None:
    """It may send without beginning or ending: before the plan, and after it."""
    with Ledger.open(place) as one, Ledger.open(place) as two:
        run = two.begin_run(facts())
        assert one.stamp() != one.stamp()
        two.finish_run(run, "stopped")
        assert one.stamp() == one.stamp()
        two.begin_run(facts())
    with Ledger.open(place) as again:
        assert again.stamp() != again.stamp(), "it died: how its letters stand is not noted yet"


def test_only_what_others_write_changes_the_stamp(place: Place) -> None:
    with Ledger.open(place) as one, Ledger.open(place) as two:
        stamp = one.stamp()
        run = one.begin_run(facts())
        asyncio.run(left_in_every_state(one, run))
        one.finish_run(run, "stopped")
        assert two.standing(API).height == 4
        assert one.stamp() == stamp
        two.finish_run(two.begin_run(facts()), "stopped")
        assert one.stamp() != stamp
