"""The script that makes the catalogues, which is no part of the package."""

from __future__ import annotations

import importlib.util
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
