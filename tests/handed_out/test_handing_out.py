"""What hands batchsend out: the scripts for a desktop, and the workflows of hosted CI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
UV = """#!/bin/sh
echo "$@" >> "$HOME/asked"
case "$*" in
  "tool dir --bin") echo "$HOME/.local/bin" ;;
  "tool install --upgrade batchsend-letters")
    printf '#!/bin/sh\\n' > "$HOME/.local/bin/batchsend"; chmod +x "$HOME/.local/bin/batchsend" ;;
esac
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's folder with a desktop and with a uv that installs a batchsend that does nothing."""
    folder = tmp_path / "Kari Å"
    (folder / ".local/bin").mkdir(parents=True)
    (folder / "Desktop").mkdir()
    uv = folder / ".local/bin/uv"
    uv.write_text(UV, encoding="utf-8")
    uv.chmod(0o755)
    return folder


def _install(script: str, home: Path) -> str:
    sh = shutil.which("sh")
    if sh is None or os.name == "nt":
        pytest.skip("no POSIX shell is here")
    env = {"HOME": str(home), "PATH": os.environ["PATH"]}
    command = [sh, str(ROOT / "install" / script)]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def test_on_linux_the_desk_is_on_the_desktop_and_among_the_applications(home: Path) -> None:
    for _again in range(2):
        _install("linux.sh", home)
    assert "tool install --upgrade batchsend-letters" in (home / "asked").read_text()
    starter = home / "Desktop/batchsend-desk.desktop"
    lines = starter.read_text(encoding="utf-8").splitlines()
    assert f'Exec="{home}/.local/bin/batchsend" desk' in lines
    assert f"Path={home}/batchsend" in lines
    assert (home / "batchsend").is_dir()
    assert os.access(starter, os.X_OK)
    among = home / ".local/share/applications/batchsend-desk.desktop"
    assert among.read_text(encoding="utf-8") == starter.read_text(encoding="utf-8")


def test_on_macos_the_starter_opens_the_desk_in_the_mailings_folder(home: Path) -> None:
    _install("macos.command", home)
    (home / ".local/bin/batchsend").write_text('#!/bin/sh\npwd; echo "$@"\n', encoding="utf-8")
    opened = subprocess.run(
        [home / "Desktop/batchsend.command"], check=True, capture_output=True, text=True
    )
    assert opened.stdout.splitlines() == [f"{home}/batchsend", "desk"]


def test_an_installation_that_fails_leaves_no_starter(home: Path) -> None:
    (home / ".local/bin/uv").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        _install("linux.sh", home)
    assert list((home / "Desktop").iterdir()) == []


def test_the_script_for_windows_is_read_alike_in_every_code_page() -> None:
    assert (ROOT / "install/windows.ps1").read_bytes().isascii()


def test_each_package_that_is_installed_has_its_size_and_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = (ROOT / "docs/size.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `?([\w-]+)`?.*?\| ([\d.]+) \| \S", table, re.MULTILINE))
    named = {re.match(r"[\w-]+", line).group() for line in project["dependencies"]}  # type: ignore[union-attr]
    not_by_default = {"weasyprint"}  # the engine where PlutoPrint has no wheel; here an extra
    assert named - not_by_default - rows.keys() == set()
    assert project["optional-dependencies"].keys() <= rows.keys()
    assert rows.keys() == named | project["optional-dependencies"].keys() | {"batchsend"}


def _workflow(name: str) -> dict[str, Any]:
    text = (ROOT / ".github/workflows" / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_hosted_ci_tries_every_platform_and_every_python_that_is_supported() -> None:
    matrix = _workflow("ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert matrix["python"] == re.findall(r'"(3\.\d+)"', (ROOT / "noxfile.py").read_text())


def test_what_is_handed_out_is_tried_in_empty_environments_everywhere() -> None:
    packages = _workflow("ci.yml")["jobs"]["packages"]
    systems = packages["strategy"]["matrix"]["os"]
    assert systems == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert packages["steps"][-1]["run"] == "python .ci/packages"
    assert (ROOT / ".ci/packages").is_file()


def test_a_release_publishes_without_a_password_what_another_job_built() -> None:
    release = _workflow("release.yml")
    publish = release["jobs"]["publish"]
    assert publish["permissions"] == {"id-token": "write"}
    assert publish["needs"] == "build"
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    assert any("cyclonedx" in step.get("run", "") for step in release["jobs"]["build"]["steps"])
