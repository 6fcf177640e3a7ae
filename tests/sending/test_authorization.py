"""Who we say we are: nothing, a fixed token, or one that is fetched, kept and renewed."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr, ValidationError
from waiting import until_then

from batchsend.errors import SendingError, SettingsError
from batchsend.sending import Credentials, SendSettings
from batchsend.sending import authorization as authorizing

SECRETS = Credentials(
    bearer_token=SecretStr("fixed-token-1"),
    client_id=SecretStr("client-id-1"),
    client_secret=SecretStr("client-secret-1"),
)


class Guarded:
    """A token server and an API that wants its tokens."""

    def __init__(self, tools: Any, token_answers: list[bytes], valid: set[str]) -> None:
        self._tools = tools
        self._token_answers = token_answers
        self.valid = valid
        self.forms: list[dict[str, list[str]]] = []
        self.seen: list[str | None] = []

    async def talk(self, reader: Any, writer: Any) -> None:
        while True:
            request = await self._tools.read_request(reader)
            if request.line.startswith("POST /token "):
                self.forms.append(parse_qs(request.body.decode()))
                left = len(self._token_answers)
                writer.write(self._token_answers.pop(0) if left > 1 else self._token_answers[0])
                continue
            given = request.headers.get("authorization")
            self.seen.append(given)
            if given in self.valid:
                writer.write(self._tools.accepted(request))
            else:
                writer.write(self._tools.reply("401 Unauthorized"))

    @asynccontextmanager
    async def open(self) -> Any:
        async with self._tools.served(self.talk) as address:
            yield address


def token(tools: Any, name: str, **more: Any) -> bytes:
    body: bytes = tools.reply(
        "200 OK", {"access_token": name, "token_type": "Bearer", "expires_in": 3600, **more}
    )
    return body


def fetched(address: str, **more: Any) -> dict[str, Any]:
    return {"kind": "client_credentials", "token_url": f"{address}/token", **more}


LETTERS = [f"l{number}" for number in range(12)]


def test_the_documented_request_carries_no_authorization(run: Any, tools: Any) -> None:
    seen: list[Any] = []

    async def talk(reader: Any, writer: Any) -> None:
        request = await tools.read_request(reader)
        seen.append(request)
        writer.write(tools.accepted(request))

    async def main() -> None:
        async with tools.served(talk) as address:
            await run.submit(f"{address}/v1/", ["x"], credentials=SECRETS)

    asyncio.run(main())
    assert seen[0].line == "POST /v1/send/letter HTTP/1.1"
    assert seen[0].headers["content-type"] == "application/json"
    assert "authorization" not in seen[0].headers
    assert seen[0].headers["user-agent"].startswith("batchsend/")
    assert seen[0].body == tools.letter("x").body


def test_a_fixed_token(run: Any, tools: Any) -> None:
    guarded = Guarded(tools, [b""], {"Bearer fixed-token-1"})

    async def main() -> None:
        async with guarded.open() as address:
            await run.submit(address, LETTERS, credentials=SECRETS, auth={"kind": "bearer"})

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"accepted"}


def test_one_token_for_many_letters(run: Any, tools: Any) -> None:
    guarded = Guarded(tools, [token(tools, "t1")], {"Bearer t1"})

    async def main() -> None:
        async with guarded.open() as address:
            auth = fetched(address, scope="letters")
            await run.submit(address, LETTERS, credentials=SECRETS, auth=auth)

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"accepted"}
    assert guarded.forms == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["client-id-1"],
            "client_secret": ["client-secret-1"],
            "scope": ["letters"],
        }
    ]


def test_a_token_is_renewed_before_it_ends(
    run: Any, tools: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(authorizing, "time", SimpleNamespace(monotonic=lambda: now[0]))
    guarded = Guarded(
        tools,
        [token(tools, "t1", expires_in=100), token(tools, "t2")],
        {"Bearer t1", "Bearer t2"},
    )

    async def spaced() -> Any:
        for name, moment in (("a", 1000.0), ("b", 1069.0), ("c", 1070.0)):
            now[0] = moment
            yield tools.letter(name)
            await until_then(lambda name=name: name in run.notebook.outcomes, name)  # type: ignore[misc]

    async def main() -> None:
        async with guarded.open() as address:
            await run.submit(address, spaced(), credentials=SECRETS, auth=fetched(address))

    asyncio.run(main())
    assert guarded.seen == ["Bearer t1", "Bearer t1", "Bearer t2"]


def test_a_401_renews_the_token_once_for_all_letters(run: Any, tools: Any) -> None:
    guarded = Guarded(tools, [token(tools, "t1"), token(tools, "t2")], {"Bearer t1"})

    async def revoke(_outcome: Any) -> None:
        if len(run.notebook.outcomes) == 4:
            guarded.valid = {"Bearer t2"}

    run.notebook.on_ended = revoke

    async def main() -> None:
        async with guarded.open() as address:
            await run.submit(address, LETTERS, credentials=SECRETS, auth=fetched(address))

    asyncio.run(main())
    assert set(run.notebook.states.values()) == {"accepted"}
    assert len(guarded.forms) == 2
    assert {attempt.http_status for attempt in run.notebook.attempts} == {202, 401}


def test_a_fresh_token_that_is_refused_too_stops_the_run(run: Any, tools: Any) -> None:
    guarded = Guarded(tools, [token(tools, "t1"), token(tools, "t2")], set())

    async def main() -> None:
        async with guarded.open() as address:
            await run.submit(address, LETTERS, credentials=SECRETS, auth=fetched(address))

    with pytest.raises(SendingError, match="401"):
        asyncio.run(main())
    assert guarded.seen == ["Bearer t1", "Bearer t2"]
    assert run.notebook.states == {"l0": "failed"}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (("400 Bad Request", {"error": "invalid_client client-secret-1"}), "refused our client"),
        (("200 OK", {"token": "t1"}), "no access_token"),
        (("200 OK", {"access_token": "tøken"}), "no access_token"),
        (("200 OK", {"access_token": "a\r\nX-Evil: 1"}), "no access_token"),
        (("200 OK", b"hello"), "no access_token"),
        (("302 Found", b""), "refused our client"),
    ],
)
def test_a_token_server_that_refuses_stops_the_run(
    run: Any, tools: Any, answer: tuple[str, Any], says: str
) -> None:
    guarded = Guarded(tools, [tools.reply(*answer)], set())

    async def main() -> None:
        async with guarded.open() as address:
            await run.submit(address, LETTERS, credentials=SECRETS, auth=fetched(address))

    with pytest.raises(SendingError, match=says) as caught:
        asyncio.run(main())
    assert "client-secret-1" not in str(caught.value)
    assert guarded.seen == [], "no letter left"
    assert run.notebook.states == {"l0": "failed"}
    assert run.notebook.attempts == []


def test_a_token_server_that_is_busy_is_waited_for(run: Any, tools: Any) -> None:
    busy = tools.reply("503 Service Unavailable")
    guarded = Guarded(tools, [busy, token(tools, "t1")], {"Bearer t1"})

    async def main() -> None:
        async with guarded.open() as address:
            await run.submit(address, ["x"], credentials=SECRETS, auth=fetched(address))

    asyncio.run(main())
    assert run.notebook.states == {"x": "accepted"}


@pytest.mark.parametrize(
    ("auth", "variable"),
    [
        ({"kind": "bearer"}, "BATCHSEND_BEARER_TOKEN"),
        (
            {"kind": "client_credentials", "token_url": "https://id.example.com/token"},
            "BATCHSEND_CLIENT_ID",
        ),
    ],
)
def test_secrets_that_are_not_set_are_named(run: Any, auth: Any, variable: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        asyncio.run(run.submit("https://api.example.com", ["x"], auth=auth))
    assert run.notebook.left == []


def test_tokens_do_not_travel_in_the_clear(run: Any) -> None:
    auth = {"kind": "client_credentials", "token_url": "http://id.example.com/token"}
    with pytest.raises(SettingsError, match=r"token_url .*plain http"):
        asyncio.run(run.submit("https://api.example.com", ["x"], auth=auth, credentials=SECRETS))


def test_client_credentials_need_an_address() -> None:
    with pytest.raises(ValidationError, match="token_url"):
        SendSettings(auth={"kind": "client_credentials"})
