from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from batchsend.lists import ListSettings, RecipientList, read_list

Reader = Callable[..., RecipientList]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Read these bytes, as a file of this name, with these settings."""

    def reader(content: bytes, name: str = "list.csv", **settings: object) -> RecipientList:
        (tmp_path / name).write_bytes(content)
        workspace = tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        wanted = ListSettings.model_validate({"path": name, **settings})
        return read_list(wanted, folder=tmp_path, workspace=workspace)

    return reader
