"""CHECKS: every check of single letters, in order; and Judge, which asks them of whole columns.

To add one: a file in this folder with a `MakeCheck` (`letters/basis.py`), and its line in CHECKS.
What is asked of one text of the request only is a rule, in `rules.py`.
"""

from __future__ import annotations

from functools import partial

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.basis import Basis, MakeCheck
from batchsend.letters.checks.appearance import Appearance
from batchsend.letters.checks.formats import FormatCheck
from batchsend.letters.checks.judged import Rule
from batchsend.letters.checks.languages import LanguageCheck
from batchsend.letters.checks.leftovers import Leftovers
from batchsend.letters.checks.lengths import too_long
from batchsend.letters.checks.printable import PrintableCheck
from batchsend.letters.checks.required import dispensable, required
from batchsend.letters.checks.rules import SIDES, country_of, country_rules, rules, side_of
from batchsend.letters.checks.towns import TownCheck
from batchsend.letters.mapping import Leaf
from batchsend.letters.problems import Problems

CHECKS: tuple[MakeCheck, ...] = (
    required,
    TownCheck,
    too_long,
    Leftovers,
    FormatCheck,
    Appearance,
    PrintableCheck,
    LanguageCheck,
)
"""In the order in which a row's problems are told."""


class Judge:
    """Judges portions of filled letters, whose constants have been judged."""

    def __init__(self, basis: Basis) -> None:
        """Raises SettingsError for what is wrong in every letter."""
        self._mapping, self._checks = basis.mapping, basis.checks
        varying = {leaf.path: leaf for leaf in basis.mapping.varying}
        self._rules = [
            (varying[path], rule) for path, rule in rules(basis.checks).items() if path in varying
        ]
        self._country_rules = [
            (varying[path], rule)
            for path, rule in country_rules(basis.checks.country).items()
            if path in varying
        ]
        self._asked = [make(basis) for make in CHECKS]

    def __call__(
        self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems
    ) -> pl.DataFrame:
        """`letters` with their texts in the form that is sent; what is wrong goes to `problems`.

        `members` are all rows of the letters, with their cells.
        """
        unknown = pl.repeat("", letters.height, eager=True)
        for leaf, rule in self._country_rules:
            letters = self._apply(rule, leaf, letters, unknown, problems)
        home = self._checks.country
        countries = letters.select(
            "row", *(country_of(side, self._mapping, home).alias(side) for side in SIDES)
        )
        for leaf, rule in self._rules:
            letters = self._apply(rule, leaf, letters, countries[side_of(leaf.path)], problems)
        for check in self._asked:
            check(letters, members, problems)
        return letters

    def _goes_without(self, path: str) -> pl.Expr:
        """Whether a letter goes without what is wrong at `path`, rather than being held back."""
        name = path.removeprefix("Invoicee.")
        if name in self._checks.blank:
            return pl.lit(True)
        if name in self._checks.hold:
            return pl.lit(False)
        return dispensable(path, self._mapping.text("Channel"))

    def _apply(
        self,
        rule: Rule,
        leaf: Leaf,
        letters: pl.DataFrame,
        countries: pl.Series,
        problems: Problems,
    ) -> pl.DataFrame:
        found = rule(letters[leaf.path], countries)
        values = found.values
        said = pl.col("message")
        tell = partial(
            problems.tell,
            column=leaf.called,
            value=self._mapping.shown(leaf.path, pl.col(leaf.path)),
        )
        wrong = found.wrong.is_not_null()
        if wrong.any():
            told = letters.filter(wrong).with_columns(
                message=found.wrong.filter(wrong), without=self._goes_without(leaf.path)
            )
            tell(told, ~pl.col("without"), said)
            without = filled(_("{problem} The letter goes without it."), problem=said)
            tell(told, pl.col("without"), without, severity="warning")
            values = values.scatter(wrong.arg_true().filter(told["without"]), "")
        doubtful = found.doubtful.is_not_null()
        if doubtful.any():
            told = letters.filter(doubtful).with_columns(message=found.doubtful.filter(doubtful))
            tell(told, pl.lit(True), said, severity="warning")
        return letters.with_columns(values.alias(leaf.path))
