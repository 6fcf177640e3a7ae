"""What is the same in every letter, judged once: wrong there is wrong everywhere, so it stops the
mailing before the list is read.
"""

from __future__ import annotations

import polars as pl

from batchsend.errors import SettingsError
from batchsend.expressions import masked
from batchsend.letters.checks.required import required_of_mapping
from batchsend.letters.checks.rules import NATIONAL_ID, country_of, rules
from batchsend.letters.mapping import Mapping
from batchsend.letters.settings import CheckSettings

__all__ = ["judge_constants"]


def judge_constants(mapping: Mapping, checks: CheckSettings) -> Mapping:
    """`mapping` with its constant texts in the form that is sent.

    Raises SettingsError for one that is wrong, or that every letter needs and none has.
    """
    for path, rule in rules(checks).items():
        text = mapping.constants.get(path)
        if text is None:
            continue
        country = country_of(path, mapping, checks.country)
        varies = country.meta.root_names()
        where = checks.country if varies else str(pl.select(country).item())
        found = rule(pl.Series([text]), pl.Series([where]))
        wrong = found.wrong.item()
        if wrong is not None and not varies:
            shown = masked(text) if path == NATIONAL_ID else text
            raise SettingsError(f"payload.Letter.{path} = “{shown}”: {wrong}")
        mapping = mapping.with_constant(path, found.values.item())
    required_of_mapping(mapping)
    return mapping
