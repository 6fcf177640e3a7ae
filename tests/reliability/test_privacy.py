"""No secret and no full national id in anything a run leaves behind, whatever the API says."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from mailings import HEADINGS, MailingFolder, row

SECRETS = ("subscription-secret-1", "storage-secret-1", "bearer-secret-1")
# Norwegian test numbers (month + 80); the last one has a wrong check digit.
NATIONAL_IDS = ("01818010083", "02828010002", "03838010031", "04848010061")


class Gossip(http.server.BaseHTTPRequestHandler):
    """An API that repeats all it was told, in answers of every kind."""

    protocol_version = "HTTP/1.1"
    answers: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = json.loads(body)
        told["Letter"].pop("FreeText")
        status = self.answers.pop(0) if self.answers else 202
        named = told["Letter"]["Identifier"]
        said = {
            "RequestId": named if status == 202 else told["Subscription"]["SubscriptionId"],
            "Message": f"Refused: {json.dumps(told)} {self.headers['Authorization']}",
        }
        answer = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def gossip() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gossip) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def mailing(mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """A mailing with a national id in every row, in the request and on the letter."""
    monkeypatch.setenv("BATCHSEND_BEARER_TOKEN", "bearer-secret-1")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    lines = [f"{row(n)};{NATIONAL_IDS[n % len(NATIONAL_IDS)]}" for n in range(1, 13)]
    listed = "\r\n".join((f"{HEADINGS};Fødselsnummer", *lines, ""))
    (mailing.folder / "list.csv").write_bytes(listed.encode("cp1252"))
    mailing.edit('CustomerNo = "', 'NationalId = "{{ fødselsnummer }}"\nCustomerNo = "')
    mailing.edit("rate = 500\n", 'rate = 500\nconcurrency = 1\n[send.auth]\nkind = "bearer"\n')
    template = mailing.folder / "letter.html"
    template.write_text(template.read_text("utf-8").replace("Du skylder", "{{ fødselsnummer }}"))
    return mailing


def _left_behind(mailing: MailingFolder) -> dict[str, bytes]:
    """Every file of the mailing's folder that the person did not put there."""
    own = {"list.csv", "letter.html", "mailing.toml"}
    return {
        str(path.relative_to(mailing.folder)): path.read_bytes()
        for path in mailing.folder.rglob("*")
        if path.is_file() and path.name not in own
    }


def _where(words: tuple[str, ...], texts: dict[str, bytes]) -> list[tuple[str, str]]:
    return [(name, word) for name, text in texts.items() for word in words if word.encode() in text]


@pytest.mark.slow
@pytest.mark.usefixtures("own_workers")  # they leave nothing behind either
def test_an_api_that_repeats_everything(mailing: MailingFolder, gossip: str) -> None:
    Gossip.answers[:] = [202, 400, 500, 422, 307, 202, 418, 502, 403]
    outputs = {}
    problems = str(mailing.folder / "problems.csv")
    for name, command in {
        "check": ("check", "--problems", problems),
        "send": ("send", "--base-url", gossip, "--yes"),
        "settle": ("settle",),
        "report": ("report",),
    }.items():
        outputs[name] = mailing.run(*command).output.encode()
    assert {"accepted", "rejected", "unknown", "failed"} <= set(mailing.statuses().values())

    texts = {**_left_behind(mailing), **outputs}
    assert {"report.csv", "ledger.sqlite"} <= texts.keys()
    assert _where(SECRETS, texts) == []
    # The snapshot is the list as it was checked, for its owner alone, and the rows to be corrected
    # are for the one who keeps the list.
    told = {
        name: text
        for name, text in texts.items()
        if not name.startswith("ledger.snapshots") and "correct" not in name
    }
    assert _where(NATIONAL_IDS, told) == []


def test_a_rehearsal(mailing: MailingFolder) -> None:
    output = mailing.run("send", "--sandbox").output.encode()
    texts = {**_left_behind(mailing), "output": output}
    assert any(name.startswith("sandbox-letters") for name in texts), output
    assert _where(SECRETS, texts) == []


def test_a_401_stops_without_a_word_of_the_token(mailing: MailingFolder, gossip: str) -> None:
    Gossip.answers[:] = [401] * 3
    result = mailing.run("send", "--base-url", gossip, "--yes")
    assert result.exit_code == 2
    assert "answered 401" in result.output
    assert _where(SECRETS, {**_left_behind(mailing), "output": result.output.encode()}) == []


def test_nobody_else_can_read_what_is_left(mailing: MailingFolder, gossip: str) -> None:
    mailing.run("send", "--base-url", gossip, "--yes")
    mailing.run("send", "--sandbox")
    own = {"list.csv", "letter.html", "mailing.toml"}
    found = [path for path in mailing.folder.rglob("*") if path.is_file() and path.name not in own]
    assert found
    open_to_others = [
        path.name
        for path in found
        if path.stat().st_mode & 0o077
        and not any(parent.stat().st_mode & 0o077 == 0 for parent in _between(path, mailing.folder))
    ]
    assert open_to_others == []


def _between(path: Path, folder: Path) -> list[Path]:
    return [parent for parent in path.parents if parent.is_relative_to(folder) and parent != folder]
