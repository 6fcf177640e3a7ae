"""The reference pages say what the code says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import batchsend
from batchsend import ledger, sending
from batchsend.commands.invoking.invocation import ExitStatus
from batchsend.reports import STATUSES, SYSTEM_COLUMNS

DOCS = Path(__file__).parent.parent / "docs"


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    ["commands.md", "settings.md", "filters.md", "gallery.md", "report.md", "reference.md"],
)
def test_it_is_what_the_code_would_write(name: str) -> None:
    made = _maker().pages()[name]
    assert (DOCS / name).read_text(encoding="utf-8") == made, "run python docs/make_reference.py"


def _rows(page: str, heading: str) -> list[str]:
    """What stands first in each row of the first table below a heading."""
    text = (DOCS / page).read_text(encoding="utf-8").partition(f"# {heading}\n")[2]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert table is not None, f"{page} has no table below {heading}"
    return [line.split("|")[1].strip(" `") for line in table[0].splitlines()[2:]]


def test_every_column_of_the_report_is_described() -> None:
    assert tuple(_rows("report.md", "Columns")) == SYSTEM_COLUMNS


def test_every_status_is_described() -> None:
    assert tuple(_rows("report.md", "Statuses")) == STATUSES


def test_every_exit_status_is_described() -> None:
    assert _rows("exit-status.md", "Exit statuses") == [str(int(each)) for each in ExitStatus]


def test_every_environment_variable_is_described() -> None:
    page = (DOCS / "environment.md").read_text(encoding="utf-8")
    rooms = Path(batchsend.__file__).parent.rglob("*.py")
    read = {
        name
        for room in rooms
        for name in re.findall(r"\bBATCHSEND_[A-Z_]+", room.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"^\| `(BATCHSEND_\w+)`", page, re.MULTILINE)) == read


def test_every_public_name_is_described() -> None:
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\.\. auto\w+:: batchsend\.(\w+)(?:\(\))?$", page, re.MULTILINE))
    assert described >= {name for name in batchsend.__all__ if not name.startswith("_")}


@pytest.mark.parametrize("package", [batchsend, ledger, sending])
def test_every_public_name_is_where_it_is_looked_for(package: ModuleType) -> None:
    assert all(hasattr(package, name) for name in package.__all__)


def test_every_room_stands_in_the_design() -> None:
    listing = (DOCS / "design.md").read_text(encoding="utf-8").partition("\nbatchsend/\n")[2]
    named = re.findall(r"^  ([\w.]+?)/?  ", listing.partition("```")[0], re.MULTILINE)
    package = Path(batchsend.__file__).parent
    rooms = {
        path.name
        for path in package.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and not path.name.startswith("__")
    }
    assert sorted(named) == sorted(rooms)
