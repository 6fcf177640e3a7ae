"""Whether there is a template for the language of each letter.

Knows of templates no more than the languages they are for.
"""

from __future__ import annotations

import polars as pl

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.letters.basis import Basis
from batchsend.letters.problems import Problems

DEFAULT_LANGUAGE = "NO"
"""The LanguageID that a letter is written in when its own is empty."""
_PATH = "LanguageID"


class LanguageCheck:
    """Holds letters back that no template is for."""

    def __init__(self, basis: Basis) -> None:
        """Raises SettingsError where all letters are in one that has none."""
        mapping, languages = basis.mapping, basis.template.languages
        self._mapping = mapping
        self._languages = languages
        constant = mapping.constants.get(_PATH, "") or DEFAULT_LANGUAGE
        if any(leaf.path == _PATH for leaf in mapping.varying) or languages is None:
            return
        if constant not in languages:
            raise SettingsError(
                _(
                    "[template] path has no template for LanguageID {constant}, which every "
                    "letter has; it has one for: {listed}.",
                    constant=constant,
                    listed=_listed(languages),
                ),
            )

    def __call__(self, letters: pl.DataFrame, _members: pl.DataFrame, problems: Problems) -> None:
        """Tell each letter that has none."""
        if self._languages is None or _PATH not in letters.columns:
            return
        language = pl.col(_PATH).replace("", DEFAULT_LANGUAGE)
        problems.tell(
            letters,
            ~language.is_in(list(self._languages)),
            _(
                "[template] path has no template for this LanguageID, only for: {listed}. "
                "Name one there, or write another language here.",
                listed=_listed(self._languages),
            ),
            column=self._mapping.headings(_PATH),
            value=language,
        )


def _listed(languages: frozenset[str]) -> str:
    return ", ".join(sorted(languages))
