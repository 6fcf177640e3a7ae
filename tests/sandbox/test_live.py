"""What open pages are told, and what they then ask for: all that is new, once, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import orjson
from waiting import until

from batchsend.sandbox import Fault
from batchsend.web.pages import MOST_LISTENERS

News = Iterator[dict[str, Any]]


@contextmanager
def listening(api: httpx.Client) -> Iterator[News]:
    with api.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield (
            orjson.loads(line.removeprefix("data: "))
            for line in answer.iter_lines()
            if line.startswith("data: ")
        )


def since(api: httpx.Client, seen: str, **asked: str) -> str:
    """The page that has what is new since."""
    return api.get("/", params={"since": seen, **asked}).text


def listed(page: str) -> list[str]:
    return re.findall(r"<bdi>(letter-\d+)</bdi>", page)


def seen(page: str) -> str:
    return re.findall(r'data-seen="(\d+)"', page)[0]


def test_letters_are_told_and_listed_once_newest_first(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("letter-1"))
    with listening(api) as news:
        known = next(news)["seen"]
        assert known == 1
        for number in (2, 3):
            api.post("/send/letter", content=body(f"letter-{number}"))
        assert 1 < next(news)["seen"] <= 3
        page = since(api, str(known))
        assert listed(page) == ["letter-3", "letter-2"]
        assert "<b>3</b> letters taken" in page
        api.post("/send/letter", content=body("letter-4"))
        assert listed(since(api, seen(page))) == ["letter-4"]


def test_only_what_the_page_lists_is_new_to_it(api: httpx.Client, body: Any, tell: Any) -> None:
    known = seen(api.get("/").text)
    tell(script=[Fault.OK, Fault.ERROR])
    for number in (1, 2):
        api.post("/send/letter", content=body(f"letter-{number}"))
    assert listed(since(api, known, show="refused")) == ["letter-2"]
    assert listed(since(api, known, q="letter-1")) == ["letter-1"]
    assert listed(since(api, "2")) == []


def test_of_a_flood_the_newest_are_listed(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("letter-0"))
    known = seen(api.get("/").text)
    for number in range(1, 101):
        api.post("/send/letter", content=body(f"letter-{number}"))
    page = since(api, known)
    assert listed(page) == [f"letter-{number}" for number in range(100, 60, -1)]
    assert re.search(r'id="older"[^>]*">Older', page), "there are more"
    assert not re.search(r'id="older"[^>]*">Older', since(api, "90"))


def test_faults_and_an_emptied_mailbox_are_told(api: httpx.Client, body: Any, tell: Any) -> None:
    api.post("/send/letter", content=body("letter-1"))
    with listening(api) as news:
        before = next(news)
        assert not before["faulty"]
        tell(rates={Fault.ERROR: 0.5})
        assert next(news)["faulty"]
        api.delete("/sandbox/letters")
        assert next(news)["emptied"] == before["emptied"] + 1


def test_so_many_pages_and_no_more(api: httpx.Client) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_LISTENERS):
            stack.enter_context(listening(api))
        assert api.get("/events").status_code == 204
        assert api.get("/").status_code == 200
    # Those that went make room for others, once the server has noticed.
    until(lambda: _may_listen(api), "room for others")


def _may_listen(api: httpx.Client) -> bool:
    with api.stream("GET", "/events") as answer:
        return answer.status_code == 200


def test_no_page_elsewhere_may_listen(api: httpx.Client) -> None:
    assert api.get("/events", headers={"Host": "evil.example.com"}).status_code == 403
