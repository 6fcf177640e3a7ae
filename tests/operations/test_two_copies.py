"""Two copies of a mailing's folder, each with a ledger of its own, that send at the same moment."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from answering import answering
from mailings import MailingFolder, row
from reliability import harness
from waiting import PATIENCE, output_of

from batchsend import Mailing, Selection, Sent, Target, execute, plan
from batchsend import send as send_mailing
from batchsend.letters import RowSet
from batchsend.operations import send as sending
from batchsend.operations.history.register_entries import enter_begun

Copy = Callable[..., MailingFolder]


@pytest.fixture
def copy(mailing: MailingFolder) -> Copy:
    """Copies of the mailing's folder, as it is at that moment or without its ledger."""

    def copied(name: str = "copy", *, ledger: bool = False) -> MailingFolder:
        folder = mailing.folder.parent / f"{mailing.folder.name}-{name}"
        leave = None if ledger else shutil.ignore_patterns("ledger.*")
        shutil.copytree(mailing.folder, folder, ignore=leave)
        made = MailingFolder.__new__(MailingFolder)
        made.folder, made.path = folder, folder / "mailing.toml"
        return made

    return copied


def send(mailing: MailingFolder, address: str, **how: Any) -> Sent:
    loaded = Mailing.load(mailing.path)
    return send_mailing(loaded, Target.api(loaded, address), **how)


def statuses(sent: Sent) -> dict[str, int]:
    return dict(sent.report.selected.by_status)


class Held:
    """An API that takes every letter, and answers the first one when it is let go."""

    def __init__(self, mailing: MailingFolder, how: dict[str, Any]) -> None:
        self._mailing, self._how = mailing, how
        self._arrived, self._go_on = Event(), Event()
        self._beside = ThreadPoolExecutor(1)
        self._first: Future[Sent] | None = None
        self.address = ""
        self.taken: list[str] = []

    def meet(self, came: list[str]) -> None:
        self.taken = came
        self._arrived.set()
        if len(came) == 1:
            assert self._go_on.wait(PATIENCE)

    def begin(self) -> None:
        """Have the mailing sent until its first letter is taken."""
        self._first = self._beside.submit(send, self._mailing, self.address, **self._how)
        assert self._arrived.wait(PATIENCE)

    def end(self) -> dict[str, int]:
        """Have the rest sent, too; how that went."""
        self._go_on.set()
        self._beside.shutdown()
        return statuses(self._first.result(PATIENCE)) if self._first else {}


@contextmanager
def held(mailing: MailingFolder, **how: Any) -> Iterator[Held]:
    """No letter is taken twice meanwhile."""
    held = Held(mailing, how)
    with answering(held.meet) as held.address:
        try:
            yield held
        finally:
            held.end()
    assert sorted(held.taken) == sorted(set(held.taken))


@contextmanager
def while_it_sends(mailing: MailingFolder, **how: Any) -> Iterator[Held]:
    """The same, and the mailing is being sent."""
    with held(mailing, **how) as other:
        other.begin()
        yield other


@pytest.mark.slow
def test_what_is_being_sent_from_another_folder_is_not_sent(
    mailing: MailingFolder, copy: Copy
) -> None:
    second = copy()
    with while_it_sends(mailing) as other:
        sent = send(second, other.address)
        assert statuses(sent) == {"repeat": 6}
        assert "is still going on" in sent.plan.registered.told[0]
        assert all("It is being sent from" in why for why in sent.plan.repeats["why"])
        assert other.end() == {"accepted": 6}


@pytest.mark.slow
def test_it_is_known_by_its_recipients_under_another_name(
    mailing: MailingFolder, copy: Copy
) -> None:
    second = copy()
    second.edit('name = "test"', 'name = "another"')
    with while_it_sends(mailing) as other:
        assert statuses(send(second, other.address)) == {"repeat": 6}


@pytest.mark.slow
def test_it_is_known_with_its_identifiers_written_another_way(
    mailing: MailingFolder, copy: Copy
) -> None:
    second = copy()
    mailing.write(row(1, kundenr="0001001"), row(2))
    with while_it_sends(mailing) as other:
        # A letter that the other list lacks is nobody's repeat.
        assert statuses(send(second, other.address)) == {"repeat": 2, "accepted": 4}


@pytest.mark.slow
def test_rows_that_are_not_being_sent_there_go(mailing: MailingFolder, copy: Copy) -> None:
    second = copy()
    with while_it_sends(mailing, selection=Selection(rows=RowSet.parse("2-3"))) as other:
        assert statuses(send(second, other.address)) == {"repeat": 2, "accepted": 4}


def test_nobody_can_release_it_meanwhile(mailing: MailingFolder, copy: Copy) -> None:
    second = copy()
    with while_it_sends(mailing) as other:
        again = Selection(again=RowSet.parse("2-7"))
        assert statuses(send(second, other.address, selection=again)) == {"repeat": 6}


@pytest.mark.slow
@pytest.mark.parametrize("original", ["stays", "goes"])
def test_a_copy_made_during_a_run_sends_nothing_of_it(
    mailing: MailingFolder, copy: Copy, original: str
) -> None:
    """Its ledger has the run, and takes it for one that was broken off."""
    with while_it_sends(mailing) as other:
        second, third = copy(ledger=True), copy("third", ledger=True)
        for _ in range(2):
            assert statuses(send(second, other.address)) == {"unknown": 1, "repeat": 5}
        assert other.end() == {"accepted": 6}
        if original == "goes":
            mailing.folder.rename(mailing.folder.with_name("archive"))
        for late in (second, third, second, third):
            assert statuses(send(late, other.address)) == {"unknown": 1, "repeat": 5}


@pytest.mark.slow
def test_of_two_that_were_planned_before_either_began_the_later_gives_way(
    mailing: MailingFolder, copy: Copy
) -> None:
    second = copy()
    loaded = Mailing.load(second.path)
    with held(mailing) as other:
        planned = plan(loaded, Target.api(loaded, other.address))
        assert planned.to_send.height == 6
        other.begin()
        assert statuses(execute(planned)) == {"repeat": 6}
        assert other.end() == {"accepted": 6}


def test_of_two_that_are_both_on_the_earlier_sends(
    mailing: MailingFolder, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = copy()
    both_on, go_on, later = Event(), Event(), list[Future[Sent]]()
    with ThreadPoolExecutor(1) as beside, held(mailing) as other:

        def entering(*told: Any) -> str:
            said = enter_begun(*told)
            if later:
                both_on.set()
                assert go_on.wait(PATIENCE)
            else:
                later.append(beside.submit(send, second, other.address))
                assert both_on.wait(PATIENCE)
            return said

        monkeypatch.setattr(sending, "enter_begun", entering)
        other.begin()
        go_on.set()
        assert statuses(later[0].result(PATIENCE)) == {"repeat": 6}
        assert other.end() == {"accepted": 6}


@pytest.mark.slow
def test_what_a_run_that_was_broken_off_had_not_sent_goes(
    mailing: MailingFolder, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = copy()
    with answering(lambda _: None) as address:
        with monkeypatch.context() as killed:
            killed.setattr(sending, "enter_ended", lambda *_: "")
            send(mailing, address, selection=Selection(rows=RowSet.parse("2-3")))
        sent = send(second, address)
        assert statuses(sent) == {"repeat": 2, "accepted": 4}
        assert "What it sent until then is known" in sent.plan.registered.told[0]


@pytest.mark.slow
@pytest.mark.parametrize("times", range(4))
def test_two_processes_that_begin_at_the_same_moment(
    mailing: MailingFolder, copy: Copy, times: int
) -> None:
    mailing.write(*(row(number) for number in range(1, 31)))
    copies = [mailing, copy(), copy("third", ledger=bool(times % 2))]
    taken: list[str] = []
    with answering(lambda came: taken.__setitem__(slice(None), came)) as address:
        beside = [
            harness.sender(each, address) for each in copies[times % 3 :] + copies[: times % 3]
        ]
        said = [output_of(process) for process in beside]
        assert Counter(taken) == Counter({f"test-{1000 + n}": 1 for n in range(1, 31)}), said
        assert sorted(process.returncode for process in beside) == [0, 1, 1], said
