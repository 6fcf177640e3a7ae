"""TLS, client certificates and proxies: verified always, told in words when they fail."""

from __future__ import annotations

import asyncio
import base64
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from pydantic import SecretStr

from batchsend.errors import SendingError, SettingsError
from batchsend.sending import Credentials


@dataclass
class Papers:
    """A certificate authority of our own, and a server it vouches for."""

    ca: trustme.CA
    ca_file: Path
    server: ssl.SSLContext
    folder: Path


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(server)
    return Papers(ca, folder / "ca.pem", server, folder)


def answering(tools: Any) -> Any:
    async def talk(reader: Any, writer: Any) -> None:
        while True:
            writer.write(tools.accepted(await tools.read_request(reader)))

    return talk


def test_a_certificate_of_the_authority_we_are_told_to_trust(
    run: Any, tools: Any, papers: Papers
) -> None:
    async def main() -> None:
        async with tools.served(answering(tools), ssl=papers.server) as address:
            assert address.startswith("https://")
            await run.submit(address, ["x"], ca_file=papers.ca_file)

    asyncio.run(main())
    assert run.notebook.states == {"x": "accepted"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the server's side
def test_any_other_certificate_ends_the_run_at_once_and_says_how_to_go_on(
    run: Any, tools: Any, papers: Papers
) -> None:
    async def main() -> None:
        async with tools.served(answering(tools), ssl=papers.server) as address:
            await run.submit(address, ["x", "y"], max_wait=3000)

    with pytest.raises(SendingError, match="certificate cannot be trusted") as caught:
        asyncio.run(main())
    assert "ca_file" in str(caught.value.hint)
    assert run.notebook.states == {"x": "failed"}
    assert run.notebook.attempts == []


def test_a_client_certificate_is_shown_to_a_server_that_asks(
    run: Any, tools: Any, papers: Papers
) -> None:
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    papers.ca.issue_cert("127.0.0.1").configure_cert(server)
    papers.ca.configure_trust(server)
    server.verify_mode = ssl.CERT_REQUIRED
    ours = papers.ca.issue_cert("client@example.com")
    ours.private_key_and_cert_chain_pem.write_to_path(str(papers.folder / "client.pem"))

    async def main() -> None:
        async with tools.served(answering(tools), ssl=server) as address:
            await run.submit(
                address,
                ["x"],
                ca_file=papers.ca_file,
                client_certificate=papers.folder / "client.pem",
            )

    asyncio.run(main())
    assert run.notebook.states == {"x": "accepted"}


@pytest.mark.parametrize(
    ("setting", "content"),
    [
        ("ca_file", None),
        ("ca_file", "not a certificate"),
        ("client_certificate", None),
        ("client_certificate", "not a certificate"),
    ],
)
def test_files_that_cannot_be_used_are_named(
    run: Any, tmp_path: Path, setting: str, content: str | None
) -> None:
    path = tmp_path / "papers.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=rf"{setting} .*papers\.pem cannot be used"):
        asyncio.run(run.submit("https://api.example.com", ["x"], **{setting: path}))
    assert run.notebook.left == []


class Proxy:
    """A proxy that forwards plain requests to `target`, or opens tunnels to it."""

    def __init__(self, tools: Any, password: str = "") -> None:
        self._tools = tools
        self._password = password
        self.asked: list[str] = []

    async def talk(self, reader: Any, writer: Any) -> None:
        request = await self._tools.read_request(reader)
        self.asked.append(request.line)
        given = request.headers.get("proxy-authorization", "")
        if (
            self._password
            and given != "Basic " + base64.b64encode(self._password.encode()).decode()
        ):
            writer.write(self._tools.reply("407 Proxy Authentication Required"))
            return
        if not request.line.startswith("CONNECT "):
            writer.write(self._tools.accepted(request))
            return
        host, _, port = request.line.split()[1].rpartition(":")
        to_reader, to_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")

        async def pump(source: Any, sink: Any) -> None:
            while piece := await source.read(65536):
                sink.write(piece)

        try:
            await asyncio.gather(pump(reader, to_writer), pump(to_reader, writer))
        finally:
            to_writer.close()


def test_a_tunnel_through_a_proxy_with_a_password(run: Any, tools: Any, papers: Papers) -> None:
    proxy = Proxy(tools, password="user:pass-word")

    async def main() -> None:
        async with (
            tools.served(answering(tools), ssl=papers.server) as address,
            tools.served(proxy.talk) as through,
        ):
            secret = SecretStr(through.replace("http://", "http://user:pass-word@"))
            await run.submit(
                address, ["x", "y"], ca_file=papers.ca_file, credentials=Credentials(proxy=secret)
            )

    asyncio.run(main())
    assert run.notebook.states == {"x": "accepted", "y": "accepted"}
    assert len(proxy.asked) == 1
    assert proxy.asked[0].startswith("CONNECT 127.0.0.1:")


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_proxy_that_wants_a_password_ends_the_run(
    run: Any, tools: Any, papers: Papers, scheme: str
) -> None:
    proxy = Proxy(tools, password="user:pass-word")

    async def main() -> None:
        async with tools.served(proxy.talk) as through:
            await run.submit(
                f"{scheme}://api.example.com",
                ["x"],
                ca_file=papers.ca_file,
                proxy=through,
                insecure_http=True,
                max_wait=3000,
            )

    with pytest.raises(SendingError, match="407"):
        asyncio.run(main())
    assert run.notebook.states == {"x": "failed"}


def test_a_proxy_from_the_settings(run: Any, tools: Any) -> None:
    proxy = Proxy(tools)

    async def main() -> None:
        async with tools.served(proxy.talk) as through:
            await run.submit("http://api.example.com", ["x"], proxy=through, insecure_http=True)

    asyncio.run(main())
    assert proxy.asked == ["POST http://api.example.com/send/letter HTTP/1.1"]


def test_the_environments_proxy_is_left_alone(
    api: Any, run: Any, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, nobody)
    asyncio.run(run.submit(api.address, ["x"]))
    assert run.notebook.states == {"x": "accepted"}


def test_a_proxy_that_is_down_is_out_of_reach(run: Any, nobody: str) -> None:
    with pytest.raises(SendingError, match="out of reach"):
        asyncio.run(run.submit("https://api.example.com", ["x"], proxy=nobody, max_wait=0.2))
    assert run.notebook.states == {"x": "failed"}
