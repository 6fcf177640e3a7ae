"""Who attacks a desk, and what they get: each guard with the attack that it is there for."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import socket
import threading
import time
import zipfile
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import cast

import httpx
import pytest
from desks import Desk, drop, shown, words, workbook
from mailings import MailingFolder
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from batchsend.desk.app import FREE
from batchsend.desk.instance import Instance
from batchsend.desk.screens import new_mailing
from batchsend.ledger import Ledger
from batchsend.web import Door, Guard, TooLargeError, events, new_link, save_upload

BOMB = 1024
"""Megabytes that a sheet of a few becomes."""
NASTY = '<img src="//evil.example.com/x" onerror="alert(1)">'


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    """A mailing of six letters on the desk."""
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


def raw(desk: Desk, head: str) -> int:
    """The status that a request gets which no client would make."""
    with socket.create_connection(("127.0.0.1", desk.door.port), timeout=30) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY"])
@pytest.mark.parametrize("comes", [True, False])
def test_no_other_method_reaches_any_page(method: str, comes: bool) -> None:
    """Whatever a page would do with it: not even what anybody may read takes one."""
    reached: list[str] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])
        await Response("done")(scope, receive, send)

    door = Door(80)
    guard = Guard(page, door=door, refuse=lambda _, status: Response(status_code=status), free=FREE)

    async def asked() -> None:
        cookies = {door.cookie: door.session} if comes else {}
        base = f"http://127.0.0.1:{door.port}"
        transport = httpx.ASGITransport(guard)
        headers = {"host": f"127.0.0.1:{door.port}", "x-batchsend-token": door.token}
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=cookies) as client:
            for path in ("/", "/web/style.css"):
                answer = await client.request(method, path, headers=headers)
                assert answer.status_code in {403, 405}, path

    asyncio.run(asked())
    assert reached == []


def test_no_web_socket_is_opened() -> None:
    reached: list[str] = []
    told: list[Message] = []

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["path"])

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        told.append(message)

    door = Door(80)
    guard = Guard(page, door=door, refuse=lambda _, status: Response(status_code=status), free=FREE)
    cookie = f"{door.cookie}={door.session}".encode()
    headers = [(b"host", b"127.0.0.1:80"), (b"cookie", cookie)]
    scope = {"type": "websocket", "path": "/", "headers": headers}
    asyncio.run(guard(scope, receive, send))
    assert [message["type"] for message in told] == ["websocket.close"]
    assert reached == []


def test_who_has_come_in_sees_the_page_and_nobody_else_does(desk: Desk) -> None:
    assert desk.client().get("/").status_code == 200
    assert desk.stranger().get("/").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example.com", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example.com", ""]
)
def test_another_host_is_refused_before_anything_else(desk: Desk, host: str) -> None:
    client = desk.client()
    assert client.get("/", headers={"host": host}).status_code in {400, 403}
    link = new_link(desk.door.link_key)
    assert client.get(link, headers={"host": host}).status_code in {400, 403}
    assert desk.stranger().get(link).status_code == 200, "the link was not used up by that"
    assert client.get("/web/style.css", headers={"host": host}).status_code in {400, 403}


def test_two_hosts_are_refused(desk: Desk) -> None:
    cookie = f"{desk.door.cookie}={desk.door.session}"
    ours = f"127.0.0.1:{desk.door.port}"
    assert raw(desk, f"GET / HTTP/1.1\nHost: {ours}\nCookie: {cookie}\nConnection: close") == 200
    two = (
        f"GET / HTTP/1.1\nHost: {ours}\nHost: evil.example.com\nCookie: {cookie}\nConnection: close"
    )
    assert raw(desk, two) in {400, 403}


def test_a_link_works_once(desk: Desk) -> None:
    link = desk.link()
    assert desk.stranger().get(link).status_code == 200
    again = desk.stranger().get(link)
    assert again.status_code == 403
    assert "set-cookie" not in again.headers


def test_a_link_works_for_two_minutes() -> None:
    door = Door(1)
    link = new_link(door.link_key, now=1000.0)
    assert not door.opens(link, now=1121.0)
    assert door.opens(link, now=1119.0)


@pytest.mark.parametrize("change", [("1", "9"), (".", ".x"), ("/enter/", "/enter/9")])
def test_a_link_that_was_changed_or_made_up_is_none(change: tuple[str, str]) -> None:
    door = Door(1)
    link = new_link(door.link_key, now=1000.0)
    assert not door.opens(link.replace(*change, 1), now=1001.0)
    assert not door.opens(new_link("another key", now=1000.0), now=1001.0)
    assert not door.opens("/enter/", now=1001.0)
    assert not door.opens("/enter/..", now=1001.0)


def test_another_users_cookie_is_refused(desk: Desk) -> None:
    for value in ("", "x", Door(desk.door.port).session, desk.door.token):
        client = desk.stranger()
        client.cookies.set(desk.door.cookie, value)
        assert client.get("/").status_code == 403
    client = desk.stranger()
    client.cookies.set("batchsend-1", desk.door.session)
    assert client.get("/").status_code == 403


def test_the_cookie_is_for_no_script_and_no_other_site(desk: Desk) -> None:
    told = desk.stranger().get(desk.link()).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert told.startswith(f"batchsend-{desk.door.port}=")


LANGUAGE = {"language": "nb"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"origin": "OURS"}, 303),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example.com"}, 403),
        ({"origin": "http://evil.example.com", "sec-fetch-site": "same-origin"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "OURS", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "OURS", "sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
    ],
)
def test_only_our_own_page_changes_anything(
    desk: Desk, headers: dict[str, str], status: int
) -> None:
    client = desk.stranger()
    client.get(desk.link())
    told = {name: desk.base if value == "OURS" else value for name, value in headers.items()}
    form = {**LANGUAGE, "token": desk.door.token}
    assert client.post("/language", data=form, headers=told).status_code == status


@pytest.mark.parametrize("token", ["", "x", None])
def test_a_form_without_the_pages_token_is_refused(desk: Desk, token: str | None) -> None:
    client = desk.client()
    form = LANGUAGE if token is None else {**LANGUAGE, "token": token}
    assert client.post("/language", data=form).status_code == 403
    assert client.post("/language", headers={"x-batchsend-token": token or ""}).status_code == 403
    assert client.post("/new", content=b"x").status_code == 403


def test_a_page_of_another_port_may_not_even_look(desk: Desk) -> None:
    client = desk.client()
    for site in ("same-site", "cross-site"):
        assert client.get("/", headers={"sec-fetch-site": site}).status_code == 403
    answer = client.get("/")
    assert "access-control-allow-origin" not in answer.headers


def test_no_get_changes_anything(desk: Desk, rent: MailingFolder) -> None:
    client = desk.client()
    before = contents(desk.folder)
    at = "/mailing/rent/mailing.toml"
    for path in (
        "/language", "/new", f"{at}/list/reading?header_row=3", f"{at}/people/chosen?Name=x",
        f"{at}/send/begin?to=test&expected=6", f"{at}/send/keys?BATCHSEND_STORAGE_ID=x",
        f"{at}/under-way/stop", f"{at}/next/list", f"{at}/next/period?period=2027-01",
        f"{at}/tidy/clear?days=0", f"{at}/receipt/again", f"{at}/check/workbook",
        f"{at}/check/correct", f"{at}/check/cure?column=Postnr&expected=1", f"{at}/check/undo",
        f"{at}/check/taken", f"{at}/check/beside", f"{at}/list/row?row=2&take=out",
        f"{at}/list/skip?expression=x", f"{at}/send/to-me?row=2", f"{at}/approve/given?facts=x",
    ):  # fmt: skip
        assert client.get(path).status_code in {404, 405}, path
    for screen in ("list", "people", "check", "look", "receipt", "next", "tidy"):
        assert client.get(f"{at}/{screen}").status_code == 200, screen
    assert client.get(f"{at}/under-way").status_code == 303
    assert contents(desk.folder) == before
    # To say what would go, a plan looks into the ledger, which is empty then.
    assert client.get(f"{at}/send").status_code == 200
    changed = contents(desk.folder).items() - before.items()
    assert {Path(name).parts[1].partition(".")[0] for name, _ in changed} == {"ledger"}
    with Ledger.open(rent.folder / "ledger.sqlite") as book:
        assert not book.runs()
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert client.request(method, "/").status_code in {403, 405}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but what a plan leaves where letters are counted, which sends nothing."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    "name",
    [
        "../outside/mailing.toml",
        "%2e%2e/outside/mailing.toml",
        "..%2foutside/mailing.toml",
        "rent/..%2f..%2foutside/mailing.toml",
        "%2fOUTSIDE/mailing.toml",
        "linked/mailing.toml",
        "rent/linked.toml",
        "rent/list.csv",
        "rent",
        "rent/mailing.toml%00",
        "..%5coutside%5cmailing.toml",
    ],
)
def test_no_path_leads_out_of_the_folder(desk: Desk, rent: MailingFolder, name: str) -> None:
    outside = desk.folder.parent / "outside"
    outside.mkdir()
    MailingFolder(outside)
    (desk.folder / "linked").symlink_to(outside)
    (rent.folder / "linked.toml").symlink_to(outside / "mailing.toml")
    path = f"/mailing/{name.replace('OUTSIDE', str(outside).lstrip('/'))}/list"
    # As it stands: a client would take dots out.
    cookie = f"{desk.door.cookie}={desk.door.session}"
    ours = f"127.0.0.1:{desk.door.port}"
    request = f"GET {path} HTTP/1.1\nHost: {ours}\nCookie: {cookie}\nConnection: close"
    assert raw(desk, request) == 404
    assert raw(desk, request.replace(path, "/mailing/rent/mailing.toml/list")) == 200
    shown = desk.client().get("/").text
    assert "outside" not in shown
    assert "linked" not in shown, "what a link leads to is not offered either"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/web/..%2f..%2fmailing.py",
        "/static//etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_static_files(desk: Desk, path: str) -> None:
    ours = f"127.0.0.1:{desk.door.port}"
    assert raw(desk, f"GET {path} HTTP/1.1\nHost: {ours}\nConnection: close") == 404


def test_a_receipts_files_are_only_the_reports(desk: Desk, rent: MailingFolder) -> None:
    (rent.folder / ".env").write_text("BATCHSEND_STORAGE_ID=storage-secret-1")
    rent.run("send", "--sandbox")
    client, at = desk.client(), "/mailing/rent/mailing.toml/receipt/files"
    assert client.get(f"{at}/real.csv").status_code == 200
    for kind in ("real.env", "real.toml", "..%2f.env", "real...%2f.env", "real.html", "x.csv"):
        assert client.get(f"{at}/{kind}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        *("../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", ".evil.csv", "evil\0.csv", ".."),
        *(NASTY, "a/lists/evil.csv", '<evil> "of:a"|list?*.csv'),
    ],
)
def test_the_name_of_a_dropped_file_is_no_path(desk: Desk, name: str) -> None:
    content = "Kundenr;Navn;Adresse;Postnr;Poststed\r\n1;Kari Nordmann;Storgata 1;0150;Oslo\r\n"
    from urllib.parse import quote  # noqa: PLC0415

    before = contents(desk.folder.parent)
    answer = dropped(desk, quote(name), content.encode())
    assert answer.status_code in {200, 422}
    new = contents(desk.folder.parent).keys() - before.keys()
    assert all(path.startswith("mailings/") for path in new)
    assert "evil.csv" not in {p.name for p in desk.folder.parent.iterdir()}
    assert all("lists" not in path and not set(path) & set('<>:"|?*\\') for path in new)


def dropped(desk: Desk, name: str, content: bytes, to: str = "/new") -> httpx.Response:
    headers = {"x-batchsend-token": desk.door.token, "x-batchsend-name": name}
    return desk.client().post(to, content=content, headers=headers)


def test_markup_in_names_and_cells_is_text(desk: Desk, rent: MailingFolder) -> None:
    rent.write(
        f"1;{NASTY};Nordmann;Storgata 1;150;Oslo;;{NASTY}", f"2;Ola;{NASTY};Gata 2;0150;Oslo;;9"
    )
    rent.edit('name = "test"', f"name = '{NASTY}'")
    client, at = desk.client(), "/mailing/rent/mailing.toml"
    for screen in ("list", "people", "check", "look", "send"):
        html = client.get(f"{at}/{screen}").text
        assert '<img src="//evil' not in html, screen
        assert 'onerror="alert' not in html, screen
    assert "&lt;img src=" in client.get(f"{at}/list").text


def test_what_would_turn_a_line_round_is_shown_and_does_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "Kundenr;Navn;Adresse;Postnr;Poststed\n1;Kari\u202e Moe\u200f;Gata\u2066 1;0150;Oslo\n",
        "utf-8",
    )
    client = desk.client()
    at = drop(desk, client, tmp_path / "list.csv").json()["go"].rpartition("/")[0]
    for screen in ("list", "people", "check"):
        html = shown(client, f"{at}/{screen}")
        assert not set(html) & set("\u202e\u200f\u2066"), screen
    assert "Kari� Moe" in shown(client, f"{at}/list")


def test_nothing_is_left_of_an_upload_that_is_too_long(tmp_path: Path) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * 9, "more_body": True}

    request = Request({"type": "http", "headers": []}, receive)
    with pytest.raises(TooLargeError):
        asyncio.run(save_upload(request, tmp_path / "list.csv", most=99))
    assert contents(tmp_path) == {}


def test_no_more_pages_listen_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batchsend.web.pages.MOST_LISTENERS", 1)

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def listened() -> None:
        request = Request({"type": "http", "headers": []}, receive)
        first = events(request, lambda: {"sent": 1})
        assert isinstance(first, StreamingResponse)
        told = cast("AsyncGenerator[bytes]", first.body_iterator)
        assert await anext(told) == b'data: {"sent":1}\n\n'
        assert events(request, lambda: {"sent": 1}).status_code == 204
        await told.aclose()
        assert events(request, lambda: {"sent": 1}).status_code == 200, "who is gone makes room"

    asyncio.run(listened())


def test_headers_forbid_scripts_frames_and_caches(desk: Desk) -> None:
    client = desk.client()
    for path in ("/", "/web/style.css", "/nothing", "/mailing/x/mailing.toml/list"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
        assert "base-uri 'none'" in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "content-security-policy" in desk.stranger().get("/").headers


def test_no_page_has_a_script_or_a_style_in_it() -> None:
    pages = Path(__file__).parents[2] / "batchsend" / "desk" / "pages"
    for page in pages.glob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|\|\s*safe", html
        ), page


def test_an_upload_that_is_too_long_is_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("batchsend.desk.screens.new_mailing.MOST", 1_000_000)
    seen = 0

    def endless() -> object:
        nonlocal seen
        while seen < 2 * 1024**3:
            seen += 65_536
            yield b"x" * 65_536

    headers = {"x-batchsend-token": desk.door.token, "x-batchsend-name": "list.csv"}
    try:
        answer = desk.client().post("/new", content=endless(), headers=headers)  # type: ignore[arg-type]
        assert answer.status_code in {413, 422}
    except httpx.TransportError:
        pass  # the connection is closed on who goes on
    assert seen < 64 * 1024**2
    assert contents(desk.folder) == {}
    told = {**headers, "content-length": str(2 * 1024**3), "host": f"127.0.0.1:{desk.door.port}"}
    head = "\n".join(f"{name}: {value}" for name, value in told.items())
    cookie = f"{desk.door.cookie}={desk.door.session}"
    ours = f"Cookie: {cookie}\nSec-Fetch-Site: same-origin\nConnection: close"
    assert raw(desk, f"POST /new HTTP/1.1\n{head}\n{ours}") == 422


def test_a_list_of_2_gb_is_more_than_may_be_dropped() -> None:
    """The cap that the test before lowers, as it is by itself."""
    assert new_mailing.MOST < 2 * 1024**3


def _blanks() -> Iterator[bytes]:
    for _ in range(BOMB):
        yield b" " * 2**20


def _one_cell() -> Iterator[bytes]:
    """A sheet as any program may write it, with half a gigabyte of text in a cell."""
    yield b'<row r="100"><c r="A100" t="inlineStr"><is><t>'
    for _ in range(BOMB // 2):
        yield b"x" * 2**20
    yield b"</t></is></c></row>"


def bomb(folder: Path, filled: Callable[[], Iterator[bytes]]) -> bytes:
    """A workbook of a few megabytes, real but for its sheets: those would be hundreds of them."""
    path = folder / "bomb.xlsx"
    book = workbook(folder / "list.xlsx")
    with zipfile.ZipFile(book) as real, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in real.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                made.writestr(name, real.read(name))
                continue
            with made.open(name, "w", force_zip64=True) as sheet:
                head, tail = real.read(name).split(b"</sheetData>", 1)
                sheet.write(head)
                for piece in filled():
                    sheet.write(piece)
                sheet.write(b"</sheetData>" + tail)
    assert path.stat().st_size < 20 * 2**20
    return path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("filled", [_blanks, _one_cell])
def test_a_zip_bomb_is_refused_and_leaves_nothing(
    desk: Desk, tmp_path: Path, filled: Callable[[], Iterator[bytes]]
) -> None:
    answer = dropped(desk, "bomb.xlsx", bomb(tmp_path, filled))
    assert answer.status_code == 422
    assert answer.json()["said"]
    assert contents(desk.folder) == {}
    assert desk.client().get("/").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("door", ["check/taken", "next/list"])
def test_a_zip_bomb_is_refused_by_a_mailing_that_is_there(
    desk: Desk, rent: MailingFolder, tmp_path: Path, door: str
) -> None:
    """As a workbook that was corrected, and as the list of the next month."""
    before = rent.path.read_bytes()
    at = "/mailing/rent/mailing.toml"
    answer = dropped(desk, "bomb.xlsx", bomb(tmp_path, _one_cell), f"{at}/{door}")
    assert answer.status_code == 422
    assert answer.json()["said"]
    assert rent.path.read_bytes() == before
    assert not (rent.folder / "bomb.xlsx").exists()
    assert "All 6 letters are ready" in words(shown(desk.client(), f"{at}/check"))


@pytest.mark.slow
def test_ten_thousand_requests_of_strangers_are_cheap(desk: Desk) -> None:
    """They cost little, and meanwhile whoever has come in is answered."""
    client, began, waits = desk.client(), time.process_time(), []

    def knock() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", desk.door.port, timeout=60)
        for number in range(2_500):
            connection.request(
                "GET", f"/mailing/{number}/list", headers={"cookie": "x=" + "y" * 99}
            )
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 403
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        asked = time.monotonic()
        assert client.get("/").status_code == 200
        waits.append(time.monotonic() - asked)
    for thread in threads:
        thread.join()
    assert max(waits) < 5
    # The strangers' own client is in this process, too.
    assert time.process_time() - began < 60
    assert len(desk.work.taken) == 0


def test_a_form_that_is_too_long_is_refused(desk: Desk) -> None:
    form = {"token": desk.door.token, "language": "x" * 3_000_000}
    assert desk.client().post("/language", data=form).status_code == 413


def test_thousands_of_requests_of_strangers_change_nothing(desk: Desk) -> None:
    def knock() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", desk.door.port, timeout=60)
        for number in range(250):
            connection.request("GET", f"/enter/{number}.x.y")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 403
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.client().get("/").status_code == 200


def test_keys_are_written_for_their_owner_alone_and_never_shown(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BATCHSEND_BASE_URL", "BATCHSEND_SUBSCRIPTION_ID", "BATCHSEND_STORAGE_ID"):
        monkeypatch.delenv(name, raising=False)
    client, at = desk.client(), "/mailing/rent/mailing.toml/send"
    asked = client.get(f"{at}?to=real").text
    assert 'name="BATCHSEND_STORAGE_ID"' in asked
    secrets = {"BATCHSEND_SUBSCRIPTION_ID": "sub'1$x", "BATCHSEND_STORAGE_ID": "storage-secret-2"}
    given = {"BATCHSEND_BASE_URL": "http://127.0.0.1:9", **secrets}
    desk.post(client, f"{at}/keys", **given)
    from batchsend.mailing import Environment  # noqa: PLC0415

    known = Environment.load(rent.folder)
    assert known.storage_id is not None
    assert known.storage_id.get_secret_value() == "storage-secret-2"
    assert known.subscription_id is not None
    assert known.subscription_id.get_secret_value() == "sub'1$x"
    if os.name != "nt":
        assert (rent.folder / ".env").stat().st_mode & 0o077 == 0
    for path in (f"{at}?to=real", at, "/", "/mailing/rent/mailing.toml/tidy"):
        shown = client.get(path, follow_redirects=True).text
        assert not any(secret in shown for secret in secrets.values()), path
    overwrite = desk.post(client, f"{at}/keys", BATCHSEND_STORAGE_ID="another")
    assert overwrite.status_code in {303, 422}
    now = Environment.load(rent.folder)
    assert now.storage_id is not None
    assert now.storage_id.get_secret_value() == "storage-secret-2"


def test_a_key_cannot_bring_another_line_into_the_file(
    desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BATCHSEND_BASE_URL", "BATCHSEND_SUBSCRIPTION_ID", "BATCHSEND_STORAGE_ID"):
        monkeypatch.delenv(name, raising=False)
    given = {
        "BATCHSEND_BASE_URL": "http://127.0.0.1:9",
        "BATCHSEND_SUBSCRIPTION_ID": "sub",
        "BATCHSEND_STORAGE_ID": "x\nBATCHSEND_DATA=/elsewhere",
    }
    answer = desk.post(desk.client(), "/mailing/rent/mailing.toml/send/keys", **given)
    assert answer.status_code == 422
    assert not (rent.folder / ".env").exists()


@pytest.mark.skipif(os.name == "nt", reason="rights of a folder")
def test_a_private_folder_that_others_could_read_is_closed_to_them(
    tmp_path: Path, data: Path
) -> None:
    (data / "desk").mkdir(parents=True)
    (data / "desk").chmod(0o755)
    Instance.of(tmp_path)
    assert (data / "desk").stat().st_mode & 0o077 == 0
