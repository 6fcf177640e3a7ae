"""Others at work at the same time: a second sender, an impatient operator, an API that restarts."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from mailings import MailingFolder, row
from ports import kept_port
from reliability.conftest import Start
from reliability.harness import Api, sender, witnesses_agree
from waiting import output_of, until

from batchsend import Mailing, Target, execute, plan

LETTERS = 60
ROWS = range(2, LETTERS + 2)


@pytest.fixture
def mailing(mailing: MailingFolder) -> MailingFolder:
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    return mailing


class TestTwoSenders:
    def test_started_together_they_send_each_letter_once(
        self, mailing: MailingFolder, api: Api, start: Start
    ) -> None:
        both = [start("--rate", "40"), start("--rate", "40")]
        outputs = [output_of(process) for process in both]
        codes = [process.returncode for process in both]
        assert sorted(codes) in ([0, 0], [0, 2]), "\n".join(outputs)
        for code, output in zip(codes, outputs, strict=True):
            assert code == 0 or "in use by another run" in output
        status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
        assert Counter(status.values()) == {"accepted": LETTERS}

    @pytest.mark.slow
    def test_the_second_is_refused_in_words_while_the_first_sends(
        self, mailing: MailingFolder, api: Api, start: Start
    ) -> None:
        api.misbehave(rates={"slow": 1}, delay=3600)
        first = start()
        until(api.taken, "the first sender's first letter")
        second = mailing.run("send", "--base-url", api.base_url, "--yes")
        assert first.poll() is None, "it must still have been sending"
        assert second.exit_code == 2
        assert "is in use by another run, begun" in second.output
        assert f"process {first.pid}" in second.output
        first.kill()

    @pytest.mark.slow
    def test_what_another_sent_while_somebody_was_asked_is_not_sent_again(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        loaded = Mailing.load(mailing.path)
        planned = plan(loaded, Target.api(loaded, api.base_url))
        assert planned.to_send.height == LETTERS
        other = mailing.run("send", "--base-url", api.base_url, "--yes", "--limit", "50")
        assert other.exit_code == 1, other.output
        sent = execute(planned)
        assert sent.plan.to_send.height == LETTERS - 50
        status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
        assert Counter(status.values()) == {"accepted": LETTERS}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
class TestImpatience:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "kind", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
    )
    def test_a_second_signal_stops_at_once_and_loses_nothing(
        self, mailing: MailingFolder, api: Api, start: Start, kind: signal.Signals
    ) -> None:
        api.misbehave(script=["ok"] * 5, rates={"slow": 1}, delay=600)
        process = start("--concurrency", "4")
        until(lambda: len(api.requests()) == 9, "four letters without an answer")
        known = psutil.Process(process.pid)
        before = known.num_ctx_switches().voluntary
        process.send_signal(kind)
        # Signals that come together are one: it has to have woken up for the first.
        until(lambda: known.num_ctx_switches().voluntary > before, "a process that hears it")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)  # the first lets those under way end
        process.send_signal(kind)
        output = output_of(process)
        assert process.returncode == 3, output
        assert "Traceback" not in output
        assert "To go on:" in output
        status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
        assert Counter(status.values()) == {
            "accepted": 5, "unknown": 4, "pending": LETTERS - 9,
        }  # fmt: skip

        api.misbehave()
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
        status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
        assert Counter(status.values()) == {"accepted": LETTERS - 4, "unknown": 4}


@pytest.mark.slow
def test_an_api_that_is_down_for_good_is_given_up_and_gone_on_with(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit("rate = 500", "rate = 500\nmax_wait = 1")
    api.misbehave(script=["ok"] * 5, rates={"503": 1})
    first = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert first.exit_code == 3, first.output
    assert "The API asks us to wait" in first.output
    assert "When that is fixed, to go on:" in first.output
    status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
    assert Counter(status.values())["accepted"] == 5

    api.misbehave()
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
    assert Counter(status.values()) == {"accepted": LETTERS}


@contextlib.contextmanager
def _sandbox(letters: Path, port: int) -> Iterator[str]:
    """A sandbox that keeps its letters on disk, so that its record outlives being killed."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "batchsend.sandbox"),
            *("--letters", str(letters), "--port", str(port)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_the_api_is_killed_and_comes_back(mailing: MailingFolder, tmp_path: Path) -> None:
    letters = tmp_path / "letters"

    def taken() -> Counter[str]:
        bodies = (path.read_bytes() for path in letters.glob("*.json"))
        return Counter(json.loads(body)["Identifier"] for body in bodies if body)

    with contextlib.ExitStack() as cleaning:
        port = cleaning.enter_context(kept_port())
        with _sandbox(letters, port) as base_url:
            # It goes no further than the twenty-first, and whatever is under way with it.
            Api(base_url).misbehave(script=["ok"] * 20, rates={"slow": 1}, delay=3600)
            process = sender(mailing, base_url)
            cleaning.callback(process.kill)
            until(lambda: len(taken()) > 20, "the first letters")
        with _sandbox(letters, port):
            output = output_of(process)
    assert "Traceback" not in output
    status = witnesses_agree(mailing, base_url, taken(), ROWS)
    assert set(status.values()) <= {"accepted", "unknown"}, output
    unknown = [identifier for identifier in status if status[identifier] == "unknown"]
    assert len(unknown) <= 8, "no more than were under way"
    assert process.returncode == (1 if unknown else 0)
