"""What the tests of rendering on a cluster share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="Dask cannot be installed here")

from clusters.processes import DaskProcesses
from waiting import until


@pytest.fixture(scope="module")
def shared_dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    """A scheduler and two workers, for tests that leave them as they find them."""
    with DaskProcesses(tmp_path_factory.mktemp("dask")) as dask:
        for _ in range(2):
            dask.worker()
        until(lambda: dask.logs().count("Registered to:") == 2, "two workers")
        yield dask


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskProcesses]:
    """A scheduler, to which workers can be added and from which they can be taken."""
    folder = tmp_path / "dask"
    folder.mkdir()
    with DaskProcesses(folder) as dask:
        yield dask
