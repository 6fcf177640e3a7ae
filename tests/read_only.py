"""Folders that take nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def taking_nothing(folder: Path) -> Iterator[None]:
    """Make a folder read-only meanwhile; skips the test where that stops nobody.

    Root may write everywhere unless it is told otherwise, as `.ci/run` does.
    """
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("nothing is read-only to root, nor any folder on Windows")
        yield
    finally:
        folder.chmod(0o700)
