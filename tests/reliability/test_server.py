"""The ledger on a server: two operators on two machines, and a server that goes away."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter

import pytest
from ledger.builders import cut
from mailings import MailingFolder, row
from postgres import PASSWORD, PostgresServer
from reliability.harness import Api, sender, witnesses_agree
from waiting import output_of, until

from batchsend import Mailing
from batchsend.ledger import Ledger, Server
from batchsend.sending import destination

pytestmark = pytest.mark.slow

LETTERS = 60
ROWS = range(2, LETTERS + 2)


@pytest.fixture
def shared(mailing: MailingFolder, postgres: PostgresServer) -> MailingFolder:
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    mailing.keep_ledger_at(postgres.new_place())
    return mailing


@pytest.fixture
def elsewhere(shared: MailingFolder, tmp_path_factory: pytest.TempPathFactory) -> MailingFolder:
    """The same mailing on another machine."""
    folder = tmp_path_factory.mktemp("elsewhere") / "mailing"
    shutil.copytree(shared.folder, folder)
    there = MailingFolder.__new__(MailingFolder)
    there.folder, there.path = folder, folder / "mailing.toml"
    return there


def test_two_operators_send_each_letter_once_and_each_reports_on_all(
    shared: MailingFolder, elsewhere: MailingFolder, api: Api
) -> None:
    both = [sender(mailing, api.base_url, "--rate", "20") for mailing in (shared, elsewhere)]
    outputs = [output_of(process) for process in both]
    assert {process.returncode for process in both} <= {0, 1}, outputs
    assert PASSWORD not in "".join(outputs)
    for mailing in (shared, elsewhere):
        assert mailing.run("report").exit_code == 0
        status = witnesses_agree(mailing, api.base_url, api.taken(), ROWS)
        assert Counter(status.values()) == {"accepted": LETTERS}


def test_one_joins_another_who_is_killed(
    shared: MailingFolder, elsewhere: MailingFolder, api: Api
) -> None:
    first = sender(shared, api.base_url, "--rate", "0.5")
    until(api.taken, "the first letter")
    second = sender(elsewhere, api.base_url, "--rate", "20")
    with Ledger.open(Mailing.load(shared.path).ledger_place) as ledger:
        until(lambda: len(ledger.other_runs()) == 2, "the second run")
        until(lambda: len({*ledger.standing(destination(api.base_url))["run"]}) == 2, "its letters")
    first.kill()
    first.communicate()
    output = output_of(second)
    assert "Another run has been sending since" in output
    assert second.returncode in {0, 1}, output
    assert shared.run("send", "--base-url", api.base_url, "--yes").exit_code in {0, 1}
    status = witnesses_agree(shared, api.base_url, api.taken(), ROWS)
    assert set(status.values()) <= {"accepted", "unknown"}
    assert list(status.values()).count("unknown") <= 8, "no more than were under way"


def test_one_that_slept_leaves_its_letters_to_another_who_settled_and_sent_them(
    shared: MailingFolder, elsewhere: MailingFolder, api: Api
) -> None:
    api.misbehave(rates={"503": 1}, retry_after="12")
    sleeper = sender(shared, api.base_url, "--rate", "15")
    until(lambda: len(api.requests()) >= 3, "letters that wait for another try")
    place = Mailing.load(shared.path).ledger_place
    with Ledger.open(place) as ledger:
        until(lambda: ledger.attempts(destination(api.base_url)).height >= 3, "in the ledger, too")
    sleeper.send_signal(signal.SIGSTOP)
    try:
        assert isinstance(place, Server)
        cut(place)  # as the server does after a minute
        api.misbehave()
        send = ("send", "--base-url", api.base_url, "--yes")
        assert elsewhere.run(*send).exit_code == 1
        assert elsewhere.run("settle", "--all", "--failed").exit_code == 0
        assert elsewhere.run(*send).exit_code == 0
        time.sleep(12)  # so long it was told to wait: by now it would send, and must not
    finally:
        sleeper.send_signal(signal.SIGCONT)
    output = output_of(sleeper)
    assert sleeper.returncode == 3, output
    assert set(api.taken().values()) == {1}
    status = witnesses_agree(elsewhere, api.base_url, api.taken(), ROWS)
    assert Counter(status.values()) == {"accepted": LETTERS}


def test_the_server_goes_and_comes_back(
    shared: MailingFolder, api: Api, durable_postgres: PostgresServer
) -> None:
    shared.keep_ledger_at(durable_postgres.new_place())
    process = sender(shared, api.base_url, "--rate", "4")
    until(lambda: api.taken().total() > 4, "the first letters")
    process.send_signal(signal.SIGSTOP)  # it waits for seconds only, and a start may take longer
    durable_postgres.stop("immediate")
    durable_postgres.start()
    process.send_signal(signal.SIGCONT)
    output = output_of(process)
    assert process.returncode == 3, output
    assert "does not answer" in output
    assert PASSWORD not in output
    assert 4 < api.taken().total() < LETTERS
    status = witnesses_agree(shared, api.base_url, api.taken(), ROWS)
    assert set(status.values()) <= {"accepted", "unknown", "pending"}

    assert shared.run("send", "--base-url", api.base_url, "--yes").exit_code in {0, 1}
    status = witnesses_agree(shared, api.base_url, api.taken(), ROWS)
    assert set(status.values()) <= {"accepted", "unknown"}
    assert list(status.values()).count("unknown") <= 8


@pytest.mark.slow
def test_the_server_stays_away(
    shared: MailingFolder, api: Api, durable_postgres: PostgresServer
) -> None:
    api.misbehave(rates={"slow": 1}, delay=1)
    shared.keep_ledger_at(durable_postgres.new_place())
    process = sender(shared, api.base_url, "--rate", "4")
    until(lambda: api.taken().total() > 4, "the first letters")
    durable_postgres.stop("immediate")
    output = output_of(process)
    assert process.returncode == 3, output
    assert "could not be noted: test-" in output, output
    assert "run the same command again" in output.casefold()
    assert "Traceback" not in output
    assert PASSWORD not in output

    again = shared.run("send", "--base-url", api.base_url, "--yes")
    assert again.exit_code == 2, "nothing can be done without the ledger"
    durable_postgres.start()
    assert shared.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
    status = witnesses_agree(shared, api.base_url, api.taken(), ROWS)
    assert set(status.values()) == {"accepted", "unknown"}
    assert list(status.values()).count("unknown") <= 8
