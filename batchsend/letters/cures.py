"""Cures that have only one answer: what is wrong in a cell, and what it must have been."""

from __future__ import annotations

import re

import polars as pl

from batchsend.letters.checks.countries import judge_countries
from batchsend.letters.checks.towns import town_names
from batchsend.letters.mapping import Leaf, Mapping
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.text import trimmed
from batchsend.lists import Column

CURES = pl.Schema({"row": pl.UInt32(), "column": pl.UInt32(), "now": pl.String()})
"""`column` is its index in the list."""
_LENGTHS = {"NO": 4, "SJ": 4, "FI": 5, "AX": 5}
"""Countries of whose postcodes some begin with a zero, and how many digits those have."""
_COLUMN = r"""\{\{ *(?:\w+|row\["[^"]+"\])"""
_PART = re.compile(rf"{_COLUMN} *\| *(postcode|town) *\}}\}}")
_OTHERWISE = re.compile(rf"{_COLUMN} +or +'(\w+)' *\}}\}}")


def certain_cures(
    columns: tuple[Column, ...], rows: pl.LazyFrame, payload: PayloadSettings, checks: CheckSettings
) -> pl.DataFrame:
    """The cells that are certain to have lost their zero (CURES), by row: postcodes one digit short
    where the postcode with a zero in front is that of the very town in the row.

    `rows` has `row` and the cells by the keys of `columns`.

    Only where postcode, town and country are columns as they are, or put together of columns, or
    the postcode or the town in a column that has both, or a column or a word where that is empty.
    A cell that has postcode and town is cured whole: `0581 Oslo`.
    Raises SettingsError where the mapping does not fit the list.
    """
    mapping = Mapping.compile(payload, columns, checks.country, checks.zone)
    code, town = (mapping.leaves.get(f"Invoicee.{name}") for name in ("PostCode", "City"))
    country = mapping.leaves.get("Invoicee.CountryCode")
    if code is None or len(code.columns) != 1 or isinstance(code.made, str):
        return CURES.to_frame()
    texts = {"town": town, "country": country}
    made = {name: _expression(leaf) for name, leaf in texts.items()}
    if made["town"] is None or made["country"] is None:
        return CURES.to_frame()
    column = code.columns[0]
    seen = trimmed(column.shown)
    part = seen if isinstance(code.made, pl.Expr) else _expression(code)
    if part is None:
        return CURES.to_frame()
    short = (
        rows.with_columns(cell=trimmed(pl.col(column.key)), seen=seen, code=part, **made)
        .filter(pl.col("code").str.contains(r"^[1-9]\d{2,3}$"), pl.col("cell") == pl.col("seen"))
        .select("row", "code", "cell", "town", "country")
        .collect(engine="streaming")
    )
    if short.is_empty():
        return CURES.to_frame()
    home = checks.country
    countries = judge_countries(short["country"], home).values
    short = short.with_columns(country=countries.replace("", home))
    found = [_of_country(short, each, checks) for each in _LENGTHS]
    return (
        pl.concat(found)
        .sort("row")
        .select("row", column=pl.lit(column.index, pl.UInt32), now=pl.col("now"))
    )


def _expression(leaf: Leaf | None) -> pl.Expr | None:
    """The leaf's text over a list's cells; None where it cannot be told without rendering it."""
    if leaf is None or isinstance(leaf.made, str):
        return pl.lit(leaf.made if leaf else "")
    if isinstance(leaf.made, pl.Expr):
        return leaf.made
    if len(leaf.columns) != 1:
        return None
    cell = trimmed(pl.col(leaf.columns[0].key))
    if part := _PART.fullmatch(leaf.source):
        found = cell.str.extract(r"^(\d+)\s+\D" if part[1] == "postcode" else r"^\d+\s+(\D.*)$")
        return found.fill_null("")
    if otherwise := _OTHERWISE.fullmatch(leaf.source):
        return pl.when(cell == "").then(pl.lit(otherwise[1])).otherwise(cell)
    return None


def _of_country(short: pl.DataFrame, country: str, checks: CheckSettings) -> pl.DataFrame:
    """Those of one country whose town has the postcode with a zero in front."""
    theirs = short.filter(
        pl.col("country") == country,
        pl.col("code").str.len_chars() == _LENGTHS[country] - 1,
    ).with_columns(
        zero="0" + pl.col("code"),
        now="0" + pl.col("cell"),
        town=trimmed(pl.col("town")).str.to_uppercase(),
    )
    named = town_names(country, checks.postcodes)
    return (
        theirs.join(named, left_on="zero", right_on="code", how="inner")
        .filter(pl.col("names").str.split(", ").list.contains(pl.col("town")))
        .select("row", "now")
    )
