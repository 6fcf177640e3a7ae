"""Placeholders in the mapping: what every letter would show in place of a column's value."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from batchsend.errors import SettingsError
from batchsend.expressions import environment, left_in, plain_text
from batchsend.language import _
from batchsend.letters.checks.required import is_dispensable
from batchsend.letters.mapping import Leaf, Mapping
from batchsend.lists import Column
from batchsend.masking import masked_in_text

_INVOICEE = "Invoicee."
_ALWAYS_SAME = frozenset({"CountryCode", "Reference"})
_LABEL = ".Type"
"""How the paths of texts end that name what another text holds."""


def left_in_mapping(mapping: Mapping) -> tuple[str, ...]:
    """What to say of bracketed words in the mapping.

    Raises SettingsError for one that stands where a column's value is meant.
    """
    notes = []
    for leaf in mapping.leaves.values():
        for written, column in _left_in(leaf, mapping.names.columns):
            place = f"payload.Letter.{leaf.path} = “{masked_in_text(leaf.source)}”"
            if column is not None:
                raise SettingsError(
                    _(
                        "{place}: every letter would have “{written}” there; it looks like "
                        "the column “{heading}”.",
                        place=place,
                        written=written,
                        heading=column.heading or column.name,
                    ),
                    hint=_("Write {{{{ {column} }}}} for its value.", column=column.name),
                )
            notes.append(
                _(
                    "{place}: every letter has “{written}” there, as it stands.",
                    place=place,
                    written=written,
                )
            )
    return tuple(notes)


def recipients_must_differ(mapping: Mapping, same: Collection[str]) -> tuple[str, ...]:
    """For a list of several letters: what to say of texts of the recipient that no column is in,
    unless they are among `same`.

    Raises SettingsError for one that letters need to reach whom they are for.
    """
    channel = mapping.constants.get("Channel", "")
    notes = []
    for leaf in mapping.leaves.values():
        name = leaf.path.removeprefix(_INVOICEE)
        if _differs(leaf, name) or name in same:
            continue
        shown = f"payload.Letter.{leaf.path} = “{masked_in_text(leaf.source)}”"
        what = _(
            "{shown} has no column of the list in it: every recipient would have the same.",
            shown=shown,
        )
        if not is_dispensable(leaf.path, channel):
            raise SettingsError(
                what,
                hint=_(
                    "Write {{{{ column }}}} with a column's name, or, if all of them share "
                    'it, same = ["{name}"] under [checks].',
                    name=name,
                ),
            )
        notes.append(what)
    return tuple(notes)


def _left_in(leaf: Leaf, columns: tuple[Column, ...]) -> Iterator[tuple[str, Column | None]]:
    """Each bracketed word, and a bare column's name; with the column that is meant, if any."""
    text = plain_text(environment(autoescape=False), leaf.source)
    yield from left_in(text, columns)
    named = next((column for column in columns if column.name == text.strip()), None)
    if named is not None and not leaf.path.endswith(_LABEL):
        yield text.strip(), named


def _differs(leaf: Leaf, name: str) -> bool:
    """Whether a text is none of the recipient's, is empty, or may differ from letter to letter."""
    if name == leaf.path or name in _ALWAYS_SAME:
        return True
    empty = isinstance(leaf.made, str) and not leaf.made
    return bool(empty or leaf.columns or leaf.takes_rows)
