"""Complaints: what native libraries write to the standard error stream instead of raising.

An engine that cannot read an image says so there and prints the letter without it. Only a worker
process collects: elsewhere the stream belongs to others. Knows nothing of what is rendered.
"""

from __future__ import annotations

import os

_STDERR = 2
_collecting: list[bool] = []


def collect() -> None:
    """Say that this process's standard error is a file of its own, readable and writable."""
    _collecting.append(True)


def complaints() -> list[str]:
    """The lines written since the last call; none where nobody collects."""
    if not _collecting or not (size := os.fstat(_STDERR).st_size):
        return []
    os.lseek(_STDERR, 0, os.SEEK_SET)
    text = os.read(_STDERR, size)
    os.lseek(_STDERR, 0, os.SEEK_SET)
    os.ftruncate(_STDERR, 0)
    return text.decode("utf-8", "replace").splitlines()
