"""Asking what has become of letters, in whatever words the provider has told us."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from batchsend.errors import SendingError, SettingsError
from batchsend.sending import ApiStatus, LetterApi, SendSettings, StatusSettings, ask
from batchsend.sending.status_call import filled_in, found_at

SETTINGS = {
    "request": {"InvoiceIdentifier": "{{ identifier }}"},
    "field": "Status",
    "taken": ["Delivered", "queued"],
    "not_taken": ["Not found"],
}


class StatusApi:
    """Answers as told, by identifier."""

    def __init__(self, tools: Any, **answers: list[bytes] | bytes) -> None:
        self._tools = tools
        self._answers = answers
        self.lines: list[str] = []
        self.bodies: list[Any] = []

    async def talk(self, reader: Any, writer: Any) -> None:
        while True:
            request = await self._tools.read_request(reader)
            self.lines.append(request.line)
            if request.body:
                self.bodies.append(orjson.loads(request.body))
                name = self.bodies[-1]["InvoiceIdentifier"]
            else:
                name = request.line.split("id=")[1].split()[0]
            answer = self._answers[name]
            writer.write(answer if isinstance(answer, bytes) else answer.pop(0))

    def asked(
        self, identifiers: list[str], *, send: dict[str, Any] | None = None, **changes: Any
    ) -> dict[str, ApiStatus]:
        found: dict[str, ApiStatus] = {}

        async def tell(status: ApiStatus) -> None:
            assert status.identifier not in found
            found[status.identifier] = status

        async def main() -> None:
            async with self._tools.served(self.talk) as address:
                await ask(
                    identifiers,
                    LetterApi(address, SendSettings(rate=1000, **(send or {}))),
                    status=StatusSettings.model_validate({**SETTINGS, **changes}),
                    tell=tell,
                    stop=asyncio.Event(),
                )

        asyncio.run(main())
        return found


def said(tools: Any, status: Any) -> bytes:
    answer: bytes = tools.reply("200 OK", {"Status": status})
    return answer


def test_standings(tools: Any) -> None:
    api = StatusApi(
        tools,
        a=said(tools, "DELIVERED "),
        b=said(tools, "not found"),
        c=said(tools, "Odd \x1b[31m"),
        d=tools.reply("200 OK", b"<html>"),
        e=tools.reply("404 Not Found"),
        f=tools.reply("400 Bad Request", {"Message": "No"}),
        g=said(tools, {"is": "no text"}),
    )
    found = api.asked(list("abcdefg"))
    assert {name: status.standing for name, status in found.items()} == {
        "a": "taken",
        "b": "not taken",
        "c": "unclear",
        "d": "unclear",
        "e": "unclear",
        "f": "unclear",
        "g": "unclear",
    }
    assert found["a"].text == "DELIVERED"
    assert found["c"].text == "Odd"
    assert found["f"].text == "The API answered 400 Bad Request: No"
    assert all(line == "POST /send/pstatus HTTP/1.1" for line in api.lines)
    assert {"InvoiceIdentifier": "a"} in api.bodies


def test_404_means_not_taken_only_when_the_settings_say_so(tools: Any) -> None:
    api = StatusApi(tools, a=tools.reply("404 Not Found"))
    assert api.asked(["a"], not_taken_statuses=[404])["a"].standing == "not taken"


def test_as_a_get(tools: Any) -> None:
    api = StatusApi(tools, a=said(tools, "queued"))
    found = api.asked(["a"], method="GET", path="/status", request={"id": "{{identifier}}"})
    assert found["a"].standing == "taken"
    assert api.lines == ["GET /status?id=a HTTP/1.1"]


def test_trouble_is_met_by_asking_again(tools: Any) -> None:
    api = StatusApi(
        tools,
        a=[
            tools.reply("500 Oh"),
            tools.reply("429 Slow", b"", "Retry-After: 0"),
            said(tools, "queued"),
        ],
    )
    assert api.asked(["a"])["a"].standing == "taken"
    assert len(api.lines) == 3


def test_trouble_without_end_is_unclear(tools: Any) -> None:
    api = StatusApi(tools, a=tools.reply("500 Oh"))
    found = api.asked(["a"], send={"attempts": 2})
    assert (found["a"].standing, found["a"].http_status) == ("unclear", 500)


def test_being_refused_ends_it(tools: Any) -> None:
    api = StatusApi(tools, a=tools.reply("403 Forbidden"))
    with pytest.raises(SendingError, match="403"):
        api.asked(["a"])


def test_many_are_asked_once_each(tools: Any) -> None:
    names = [f"l{number}" for number in range(80)]
    api = StatusApi(tools, **{name: said(tools, "queued") for name in names})
    assert sorted(api.asked(names)) == sorted(names)
    assert len(api.lines) == 80


def test_not_in_the_clear() -> None:
    async def tell(_status: ApiStatus) -> None: ...

    with pytest.raises(SettingsError, match="plain http"):
        asyncio.run(
            ask(
                ["a"],
                LetterApi("http://api.example.com", SendSettings()),
                status=StatusSettings.model_validate(SETTINGS),
                tell=tell,
                stop=asyncio.Event(),
            )
        )


@pytest.mark.parametrize(
    ("body", "path", "text"),
    [
        (b'{"Status": "Sent"}', "Status", "Sent"),
        (b'{"status": " sent "}', "Status", "sent"),
        (b'{"Letters": [{"Status": 3}]}', "letters.0.status", "3"),
        (b'[{"Status": "x"}]', "0.Status", "x"),
        (b'{"Status": null}', "Status", ""),
        (b'{"Status": true}', "Status", ""),
        (b'{"Letters": []}', "Letters.0.Status", ""),
        (b'{"Letters": "no"}', "Letters.0.Status", ""),
        (b"nothing", "Status", ""),
    ],
)
def test_finding_the_status(body: bytes, path: str, text: str) -> None:
    assert found_at(body, path) == text


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_answer_is_read_without_a_crash(body: bytes, path: str) -> None:
    assert isinstance(found_at(body, path), str)


def test_the_identifier_is_put_in_its_places_and_stays_text() -> None:
    request = {"a": "{{identifier}}", "b": ["x-{{ identifier }}", 7], "c": {"d": "{{ other }}"}}
    nasty = "\\1{{ identifier }}"
    assert filled_in(request, nasty) == {
        "a": nasty,
        "b": [f"x-{nasty}", 7],
        "c": {"d": "{{ other }}"},
    }


@pytest.mark.parametrize("missing", ["request", "field", "taken"])
def test_what_has_to_be_told(missing: str) -> None:
    given = {key: value for key, value in SETTINGS.items() if key != missing}
    with pytest.raises(ValidationError, match=missing):
        StatusSettings.model_validate(given)
