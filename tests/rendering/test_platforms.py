"""Every platform gets an engine: PlutoPrint where it has a wheel, WeasyPrint elsewhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


@pytest.mark.parametrize(
    ("platform", "machine", "engine"),
    [
        ("linux", "x86_64", "plutoprint"),
        ("linux", "aarch64", "weasyprint"),
        ("darwin", "arm64", "plutoprint"),
        ("darwin", "x86_64", "weasyprint"),
        ("win32", "AMD64", "plutoprint"),
        ("freebsd14", "amd64", "weasyprint"),
    ],
)
def test_each_platform_has_one(platform: str, machine: str, engine: str) -> None:
    table = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    here = {"sys_platform": platform, "platform_machine": machine}
    wanted = map(Requirement, table["project"]["dependencies"])
    installed = {each.name for each in wanted if not each.marker or each.marker.evaluate(here)}
    assert installed & {"plutoprint", "weasyprint"} == {engine}
