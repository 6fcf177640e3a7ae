"""What stands between a page and real letters: pages found, caps, approval, one to me, others."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from desks import Desk, rehearse, shown, words
from mailings import Api, MailingFolder, row
from openpyxl import load_workbook
from waiting import until

from batchsend.mailing import Mailing
from batchsend.operations.planning.planned import Plan
from batchsend.operations.running.permission import render_ahead

AT = "/mailing/rent/mailing.toml"


@pytest.fixture
def rent(desk: Desk, monkeypatch: pytest.MonkeyPatch, api: Api) -> MailingFolder:
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


def test_pages_sheets_and_price_are_found_before_real_letters_go(
    desk: Desk, rent: MailingFolder
) -> None:
    text = rent.path.read_text(encoding="utf-8")
    rent.path.write_text(f"{text}\n[prices]\nPRINT = 25.50\n", encoding="utf-8")
    html = words(shown(desk.client(), f"{AT}/send?to=real"))
    assert "Pages 6 on 6 sheets of paper" in html
    assert "Price 153.00 NOK" in html


@pytest.mark.slow
def test_a_look_at_a_rehearsal_leaves_the_pages_of_real_letters(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two tabs do, or somebody who looks here and there: pages take up to a minute."""
    client, rendered = desk.client(), []

    def counted(planned: Plan) -> Plan:
        rendered.append(planned)
        return render_ahead(planned)

    monkeypatch.setattr("batchsend.desk.work.render_ahead", counted)
    for _ in range(2):
        assert "6 real letters" in words(shown(client, f"{AT}/send?to=real"))
        assert "Rehearse 6 letters" in words(shown(client, f"{AT}/send"))
    assert len(rendered) == 1


def test_a_cap_holds_on_the_desk(desk: Desk, rent: MailingFolder, api: Api) -> None:
    rent.edit("rate = 500", "rate = 500\nmax_letters = 5")
    client = desk.client()
    html = shown(client, f"{AT}/send?to=real")
    assert "5 are the most that this mailing allows" in words(html)
    assert "max_letters" not in words(html), "that is for the command line"
    assert 'name="typed"' not in html
    answer = desk.post(client, f"{AT}/send/begin?to=real", expected="6", typed="6")
    assert answer.status_code == 422
    assert desk.work.run_at(rent.path) is None
    assert api.identifiers() == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the owner of a file")
def test_another_must_approve_where_that_is_asked_for(
    desk: Desk, rent: MailingFolder, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    rent.edit("rate = 500", "rate = 500\napproval = true")
    client = desk.client()
    html = shown(client, f"{AT}/send?to=real")
    assert "nobody has approved" in words(html)
    assert 'name="typed"' not in html
    page = shown(client, f"{AT}/approve")
    assert "Approve 6 letters" in words(page)
    begin = f"{AT}/send/begin?to=real"
    assert desk.post(client, begin, expected="6", typed="6").status_code == 422
    refused = desk.post(client, f"{AT}/approve/given", facts="{}")
    assert "Something has changed" in words(refused.text)
    facts = desk.work.to_approve(Mailing.load(rent.path))
    assert facts is not None
    desk.post(client, f"{AT}/approve/given", facts=facts.facts.written())
    assert (rent.folder / "approval.json").exists()
    assert "who is also sending it" in words(shown(client, f"{AT}/send?to=real"))
    assert desk.post(client, begin, expected="6", typed="6").status_code == 422
    assert api.identifiers() == []
    monkeypatch.setattr("batchsend.operations.approve._sender", lambda: os.getuid() + 1)
    rent.path.touch()
    assert 'name="typed"' in shown(client, f"{AT}/send?to=real")
    assert desk.post(client, begin, expected="6", typed="6").status_code == 303
    run = desk.work.run_at(rent.path)
    assert run is not None
    run.join()
    assert len(api.identifiers()) == 6


@pytest.mark.slow
def test_one_letter_goes_to_me_first(desk: Desk, rent: MailingFolder, api: Api) -> None:
    letter = rent.folder / "letter.html"
    text = letter.read_text(encoding="utf-8").replace(
        "{{ poststed }}", "{{ letter.Invoicee.City }}"
    )
    whole = "<br>{{ letter.Invoicee.Address1 }}<br>{{ letter.Invoicee.PostCode"
    letter.write_text(text.replace("<br>{{ letter.Invoicee.PostCode", whole), encoding="utf-8")
    client = desk.client()
    assert "One to me first" in words(shown(client, f"{AT}/send?to=real"))
    form = {
        "Name": "Eva Egen", "Address1": "Hjemveien 1", "PostCode": "0150", "City": "Oslo",
        "row": "2",
    }  # fmt: skip
    html = words(desk.post(client, f"{AT}/send/to-me", **form).text)
    assert "One letter is on its way to you" in html, html
    [identifier] = api.identifiers()
    assert identifier.startswith("to-me-")
    assert "Eva Egen" in api.text(identifier)
    assert Mailing.load(rent.path).send.me is not None
    assert "6 real letters" in words(shown(client, f"{AT}/send?to=real")), "it counts as none"


@pytest.mark.slow
def test_a_run_that_a_command_began_is_seen(desk: Desk, rent: MailingFolder) -> None:
    rent.write(*(row(number) for number in range(1, 61)))
    rent.edit("rate = 500", "rate = 10")
    client = desk.client()
    command = [sys.executable, "-m", "batchsend", "send", str(rent.path), "--sandbox"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        html = until(lambda: _seen(client, f"{AT}/under-way"), "the run is seen")
        assert re.search(r"\d+ of 60 letters", words(html))
        assert client.get(f"{AT}/send").headers["location"].startswith(f"{AT}/under-way")
        process.terminate()
    until(lambda: client.get(f"{AT}/under-way?seen=1").status_code == 303, "and its end")


def _seen(client: object, path: str) -> str:
    html: str = client.get(path).text  # type: ignore[attr-defined]
    return html if "begun outside" in html else ""


def test_steps_are_ticked_as_they_are_done(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    assert "(done)" not in words(client.get(f"{AT}/next").text)
    shown(client, f"{AT}/list")
    shown(client, f"{AT}/check")
    html = words(client.get(f"{AT}/next").text)
    assert "Your list (done)" in html
    assert "Check (done)" in html
    assert "Look (done)" not in html
    shown(client, f"{AT}/look")
    rehearse(desk, client, AT)
    html = words(client.get(f"{AT}/next").text)
    assert "Look (done)" in html
    assert "Send (done)" not in html, "a rehearsal sends nothing"


@pytest.mark.slow
def test_the_receipt_is_done_once_no_row_is_open(desk: Desk, rent: MailingFolder, api: Api) -> None:
    client, to = desk.client(), ("send", "--base-url", api.base_url, "--yes")
    rent.write(row(1), row(2), row(3, postnr="x"))
    rent.run(*to, "--limit", "1")
    html = words(client.get(f"{AT}/next").text)
    assert "The letter (done)" in html, "a desk that was just started knows it, too"
    assert "Send (done)" not in html, "a letter has not gone"
    assert rent.run(*to).exit_code == 1
    html = words(client.get(f"{AT}/next").text)
    assert "Send (done)" in html
    assert "The receipt (done)" not in html, "a row is held back"
    start = client.get("/").text
    assert "test 2 1 " in words(start), "two sent, one open"
    assert f'<a href="{AT}/receipt"' in start
    rent.write(row(1), row(2), row(3))
    assert rent.run(*to).exit_code == 0
    assert "The receipt (done)" in words(client.get(f"{AT}/next").text)
    assert "test 3 0 " in words(client.get("/").text)


@pytest.mark.slow
def test_a_hint_names_no_command(desk: Desk, rent: MailingFolder) -> None:
    """Where a workbook is not taken the command line says which command takes it."""
    rent.write(row(1, postnr="150"), row(2))
    client = desk.client()
    shown(client, f"{AT}/check")
    desk.post(client, f"{AT}/check/workbook")
    path = rent.folder / "needs-attention.xlsx"
    book = load_workbook(path)
    cells = (cell for line in book.worksheets[0].iter_rows() for cell in line)
    next(cell for cell in cells if str(cell.value) == "150").value = "0150"
    book.save(path)
    html = words(shown(client, f"{AT}/send"))
    assert "these corrections are not used yet" in html
    assert "batchsend correct" not in html
    assert "batchsend correct" in rent.run("send", "--sandbox").output
