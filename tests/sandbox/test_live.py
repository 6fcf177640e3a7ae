"""What open pages are told: everything that is new, once, and in batches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import orjson
from waiting import until

from batchsend.sandbox import Fault
from batchsend.sandbox.live import MOST_LISTENERS

News = Iterator[dict[str, Any]]


@contextmanager
def listening(api: httpx.Client, **asked: str) -> Iterator[News]:
    with api.stream("GET", "/events", params=asked) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        yield (
            orjson.loads(line.removeprefix("data: "))
            for line in answer.iter_lines()
            if line.startswith("data: ")
        )


def listed(news: dict[str, Any]) -> list[str]:
    return re.findall(r"<bdi>(letter-\d+)</bdi>", news["rows"])


def seen(api: httpx.Client) -> str:
    return re.findall(r'data-seen="(\d+)"', api.get("/").text)[0]


def test_letters_are_told_once_newest_first(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("letter-1"))
    since = seen(api)
    for number in (2, 3):
        api.post("/send/letter", content=body(f"letter-{number}"))
    with listening(api, since=since) as news:
        first = next(news)
        assert listed(first) == ["letter-3", "letter-2"]
        assert first["fresh"] == 2
        assert "<b>3</b> letters taken" in first["counts"]
        api.post("/send/letter", content=body("letter-4"))
        assert listed(next(news)) == ["letter-4"]


def test_only_what_the_page_lists_is_told(api: httpx.Client, body: Any, tell: Any) -> None:
    since = seen(api)
    tell(script=[Fault.OK, Fault.ERROR])
    for number in (1, 2):
        api.post("/send/letter", content=body(f"letter-{number}"))
    with listening(api, since=since, show="refused") as news:
        assert listed(next(news)) == ["letter-2"]
    with listening(api, since=since, q="letter-1") as news:
        assert listed(next(news)) == ["letter-1"]
    with listening(api, since=since, before="2") as news:
        assert listed(next(news)) == []


def test_of_a_flood_the_newest_are_told(api: httpx.Client, body: Any) -> None:
    since = seen(api)
    for number in range(100):
        api.post("/send/letter", content=body(f"letter-{number}"))
    with listening(api, since=since) as news:
        told = next(news)
    assert listed(told) == [f"letter-{number}" for number in range(99, 59, -1)]
    assert told["more"]


def test_faults_and_an_emptied_mailbox_are_told(api: httpx.Client, body: Any, tell: Any) -> None:
    api.post("/send/letter", content=body("letter-1"))
    with listening(api, since=seen(api)) as news:
        assert not next(news)["faulty"]
        tell(rates={Fault.ERROR: 0.5})
        assert next(news)["faulty"]
        api.delete("/sandbox/letters")
        assert next(news) == {"emptied": True}


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
