"""The payload's expressions, compiled once for a list: constants, columns, or Jinja2 row by row;
and what a person calls a field that no column is for.

A column reference or a composition of columns becomes a polars expression and costs nearly
nothing; only what is more than that is rendered for each row. Judges no value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import polars as pl
from jinja2 import Template, TemplateSyntaxError

from batchsend.errors import SettingsError
from batchsend.expressions import (
    HOME_ZONE,
    Environment,
    Names,
    environment,
    functions_used,
    names_used,
    what_is_wrong,
)
from batchsend.language import N_, _
from batchsend.letters.compiling import as_expression, columns_named, takes_rows
from batchsend.letters.settings import PayloadSettings
from batchsend.letters.text import trimmed
from batchsend.lists import PERIOD, Column, holds_national_ids
from batchsend.masking import masked

NATIONAL_ID = "Invoicee.NationalId"
KNOWN_BY = frozenset({"Identifier", "Invoicee.CustomerNo"})
"""Texts that a letter or its recipient is known by, whatever the sheet shows of a number."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text of the request and how it comes from a row."""

    path: str
    """Below `Letter`, as `Invoicee.Name` or `OtherReferences.0.Value`."""
    source: str
    """As mailing.toml has it."""
    columns: tuple[Column, ...]
    """The columns that `source` names, in its order."""
    made: str | pl.Expr | Template
    """The text itself, an expression over the frame of cells, or a template for each row."""
    takes_rows: bool = False
    """Whether it may look at columns that it does not name."""
    of_today: bool = False
    """Whether it hangs on the day on which the list is checked."""
    in_full: pl.Expr | Template | None = None
    """What makes the text of numbers as they are stored, where a sheet shows others."""
    above: str = "payload.Letter."
    """Before its path in mailing.toml."""

    @property
    def place(self) -> str:
        """Where it stands in mailing.toml, and what it says, for messages."""
        return f"{self.above}{self.path} = “{self.source}”"

    @property
    def key_in_full(self) -> str:
        """The name in frames of the text of numbers as they are stored."""
        return f"{self.path} in full"

    @property
    def own_columns(self) -> tuple[Column, ...]:
        """The columns without the period, which is the same in all rows of a list."""
        return tuple(column for column in self.columns if column.name != PERIOD)

    @property
    def headings(self) -> str:
        """The headings a person looks at when this text is wrong; empty where there are none."""
        return _headings(self.columns)

    @property
    def own_headings(self) -> str:
        """The same of `own_columns`."""
        return _headings(self.own_columns)

    @property
    def called(self) -> str:
        """Its headings; what a person calls it where there are none."""
        return self.headings or called(self.path)


def _headings(columns: tuple[Column, ...]) -> str:
    return ", ".join(column.heading or column.name for column in columns)


@dataclass(frozen=True)
class Mapping:
    """All leaves of the payload, for a list of certain columns."""

    names: Names
    leaves: dict[str, Leaf]
    """By path, in the order of the request."""
    tree: dict[str, Any]
    """The request's `Letter` as mailing.toml has it."""

    @classmethod
    def compile(
        cls, payload: PayloadSettings, columns: tuple[Column, ...], home: str, zone: str = HOME_ZONE
    ) -> Self:
        """Compile each leaf; recipients whose country is not mapped live in `home`.

        An instant is a day in the time zone `zone`.

        Raises SettingsError for an expression that does not compile, or that names a column the
        list has not or has twice.
        """
        names = Names(columns)
        env = environment(autoescape=False, zone=zone)
        tree = payload.Letter.model_dump(exclude_unset=True, exclude_none=True)
        tree["Invoicee"].setdefault("CountryCode", home)
        leaves = {path: leaf_of(path, source, names, env) for path, source in _leaves(tree, "")}
        return cls(names, leaves, tree)

    def with_constant(self, path: str, text: str) -> Self:
        """The same with another text in a place where it is the same in every letter."""
        return replace(self, leaves=self.leaves | {path: replace(self.leaves[path], made=text)})

    @cached_property
    def constants(self) -> dict[str, str]:
        """The texts that are the same in every letter, by path."""
        return {path: leaf.made for path, leaf in self.leaves.items() if isinstance(leaf.made, str)}

    @cached_property
    def varying(self) -> list[Leaf]:
        """The leaves that depend on the row."""
        return [leaf for leaf in self.leaves.values() if not isinstance(leaf.made, str)]

    @cached_property
    def rendered(self) -> list[Leaf]:
        """The leaves that Jinja2 renders; LanguageID first, since the others' filters follow it."""
        found = [leaf for leaf in self.leaves.values() if isinstance(leaf.made, Template)]
        return sorted(found, key=lambda leaf: leaf.path != "LanguageID")

    @cached_property
    def sensitive(self) -> frozenset[str]:
        """Keys of the columns that hold national ids: mapped to one, or headed like one."""
        leaf = self.leaves.get(NATIONAL_ID)
        mapped = {column.key for column in leaf.columns} if leaf else set()
        return frozenset(
            mapped | {column.key for column in self.names.columns if holds_national_ids(column)}
        )

    def shows_ids(self, path: str) -> bool:
        """Whether the text at `path` has a national id in it, and so must not be shown."""
        leaf = self.leaves.get(path)
        if leaf is None or not self.sensitive:
            return False
        keys = {column.key for column in leaf.columns}
        return path == NATIONAL_ID or leaf.takes_rows or not keys.isdisjoint(self.sensitive)

    def shown(self, path: str, text: pl.Expr) -> pl.Expr:
        """`text`, which came from `path`, as people may see it."""
        if not self.shows_ids(path):
            return text
        return text.map_elements(masked, return_dtype=pl.String)

    def shown_cell(self, column: Column) -> pl.Expr:
        """A cell of this column as people may see it."""
        cell = trimmed(pl.col(column.key))
        if column.key not in self.sensitive:
            return cell
        return cell.map_elements(masked, return_dtype=pl.String)

    def text(self, path: str) -> pl.Expr:
        """A text of the request as an expression over filled letters; empty if not mapped."""
        leaf = self.leaves.get(path)
        if leaf is None or isinstance(leaf.made, str):
            return pl.lit(self.constants.get(path, ""))
        return pl.col(path)

    def headings(self, path: str) -> str:
        """The headings of the columns a text comes from; its own name where there are none."""
        leaf = self.leaves.get(path)
        return leaf.called if leaf else called(path)

    def skeleton(self, paths: tuple[str, ...]) -> dict[str, Any]:
        """The request's `Letter`: a text where it is constant, else the place of its path."""
        skeleton: dict[str, Any] = _placed(self.tree, "", self.constants, paths)
        return skeleton


def identifier_columns(
    payload: PayloadSettings, columns: tuple[Column, ...], home: str
) -> tuple[Column, ...]:
    """The columns that identifiers are made of, in their order, each once.

    Raises SettingsError where the mapping does not fit them.
    """
    leaf = Mapping.compile(payload, columns, home).leaves.get("Identifier")
    return tuple(dict.fromkeys(leaf.columns)) if leaf else ()


def leaf_of(
    path: str, source: str, names: Names, env: Environment, above: str = "payload.Letter."
) -> Leaf:
    """Compile one expression, which stands at `above` and `path` in mailing.toml.

    Raises SettingsError as `Mapping.compile` does.
    """
    place = f"{above}{path}"
    try:
        template = env.parse(source)
        used = names_used(env, source)
        columns = columns_named(template, names)
    except TemplateSyntaxError as error:
        raise SettingsError(f"{place} = “{source}”: {what_is_wrong(error, env.filters)}.") from None
    except SettingsError as error:
        raise SettingsError(f"{place}: {error.message}") from None
    names.check(used, place=place, known=frozenset({"language"}))
    made = as_expression(template, names, exact=path in KNOWN_BY)
    looks_at = names.columns if takes_rows(template) else columns
    otherwise = path not in KNOWN_BY and any(column.formatted for column in looks_at)
    if made is None:
        of_today = "today" in functions_used(env, source)
        rendered = env.from_string(source)
        in_full = rendered if otherwise else None
        loose = takes_rows(template)
        return Leaf(path, source, columns, rendered, loose, of_today, in_full, above)
    if not columns:
        return Leaf(path, source, columns, str(pl.select(made).item()), above=above)
    exact = as_expression(template, names, exact=True) if otherwise else None
    return Leaf(path, source, columns, made, in_full=exact, above=above)


def _leaves(tree: Any, path: str) -> Iterator[tuple[str, str]]:
    match tree:
        case dict():
            for name, inner in tree.items():
                yield from _leaves(inner, f"{path}.{name}" if path else name)
        case list() | tuple():
            for place, inner in enumerate(tree):
                yield from _leaves(inner, f"{path}.{place}")
        case _:
            yield path, tree


def _placed(tree: Any, path: str, constants: dict[str, str], paths: tuple[str, ...]) -> Any:
    match tree:
        case dict():
            return {
                name: _placed(inner, f"{path}.{name}" if path else name, constants, paths)
                for name, inner in tree.items()
            }
        case list() | tuple():
            return [
                _placed(inner, f"{path}.{place}", constants, paths)
                for place, inner in enumerate(tree)
            ]
        case _:
            return constants[path] if path in constants else paths.index(path)


_NAMES = {
    "Invoicee.Name": N_("Name"),
    "Invoicee.Address1": N_("Street"),
    "Invoicee.Address2": N_("More of the address"),
    "Invoicee.Address3": N_("More of the address"),
    "Invoicee.PostCode": N_("Postcode"),
    "Invoicee.City": N_("Town"),
    "Invoicee.CountryCode": N_("Country"),
    "Invoicee.CustomerNo": N_("Customer number"),
    "Invoicee.Email": N_("E-mail"),
    "Invoicee.Mobile": N_("Mobile number"),
    "Invoicee.NationalId": N_("National id"),
    "Invoicee.OrganizationNumber": N_("Organisation number"),
    "Channel": N_("Channel"),
    "Identifier": N_("The letter's own reference"),
    "LanguageID": N_("Language"),
}


def called(path: str) -> str:
    """The name of a field below `Letter`; its path where it has none.

    >>> called("Invoicee.PostCode"), called("OtherReferences.0.Value")
    ('Postcode', 'OtherReferences.0.Value')
    """
    return _(_NAMES[path]) if path in _NAMES else path
