"""Basis: what letters are made and judged by, and the one shape of a check.

What a template needs of the list is one value here. Knows nothing of templates besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import polars as pl

from batchsend.letters.documents import Look
from batchsend.letters.mapping import Mapping as LetterMapping
from batchsend.letters.problems import Problems
from batchsend.letters.settings import CheckSettings


@dataclass(frozen=True, slots=True)
class TemplateNeeds:
    """What the templates need of the list, and what they can print of it."""

    digest: str
    """A hash of all they are made of."""
    uses: frozenset[str] = frozenset()
    """The names they take from outside; "row" or "rows" where they may look at any column."""
    formats: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    """Columns that go straight through filters, with the names of those."""
    unprintable: str = ""
    """A pattern for one character that none of their fonts has."""
    languages: frozenset[str] | None = None
    """The LanguageIDs there is a template for; None where there is one for any."""


@dataclass(frozen=True, slots=True)
class Basis:
    """How rows become letters, and what is asked of them."""

    mapping: LetterMapping
    checks: CheckSettings
    template: TemplateNeeds
    group_by: tuple[str, ...] = ()
    documents: Look | None = None
    """Looks at the documents that letters have of their own; None where they have none."""


Check = Callable[[pl.DataFrame, pl.DataFrame, Problems], None]
"""A check: given letters with their texts in the form that is sent, all rows that these letters
are made of (`members`, with their cells) and where to tell what is wrong."""

MakeCheck = Callable[[Basis], Check]
"""Makes a check once, before the list is read; a SettingsError is wrong in every letter."""
