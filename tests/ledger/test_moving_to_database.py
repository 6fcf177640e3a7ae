"""What a ledger in a file knows is taken along into the database that follows it, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from ledger.builders import API, address_of, beside, facts, leave, pass_through, states

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, LedgerJournal, LetterState, Run, Server, moving_to_database

pytestmark = pytest.mark.slow

ENDS: dict[str, LetterState] = {
    "a": "accepted", "r": "rejected", "f": "failed", "u": "unknown",
}  # fmt: skip


def send(ledger: Ledger, ends: dict[str, LetterState], *, left: str = "", to: str = API) -> None:
    run = ledger.begin_run(facts(destination=to, options={"mailing": "/m/mailing.toml"}))

    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            for name, end in ends.items():
                await pass_through(journal, name, end)  # type: ignore[arg-type]
            if left:
                await leave(journal, left)

    asyncio.run(story())
    if not left:
        ledger.finish_run(run, "complete")


def renamed(run: Run) -> Run:
    options = {**run.facts.options, "mailing": "october"}
    return replace(run, facts=replace(run.facts, options=options))


def all_of(ledger: Ledger) -> tuple[object, ...]:
    runs = [(run.number, run.started, run.facts.options) for run in ledger.runs()]
    return states(ledger), ledger.attempts(API).rows(), runs


def test_everything_comes_along_once(path: Path, server: Server) -> None:
    with Ledger.open(path) as file:
        send(file, {**ENDS, "p": "unknown"})
        file.settle(API, {"p": "pending"}, because="nobody has it")
        send(file, {"x": "accepted"}, to="sandbox")
        send(file, {}, left="s")
        begun = [run.started for run in file.runs() if run.facts.destination == API]
    with Ledger.open(server, renamed) as book:
        assert states(book) == {**ENDS, "p": "pending", "s": "unknown"}
        assert states(book, "sandbox") == {}
        assert book.attempts(API).height == 5
        assert [run.started for run in book.runs()] == begun
        assert {run.facts.options["mailing"] for run in book.runs()} == {"october"}
        assert "was copied into the database, with 6 letters" in " ".join(book.notes)
        first = all_of(book)
    with Ledger.open(server, renamed) as book:
        assert all_of(book) == first
        assert book.notes, "it is told until a run was begun"
        send(book, {"n": "accepted"})
        assert book.notes == ()
    assert not path.with_name("ledger.sqlite-wal").exists()


def test_the_file_is_not_sent_with_any_more(path: Path, server: Server) -> None:
    with Ledger.open(path) as file:
        send(file, ENDS)
    Ledger.open(server).close()
    with pytest.raises(LedgerError, match="was copied into a database"):
        Ledger.open(path)


def test_the_graver_state_counts(path: Path, server: Server) -> None:
    """As where 0.1 sent with the database beside a file that it ignored."""
    with Ledger.open(server) as book:
        send(
            book, {"a": "failed", "u": "rejected", "r": "failed", "f": "accepted", "y": "accepted"}
        )
    server.snapshots.joinpath("runs.txt").unlink()  # 0.1 had none
    with Ledger.open(path) as file:
        send(file, {**ENDS, "y": "failed"})
    with Ledger.open(server) as book:
        assert states(book) == {
            "a": "accepted", "u": "unknown", "r": "rejected", "f": "accepted", "y": "accepted",
        }  # fmt: skip


def test_it_comes_whole_or_not_at_all(
    path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(path) as file:
        send(file, ENDS)

    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    with monkeypatch.context() as broken:
        broken.setattr(moving_to_database, "_take_settlements", fail)
        with pytest.raises(RuntimeError, match="half-way"):
            Ledger.open(server)
    with beside(server) as database:
        assert database.execute("SELECT count(*) FROM letters").fetchone() == (0,)
    with Ledger.open(server) as book:
        assert states(book) == ENDS


def test_killed_before_the_file_was_marked_it_is_taken_again_and_more(
    path: Path, server: Server
) -> None:
    with Ledger.open(path) as file:
        send(file, ENDS)
    Ledger.open(server).close()
    with beside(path) as database:
        database.execute("UPDATE edition SET moved_to = ''")
    with Ledger.open(path) as file:
        send(file, {"later": "accepted"})
    with Ledger.open(server) as book:
        assert states(book) == {**ENDS, "later": "accepted"}
        assert len(book.runs()) == 2
        assert book.attempts(API).height == 5


def test_it_waits_for_who_is_sending_with_the_file(path: Path, server: Server) -> None:
    with Ledger.open(path) as file:
        run = file.begin_run(facts())
        with pytest.raises(LedgerError, match="in use by another run"):
            Ledger.open(server)
        file.finish_run(run, "complete")
    with Ledger.open(server) as book:
        assert len(book.runs()) == 1


def test_into_a_second_database_it_does_not_go(
    path: Path, server: Server, request: pytest.FixtureRequest
) -> None:
    with Ledger.open(path) as file:
        send(file, ENDS)
    Ledger.open(server).close()
    second = Server.at(request.getfixturevalue("postgres").new_place(), server.snapshots)
    with pytest.raises(LedgerError, match="copied into another database"):
        Ledger.open(second)
    assert address_of(second) != address_of(server)


def test_many_letters_come_along(
    path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving_to_database, "CHUNK", 7)
    with Ledger.open(path) as file:
        ends: dict[str, LetterState] = {f"n{number:03}": "accepted" for number in range(100)}
        send(file, ends)
    with Ledger.open(server) as book:
        assert states(book) == ends
