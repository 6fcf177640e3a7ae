"""CHECKS: every check of single letters, in order; and Judge, which asks them of whole columns.

To add one: a file in this folder with a `MakeCheck` (`letters/basis.py`), and its line in CHECKS.
What is asked of one text of the request only is a rule, in `rules.py`.
"""

from __future__ import annotations

import polars as pl

from batchsend.letters.basis import Basis, MakeCheck
from batchsend.letters.checks.appearance import Appearance
from batchsend.letters.checks.formats import FormatCheck
from batchsend.letters.checks.judged import Rule
from batchsend.letters.checks.languages import LanguageCheck
from batchsend.letters.checks.leftovers import Leftovers
from batchsend.letters.checks.lengths import too_long
from batchsend.letters.checks.printable import PrintableCheck
from batchsend.letters.checks.required import dispensable, required
from batchsend.letters.checks.rules import country_of, rules
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
        self._asked = [make(basis) for make in CHECKS]

    def __call__(
        self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems
    ) -> pl.DataFrame:
        """`letters` with their texts in the form that is sent; what is wrong goes to `problems`.

        `members` are all rows of the letters, with their cells.
        """
        for leaf, rule in self._rules:
            letters = self._apply(rule, leaf, letters, problems)
        for check in self._asked:
            check(letters, members, problems)
        return letters

    def _parted(
        self, path: str, wrong: pl.Series, letters: pl.DataFrame
    ) -> tuple[pl.Series, pl.Series]:
        """What is `wrong`, parted into what keeps a letter back, and what it goes without."""
        nothing = pl.repeat(None, wrong.len(), dtype=pl.String, eager=True)
        if wrong.null_count() == wrong.len():
            return wrong, nothing
        name = path.removeprefix("Invoicee.")
        if name in self._checks.blank:
            without = pl.lit(True)
        elif name in self._checks.hold:
            without = pl.lit(False)
        else:
            without = dispensable(path, self._mapping.text("Channel"))
        said = pl.Series("said", wrong)
        told = letters.with_columns(said).select(
            errors=pl.when(~without).then("said"),
            blanked=pl.when(without).then(pl.col("said") + " The letter goes without it."),
        )
        return told["errors"], told["blanked"]

    def _apply(
        self, rule: Rule, leaf: Leaf, letters: pl.DataFrame, problems: Problems
    ) -> pl.DataFrame:
        asked = letters.select(
            "row",
            text=leaf.path,
            country=country_of(leaf.path, self._mapping, self._checks.country),
        )
        found = rule(asked["text"], asked["country"])
        values, wrong = found.values, found.wrong
        errors, blanked = self._parted(leaf.path, wrong, letters)
        values = values.zip_with(blanked.is_null(), pl.Series([""]))
        shown = self._mapping.shown(leaf.path, pl.col("text"))
        for messages, is_error in ((errors, True), (blanked, False), (found.doubtful, False)):
            if messages.null_count() < messages.len():
                problems.tell(
                    asked.with_columns(message=messages),
                    pl.col("message").is_not_null(),
                    pl.col("message"),
                    column=leaf.headings or leaf.path,
                    value=shown,
                    severity="error" if is_error else "warning",
                )
        return letters.with_columns(values.alias(leaf.path))
