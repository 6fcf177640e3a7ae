"""A mailing to test with, an API to send it to, a browser to look at what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Tabs, running_chromium
from hypothesis import HealthCheck, settings
from mailings import Api, MailingFolder
from ports import kept_port
from postgres import PostgresServer, programs, running_postgres

from batchsend.sandbox import running_sandbox

settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture
def mailing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailingFolder:
    """A mailing of six letters without a mistake in it."""
    monkeypatch.delenv("BATCHSEND_BASE_URL", raising=False)
    monkeypatch.delenv("BATCHSEND_LEDGER_URL", raising=False)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
    return MailingFolder(tmp_path)


@pytest.fixture
def nobody() -> Iterator[str]:
    """The address of an API that is away."""
    with kept_port() as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def api() -> Iterator[Api]:
    """A letter API in a process of its own."""
    with running_sandbox() as base_url:
        yield Api(base_url)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for all tests; it does not wait for the disk."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with running_postgres(found) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser, one for all tests."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture
def tabs(chromium: Any) -> Iterator[Tabs]:
    """Pages in the browser, which may not log an error nor ask for anything from elsewhere."""
    tabs = Tabs(*chromium)
    yield tabs
    tabs.close()
    assert tabs.faults == []
