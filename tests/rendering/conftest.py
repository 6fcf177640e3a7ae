"""What the rendering tests share: a template in a folder of its own, columns and letters."""

from __future__ import annotations

import asyncio
import base64
import ctypes
import io
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pypdfium2
import pytest
from pydantic import SecretStr

from batchsend.letters import Letter
from batchsend.lists import Column, Row
from batchsend.rendering import (
    DocumentSettings,
    PageSettings,
    RenderedLetter,
    Renderer,
    RenderPool,
    Templates,
    TemplateSettings,
)
from batchsend.request import Subscription

COLUMNS = (
    Column(0, "Kundenr.", "kundenr"),
    Column(1, "Navn", "navn"),
    Column(2, "Beløp", "beløp"),
)
SUBSCRIPTION = Subscription(SubscriptionId=SecretStr("secret-id"), StorageId=SecretStr("267"))


@pytest.fixture(autouse=True)
def _own_workers(own_workers: None) -> None:
    """A process keeps to the fonts of its first template; here templates bring their own."""


class Folder:
    """A template folder that tests write into."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(
        self,
        html: str | None = None,
        *,
        pages: PageSettings | None = None,
        document: DocumentSettings | None = None,
        **settings: Any,
    ) -> Templates:
        if html is not None:
            self.write("letter.html", html)
        settings.setdefault("path", Path("letter.html"))
        template = TemplateSettings(**settings)
        return Templates.load(template, folder=self.path, pages=pages, document=document)

    def renderer(self, html: str | None = None, **settings: Any) -> Renderer:
        return Renderer(self.load(html, **settings), COLUMNS)

    def press(self, html: str | None = None, *, workers: int = 1, **settings: Any) -> RenderPool:
        return RenderPool(self.load(html, **settings), COLUMNS, SUBSCRIPTION, workers=workers)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "my templates"
    path.mkdir()
    return Folder(path)


@pytest.fixture
def letter() -> Callable[..., Letter]:
    """One letter, made from row `number`."""

    def make(number: int = 2, *, navn: str | None = None, **changes: Any) -> Letter:
        cells = (f"{1000 + number}", navn or f"Kari Øvergård {number}", "1 234,50")
        fields = {
            "Channel": "EMAIL",
            "Identifier": f"rent-{number}",
            "LanguageID": "NO",
            "Invoicee": {"Name": cells[1], "Address1": "Storgata 1", "PostCode": "0150"},
            "Invoicer": {"Name": "Utleier AS"},
        }
        made = {
            "identifier": f"rent-{number}",
            "channel": "EMAIL",  # which has no rules of layout
            "language": "NO",
            "fields": fields,
            "rows": (Row(number, cells),),
            "content": f"{number:064x}",
        }
        return Letter(**{**made, **changes})

    return make


@pytest.fixture
def text() -> Callable[[bytes], list[str]]:
    """Each page's text, its lines joined by blanks."""

    def read(pdf: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(io.BytesIO(pdf))
        try:
            pages = [page.get_textpage().get_text_range() for page in document]
            return [" ".join(page.split()) for page in pages]
        finally:
            document.close()

    return read


@pytest.fixture
def fonts() -> Callable[[bytes], set[str]]:
    """The names of the fonts that a PDF's text is set in."""

    def name(text: pypdfium2.PdfTextObj) -> str:
        font = pypdfium2.raw.FPDFTextObj_GetFont(text.raw)
        buffer = ctypes.create_string_buffer(200)
        pypdfium2.raw.FPDFFont_GetBaseFontName(font, buffer, 200)
        return buffer.value.decode().rpartition("+")[2]

    def read(pdf: bytes) -> set[str]:
        document = pypdfium2.PdfDocument(pdf)
        try:
            kind = pypdfium2.raw.FPDF_PAGEOBJ_TEXT
            return {name(o) for page in document for o in page.get_objects([kind])}
        finally:
            document.close()

    return read


@pytest.fixture
def pdf_of() -> Callable[[RenderedLetter], bytes]:
    """The document in a finished request."""

    def read(prepared: RenderedLetter) -> bytes:
        assert not prepared.error
        body = orjson.loads(prepared.body)
        return base64.b64decode(body["Letter"]["FreeText"], validate=True)

    return read


@pytest.fixture
def press_all() -> Callable[[RenderPool, Iterable[Letter]], list[RenderedLetter]]:
    """Everything a press makes of some letters, in the list's order."""

    async def collect(press: RenderPool, letters: Iterator[Letter]) -> list[RenderedLetter]:
        return [prepared async for prepared in press.prepare(letters)]

    def run(press: RenderPool, letters: Iterable[Letter]) -> list[RenderedLetter]:
        return sorted(asyncio.run(collect(press, iter(letters))), key=lambda p: p.entry.row)

    return run


@pytest.fixture
def png() -> Callable[..., bytes]:
    """A grey PNG; with `pixels=False` its header promises what is not there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    def make(width: int = 10, height: int = 10, *, pixels: bool = True) -> bytes:
        rows = b"".join(b"\0" + b"\x80" * 3 * width for _ in range(height)) if pixels else b""
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b"")
        )

    return make
