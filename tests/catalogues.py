"""The script that makes the catalogues, which is no part of the package."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import batchsend

MAKE = Path(batchsend.__file__).parent / "locale" / "make.py"


def _make():
    spec = importlib.util.spec_from_file_location("make_catalogues", MAKE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _make()
messages = cache(make.extracted)
"""All that the source says; reading it takes a second."""
