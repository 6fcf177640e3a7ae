"""A mailing to test with, an API to send it to, a browser to look at what comes of it."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest
import thoroughness
from browser import Tabs, running_chromium
from hypothesis import settings
from kept import KeptWorkers
from mailings import Api, MailingFolder
from ports import kept_port
from postgres import PostgresServer, programs, running_postgres

from batchsend.lists import reader_child, subprocess_reader
from batchsend.rendering import Workers
from batchsend.sandbox import running_sandbox

settings.load_profile(thoroughness.PROFILE)

_CONVERTED = subprocess_reader.converted


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: a third of the time tests wait for a server or a disk."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are not there yet; pytest looks through all it has made for each new one."""
    return map(tmp_path_factory.mktemp("data").joinpath, map(str, itertools.count()))


@pytest.fixture(scope="session", autouse=True)
def _not_the_users_data(places: Iterator[Path]) -> Iterator[None]:
    """What is made for several tests enters nothing in the register of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATCHSEND_DATA", str(next(places)))
        yield


@pytest.fixture(autouse=True)
def data(places: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for the register of what went, of this test alone and the programs it starts."""
    folder = next(places)
    folder.mkdir()
    monkeypatch.setenv("BATCHSEND_DATA", str(folder))
    return folder


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> None:
    """Also where the tests are a job in the background of a script, which is born deaf to it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def workers() -> Iterator[None]:
    """Letters are rendered by processes that are kept until the last test."""
    with pytest.MonkeyPatch.context() as patch:
        _rendered_by(KeptWorkers, patch)
        yield
    KeptWorkers.end()


@pytest.fixture
def own_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of the test's own render, as they do for a user."""
    _rendered_by(Workers, monkeypatch)


def _rendered_by(workers: type[Executor], patch: pytest.MonkeyPatch) -> None:
    patch.setattr("batchsend.rendering.workers.pool.Workers", workers)
    patch.setattr("batchsend.operations.preview.Workers", workers)
    patch.setattr("batchsend.operations.looking.live_page.Workers", workers)


@pytest.fixture(scope="session", autouse=True)
def reading() -> Iterator[None]:
    """Workbooks are opened in this process: to start one costs more than all the rest of it.

    tests/lists/test_separate.py has the process itself; so has all that is run as a program.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess_reader, "converted", _opened_here)
        yield


@pytest.fixture
def own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are opened in a process of their own, as they are for a user."""
    monkeypatch.setattr(subprocess_reader, "converted", _CONVERTED)


def _opened_here(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    return subprocess_reader.understood(reader_child.answer_to({"path": str(path), **request}))


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


@pytest.fixture(scope="session")
def sandbox_address() -> Iterator[str]:
    """A sandbox in a process of its own, one for all tests; it does as the last test left it."""
    with running_sandbox() as base_url:
        yield base_url


@pytest.fixture
def api(sandbox_address: str) -> Api:
    """A letter API that has taken nothing yet and does as it should."""
    api = Api(sandbox_address)
    api.misbehave()
    api.empty()
    return api


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
