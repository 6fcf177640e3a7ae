"""Answers that mean harm do none, and secrets stay where they are."""

from __future__ import annotations

import asyncio
import logging
import tracemalloc
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from batchsend.errors import SendingError
from batchsend.sandbox import Fault
from batchsend.sending import Credentials, SendSettings

SECRET = "secret-word-1"
CREDENTIALS = Credentials(
    bearer_token=SecretStr(SECRET),
    client_id=SecretStr(f"{SECRET}-id"),
    client_secret=SecretStr(f"{SECRET}-cs"),
    key_password=SecretStr(f"{SECRET}-kp"),
    proxy=SecretStr(f"http://u:{SECRET}@127.0.0.1:9"),
    withheld=(SecretStr("the-subscription"), SecretStr("267")),
)


def test_a_redirect_is_not_followed(run: Any, tools: Any) -> None:
    elsewhere: list[str] = []

    async def other(reader: Any, _writer: Any) -> None:
        elsewhere.append((await tools.read_request(reader)).line)

    async def main() -> None:
        async with tools.served(other) as target:

            async def sending_on(reader: Any, writer: Any) -> None:
                while True:
                    await tools.read_request(reader)
                    writer.write(tools.reply("308 Permanent Redirect", b"", f"Location: {target}/"))

            async with tools.served(sending_on) as address:
                with pytest.raises(SendingError, match="308"):
                    await run.submit(address, ["x"])

    asyncio.run(main())
    assert elsewhere == []
    assert run.notebook.only.state == "unknown"
    assert "308" in run.notebook.only.reason


def test_a_body_without_end_costs_no_memory(api: Any, run: Any) -> None:
    api.misbehave(letters={f"l{n}": [Fault.HUGE] for n in range(1, 6)})
    tracemalloc.start()
    try:
        asyncio.run(run.submit(api.address, [f"l{n}" for n in range(6)]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert list(run.notebook.states.values()).count("unknown") == 5
    assert peak < 20_000_000


def test_terminal_escapes_end_with_us(api: Any, run: Any) -> None:
    api.misbehave(script=[Fault.ESCAPES])
    asyncio.run(run.submit(api.address, ["x"]))
    assert run.notebook.only.reason == "The API answered 400 Bad Request: City is wrong"
    assert run.notebook.attempts[0].message == run.notebook.only.reason


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"RequestId": null}',
        b'{"RequestId": {"a": [1]}}',
        b'{"RequestId": "\\u001b[31m' + b"x" * 5000 + b'"}',
        b"\xff\xfe\xfd",
        b"[" * 60_000,
        b'{"RequestId": 1e999}',
    ],
)
def test_a_202_that_names_no_letter_is_in_doubt(run: Any, tools: Any, body: bytes) -> None:
    async def talk(reader: Any, writer: Any) -> None:
        await tools.read_request(reader)
        writer.write(tools.reply("202 Accepted", body))

    async def main() -> None:
        async with tools.served(talk) as address:
            with pytest.raises(SendingError, match="202"):
                await run.submit(address, ["x"])

    asyncio.run(main())
    assert run.notebook.only.state == "unknown"
    assert len(run.notebook.only.reason) <= 300
    assert "\x1b" not in run.notebook.only.reason


def test_a_packed_body_is_not_unpacked(run: Any, tools: Any) -> None:
    async def talk(reader: Any, writer: Any) -> None:
        request = await tools.read_request(reader)
        assert request.headers["accept-encoding"] == "identity"
        writer.write(tools.reply("202 Accepted", b"\x1f\x8b junk", "Content-Encoding: gzip"))

    async def main() -> None:
        async with tools.served(talk) as address:
            await run.submit(address, ["x"])

    asyncio.run(main())
    assert run.notebook.only.state == "unknown"
    assert "junk" not in run.notebook.only.reason, "packed, it is no words"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 Accepted\r\nContent-Length: nonsense\r\n\r\n",
        b"HTTP/1.1 999999 Accepted\r\n\r\n",
        b"HTTP/9.9 202\r\n\r\n",
        b"HTTP/1.1 202 Accepted\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        b"HTTP/1.1 202 Accepted\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"\x16\x03\x01",
        b"\r\n\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
def test_what_is_not_http_is_in_doubt(run: Any, tools: Any, answer: bytes) -> None:
    async def talk(reader: Any, writer: Any) -> None:
        await tools.read_request(reader)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def main() -> None:
        async with tools.served(talk) as address:
            await run.submit(address, ["x"])

    asyncio.run(main())
    assert run.notebook.only.state == "unknown"
    assert len(run.notebook.only.reason) <= 300
    assert "400" not in run.notebook.only.reason, "nobody said that"
    if b"HTTP" not in answer and answer.strip():
        assert run.notebook.only.reason.startswith("The answer is not HTTP")


def test_cookies_are_not_kept(run: Any, tools: Any) -> None:
    seen: list[Any] = []

    async def talk(reader: Any, writer: Any) -> None:
        while True:
            request = await tools.read_request(reader)
            seen.append(request.headers.get("cookie"))
            body = {"RequestId": request.identifier}
            writer.write(tools.reply("202 Accepted", body, "Set-Cookie: a=b; Path=/"))

    async def main() -> None:
        async with tools.served(talk) as address:
            await run.submit(address.replace("127.0.0.1", "localhost"), ["x", "y"])

    asyncio.run(main())
    assert seen == [None, None]


def test_what_the_api_says_is_rid_of_secrets_and_national_ids(run: Any, tools: Any) -> None:
    async def echo(reader: Any, writer: Any) -> None:
        while True:
            request = await tools.read_request(reader)
            message = f"the-subscription {request.headers['authorization']} 01857212345 refused"
            writer.write(tools.reply("400 Bad Request", {"Message": message}))

    async def main() -> None:
        async with tools.served(echo) as address:
            credentials = Credentials(bearer_token=SecretStr(SECRET), withheld=CREDENTIALS.withheld)
            await run.submit(address, ["x"], credentials=credentials, auth={"kind": "bearer"})

    asyncio.run(main())
    assert run.notebook.only.reason.endswith("***** Bearer ***** 018572***** refused")
    assert run.notebook.attempts[0].message == run.notebook.only.reason


def test_credentials_never_show() -> None:
    assert SECRET not in repr(CREDENTIALS)
    assert SECRET not in str(CREDENTIALS)
    assert f"{SECRET}-cs" in CREDENTIALS.texts()
    assert "267" not in CREDENTIALS.texts(), "too short to be struck out of every text"


def test_nothing_secret_is_logged(run: Any, tools: Any, caplog: Any) -> None:
    async def talk(reader: Any, writer: Any) -> None:
        writer.write(tools.accepted(await tools.read_request(reader)))

    async def main() -> None:
        async with tools.served(talk) as address:
            credentials = Credentials(bearer_token=SecretStr(SECRET))
            await run.submit(address, ["x"], credentials=credentials, auth={"kind": "bearer"})

    with caplog.at_level(logging.DEBUG):
        asyncio.run(main())
    assert SECRET not in caplog.text
    assert "the-subscription" not in caplog.text


def test_a_proxys_password_is_not_in_the_error(run: Any) -> None:
    with pytest.raises(SendingError) as caught:
        asyncio.run(
            run.submit("https://api.example.com", ["x"], credentials=CREDENTIALS, max_wait=0.2)
        )
    assert SECRET not in str(caught.value)
    assert SECRET not in run.notebook.only.reason


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("proxy", f"http://user:{SECRET}@proxy:8080", "BATCHSEND_PROXY"),
        ("proxy", "socks5://proxy", "http://host:port"),
        ("proxy", "http://[::1", "not a web address"),
        ("rate", 0, "greater than 0"),
        ("concurrency", 0, "greater than or equal to 1"),
        ("client_key", "key.pem", "client_certificate"),
        ("verify", False, "Extra inputs"),
    ],
)
def test_settings_that_are_wrong(setting: str, value: Any, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        SendSettings.model_validate({setting: value})


def test_file_names_are_taken_from_the_mailings_folder(tmp_path: Any) -> None:
    absolute = tmp_path / "elsewhere" / "ca.pem"
    settings = SendSettings(client_certificate="our.pem", ca_file=absolute).beside(tmp_path)
    assert settings.client_certificate == tmp_path / "our.pem"
    assert settings.ca_file == absolute
    assert settings.client_key is None
