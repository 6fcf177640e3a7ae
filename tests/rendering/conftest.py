"""What the rendering tests share: a template in a folder of its own, columns and letters."""

from __future__ import annotations

import base64
import io
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pypdfium2
import pytest
from pydantic import SecretStr

from batchsend.letters import Letter, Subscription
from batchsend.lists import Column, Row
from batchsend.rendering import Prepared, Press, Renderer, Templates, TemplateSettings

COLUMNS = (
    Column(0, "Kundenr.", "kundenr"),
    Column(1, "Navn", "navn"),
    Column(2, "Beløp", "beløp"),
)
SUBSCRIPTION = Subscription(SubscriptionId=SecretStr("secret-id"), StorageId=SecretStr("267"))


def letter(number: int = 2, *, language: str = "NO", **changes: Any) -> Letter:
    """One letter, made from row `number`."""
    cells = (f"{1000 + number}", f"Kari Øvergård {number}", "1 234,50")
    fields = {
        "Channel": "PRINT",
        "Identifier": f"rent-{number}",
        "LanguageID": language,
        "Invoicee": {
            "Name": cells[1],
            "Address1": "Storgata 1",
            "City": "Oslo",
            "PostCode": "0150",
        },
        "Invoicer": {"Name": "Utleier AS"},
    }
    made = {
        "identifier": f"rent-{number}",
        "channel": "PRINT",
        "language": language,
        "fields": fields,
        "rows": (Row(number, cells),),
        "content": f"{number:064x}",
    }
    return Letter(**{**made, **changes})


class Folder:
    """A template folder that tests write into."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, html: str | None = None, **settings: Any) -> Templates:
        if html is not None:
            self.write("letter.html", html)
        settings.setdefault("path", Path("letter.html"))
        return Templates.load(TemplateSettings(**settings), folder=self.path)

    def renderer(self, html: str | None = None, **settings: Any) -> Renderer:
        return Renderer(self.load(html, **settings), COLUMNS)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "my templates"
    path.mkdir()
    return Folder(path)


def text(pdf: bytes) -> list[str]:
    """Each page's text."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def pdf_of(prepared: Prepared) -> bytes:
    return base64.b64decode(orjson.loads(prepared.body)["Letter"]["FreeText"], validate=True)


async def press_all(press: Press, letters: Iterator[Letter]) -> list[Prepared]:
    return [prepared async for prepared in press.prepare(letters)]
