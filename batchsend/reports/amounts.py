"""Columns of amounts: those whose every cell is a number, and that name nobody.

A postcode, a customer number or a day is no amount, whatever digits it has: where there is a doubt
a column stays text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from batchsend.lists import Column, recipient_fields
from batchsend.reports.rows import RowsReport

_BLANKS = " \u00a0\u202f"
_WHOLE = rf"-?(?:0|[1-9]\d{{0,2}}(?:[{_BLANKS}]\d{{3}}){{1,3}}|[1-9]\d{{0,8}})"
_COMMA = rf"-?(?:0|[1-9]\d{{0,2}}(?:[{_BLANKS}.]?\d{{3}}){{0,3}}),\d{{1,2}}"
_POINT = rf"-?(?:0|[1-9]\d{{0,2}}(?:[{_BLANKS},]?\d{{3}}){{0,3}})\.\d{{1,2}}"
_LARGE = r"\d{3}\.\d{1,2}$"
"""With a point only where one is larger than any day or hour: 15.11 may be either."""
_GROUPED = rf"[{_BLANKS}]"
_NAMES_AN_AMOUNT = re.compile(
    r"bel[øo]p|sum\b|total|saldo|pris\b|gebyr\b|avgift\b|leie\b|\bkr\b|kroner|kostnad|antall|"
    r"amount|price|\bfee\b|\brent\b|\bcost\b|balance|quantity",
    re.IGNORECASE,
)
_NAMES_SOMETHING = re.compile(
    r"(?:nr|nummer|\bno|number|\bid|ref|kode|code|kid|konto)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """How the cells of a column are read, and shown."""

    decimal: str
    """The sign before its decimals; empty where it has none."""
    code: str
    """The number format."""

    def value(self, text: str) -> float:
        """The number that a cell says."""
        plain = text.strip()
        if self.decimal:
            whole, _, rest = plain.partition(self.decimal)
            return float(f"{re.sub(r'[^0-9-]', '', whole)}.{rest or 0}")
        return float(re.sub(r"[^0-9-]", "", plain))


def amount_columns(report: RowsReport) -> Mapping[str, AmountColumn]:
    """The columns of amounts of a report, by their keys."""
    guess = recipient_fields(report.columns)
    of_people = {*guess.exact.values(), *guess.proposals.values()}
    asked = [
        column
        for column in report.columns
        if column not in of_people and not _NAMES_SOMETHING.search(column.heading)
    ]
    if not asked:
        return {}
    told = report.frame.select(
        expression.alias(f"{column.key} {name}")
        for column in asked
        for name, expression in _facts(column).items()
    ).collect(engine="streaming")
    facts = told.row(0, named=True)
    found = {column.key: _kind(column, facts) for column in asked}
    return {key: kind for key, kind in found.items() if kind is not None}


def _facts(column: Column) -> dict[str, pl.Expr]:
    cell = pl.col(column.key).str.strip_chars()
    cells = cell.filter(cell != "")
    return {
        "whole": cells.str.contains(f"^{_WHOLE}$").all(),
        "comma": cells.str.contains(f"^(?:{_WHOLE}|{_COMMA})$").all(),
        "point": cells.str.contains(f"^(?:{_WHOLE}|{_POINT})$").all(),
        "large": cells.str.contains(_LARGE).any(),
        "grouped": cells.str.contains(_GROUPED).any(),
        "cells": cells.len(),
    }


def _kind(column: Column, facts: Mapping[str, bool]) -> AmountColumn | None:
    def is_so(name: str) -> bool:
        return bool(facts[f"{column.key} {name}"])

    if not is_so("cells"):
        return None
    if is_so("whole"):
        is_amount = is_so("grouped") or _NAMES_AN_AMOUNT.search(column.heading)
        return AmountColumn("", "#,##0" if is_so("grouped") else "0") if is_amount else None
    if is_so("comma"):
        return AmountColumn(",", "#,##0.00")
    return AmountColumn(".", "#,##0.00") if is_so("point") and is_so("large") else None
