"""What the journal was told is on disk when it says so."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ledger.builders import (
    API,
    MOMENT,
    attempt,
    entry,
    facts,
    leave,
    on_disk,
    outcome,
    pass_through,
    states,
)
from ledger.conftest import Tell
from waiting import until_then

from batchsend.errors import LedgerError
from batchsend.ledger import Entry, Ledger, LedgerJournal, Place, Run, Server
from batchsend.ledger.states import RefusedError
from batchsend.outcome import AlreadyTakenError, Outcome


def test_a_letter_is_on_disk_before_it_leaves_and_after_it_ended(place: Place, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await leave(journal, "a")
        assert on_disk(place, "SELECT identifier, state FROM letters") == [("a", "sending")]
        await journal.finished(outcome("a"))
        assert on_disk(place, "SELECT identifier, state FROM letters") == [("a", "accepted")]

    tell(story)


def test_commits_reach_the_disk_itself(path: Path) -> None:
    with Ledger.open(path) as ledger, ledger.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


def test_commits_reach_the_servers_disk_whatever_its_own_default(server: Server) -> None:
    with Ledger.open(server) as ledger, ledger.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_many_letters_share_a_commit(place: Place, tell: Tell) -> None:
    commits: list[tuple[object, ...]] = []

    async def story(journal: LedgerJournal) -> None:
        await asyncio.gather(*(leave(journal, f"letter-{n}") for n in range(100)))
        commits.extend(on_disk(place, "SELECT DISTINCT state FROM letters"))

    before = written(place)
    tell(story)
    assert commits == [("sending",)]
    assert written(place) - before < 100


def written(place: Place) -> int:
    """Pages of the write-ahead log: a commit writes two or more; or transactions begun."""
    if isinstance(place, Path):
        return place.with_name(place.name + "-wal").stat().st_size // 4096
    ((number,),) = on_disk(place, "SELECT txid_current()")
    return int(str(number))


def test_everything_about_a_letter_is_kept(ledger: Ledger, run: Run, tell: Tell) -> None:
    before = datetime.now(UTC)

    async def story(journal: LedgerJournal) -> None:
        journal.announce(Entry("a", 7, "KIVRA", "hash", pages=2, engine="weasyprint 70.0"))
        await journal.queued("a")
        await journal.finished(outcome("a", "rejected", "Postnummeret finnes ikke: «0000»"))

    tell(story)
    (letter,) = ledger.standing(API).to_dicts()
    assert letter.pop("submitted_at") >= before.replace(microsecond=0)
    assert letter == {
        "identifier": "a",
        "state": "rejected",
        "content": "hash",
        "reason": "Postnummeret finnes ikke: «0000»",
        "request_id": "request of a",
        "http_status": 202,
        "attempts": 1,
        "channel": "KIVRA",
        "pages": 2,
        "engine": "weasyprint 70.0",
        "row": 7,
        "run": run.number,
        "delivery": "",
    }


def test_every_request_is_in_the_attempt_log(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await leave(journal, "a")
        await journal.attempted(attempt("a", 1, "429 Too Many Requests"))
        await journal.attempted(attempt("a", 2, "accepted"))
        await journal.finished(outcome("a"))

    tell(story)
    log = ledger.attempts(API)
    assert log.select("run", "identifier", "number", "message").rows() == [
        (1, "a", 1, "429 Too Many Requests"),
        (1, "a", 2, "accepted"),
    ]
    assert log["started"].to_list() == [attempt("a").started] * 2


def test_an_attempt_nobody_waits_for_is_written_all_the_same(place: Place, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await leave(journal, "a")
        await journal.attempted(attempt("a"))
        await until_then(lambda: on_disk(place, "SELECT * FROM attempts"), "an attempt")

    tell(story)


def test_a_letter_that_could_not_be_rendered_never_left(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await journal.invalid(entry("a"), "The page is too narrow.")

    tell(story)
    assert ledger.standing(API).select("state", "reason", "submitted_at", "attempts").rows() == [
        ("invalid", "The page is too narrow.", None, 0)
    ]


def test_requests_are_counted_over_all_runs(place: Place) -> None:
    for state, found in (("failed", None), ("accepted", "failed")):
        with Ledger.open(place) as ledger:
            run = ledger.begin_run(facts())
            asyncio.run(one_letter(ledger, run, state, found))
            ledger.finish_run(run, "complete")
    with Ledger.open(place) as ledger:
        assert ledger.standing(API).select("state", "attempts", "run").rows() == [
            ("accepted", 2, 2)
        ]


async def one_letter(ledger: Ledger, run: Run, state: Any, found: Any = None) -> None:
    with LedgerJournal(ledger, run) as journal:
        await pass_through(journal, "a", state, found=found)


def test_what_was_accepted_cannot_leave_again_and_others_are_none_the_worse(
    ledger: Ledger, tell: Tell
) -> None:
    async def story(journal: LedgerJournal) -> None:
        await pass_through(journal, "a")
        with pytest.raises(LedgerError, match="promise"):
            await leave(journal, "a", found="accepted")
        with pytest.raises(AlreadyTakenError):
            await leave(journal, "a")
        answers = await asyncio.gather(
            leave(journal, "b"),
            leave(journal, "a", found="accepted"),
            leave(journal, "a"),
            leave(journal, "c"),
            return_exceptions=True,
        )
        nothing = type(None)
        assert [type(answer) for answer in answers] == [
            nothing, RefusedError, AlreadyTakenError, nothing,
        ]  # fmt: skip

    tell(story)
    assert states(ledger) == {"a": "accepted", "b": "sending", "c": "sending"}


def test_a_letter_that_never_left_cannot_end(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        with pytest.raises(LedgerError, match="never left"):
            await journal.finished(outcome("a"))

    tell(story)
    assert states(ledger) == {}


def test_one_destination_knows_nothing_of_another(ledger: Ledger, run: Run, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await pass_through(journal, "a")

    tell(story)
    ledger.finish_run(run, "complete")
    rehearsal = ledger.begin_run(facts(destination="sandbox"))
    assert states(ledger, "sandbox") == {}
    asyncio.run(one_letter(ledger, rehearsal, "rejected"))
    assert states(ledger, "sandbox") == {"a": "rejected"}
    assert states(ledger) == {"a": "accepted"}


def test_a_cancelled_task_does_no_harm(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        journal.announce(entry("a"))
        task = asyncio.create_task(journal.queued("a"))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await pass_through(journal, "b")

    tell(story)
    assert states(ledger) == {"a": "sending", "b": "accepted"}


in_a_file = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


def fill_disk(ledger: Ledger) -> None:
    """Let the database grow no further, which SQLite tells as it tells a full disk."""
    with ledger.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # the least is what it has


def make_room(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


async def leave_until_full(journal: LedgerJournal) -> list[str]:
    left: list[str] = []
    for number in range(1000):
        name = f"{number:04}" + "x" * 500
        try:
            await leave(journal, name)
        except LedgerError as error:
            assert "the disk is full" in str(error)  # noqa: PT017 the letters before it must pass
            return left
        left.append(name)
    raise AssertionError("the disk was never full")


@in_a_file
def test_on_a_full_disk_no_letter_leaves_and_nothing_noted_is_lost(
    ledger: Ledger, run: Run
) -> None:
    left: list[str] = []

    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            await pass_through(journal, "a")
            fill_disk(ledger)
            left.extend(await leave_until_full(journal))
            with pytest.raises(LedgerError, match="the disk is full"):
                await leave(journal, "b")

    with pytest.raises(LedgerError, match="the disk is full"):
        asyncio.run(story())
    assert states(ledger) == {"a": "accepted", **dict.fromkeys(left, "sending")}


@in_a_file
def test_an_answer_that_found_no_room_is_noted_when_there_is(ledger: Ledger, run: Run) -> None:
    left: list[str] = []

    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            fill_disk(ledger)
            left.extend(await leave_until_full(journal))
            with pytest.raises(LedgerError):
                await journal.finished(outcome(left[0]))
            make_room(ledger)

    with pytest.raises(LedgerError, match="the disk is full"):
        asyncio.run(story())
    assert states(ledger) == {name: "accepted" if name == left[0] else "sending" for name in left}


@in_a_file
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete open files")
def test_a_ledger_that_was_deleted_is_missed_at_once(ledger: Ledger, run: Run, path: Path) -> None:
    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            await pass_through(journal, "a")
            path.unlink()
            await leave(journal, "b")

    with pytest.raises(LedgerError, match="moved or deleted"):
        asyncio.run(story())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("NationalId 01857212345 is not known", "NationalId 018572***** is not known"),
        ("018572 12345: ugyldig", "018572 *****: ugyldig"),
        ("Personnummer 19850101-1234.", "Personnummer 198501**-****."),
        ("198501011234 850101-1234", "198501****** 85010*-****"),
        ("CPR 010185-1234, HETU 010185-123A", "CPR 01018*-****, HETU 01018*-****"),
        ("KID 1234567890123 is fine", "KID 1234567890123 is fine"),
        ("order 123456-12, 2026-11-23", "order 123456-12, 2026-11-23"),
        ("x" * 5000, "x" * 1000),
    ],
)
def test_no_full_national_id_is_kept(ledger: Ledger, tell: Tell, said: str, kept: str) -> None:
    async def story(journal: LedgerJournal) -> None:
        await leave(journal, "a")
        await journal.attempted(attempt("a", message=said))
        await journal.finished(outcome("a", "rejected", said))
        await journal.invalid(entry("b"), said)

    tell(story)
    assert ledger.standing(API)["reason"].to_list() == [kept, kept]
    assert ledger.attempts(API)["message"].to_list() == [kept]


def test_an_answer_no_file_can_hold_does_no_harm(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await leave(journal, "a")
        said = "\ud800 and \x00"
        await journal.finished(Outcome("a", "rejected", said, said, 400, 1, MOMENT))

    tell(story)
    found = ledger.standing(API).select("reason", "request_id").row(0)
    assert found == ("? and ?", "? and ?")


def test_nobody_waits_for_ever_for_what_cannot_be_written(ledger: Ledger, run: Run) -> None:
    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            journal.announce(Entry("a", 2**70, "PRINT", "a row no database can hold"))
            await journal.queued("a")

    with pytest.raises(LedgerError, match=r"cannot be used|could not be written"):
        asyncio.run(story())


def test_the_standing_has_its_shape_even_when_empty(ledger: Ledger, tell: Tell) -> None:
    async def story(journal: LedgerJournal) -> None:
        await pass_through(journal, "a")

    empty = ledger.standing(API)
    tell(story)
    assert empty.schema == ledger.standing(API).schema
    assert empty.is_empty()
    assert ledger.attempts("elsewhere").schema == ledger.attempts(API).schema
    assert isinstance(empty, pl.DataFrame)
