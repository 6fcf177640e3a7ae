"""What the desk asks of operations that a batchsend may not have yet: None where it has not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any


def _found(module: str, name: str) -> Callable[..., Any] | None:
    with suppress(ImportError, AttributeError):
        found: Callable[..., Any] = getattr(import_module(f"batchsend.operations.{module}"), name)
        return found
    return None


Cell = _found("correct", "Cell")
correct_cells = _found("correct", "correct_cells")
certain_cures = _found("correct", "certain_cures")
take_workbook = _found("correct", "take_workbook")
periods = _found("periods", "periods")
