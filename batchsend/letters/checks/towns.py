"""Whether a Nordic postcode is given out, and its town is that of the address. Warnings only.

The table is `letters/postcodes/nordic.tsv`, with its source beside it; for Norway a register as
Bring publishes it (postnummerregister, tab separated) takes its place.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl

from batchsend.errors import SettingsError, in_short
from batchsend.language import _, filled
from batchsend.letters.basis import Basis
from batchsend.letters.checks.rules import country_of
from batchsend.letters.problems import Problems
from batchsend.text import folded, nearest

_POST = {"SJ": "NO", "AX": "FI", "FO": "DK", "GL": "DK"}
"""Whose post serves them."""
_SERVED = ("DK", "FI", "IS", "NO", "SE")
_IN_TWO_PARTS = "SE"
"""Whose postcodes may have a blank in them."""
_TWO_NAMES = ("FI", "IS")
"""Where towns have names that the table lacks: only a town of other postcodes is wrong there."""
_LIKE = 0.6
_ALSO_CALLED = {
    "copenhagen": "kobenhavn",
    "kopenhagen": "kobenhavn",
    "kbh": "kobenhavn",
    "cph": "kobenhavn",
    "elsinore": "helsingor",
    "gothenburg": "goteborg",
    "gbg": "goteborg",
    "sthlm": "stockholm",
    "trh": "trondheim",
    "trhm": "trondheim",
    "trondhjem": "trondheim",
    "godthab": "nuuk",
}
"""Words that people write for towns, in other languages and in short."""
_BRINGS = re.compile(r"(\d{4})\t([^\t\r\n]+)")


class TownCheck:
    """Warns of postcodes that are not given out, and of those of another town."""

    def __init__(self, basis: Basis) -> None:
        """Raises SettingsError where the register that `[checks]` names cannot be read."""
        mapping, checks = basis.mapping, basis.checks
        self._mapping, self._home = mapping, checks.country
        self._varies = {"Invoicee.PostCode", "Invoicee.City"} & {
            leaf.path for leaf in mapping.varying
        }
        self._register = None if checks.postcodes is None else _register(checks.postcodes)
        self._known: dict[str, frozenset[str]] = {}
        self._belongs: dict[tuple[str, str, str], bool] = {}

    def __call__(self, letters: pl.DataFrame, _members: pl.DataFrame, problems: Problems) -> None:
        """Tell of the addresses of `letters`, whose texts are in the form that is sent."""
        if not self._varies:
            return
        countries = letters.select(country_of("Invoicee", self._mapping, self._home)).to_series()
        present = set(countries.unique())
        for post in _SERVED:
            served = present & {post, *(code for code in _POST if _POST[code] == post)}
            if served:
                theirs = letters if served == present else letters.filter(countries.is_in(served))
                self._judge(theirs, post, problems)

    def _judge(self, letters: pl.DataFrame, post: str, problems: Problems) -> None:
        """The same, where all are served by one country's `post`."""
        code = self._mapping.text("Invoicee.PostCode")
        code = code.str.replace_all(" ", "", literal=True) if post == _IN_TWO_PARTS else code
        found = (
            letters.select("row", code=code, town=self._mapping.text("Invoicee.City"))
            .join(self._names(post), on="code", how="left", maintain_order="left")
            .filter(pl.col("code") != "", ~(pl.col("town") == pl.col("names")).fill_null(False))
            .filter(
                pl.col("names").is_null()
                | ((pl.col("town") != "") & (pl.col("town").str.to_uppercase() != pl.col("names")))
            )
        )
        if found.is_empty():
            return
        right_form = pl.lit(post == "IS") | pl.col("code").str.contains(r"^\d{4,5}$")
        problems.tell(
            found,
            pl.col("names").is_null() & right_form,
            pl.lit(_("This postcode does not exist, as far as we know. Look it up.")),
            column=self._mapping.headings("Invoicee.PostCode"),
            value=pl.col("code"),
            severity="warning",
        )
        doubtful = found.filter(pl.col("names").is_not_null())
        pairs = list(doubtful.select("town", "names").iter_rows())
        belongs = {pair: self._belong(post, *pair) for pair in dict.fromkeys(pairs)}
        problems.tell(
            doubtful,
            ~pl.lit(pl.Series([belongs[pair] for pair in pairs], dtype=pl.Boolean)),
            filled(
                _("The postcode {code} is that of {names}. Look it up."), code="code", names="names"
            ),
            column=self._mapping.headings("Invoicee.City"),
            value=self._mapping.shown("Invoicee.City", pl.col("town")),
            severity="warning",
        )

    def _belong(self, post: str, town: str, names: str) -> bool:
        """Whether a town may be called so where `names` are those of its postcode."""
        known = self._belongs.get((post, town, names))
        if known is None:
            known = self._belongs[post, town, names] = _is_like(town, names) or (
                post in _TWO_NAMES and _plain(town) not in self._towns(post)
            )
        return known

    def _towns(self, post: str) -> frozenset[str]:
        """The plain names of a country's towns; made when one is asked for, as few lists do."""
        if post not in self._known:
            names = self._names(post)["names"].str.split(", ").explode()
            self._known[post] = frozenset(map(_plain, names))
        return self._known[post]

    def _names(self, post: str) -> pl.DataFrame:
        """`code`, and the `names` of its towns in capitals."""
        return self._register if post == "NO" and self._register is not None else _table(post)


def town_names(country: str, register: Path | None) -> pl.DataFrame:
    """A country's postcodes: `code`, and the `names` of its towns in capitals, set apart by commas.

    `register` is Norway's, which takes the place of the table. Raises SettingsError where it
    cannot be read.
    """
    post = _POST.get(country, country)
    return _register(register) if post == "NO" and register is not None else _table(post)


def _is_like(town: str, names: str) -> bool:
    words = {word for word in _plain(town).split() if len(word) > 2}
    if words & set(_plain(names).split()):
        return True
    return bool(nearest(town, names.split(", "), n=1, like=_LIKE))


@cache
def _plain(town: str) -> str:
    words = re.findall(r"\w+", folded(town))
    return " ".join(_ALSO_CALLED.get(word, word) for word in words)


@cache
def _lines() -> pl.DataFrame:
    text = files("batchsend.letters").joinpath("postcodes", "nordic.tsv").read_bytes()
    return pl.read_csv(text, separator="\t", quote_char=None, schema_overrides=[pl.String] * 3)


@cache
def _table(post: str) -> pl.DataFrame:
    """A country's `code`s, and the `names` of their towns; few lists go to more than one."""
    lines = _lines().filter(pl.col("country").replace(_POST) == post)
    return _by_code(
        lines.select(pl.col("postcodes").str.split(" ").alias("code"), "town").explode("code")
    )


def _by_code(towns: pl.DataFrame) -> pl.DataFrame:
    names = pl.col("town").str.to_uppercase().unique(maintain_order=True).str.join(", ")
    return towns.group_by("code", maintain_order=True).agg(names=names)


def _register(path: Path) -> pl.DataFrame:
    """The same of Norway's register, in UTF-8 or, as Bring has it, in Windows-1252."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            _(
                "checks.postcodes: {path} cannot be read: {reason}.",
                path=path,
                reason=in_short(error),
            )
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    found = _BRINGS.findall(text)
    if not found:
        raise SettingsError(
            _("checks.postcodes: {path} has no postcodes in it.", path=path),
            hint=_("It is Bring's register: a postcode, a tab and its town on every line."),
        )
    return _by_code(pl.DataFrame(found, schema=["code", "town"], orient="row"))
