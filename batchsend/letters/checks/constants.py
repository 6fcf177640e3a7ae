"""What is the same in every letter, judged once: wrong there is wrong everywhere, so it stops the
mailing before the list is read. So does a placeholder that every letter would show in place of a
column's value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl

from batchsend.errors import SettingsError
from batchsend.expressions import environment, left_in, plain_text
from batchsend.language import _
from batchsend.letters.checks.required import is_dispensable, required_of_mapping
from batchsend.letters.checks.rules import country_of, country_rules, rules, side_of
from batchsend.letters.mapping import NATIONAL_ID, Leaf, Mapping
from batchsend.letters.settings import CheckSettings
from batchsend.lists import Column
from batchsend.masking import masked, masked_in_text


def judge_constants(mapping: Mapping, checks: CheckSettings) -> tuple[Mapping, tuple[str, ...]]:
    """`mapping` with its constant texts in the form that is sent, and what to say aloud of them.

    Raises SettingsError for one that is wrong, or that every letter needs and none has.
    """
    notes = []
    left = left_in_mapping(mapping)
    for path, rule in (country_rules(checks.country) | rules(checks)).items():
        text = mapping.constants.get(path)
        if text is None:
            continue
        country = country_of(side_of(path), mapping, checks.country)
        varies = country.meta.root_names()
        where = checks.country if varies else str(pl.select(country).item())
        found = rule(pl.Series([text]), pl.Series([where]))
        shown = masked(text) if path == NATIONAL_ID else text
        wrong, doubtful = found.wrong.item(), found.doubtful.item()
        if not varies and wrong is not None:
            raise SettingsError(_told(path, shown, wrong))
        if doubtful is not None:
            notes.append(_told(path, shown, doubtful))
        mapping = mapping.with_constant(path, found.values.item())
    required_of_mapping(mapping)
    if mapping.shows_ids("Identifier"):
        raise SettingsError(
            _(
                "payload.Letter.Identifier is made of {headings}, which holds national ids: "
                "identifiers are not masked in the ledger and in reports.",
                headings=mapping.headings("Identifier"),
            ),
            hint=_("Build it from the customer number or another reference."),
        )
    return mapping, (*notes, *_of_today(mapping), *left)


def _told(path: str, text: str, said: str) -> str:
    return _("payload.Letter.{path} = “{text}”: {said}", path=path, text=text, said=said)


def _of_today(mapping: Mapping) -> Iterator[str]:
    """What to say of texts that are others tomorrow; SettingsError where the identifier is."""
    for leaf in mapping.leaves.values():
        place = f"payload.Letter.{leaf.path} = “{leaf.source}”"
        if leaf.of_today and leaf.path == "Identifier":
            raise SettingsError(
                _(
                    "{place} changes every day (it uses today()): sending again tomorrow "
                    "would send every letter twice.",
                    place=place,
                ),
                hint=_(
                    "Write the month or the date of this mailing in place of today(), or "
                    "build it from an invoice number."
                ),
            )
        if leaf.of_today:
            yield (
                _(
                    "{place} changes every letter every day: sent again tomorrow, accepted "
                    "letters are reported as changed. Write the date itself.",
                    place=place,
                )
            )


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
