"""Which of a list's columns its letters are known by, and which they show."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from batchsend.letters.contents import shown_columns
from batchsend.letters.mapping import Mapping
from batchsend.letters.settings import PayloadSettings
from batchsend.lists import PERIOD, Column


@dataclass(frozen=True, slots=True)
class ColumnsUsed:
    """Columns of a list in its order, the period's left out."""

    identifying: tuple[Column, ...]
    """Those that the identifier is made of."""
    shown: tuple[Column, ...]
    """Those that the request or the page shows."""
    with_period: bool
    """Whether the identifier is made of the period."""

    @classmethod
    def of(
        cls,
        payload: PayloadSettings,
        columns: tuple[Column, ...],
        uses: AbstractSet[str],
        home: str,
    ) -> Self:
        """`uses`: what the template names. Raises SettingsError for a column that is not there."""
        mapping = Mapping.compile(payload, columns, home)
        own = set(mapping.leaves["Identifier"].columns)
        shown = set(shown_columns(mapping, uses))
        for leaf in mapping.leaves.values():
            shown |= set(columns if leaf.takes_rows else leaf.columns)
        kept = [column for column in columns if column.name != PERIOD]
        return cls(
            tuple(column for column in kept if column in own),
            tuple(column for column in kept if column in shown),
            any(column.name == PERIOD for column in own),
        )
