"""A ledger in a database: several runs at once, each letter in one of them only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from ledger.builders import (
    API,
    address_of,
    beside,
    cut,
    entry,
    facts,
    leave,
    outcome,
    pass_through,
    states,
)
from ledger.test_runs import another_run
from sqlalchemy.exc import OperationalError
from waiting import PATIENCE, until

from batchsend.errors import LedgerError, LedgerGoneError, SettingsError
from batchsend.ledger import REHEARSAL, Ledger, LedgerJournal, LedgerSettings, Server, compare
from batchsend.ledger.postgres import PostgresDatabase
from batchsend.ledger.psycopg_timeout import ImpatientConnection
from batchsend.outcome import AlreadyTakenError


@pytest.fixture
def two(server: Server) -> Iterator[tuple[Ledger, Ledger]]:
    with Ledger.open(server) as one, Ledger.open(server) as other:
        yield one, other


def test_two_runs_send_at_once_and_no_letter_is_in_both(two: tuple[Ledger, Ledger]) -> None:
    runs = [ledger.begin_run(facts()) for ledger in two]
    names = [f"letter-{number:03}" for number in range(200)]
    won: list[list[str]] = [[], []]

    async def send(which: int) -> None:
        async def one(name: str) -> None:
            try:
                await pass_through(journal, name)
            except AlreadyTakenError:
                return
            won[which].append(name)

        with LedgerJournal(two[which], runs[which]) as journal:
            for begin in range(0, len(names), 8):
                await asyncio.gather(*map(one, names[begin : begin + 8]))

    async def both() -> None:
        await asyncio.gather(*(asyncio.to_thread(asyncio.run, send(which)) for which in (0, 1)))

    asyncio.run(both())
    assert sorted(won[0] + won[1]) == names
    assert states(two[0]) == states(two[1]) == dict.fromkeys(names, "accepted")
    counts = [
        ledger.finish_run(run, "complete").counts for ledger, run in zip(two, runs, strict=True)
    ]
    assert sum(each.get("accepted", 0) for each in counts) == 200


def test_a_letter_does_not_depart_once_its_run_was_taken_for_dead(
    two: tuple[Ledger, Ledger], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = two[0].begin_run(facts())

    async def story() -> None:
        with LedgerJournal(two[0], run) as journal:
            await leave(journal, "a")
            await journal.before_write("a")
            monkeypatch.setattr("batchsend.ledger.journal.CERTAIN", -1.0)
            cut(server)
            with Ledger.open(server) as another:
                another.begin_run(facts())
                assert states(another) == {"a": "unknown"}
            with pytest.raises(LedgerGoneError):
                await journal.before_write("a")

    with pytest.raises(LedgerGoneError):
        asyncio.run(story())


def test_a_letter_does_not_depart_where_another_run_has_it_by_now(
    two: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (ledger.begin_run(facts()) for ledger in two)
    certain = 0.2
    monkeypatch.setattr("batchsend.ledger.journal.CERTAIN", certain)

    async def story() -> None:
        with LedgerJournal(two[0], first) as one, LedgerJournal(two[1], second) as other:
            await leave(one, "a")
            await asyncio.sleep(certain)  # by the clock that the journal goes by
            await one.before_write("a")
            await pass_through(one, "b", "failed")
            await leave(other, "b", found="failed")
            await asyncio.sleep(certain)
            with pytest.raises(LedgerError, match="another has taken over"):
                await one.before_write("b")

    asyncio.run(story())


def test_a_letter_that_changed_since_the_plan_is_passed_over(two: tuple[Ledger, Ledger]) -> None:
    first, second = (ledger.begin_run(facts()) for ledger in two)

    async def story() -> None:
        with LedgerJournal(two[0], first) as one, LedgerJournal(two[1], second) as other:
            await pass_through(one, "a", "failed")
            with pytest.raises(AlreadyTakenError):  # it was planned when nobody had heard of it
                await leave(other, "a")
            await pass_through(other, "a", "unknown", found="failed")
            with pytest.raises(AlreadyTakenError):  # what is in doubt by now must not leave
                await leave(one, "a", found="failed")
            # What cannot be rendered here may have gone from there: nothing is noted of it.
            await leave(one, "b")
            await other.invalid(entry("b"), "No such font.")

    asyncio.run(story())
    assert states(two[0]) == {"a": "unknown", "b": "sending"}


def test_only_the_letters_of_dead_runs_are_in_doubt(
    server: Server, two: tuple[Ledger, Ledger]
) -> None:
    ledger, other = two

    async def leaves(book: Ledger, name: str) -> None:
        with LedgerJournal(book, book.begin_run(facts())) as journal:
            await leave(journal, name)

    asyncio.run(leaves(ledger, "of the living"))
    with Ledger.open(server) as dying:
        asyncio.run(leaves(dying, "of the dead"))
    assert other.begin_run(facts()).left_over == 1
    assert states(other) == {"of the living": "sending", "of the dead": "unknown"}


def test_a_killed_process_is_known_to_be_dead(server: Server) -> None:
    with another_run(server) as process, Ledger.open(server) as ledger:
        (living,) = ledger.other_runs()
        assert living.process.startswith(f"{process.pid} on ")
        process.kill()
        process.wait()
        until(lambda: not ledger.other_runs(), "the end of the killed one")


def test_the_plan_sets_apart_what_another_run_is_sending(two: tuple[Ledger, Ledger]) -> None:
    ledger, other = two
    run = ledger.begin_run(facts())

    async def story() -> None:
        with LedgerJournal(ledger, run) as journal:
            await leave(journal, "a", "content")

    asyncio.run(story())
    listed = pl.LazyFrame(
        {"row": [2], "identifier": ["a"], "channel": ["PRINT"], "content": ["content"]}
    )
    living = [each.number for each in other.other_runs()]
    assert compare(listed, other.outline(API), living).under_way["identifier"].to_list() == ["a"]
    assert ledger.other_runs() == []
    ledger.finish_run(run, "stopped")
    assert other.other_runs() == []
    assert compare(listed, other.outline(API), []).unknown["identifier"].to_list() == ["a"]


def test_nothing_counts_as_unchanged_while_another_run_is_alive(
    two: tuple[Ledger, Ledger],
) -> None:
    assert two[0].stamp() == two[0].stamp()
    run = two[1].begin_run(facts())
    assert two[0].stamp() != two[0].stamp()
    two[1].finish_run(run, "complete")
    assert two[0].stamp() == two[0].stamp()


def test_a_session_has_one_run_at_a_time(two: tuple[Ledger, Ledger]) -> None:
    run = two[0].begin_run(facts())
    with pytest.raises(LedgerError, match="in use"):
        two[0].begin_run(facts())
    with pytest.raises(LedgerError, match="in use"), two[0].settling():
        pass
    assert [each.number for each in two[1].other_runs()] == [run.number], "it is alive still"


def test_a_server_that_vanished_is_missed_within_a_minute(server: Server) -> None:
    database = PostgresDatabase(server)
    with database.engine.connect() as connection:
        parameters = connection.connection.dbapi_connection.info.get_parameters()  # type: ignore[union-attr]
    database.engine.dispose()
    assert int(parameters["tcp_user_timeout"]) == 60_000
    idle, interval, count = (
        int(parameters[f"keepalives_{name}"]) for name in ("idle", "interval", "count")
    )
    assert idle + interval * count <= 60


def test_nobody_settles_while_a_run_is_alive_nor_sends_meanwhile(
    two: tuple[Ledger, Ledger],
) -> None:
    ledger, other = two
    run = ledger.begin_run(facts())
    with pytest.raises(LedgerError, match="in use by another run, begun"), other.settling():
        pass
    ledger.finish_run(run, "complete")
    with other.settling(), pytest.raises(LedgerError, match="in use"):
        ledger.begin_run(facts())


def test_rehearsals_do_not_undo_each_other(two: tuple[Ledger, Ledger]) -> None:
    ledger, other = two
    run = ledger.begin_run(facts(destination=REHEARSAL))
    with pytest.raises(LedgerError, match="in use"):
        other.begin_run(facts(destination=REHEARSAL))
    other.finish_run(other.begin_run(facts()), "complete")
    ledger.finish_run(run, "complete")
    other.begin_run(facts(destination=REHEARSAL))


def test_ledgers_in_two_schemas_know_nothing_of_each_other(
    two: tuple[Ledger, Ledger], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    elsewhere = Server.at(request.getfixturevalue("postgres").new_place(), tmp_path)
    run = two[0].begin_run(facts())
    with Ledger.open(elsewhere) as other, other.settling():
        assert other.other_runs() == []
    two[0].finish_run(run, "complete")


def test_an_answer_that_found_no_server_is_noted_when_it_is_back(server: Server) -> None:
    async def story(journal: LedgerJournal) -> None:
        with journal:
            await leave(journal, "a")
            await leave(journal, "b")
            cut(server)
            for name in ("a", "b"):
                with pytest.raises(LedgerGoneError, match="does not answer"):
                    await journal.finished(outcome(name))
            with pytest.raises(LedgerGoneError):
                await leave(journal, "c")

    with Ledger.open(server) as ledger:
        journal = LedgerJournal(ledger, ledger.begin_run(facts()))
        with pytest.raises(LedgerGoneError):
            asyncio.run(story(journal))
        assert journal.in_doubt == ()
        assert states(ledger) == {"a": "accepted", "b": "accepted"}


def test_a_server_that_does_not_answer_counts_as_gone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(journal: LedgerJournal) -> None:
        with journal:
            await leave(journal, "a")
            with beside(server) as other, other.transaction():
                other.execute("LOCK TABLE letters IN ACCESS EXCLUSIVE MODE")
                monkeypatch.setattr(ImpatientConnection, "patience", 0.5)
                with pytest.raises(LedgerGoneError, match="no answer"):
                    await asyncio.wait_for(leave(journal, "b"), PATIENCE)
                monkeypatch.undo()
                with pytest.raises(LedgerGoneError):
                    await journal.finished(outcome("a"))

    with Ledger.open(server) as ledger:
        run = ledger.begin_run(facts())
        with pytest.raises(LedgerGoneError):
            asyncio.run(story(LedgerJournal(ledger, run)))
        assert states(ledger) == {"a": "accepted"}, "noted once the server answered again"


def test_what_may_take_minutes_is_waited_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = PostgresDatabase(server)
    with database.engine.connect() as connection:
        monkeypatch.setattr(ImpatientConnection, "patience", 0.3)
        with database.no_timeout(connection):
            connection.exec_driver_sql("SELECT pg_sleep(1)")
        with pytest.raises(OperationalError):
            connection.exec_driver_sql("SELECT pg_sleep(3600)")
    database.engine.dispose()


def test_an_answer_that_finds_no_server_is_in_doubt(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise OSError("the network is down")

    async def story(ledger: Ledger, journal: LedgerJournal) -> None:
        with journal:
            await leave(journal, "a")
            cut(server)
            with pytest.raises(LedgerGoneError):
                await journal.finished(outcome("a"))
            monkeypatch.setattr(PostgresDatabase, "patience", 0.0)
            monkeypatch.setattr(PostgresDatabase, "must_be_there", lost)

    with Ledger.open(server) as ledger:
        journal = LedgerJournal(ledger, ledger.begin_run(facts()))
        with pytest.raises(LedgerGoneError):
            asyncio.run(story(ledger, journal))
        assert journal.in_doubt == ("a",)
        monkeypatch.undo()
    with Ledger.open(server) as ledger:
        assert ledger.begin_run(facts()).left_over == 1


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("postgresql+psycopg://me:secret@host/ledger", "a password does not belong"),
            ("postgresql://host/ledger?password=secret", "a password does not belong"),
            ("postgresql://host/ledger?sslpassword=secret", "a password does not belong"),
            ("mysql://host/ledger", "begins with mysql"),
            ("postgresql://host", "names no database"),
            ("the server downstairs", "not an address"),
        ],
    )
    def test_what_mailing_toml_may_not_say(self, url: str, said: str) -> None:
        with pytest.raises(ValueError, match=said) as caught:
            LedgerSettings(url=url)
        told = caught.value.errors()[0]["msg"]  # type: ignore[attr-defined]  # pydantic's
        assert "secret" not in told

    def test_half_a_password_is_not_taken_for_a_host(self) -> None:
        with pytest.raises(SettingsError, match="an @ in the password") as caught:
            Server.at("postgresql://me:sec@ret@host/ledger", Path())
        assert "ret" not in f"{caught.value}{caught.value.hint}"
        encoded = Server.at("postgresql://me:sec%40ret@host/ledger", Path())
        assert (encoded.url.password, encoded.url.host) == ("sec@ret", "host")

    def test_what_the_environment_says_is_not_repeated(self) -> None:
        with pytest.raises(SettingsError) as caught:
            Server.at("mysql+x://me:secret@host/ledger", Path())
        assert "secret" not in str(caught.value)

    def test_no_password_is_shown(self, server: Server) -> None:
        password = str(server.url.password)
        assert password in address_of(server)
        wrong = Server(server.url.set(password="not-the-secret", port=1), server.snapshots)
        with pytest.raises(LedgerError, match="does not answer") as caught:
            Ledger.open(wrong)
        for text in (str(server), repr(server), str(caught.value)):
            assert password not in text
            assert "not-the-secret" not in text
        assert "127.0.0.1" in str(caught.value)


def test_the_tables_of_others_are_left_alone(server: Server) -> None:
    with beside(server) as database:
        database.execute("CREATE TABLE customers (name text)")
    with pytest.raises(LedgerError, match="tables of others"):
        Ledger.open(server)


def test_a_server_without_room_says_so(server: Server) -> None:
    with beside(server) as database:
        database.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0 PASSWORD 'secret'")
    crowded = Server(
        server.url.set(username="crowded", password="secret", query={}),
        server.snapshots,
    )
    with pytest.raises(LedgerError, match="no room for one more program"):
        Ledger.open(crowded)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_write_every_name_is_refused(server: Server, encoding: str) -> None:
    name = f"as_{encoding.lower()}"
    with beside(server) as database:
        database.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
        )
    with pytest.raises(LedgerError, match=f"encoded as {encoding}"):
        Ledger.open(Server(server.url.set(database=name, query={}), server.snapshots))


def test_a_newer_ledger_is_refused(server: Server) -> None:
    Ledger.open(server).close()
    with beside(server) as database:
        database.execute("UPDATE edition SET version = 99")
    with pytest.raises(LedgerError, match="newer batchsend"):
        Ledger.open(server)


def test_two_that_find_an_empty_database_make_one_ledger(server: Server) -> None:
    async def together() -> list[Ledger]:
        opening = (asyncio.to_thread(Ledger.open, server) for _ in range(4))
        return await asyncio.gather(*opening)

    for ledger in asyncio.run(together()):
        assert ledger.runs() == []
        ledger.close()
