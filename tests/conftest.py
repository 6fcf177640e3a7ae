"""A mailing to test with, and an API to send it to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mailings import Api, MailingFolder

from batchsend.sandbox import running_sandbox


@pytest.fixture
def mailing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailingFolder:
    """A mailing of six letters without a mistake in it."""
    monkeypatch.delenv("BATCHSEND_BASE_URL", raising=False)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
    return MailingFolder(tmp_path)


@pytest.fixture
def api() -> Iterator[Api]:
    """A letter API in a process of its own."""
    with running_sandbox() as base_url:
        yield Api(base_url)
