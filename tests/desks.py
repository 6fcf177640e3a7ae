"""A desk that runs: the real server on a real port, in a thread of the test's own process."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
from openpyxl import Workbook
from waiting import NOT_KEPT_OPEN, PATIENCE, until

from batchsend.desk.app import behind_door, make_app
from batchsend.desk.folder import Folder
from batchsend.desk.work import Work
from batchsend.web import Door, listening, new_link, serving


@dataclass
class Desk:
    """A desk of a folder."""

    folder: Path
    door: Door
    work: Work = field(default_factory=Work)
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.door.port}"

    def link(self) -> str:
        return f"{self.base}{new_link(self.door.link_key)}"

    def stranger(self) -> httpx.Client:
        """A client that has not come in."""
        client = httpx.Client(
            base_url=self.base, timeout=PATIENCE, trust_env=False, limits=NOT_KEPT_OPEN
        )
        self.clients.append(client)
        return client

    def client(self) -> httpx.Client:
        """One that has, and whose requests are as a browser makes them on our own pages."""
        client = self.stranger()
        client.headers.update({"sec-fetch-site": "same-origin", "origin": self.base})
        client.get(self.link(), headers={"sec-fetch-site": "none"})
        return client

    def post(self, client: httpx.Client, path: str, **fields: str) -> httpx.Response:
        """A form of ours."""
        return client.post(path, data={"token": self.door.token, **fields})


@contextmanager
def running_desk(folder: Path) -> Iterator[Desk]:
    with listening() as sock:
        desk = Desk(folder, Door(sock.getsockname()[1]))
        app = make_app(Folder(folder.resolve()), desk.door, desk.work)
        server = serving(behind_door(app, desk.door, lambda: None), drain=2)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])))
        thread.start()
        until(lambda: server.started, "the desk starts")
        try:
            yield desk
        finally:
            for client in desk.clients:
                client.close()
            server.should_exit = True
            thread.join(PATIENCE)
            desk.work.end()


def workbook(path: Path, people: int = 12) -> Path:
    """As people keep one: a title, names turned round, a hidden row, a sum."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Leietakere"
    sheet.append(["Leietakere per november"])
    sheet.append([])
    sheet.append(["Leienr", "Navn", "Adresse", "Postnr/sted", "Leie"])
    for number in range(1, people + 1):
        name = f"Nordmann{'abcdefghij'[number % 10]}, Kari"
        sheet.append([1000 + number, name, f"Storgata {number}", "0150 Oslo", 9500 + number])
    sheet.append(["SUM", None, None, None, 99_999])
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("Notater").append(["x"])
    book.save(path)
    return path


def drop(desk: Desk, client: httpx.Client, file: Path, to: str = "/new") -> httpx.Response:
    """Drop a file on a page."""
    headers = {"x-batchsend-token": desk.door.token, "x-batchsend-name": quote(file.name)}
    return client.post(to, content=file.read_bytes(), headers=headers)


def shown(client: httpx.Client, path: str) -> str:
    """A page, once it is no longer busy."""

    def ready() -> str:
        html = client.get(path, follow_redirects=True).text
        return "" if "data-again" in html else html

    return until(ready, path)


def words(html: str) -> str:
    """The text of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def rehearse(desk: Desk, client: httpx.Client, at: str) -> str:
    """Rehearse the mailing; what the page says at its end."""
    html = shown(client, f"{at}/send")
    expected = re.search(r'name="expected" value="(\d+)"', html)
    assert expected, words(html)
    desk.post(client, f"{at}/send/begin?to=test", expected=expected[1])
    until(lambda: "data-events" not in client.get(f"{at}/under-way").text, "the run ends")
    return words(client.get(f"{at}/under-way").text)
