"""Next month: a new list beside the one that went, in a period of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
from desks import Desk, drop, shown, words
from mailings import Api, MailingFolder
from tenants import TenantList

from batchsend.mailing import Mailing


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch, api: Api) -> None:
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")


def begin(desk: Desk, tmp_path: Path) -> tuple[TenantList, str, Path]:
    tenants = TenantList.made()
    dropped = drop(desk, desk.client(), tenants.write(tmp_path / "leie.xlsx", "2027-01")).json()
    path = desk.folder / "leie" / "mailing.toml"
    text = path.read_text(encoding="utf-8").replace('Name = ""', 'Name = "Utleier AS"', 1)
    text = text.replace("rate = 10 ", "rate = 500 ")
    path.write_text(text, encoding="utf-8")
    page = path.parent / "letter" / "letter.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- ours -->", encoding="utf-8")
    return tenants, dropped["go"].rpartition("/")[0], path


def send(desk: Desk, at: str, number: int) -> None:
    client = desk.client()
    html = shown(client, f"{at}/send?to=real")
    assert f"{number} real letters" in words(html), words(html)
    form = {"expected": str(number), "typed": str(number)}
    assert desk.post(client, f"{at}/send/begin?to=real", **form).status_code == 303
    run = desk.work.run_at(desk.folder / "leie" / "mailing.toml")
    assert run is not None
    run.join()
    assert run.wrong is None
    assert run.sent is not None


def cure(desk: Desk, at: str) -> None:
    """Take every certain cure that the page offers."""
    client = desk.client()
    offered = r'name="cause" value="([^"]+)">\s*<input[^>]+name="expected" value="(\d+)"'
    while found := re.search(offered, shown(client, f"{at}/check")):
        desk.post(client, f"{at}/check/cure", cause=unescape(found[1]), expected=found[2])
    assert "to look at" not in words(shown(client, f"{at}/check"))


@pytest.mark.slow
def test_next_months_list_is_held_beside_the_one_that_went(
    desk: Desk, tmp_path: Path, api: Api
) -> None:
    tenants, at, path = begin(desk, tmp_path)
    client = desk.client()
    shown(client, f"{at}/check")
    desk.post(client, f"{at}/next/period", period="2027-01")
    assert "{{ period }}" in Mailing.load(path).payload.Letter.Identifier
    cure(desk, at)
    first = sum(each.gets_a_letter for each in tenants.tenants)
    send(desk, at, first)
    assert len(api.identifiers()) == first

    same = drop(desk, client, tmp_path / "leie.xlsx", f"{at}/next/list").json()["go"]
    assert "This is the same list as before" in words(shown(client, same))
    people = [replace(tenants.tenants[1], street="Nygata 99"), *tenants.tenants[2:]]
    people.append(
        replace(tenants.tenants[3], number=9001, name="Ny, Nina", remark="", hidden=False)
    )
    new = TenantList(people).write(tmp_path / "leie feb.xlsx", "2027-02")
    go = drop(desk, client, new, f"{at}/next/list").json()["go"]
    html = words(shown(client, go))
    assert "New 1" in html
    assert "Ny, Nina" in html
    assert "Gone 1" in html
    assert "2027-01" in html
    assert 'value="2027-02"' in client.get(go).text
    desk.post(client, f"{at}/next/period", period="2027-02")
    assert (path.parent / "leie.xlsx").exists(), "the list before stays"
    cure(desk, at)
    send(desk, at, sum(each.gets_a_letter for each in people))
    assert len(set(api.identifiers())) == len(api.identifiers()), "every letter is one of its own"


@pytest.mark.slow
def test_the_month_after_the_one_in_which_letters_went_is_proposed(
    desk: Desk, tmp_path: Path, api: Api
) -> None:
    tenants, at, path = begin(desk, tmp_path)
    client = desk.client()
    cure(desk, at)
    send(desk, at, sum(each.gets_a_letter for each in tenants.tenants))
    assert api.identifiers()
    assert Mailing.load(path).period is None
    new = TenantList(tenants.tenants[1:]).write(tmp_path / "next.xlsx", "2027-02")
    go = drop(desk, client, new, f"{at}/next/list").json()["go"]
    shown(client, go)
    now = datetime.now().astimezone()
    after = date(now.year + now.month // 12, now.month % 12 + 1, 1)
    assert f'value="{after:%Y-%m}"' in client.get(go).text


@pytest.mark.slow
def test_where_nothing_went_there_is_nothing_to_hold_a_list_beside(
    desk: Desk, tmp_path: Path
) -> None:
    _tenants, at, _path = begin(desk, tmp_path)
    other = TenantList.made(seed=2).write(tmp_path / "feb.xlsx", "2027-02")
    go = drop(desk, desk.client(), other, f"{at}/next/list").json()["go"]
    assert "Nothing has been sent before" in words(shown(desk.client(), go))


@pytest.mark.parametrize("content", [b"no workbook", b""])
def test_a_file_that_is_no_list_does_not_take_the_place_of_one(
    desk: Desk, tmp_path: Path, content: bytes
) -> None:
    place = desk.folder / "rent"
    place.mkdir()
    rent = MailingFolder(place)
    before = rent.path.read_bytes()
    wrong = tmp_path / "new.xlsx"
    wrong.write_bytes(content)
    answer = drop(desk, desk.client(), wrong, "/mailing/rent/mailing.toml/next/list")
    assert answer.status_code == 422
    assert answer.json()["said"]
    assert "/" not in answer.json()["said"], "no folder of ours is named"
    assert rent.path.read_bytes() == before
    assert not (place / "new.xlsx").exists()
