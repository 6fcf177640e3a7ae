"""What an installation has: the wheel holds every file of the package that git knows."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def tracked() -> set[str]:
    """The package's files, as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "batchsend"], cwd=HERE, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("this is no clone, so it is not known which files there should be")
    return set(listed.stdout.split())


def test_it_has_every_file_of_the_package(tracked: set[str], tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tmp_path), str(HERE)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel], [source] = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    assert tracked - set(zipfile.ZipFile(wheel).namelist()) == set()
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked - names == set()
    assert {"templates/plain-letter/letter.html", "example_data/rent-notice/tenants.csv"} <= names
