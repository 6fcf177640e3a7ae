"""Judge: every check of single letters, in order."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Set as AbstractSet

import polars as pl

from batchsend.letters.checks.formats import FormatCheck
from batchsend.letters.checks.required import required
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.settings import CheckSettings

__all__ = ["Judge"]


class Judge:
    """Judges portions of filled letters."""

    def __init__(
        self, mapping: Mapping, checks: CheckSettings, formats: MappingOf[str, AbstractSet[str]]
    ) -> None:
        self._mapping = mapping
        self._checks = checks
        self._formats = FormatCheck(mapping.names, formats)

    def __call__(
        self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems
    ) -> pl.DataFrame:
        """`letters` with its texts in the form that is sent; what is wrong goes to `problems`."""
        self._formats(members, problems)
        required(self._mapping, letters, problems)
        return letters
