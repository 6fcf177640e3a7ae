"""`batchsend desk` as a process: its link, its only one for a folder, and its end."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from desks import Desk
from mailings import MailingFolder, row
from waiting import NOT_KEPT_OPEN, PATIENCE, output_of, until

from batchsend.desk import open_desk
from batchsend.errors import BatchsendError
from batchsend.ledger import Ledger
from batchsend.web import Door, listening


@contextmanager
def desk_process(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A desk of its own, and what it printed first."""
    command = [sys.executable, "-m", "batchsend", "desk", str(folder), "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def link_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/enter/\S+", text)
    assert found, text
    return found[0]


@pytest.mark.slow
def test_started_again_it_gives_a_new_link_to_the_one_that_runs(tmp_path: Path, data: Path) -> None:
    with desk_process(tmp_path) as (first, said):
        link = link_in(said)
        private = list((data / "desk").iterdir())
        if os.name != "nt":
            assert stat.S_IMODE((data / "desk").stat().st_mode) == 0o700
            assert all(not path.stat().st_mode & 0o077 for path in private)
        with desk_process(tmp_path) as (second, again):
            assert "running already" in again
            other = link_in(again)
            assert second.wait(PATIENCE) == 0
        assert other != link
        assert other.partition("/enter/")[0] == link.partition("/enter/")[0]
        for each in (link, other):
            assert httpx.get(each, trust_env=False).status_code == 200
            assert httpx.get(each, trust_env=False).status_code == 403
        with desk_process(tmp_path / "..") as (_, elsewhere):
            assert "running already" not in elsewhere, "another folder has a desk of its own"
        first.kill()
        first.wait()
    with desk_process(tmp_path) as (_, after):
        assert "running already" not in after, "a dead desk is none"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_sigterm_lets_the_letters_under_way_end(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    mailing.write(*(row(number) for number in range(1, 201)))
    mailing.edit("rate = 500", "rate = 20")
    with desk_process(tmp_path) as (process, said):
        link = link_in(said)
        base = link.partition("/enter/")[0]
        with httpx.Client(
            base_url=base, timeout=PATIENCE, trust_env=False, limits=NOT_KEPT_OPEN
        ) as client:
            client.get(link)
            client.headers.update({"sec-fetch-site": "same-origin"})
            at = "/mailing/mailing.toml"
            page = until(lambda: found(client, f"{at}/send", 'name="expected"'), "it is counted")
            token = re.search(r'name="token" value="(\w+)"', page)
            assert token
            form = {"token": token[1], "expected": "200"}
            client.post(f"{at}/send/begin?to=test", data=form)
            going = 'max="200" value="1'
            until(lambda: found(client, f"{at}/under-way", going), "letters go")
        process.send_signal(signal.SIGTERM)
        output_of(process)
        assert process.returncode == 0
    with Ledger.open(tmp_path / "ledger.sqlite") as book:
        states = set(book.outline("sandbox")["state"].cast(str))
        assert states == {"accepted"}
        assert book.runs()[-1].end == "stopped"


def found(client: httpx.Client, path: str, text: str) -> str:
    html = client.get(path).text
    return html if text in html else ""


def test_it_ends_when_nobody_has_used_it_for_long(tmp_path: Path) -> None:
    told: list[str] = []
    open_desk(tmp_path, browser=False, tell=lambda link, _: told.append(link), idle=0.0)
    assert len(told) == 1


def test_the_browser_gets_the_link_from_a_file_of_its_owners(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, str]] = []

    def look(address: str) -> bool:
        path = Path(httpx.URL(address).path)
        if os.name != "nt":
            assert not path.stat().st_mode & 0o077
        opened.append((address, path.read_text(encoding="utf-8")))
        return True

    monkeypatch.setattr("webbrowser.open", look)
    told: list[str] = []
    open_desk(tmp_path, tell=lambda link, _: told.append(link), idle=0.0)
    address, page = opened[0]
    assert address.startswith("file://"), "no other user sees it among the processes"
    assert told[0] in page
    assert not list((data / "desk").glob("*.html")), "and it goes with the desk"


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with listening() as sock, pytest.raises(BatchsendError, match="cannot be used"):
        open_desk(tmp_path, port=sock.getsockname()[1], browser=False, tell=lambda _link, _: None)


def test_it_listens_on_this_machine_alone(desk: Desk) -> None:
    assert isinstance(desk.door, Door)
    with listening() as sock:
        assert sock.getsockname()[0] == "127.0.0.1"
