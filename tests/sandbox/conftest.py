"""A sandbox in its own process, emptied for every test, and letters to send it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr

from batchsend.letters import Subscription, request_body
from batchsend.sandbox import Faults, running_sandbox

PDF = b"%PDF-1.7\n%a letter\n" + b"x" * 2000 + b"\n%%EOF\n"

Tell = Callable[..., None]
Body = Callable[..., bytes]


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with running_sandbox() as base_url, httpx.Client(base_url=base_url, timeout=10) as client:
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
