"""Labels: what the columns of a list are called where they must be found again in another list."""

from __future__ import annotations

from collections.abc import Sequence

from batchsend.lists import Column, recipient_fields
from batchsend.text import column_name, folded, trimmed


class Labels:
    """The columns of a list by their labels, and by those of another list's columns like them.

    A label is the heading; where another column before it has the same one, with its number, as in
    `Navn (2)`; and the column's name where it has no heading.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self._by_label: dict[str, Column] = {}
        self._labels: list[str] = []
        for column in self.columns:
            bare = label = trimmed(column.heading) or column.name
            number = 1
            while label in self._by_label:
                number += 1
                label = f"{bare} ({number})"
            self._by_label[label] = column
            self._labels.append(label)
        self._fields = recipient_fields(columns).exact

    def of(self, column: Column) -> str:
        """The label of one of the columns."""
        return self._labels[column.index]

    @property
    def all(self) -> tuple[str, ...]:
        """The labels, in the list's order."""
        return tuple(self._labels)

    def find(self, label: str) -> Column | None:
        """The column of this label; else the only one whose name is the same, capitals, accents and
        punctuation apart; else the one with another usual heading of the same field of an address.
        """
        if label in self._by_label:
            return self._by_label[label]
        plain = folded(column_name(label))
        alike = [
            column
            for found, column in self._by_label.items()
            if plain in {folded(column_name(found)), folded(column.name)}
        ]
        if len(alike) == 1:
            return alike[0]
        if alike:
            return None
        meant = recipient_fields([Column(0, label, column_name(label))]).exact
        return next((self._fields[field] for field in meant if field in self._fields), None)
