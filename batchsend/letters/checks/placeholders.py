"""Placeholders in the mapping: what every letter would show in place of a column's value."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from batchsend.errors import SettingsError
from batchsend.expressions import column_meant, environment, placeholders, plain_text
from batchsend.letters.mapping import Leaf, Mapping
from batchsend.lists import Column

_INVOICEE = "Invoicee."
_ALWAYS_SAME = frozenset({"CountryCode", "Reference"})
_LABEL = ".Type"
"""How the paths of texts end that name what another text holds."""


def left_in_mapping(mapping: Mapping, same: Collection[str]) -> tuple[str, ...]:
    """What to say of bracketed words in the mapping.

    Raises SettingsError for one that stands where a column's value is meant; and for a text of the
    recipient that no column is in, unless it is among `same`.
    """
    notes = []
    for leaf in mapping.leaves.values():
        for written, column in _left_in(leaf, mapping.names.columns):
            place = f"payload.Letter.{leaf.path} = “{leaf.source}”"
            if column is not None:
                raise SettingsError(
                    f"{place}: every letter would have “{written}” there; it looks like the column "
                    f"“{column.heading or column.name}”.",
                    hint=f"Write {{{{ {column.name} }}}} for its value.",
                )
            notes.append(f"{place}: every letter has “{written}” there, as it stands.")
        _must_differ(leaf, same)
    return tuple(notes)


def _left_in(leaf: Leaf, columns: tuple[Column, ...]) -> Iterator[tuple[str, Column | None]]:
    """Each bracketed word, and a bare column's name; with the column that is meant, if any."""
    text = plain_text(environment(autoescape=False), leaf.source)
    for written, word in placeholders(text):
        yield written, column_meant(word, columns)
    named = next((column for column in columns if column.name == text.strip()), None)
    if named is not None and not leaf.path.endswith(_LABEL):
        yield text.strip(), named


def _must_differ(leaf: Leaf, same: Collection[str]) -> None:
    """Raise SettingsError for a text of the recipient that is the same in every letter."""
    name = leaf.path.removeprefix(_INVOICEE)
    if name == leaf.path or name in _ALWAYS_SAME or name in same:
        return
    empty = isinstance(leaf.made, str) and not leaf.made
    if not (empty or leaf.columns or leaf.takes_rows):
        raise SettingsError(
            f"payload.Letter.{leaf.path} = “{leaf.source}” has no column of the list in it: every "
            "recipient would have the same.",
            hint=f"Write {{{{ column }}}} with a column's name, or, if all of them share it, "
            f'same = ["{name}"] under [checks].',
        )
