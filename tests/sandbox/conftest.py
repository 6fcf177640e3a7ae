"""The sandbox, emptied for every test, and letters to send it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import httpx
import orjson
import pypdfium2
import pytest
from pydantic import SecretStr
from waiting import NOT_KEPT_OPEN, PATIENCE

from batchsend.request import Subscription, request_body
from batchsend.sandbox import Faults

PDF = b"%PDF-1.7\n%a letter\n" + b"x" * 2000 + b"\n%%EOF\n"

Tell = Callable[..., None]
Body = Callable[..., bytes]


@pytest.fixture(scope="session")
def client(sandbox_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox_address, timeout=PATIENCE, limits=NOT_KEPT_OPEN) as client:
        yield client


@pytest.fixture
def api(client: httpx.Client) -> httpx.Client:
    client.delete("/sandbox/letters").raise_for_status()
    client.post("/sandbox/faults", json={}).raise_for_status()
    return client


@pytest.fixture
def tell(api: httpx.Client) -> Tell:
    def tell(**faults: Any) -> None:
        told = Faults(**faults)
        answer = api.post("/sandbox/faults", json=orjson.loads(told.model_dump_json()))
        answer.raise_for_status()

    return tell


@pytest.fixture
def body() -> Body:
    def body(identifier: str = "letter-1", *, pdf: bytes = PDF, **fields: Any) -> bytes:
        letter = {
            "Channel": "PRINT",
            "Identifier": identifier,
            "Invoicee": {"Name": "Kari Nordmann", "PostCode": "0150", "City": "Oslo"},
            "Invoicer": {"Name": "Utleier AS"},
            **fields,
        }
        subscription = Subscription(
            SubscriptionId=SecretStr("the-subscription"), StorageId=SecretStr("267")
        )
        return request_body(letter, pdf, subscription)

    return body


@pytest.fixture(scope="session")
def pdf() -> bytes:
    """Two pages of A4 with nothing on them."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(2):
        document.new_page(595, 842).close()
    file = BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()
