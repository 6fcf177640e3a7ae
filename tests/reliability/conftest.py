"""An API that a test can tell how to misbehave, and mailings made for trials."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from mailings import MailingFolder
from postgres import PostgresServer, programs, running_postgres
from reliability.harness import Api, sender

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def api(sandbox_address: str) -> Api:
    """A sandbox in a process of its own that has taken nothing yet and does not refuse repeats."""
    api = Api(sandbox_address)
    api.misbehave()
    api.empty()
    return api


@pytest.fixture
def durable_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the test's own, which waits for the disk and may be stopped."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with running_postgres(found, fsync=True) as server:
        yield server


@pytest.fixture
def start(mailing: MailingFolder, api: Api) -> Iterator[Start]:
    """Start a sender; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str, base_url: str = "", **how: Any) -> subprocess.Popen[str]:
        started.append(sender(mailing, base_url or api.base_url, *options, **how))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
