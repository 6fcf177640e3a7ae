"""Telephone numbers, sent as digits with country code: the plain ones as columns, by the patterns
of phonenumbers' own tables, all others by phonenumbers itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import phonenumbers
import polars as pl
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from batchsend.expressions import NO_TELEPHONE, TELEPHONE, telephone_number
from batchsend.language import _
from batchsend.letters.checks.countries import name_of
from batchsend.letters.checks.judged import Judged, Judgement, one_by_one, settle
from batchsend.letters.checks.spoilt import unless_spoilt

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def judge_mobiles(texts: pl.Series, countries: pl.Series) -> Judged:
    """Whether each is a mobile number, of its address' country unless it says another."""
    # Nearly all have nothing in them but digits and blanks, so that is tried first.
    bare = texts.str.replace_all(" ", "", literal=True)
    frame = pl.DataFrame({"text": texts, "country": countries, "bare": bare})
    plain, value = pl.lit(False), pl.col("text")
    for country, form in _forms_in(frame):
        fits = (pl.col("country") == country) & pl.col("bare").str.contains(form.national)
        plain |= fits
        value = pl.when(fits).then(form.calling_code + pl.col("bare")).otherwise(value)
    return settle(frame, plain, value, _judge_written_mobiles)


def _judge_written_mobiles(frame: pl.DataFrame) -> Judged:
    """The same of those with a prefix, or with other characters, as hyphens and brackets."""
    text = pl.col("text")
    written = text.str.contains(TELEPHONE) & ~text.str.contains(NO_TELEPHONE)
    frame = frame.with_columns(bare=pl.when(written).then(text.str.replace_all(r"[^0-9+]", "")))
    plain, value = pl.lit(False), text
    for country, form in _forms_in(frame):
        national = pl.when(pl.col("country") == country).then(
            pl.col("bare").str.extract(form.with_prefix, 1)
        )
        plain |= national.is_not_null()
        value = pl.coalesce(pl.lit(form.calling_code) + national, value)
    return settle(frame, plain, value, unless_spoilt(one_by_one(_ask_mobile)))


class _Form(NamedTuple):
    """What a country's mobile numbers look like, as patterns of Rust's."""

    calling_code: str
    national: str
    with_prefix: str
    """The same with what may stand before it; the national part is in a group."""


def _forms_in(frame: pl.DataFrame) -> Iterator[tuple[str, _Form]]:
    for country in frame["country"].unique().to_list():
        if form := _mobile_form(country):
            yield country, form


def judge_phones(texts: pl.Series, countries: pl.Series) -> Judged:
    """Whether each is a telephone number of any kind."""
    frame = pl.DataFrame({"text": texts, "country": countries})
    rest = unless_spoilt(one_by_one(_ask_phone))
    return settle(frame, pl.lit(False), pl.col("text"), rest)


@cache
def _mobile_form(country: str) -> _Form | None:
    table = PhoneMetadata.metadata_for_region(country)
    if table is None or table.mobile is None or not table.mobile.national_number_pattern:
        return None
    # Rust's \d takes the digits of all scripts.
    national = table.mobile.national_number_pattern.replace(r"\d", "[0-9]")
    prefix = rf"(?:\+{table.country_code}|00{table.country_code}|{table.national_prefix or ''})?"
    return _Form(str(table.country_code), f"^(?:{national})$", f"^{prefix}({national})$")


def _ask_mobile(text: str, country: str) -> Judgement:
    number = telephone_number(text, country)
    if number is None:
        return Judgement(text, _no_mobile(country) if country else None)
    if phonenumbers.number_type(number) not in _MOBILE:
        return Judgement(
            text,
            _(
                "A telephone number, but not a mobile one. Take it out, or let letters go "
                'without it with blank = ["Mobile"] under [checks].'
            ),
        )
    return Judgement(_written(number))


def _ask_phone(text: str, country: str) -> Judgement:
    number = telephone_number(text, country)
    if number is None and (short := _short(text, country)):
        return Judgement(
            short,
            doubtful=_(
                "A short number, which can be dialled in {name_of} only, and no table of "
                "numbers has. Is it right?",
                name_of=name_of(country),
            ),
        )
    if number is None:
        return Judgement(text, _no_number(country) if country else None)
    return Judgement(_written(number))


def _short(text: str, country: str) -> str:
    """The digits of a short number that a firm may have; empty where it is none.

    Norway's five digits from 02 to 09 (Nkom's numbering plan), and the European Union's services
    of social value, 116 and three digits.
    """
    bare = re.sub(r"[\s\u00a0]", "", text)
    bare = re.sub(r"^(?:\+|00)47(?=0)", "", bare) if country == "NO" else bare
    firm = country == "NO" and re.fullmatch(r"0[2-9]\d{3}", bare)
    return bare if firm or re.fullmatch(r"116\d{3}", bare) else ""


def _no_number(country: str) -> str:
    return _(
        "Not a telephone number in {country}. Write it as it is dialled there, or with + and the "
        "country's code in front.",
        country=name_of(country),
    )


def _no_mobile(country: str) -> str:
    return _(
        "Not a mobile number in {country}. Write it as it is dialled there, or with + and the "
        "country's code in front.",
        country=name_of(country),
    )


def _written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")
