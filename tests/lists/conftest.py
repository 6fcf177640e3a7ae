from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchsend.lists import ListSettings, RecipientList, read_list
from batchsend.lists import reader_child as child
from batchsend.lists import subprocess_reader as separate

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


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are converted without a process of their own, whose start costs more than the rest.

    test_separate.py has the process itself.
    """

    def converted(path: Path, request: dict[str, Any]) -> dict[str, Any]:
        return separate.understood(child.answer_to({"path": str(path), **request}))

    monkeypatch.setattr(separate, "converted", converted)
