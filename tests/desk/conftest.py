"""A desk that runs, and pages of it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Tabs
from desks import Desk, running_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk of an empty folder."""
    folder = tmp_path / "mailings"
    folder.mkdir()
    with running_desk(folder) as running:
        yield running


@pytest.fixture
def tab(tabs: Tabs, desk: Desk) -> Any:
    """A page of the desk in the browser."""
    return tabs.open(desk.link())
