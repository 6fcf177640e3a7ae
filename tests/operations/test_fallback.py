"""Digital first: a letter that one channel refuses, in words that the mailing describes, goes by
the next under the same identifier."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

import pytest
from mailings import Api, MailingFolder, row
from postgres import PostgresServer
from waiting import PATIENCE, until

from batchsend import Mailing, Target, plan
from batchsend.ledger import Ledger
from batchsend.operations.sent_letter import sent_letter

REFUSED = "The recipient is not reached by this channel."
RULE = """
[[send.fallback]]
contains = "is not reached"
channel = "PRINT"
"""
PRICES = "[prices]\nPRINT = 10\nDIGIPOST = 3\n"


@pytest.fixture(params=["file", pytest.param("database", marks=pytest.mark.slow)])
def mailing(request: pytest.FixtureRequest, mailing: MailingFolder) -> MailingFolder:
    """Digital first, with a ledger in a file, and in a database."""
    if request.param == "database":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        mailing.keep_ledger_at(postgres.new_place())
    mailing.edit('Channel = "PRINT"', 'Channel = "DIGIPOST"')
    mailing.path.write_text(mailing.path.read_text("utf-8") + RULE + PRICES, "utf-8")
    return mailing


class Channels:
    """An API that answers by the channel of a letter, and remembers what came."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str]] = {}
        self.came: list[tuple[str, str]] = []
        self.letters: list[dict[str, Any]] = []
        self.base_url = ""
        self.silent: Event | None = None
        """Until it is set nothing that is taken is answered."""

    @property
    def taken(self) -> list[tuple[str, str]]:
        return [each for each in self.came if each[1] not in self.answers]


@pytest.fixture
def channels() -> Iterator[Channels]:
    told = Channels()
    told.answers = {"DIGIPOST": (400, REFUSED)}
    with _served(told) as told.base_url:
        yield told


@contextmanager
def _served(told: Channels) -> Iterator[str]:
    one_by_one = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["Letter"]
            name, channel = letter["Identifier"], letter["Channel"]
            with one_by_one:
                told.came.append((name, channel))
                told.letters.append(letter)
            if told.silent and channel not in told.answers:
                told.silent.wait(PATIENCE)
            status, said = told.answers.get(channel, (202, ""))
            answer = {"Message": said} if said else {"RequestId": name, "Message": "accepted."}
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def send(mailing: MailingFolder, channels: Channels, *options: str) -> str:
    result = mailing.run("send", "--base-url", channels.base_url, "--yes", *options)
    return f"{int(result.exit_code)} {' '.join(result.output.split())}"


@pytest.mark.slow
def test_of_a_letter_that_both_refuse_each_step_names_its_channel(
    mailing: MailingFolder, channels: Channels
) -> None:
    channels.answers["PRINT"] = (400, "The address is unknown.")
    mailing.write(row(1))
    assert send(mailing, channels).startswith("1 ")
    [line] = mailing.report()
    assert line["status"] == "rejected"
    first, _, second = line["reason"].partition(" Refused by PRINT: ")
    assert first.startswith("Refused by DIGIPOST: The API answered 400")
    assert REFUSED.rstrip(".") in first
    assert second.startswith("The API answered 400")
    assert "The address is unknown" in second
    # Sent again it has the same two steps behind it, and each is told once.
    send(mailing, channels)
    assert mailing.report()[0]["reason"].count("Refused by") == 2


def test_each_refused_letter_goes_by_the_next_channel_once(
    mailing: MailingFolder, channels: Channels
) -> None:
    said = send(mailing, channels)
    assert said.startswith("0 "), said
    names = [f"test-{number}" for number in range(1001, 1007)]
    assert sorted(channels.came) == sorted(
        [(name, channel) for name in names for channel in ("DIGIPOST", "PRINT")]
    )
    for line in mailing.report():
        assert (line["status"], line["channel"], line["attempts"]) == ("accepted", "PRINT", "2")
        assert line["reason"].startswith("Refused by DIGIPOST: The API answered 400")
        assert REFUSED.rstrip(".") in line["reason"]
    by_print = [each for each in channels.letters if each["Channel"] == "PRINT"]
    assert all(each["Invoicee"]["Name"].startswith("Åse") for each in by_print)
    assert send(mailing, channels).startswith("0 ")
    assert len(channels.came) == 12


def test_each_step_is_in_the_ledger(mailing: MailingFolder, channels: Channels) -> None:
    send(mailing, channels, "--rows", "2")
    loaded = Mailing.load(mailing.path)
    with Ledger.open(loaded.ledger_place) as book:
        made = book.attempts(channels.base_url).sort("number")
        assert made["number"].to_list() == [1, 2]
        assert made["http_status"].to_list() == [400, 202]
        [state] = book.standing(channels.base_url)["channel"].cast(str).to_list()
    assert state == "PRINT"


@pytest.mark.slow
def test_another_refusal_is_one(mailing: MailingFolder, channels: Channels) -> None:
    channels.answers = {"DIGIPOST": (400, "City is missing")}
    send(mailing, channels)
    assert {channel for _, channel in channels.came} == {"DIGIPOST"}
    assert set(mailing.statuses().values()) == {"rejected"}
    channels.answers = {"DIGIPOST": (422, REFUSED)}
    send(mailing, channels, "--retry-rejected")
    assert {channel for _, channel in channels.came} == {"DIGIPOST"}


@pytest.mark.slow
@pytest.mark.parametrize("status", [500, 404, 409])
def test_never_on_an_answer_in_doubt(
    mailing: MailingFolder, channels: Channels, status: int
) -> None:
    channels.answers = {"DIGIPOST": (status, REFUSED)}
    send(mailing, channels)
    assert channels.came
    assert {channel for _, channel in channels.came} == {"DIGIPOST"}
    channels.answers = {}
    before = list(channels.came)
    send(mailing, channels)
    assert not set(channels.came[len(before) :]) & {(name, "PRINT") for name, _ in before}
    assert not {name for name, _ in channels.came[len(before) :]} & {name for name, _ in before}


@pytest.mark.slow
def test_never_on_a_refusal_of_a_letter_in_doubt(
    mailing: MailingFolder, channels: Channels
) -> None:
    """The first answer was lost; that a repeat is refused does not say that the first was."""
    mailing.edit("[send]", "[send]\nrepeats_are_refused = true\nattempts = 1")
    channels.answers = {"DIGIPOST": (500, "Something went wrong.")}
    send(mailing, channels, "--rows", "2")
    assert mailing.statuses()[2] == "unknown"
    channels.answers = {"DIGIPOST": (400, REFUSED)}
    send(mailing, channels, "--rows", "2")
    send(mailing, channels, "--rows", "2")
    assert {channel for _, channel in channels.came} == {"DIGIPOST"}
    assert mailing.statuses()[2] == "unknown"


@pytest.mark.slow
def test_a_run_killed_while_the_second_step_is_unanswered_leaves_it_in_doubt(
    mailing: MailingFolder, channels: Channels
) -> None:
    channels.silent = Event()
    command = [sys.executable, "-m", "batchsend", "send", str(mailing.path), "--yes"]
    with subprocess.Popen(
        [*command, "--base-url", channels.base_url, "--concurrency", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        until(lambda: bool(channels.taken), "a letter by its second channel")
        process.kill()
    channels.silent.set()
    channels.silent = None
    [(name, _)] = channels.taken
    send(mailing, channels)
    by_print = [each for each, channel in channels.came if channel == "PRINT"]
    assert sorted(by_print) == [f"test-{number}" for number in range(1001, 1007)]
    states = {line["identifier"]: line["status"] for line in mailing.report()}
    assert states.pop(name) == "unknown"
    assert set(states.values()) == {"accepted"}


@pytest.mark.slow
def test_a_row_that_the_next_channel_does_not_take_stays_refused_for_both_reasons(
    mailing: MailingFolder, channels: Channels
) -> None:
    """DIGIPOST reaches people by their national ids; the post needs a street."""
    mailing.edit(
        'CustomerNo = "{{ kundenr }}"',
        'CustomerNo = "{{ kundenr }}"\nNationalId = "{{ \'21883649874\' if not adresse }}"',
    )
    mailing.edit("[checks]", '[checks]\nsame = ["NationalId"]')
    mailing.write(row(1), row(2, adresse=""), row(3))
    said = send(mailing, channels)
    assert said.startswith("1 "), said
    [refused] = [line for line in mailing.report() if line["status"] != "accepted"]
    assert (refused["identifier"], refused["status"]) == ("test-1002", "rejected")
    assert "is not reached" in refused["reason"]
    assert "It cannot go by PRINT" in refused["reason"]
    assert refused["channel"] == "DIGIPOST"
    came = list(channels.came)
    send(mailing, channels)
    assert channels.came == came


@pytest.mark.slow
def test_a_run_that_ended_between_the_steps_goes_on(
    mailing: MailingFolder, channels: Channels
) -> None:
    """As if the mailing had described nothing yet: every letter is refused, and no more."""
    text = mailing.path.read_text("utf-8")
    mailing.path.write_text(text.replace(RULE, ""), "utf-8")
    send(mailing, channels)
    assert len(channels.came) == 6
    mailing.path.write_text(text, "utf-8")
    said = send(mailing, channels)
    assert said.startswith("0 "), said
    assert sorted(channels.came[6:]) == [(f"test-{n}", "PRINT") for n in range(1001, 1007)]
    for line in mailing.report():
        assert (line["status"], line["channel"]) == ("accepted", "PRINT")
        assert line["reason"].startswith("Refused by DIGIPOST")


@pytest.mark.slow
def test_the_cost_is_that_of_the_channel_that_took_it(
    mailing: MailingFolder, channels: Channels
) -> None:
    mailing.edit('[reports]\nfiles = ["csv"]', '[reports]\nfiles = ["csv", "html"]')
    send(mailing, channels)
    assert "60.00" in (mailing.folder / "report.html").read_text("utf-8")


def test_a_cap_on_the_cost_holds_for_the_next_channel(
    mailing: MailingFolder, channels: Channels
) -> None:
    mailing.edit("[send]", "[send]\nmax_cost = 29\nconcurrency = 1")
    said = send(mailing, channels)
    assert said.startswith("3 "), said
    assert "max_cost is 29.00" in said
    assert len(channels.taken) == 2
    assert set(mailing.statuses().values()) == {"accepted", "rejected", "pending"}


def test_with_a_cap_on_letters_a_letter_counts_once(
    mailing: MailingFolder, channels: Channels
) -> None:
    mailing.edit("[send]", "[send]\nmax_letters = 6")
    assert send(mailing, channels).startswith("0 ")


@pytest.mark.slow
def test_a_plan_leaves_nothing_of_it(mailing: MailingFolder, channels: Channels) -> None:
    loaded = Mailing.load(mailing.path)
    with plan(loaded, Target.api(loaded, channels.base_url)) as made:
        assert list(made.others.lists) == ["PRINT"]
        assert kept(mailing)
    assert not kept(mailing)
    send(mailing, channels)
    assert not kept(mailing)


def kept(mailing: MailingFolder) -> list[Path]:
    return list((mailing.folder / "ledger.snapshots").glob(".batchsend-in-use-*"))


def test_the_sandbox_can_refuse_like_that(mailing: MailingFolder, api: Api) -> None:
    api.misbehave(letters={"test-1003": ("400", "ok")})
    result = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code == 0, result.output
    by = {line["identifier"]: line["channel"] for line in mailing.report()}
    assert by.pop("test-1003") == "PRINT"
    assert set(by.values()) == {"DIGIPOST"}


def test_a_channel_that_no_letter_can_go_by_is_said_before_anything_is_sent(
    mailing: MailingFolder, channels: Channels
) -> None:
    mailing.edit('Address1 = "{{ adresse }}"\n', "")
    mailing.edit('CustomerNo = "', 'NationalId = "21883649874"\nCustomerNo = "')
    mailing.edit("[checks]", '[checks]\nsame = ["NationalId"]')
    said = send(mailing, channels)
    assert said.startswith("2 "), said
    assert "[[send.fallback]] sends refused letters by PRINT" in said
    assert not channels.came


def test_a_status_that_is_no_refusal_is_none(mailing: MailingFolder) -> None:
    mailing.edit("[[send.fallback]]", "[[send.fallback]]\nstatus = 409")
    result = mailing.run("check")
    assert result.exit_code == 2
    assert "status is one of 400, 413, 422" in " ".join(result.output.split())


def test_the_copy_is_of_the_letter_that_was_taken(
    mailing: MailingFolder, channels: Channels
) -> None:
    mailing.path.write_text(mailing.path.read_text("utf-8") + "[copies]\ndays = 3\n", "utf-8")
    assert send(mailing, channels).startswith("0 ")
    [last] = {name for name, channel in channels.came if channel == "PRINT"} & {"test-1001"}
    copy = sent_letter(Mailing.load(mailing.path), last)
    assert copy.copy.about.channel == "PRINT"
    [taken] = [
        each
        for each in channels.letters
        if (each["Identifier"], each["Channel"]) == (last, "PRINT")
    ]
    assert b64encode(copy.pdf).decode() in json.dumps(taken)


def test_a_row_that_is_left_out_goes_by_no_channel(
    mailing: MailingFolder, channels: Channels
) -> None:
    mailing.edit('path = "list.csv"', 'path = "list.csv"\nskip = "{{ kundenr == \'1002\' }}"')
    assert send(mailing, channels).startswith("0 ")
    assert {name for name, _ in channels.came} == {
        name for name, channel in channels.taken if channel == "PRINT"
    }
    assert "test-1002" not in {name for name, _ in channels.came}
