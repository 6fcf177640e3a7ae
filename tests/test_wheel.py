"""What an installation has: the wheel holds every file of the package that git knows."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent
RUN = """
import batchsend
from batchsend.__main__ import run
assert "installed" in batchsend.__file__
run()
"""


@pytest.fixture(scope="module")
def tracked() -> set[str]:
    """The package's files, as git knows them."""
    git = shutil.which("git")
    if git is None or not (HERE / ".git").exists():
        pytest.skip("this is no clone, so it is not known which files there should be")
    listed = subprocess.run(
        [git, "ls-files", "batchsend"], cwd=HERE, capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(HERE)]
    subprocess.run(build, check=True, capture_output=True)
    return folder


def test_it_has_every_file_of_the_package(tracked: set[str], built: Path) -> None:
    [wheel], [source] = built.glob("*.whl"), built.glob("*.tar.gz")
    left_out = tracked - set(zipfile.ZipFile(wheel).namelist())
    for_who_works_on_it = {name for name in left_out if name.endswith(".po")}
    assert left_out == {"batchsend/locale/make.py"} | for_who_works_on_it
    examples = {
        "templates/letters.toml",
        "templates/invoice/lines.css",
        "pictures/invoice-no-1.png",
    }
    assert {f"batchsend/examples/{name}" for name in examples} <= set(
        zipfile.ZipFile(wheel).namelist()
    )
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked - names == set()
    assert not [name for name in names if "ledger.sqlite" in name or "sandbox-letters" in name]
    assert {"templates/plain-letter/letter.html", "example_data/rent-notice/tenants.csv"} <= names


def test_its_page_on_an_index_leads_to_nothing_that_is_not_there(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        [name] = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        page = archive.read(name).decode("utf-8").partition("\n\n")[2]
    assert page.startswith("# batchsend\n")
    assert "uv tool install batchsend-letters" in page
    assert re.findall(r"\]\((?!https:)|<img", page) == []
    assert "first release" not in page


@pytest.mark.slow
def test_installed_it_has_examples_that_can_be_sent(built: Path, tmp_path: Path) -> None:
    [wheel] = built.glob("*.whl")
    installed = tmp_path / "installed"
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed)]
    subprocess.run([sys.executable, *install, str(wheel)], check=True)
    here = tmp_path / "here"
    here.mkdir()

    def run(*command: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", RUN, *command],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    last = run("example", "tried").splitlines()[-1]
    _batchsend, *command = shlex.split(last)
    assert command[0] == "send"
    assert "Letters to send  42" in run(*command)
    assert here.joinpath("tried/example_data/payment-reminder/report.html").exists()
    assert "already exists" in _refused(run, "example", "tried")


def _refused(run: Callable[..., str], *command: str) -> str:
    with pytest.raises(AssertionError) as caught:
        run(*command)
    return str(caught.value)
