"""status and settle with [status]: what the API says itself, in the way the mailing describes."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mailings import MailingFolder

STATUS = """
[status]
request = { Ids = ["{{ identifier }}"] }
field = "Letters.0.State"
taken = ["Posted", "Queued"]
not_taken = ["Unknown"]
"""


class _Api(BaseHTTPRequestHandler):
    """Takes letters, forgets to answer for some, and knows afterwards what it has."""

    protocol_version = "HTTP/1.1"
    answers_left = 1000

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/send/letter":
            identifier = body["Letter"]["Identifier"]
            status = 500 if identifier in {"test-1002", "test-1005"} else 202
            self._answer(status, {"RequestId": identifier})
        else:
            identifier = body["Ids"][0]
            type(self).answers_left -= 1
            if self.answers_left < 0:
                self.refuse()
                return
            state = {"test-1002": "Queued", "test-1005": "Unknown"}.get(identifier, "Posted")
            self._answer(200, {"Letters": [{"State": state}]})

    def refuse(self) -> None:
        self._answer(401, {})

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Ipv6Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextmanager
def _serving(server: ThreadingHTTPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def base_url() -> Iterator[str]:
    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), _Api)) as port:
        yield f"http://127.0.0.1:{port}"


def _describe_status(mailing: MailingFolder) -> None:
    mailing.path.write_text(mailing.path.read_text(encoding="utf-8") + STATUS, encoding="utf-8")


def test_the_delivery_of_accepted_letters_is_in_the_report(
    mailing: MailingFolder, base_url: str
) -> None:
    mailing.run("send", "--base-url", base_url, "--yes")
    _describe_status(mailing)
    result = mailing.run("status")
    assert result.exit_code == 0, result.output
    assert "Posted  4 letters" in result.output
    delivery = {line["identifier"]: line["delivery"] for line in mailing.report()}
    assert delivery["test-1001"] == "Posted"
    assert delivery["test-1002"] == ""


@pytest.mark.slow
def test_it_asks_at_the_address_that_the_letters_went_to(mailing: MailingFolder) -> None:
    try:
        server = _Ipv6Server(("::1", 0), _Api)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    mailing.edit("rate = 500", "rate = 500\nmax_wait = 2")  # where nobody is, it ends soon
    with _serving(server) as port:
        mailing.run("send", "--base-url", f"http://[::1]:{port}", "--yes")
        _describe_status(mailing)
        assert "Posted  4 letters" in mailing.run("status").output
        assert "could tell about 2 letters" in mailing.run("settle").output


@pytest.mark.slow
def test_unknown_letters_are_settled_by_what_the_api_says(
    mailing: MailingFolder, base_url: str
) -> None:
    assert mailing.run("send", "--base-url", base_url, "--yes").exit_code == 1
    _describe_status(mailing)
    result = mailing.run("settle")
    assert result.exit_code == 0, result.output
    assert "The API could tell about 2 letters." in result.output
    mailing.run("report")
    assert mailing.statuses()[3] == "accepted"
    assert mailing.statuses()[6] == "failed"


def test_without_a_description_it_says_what_to_do(mailing: MailingFolder, base_url: str) -> None:
    mailing.run("send", "--base-url", base_url, "--yes")
    result = mailing.run("status")
    assert result.exit_code == 2
    assert "[status]" in result.output


@pytest.mark.slow
def test_what_was_said_before_the_api_failed_is_noted(
    mailing: MailingFolder, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.edit("rate = 500", "rate = 500\nconcurrency = 1")
    mailing.run("send", "--base-url", base_url, "--yes")
    _describe_status(mailing)
    monkeypatch.setattr(_Api, "answers_left", 2)
    result = mailing.run("status")
    assert result.exit_code == 2, result.output
    mailing.run("report")
    assert [line["delivery"] for line in mailing.report()].count("Posted") == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal")
def test_what_was_said_before_ctrl_c_is_noted(
    mailing: MailingFolder, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing.edit("rate = 500", "rate = 500\nconcurrency = 1")
    mailing.run("send", "--base-url", base_url, "--yes")
    _describe_status(mailing)
    monkeypatch.setattr(_Api, "answers_left", 2)
    monkeypatch.setattr(_Api, "refuse", lambda _: os.kill(os.getpid(), signal.SIGINT))
    assert mailing.run("status").exit_code != 0
    mailing.run("report")
    assert [line["delivery"] for line in mailing.report()].count("Posted") == 2


@pytest.mark.slow
def test_a_rehearsal_since_does_not_hide_what_was_sent(
    mailing: MailingFolder, base_url: str
) -> None:
    mailing.run("send", "--base-url", base_url, "--yes")
    mailing.run("send", "--sandbox")
    _describe_status(mailing)
    result = mailing.run("status")
    assert result.exit_code == 0, result.output
    assert [line["delivery"] for line in mailing.report()].count("Posted") == 4


@pytest.mark.slow
def test_a_rehearsal_cannot_be_asked_about(mailing: MailingFolder) -> None:
    _describe_status(mailing)
    mailing.run("send", "--sandbox")
    for command in ("status", "settle"):
        result = mailing.run(command)
        assert result.exit_code == 2
        assert "only rehearsed" in result.output


@pytest.mark.slow
def test_of_periods_the_last_is_asked_about_or_the_one_that_is_named(
    mailing: MailingFolder, base_url: str
) -> None:
    mailing.edit('Identifier = "test-', 'Identifier = "{{ period }}-')
    listed = ("--list", str(mailing.folder / "list.csv"))
    for period in ("jan", "feb"):
        mailing.run("send", "--base-url", base_url, "--yes", "--period", period, *listed)
    _describe_status(mailing)
    result = mailing.run("status")
    assert "Posted  6 letters" in result.output
    assert {line["delivery"] for line in mailing.report()} == {"Posted"}
    older = mailing.folder / "reports" / "jan" / "report.csv"
    assert "Posted" not in older.read_text(encoding="utf-8-sig")
    assert mailing.run("status", "--period", "jan").exit_code == 0
    assert "Posted" in older.read_text(encoding="utf-8-sig")
    unknown = mailing.run("status", "--period", "mars")
    assert unknown.exit_code == 2
    assert "was never sent in the period mars" in unknown.output
