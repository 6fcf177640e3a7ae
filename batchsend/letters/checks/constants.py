"""What is the same in every letter, judged once: wrong there is wrong everywhere, so it stops the
mailing before the list is read.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.letters.checks.placeholders import left_in_mapping
from batchsend.letters.checks.required import required_of_mapping
from batchsend.letters.checks.rules import country_of, country_rules, rules, side_of
from batchsend.letters.mapping import NATIONAL_ID, Mapping
from batchsend.letters.settings import CheckSettings
from batchsend.masking import masked


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
