"""Which rule judges which text of the request."""

from __future__ import annotations

from functools import partial

import polars as pl

from batchsend.letters.checks.choices import judge_channels, judge_identifiers, judge_languages
from batchsend.letters.checks.countries import codes, judge_countries
from batchsend.letters.checks.emails import judge_emails
from batchsend.letters.checks.judged import Judged, Rule
from batchsend.letters.checks.national_ids import judge_national_ids
from batchsend.letters.checks.organisations import judge_organisations
from batchsend.letters.checks.phones import judge_mobiles, judge_phones
from batchsend.letters.checks.postcodes import judge_postcodes
from batchsend.letters.checks.spoilt import judge_references
from batchsend.letters.mapping import NATIONAL_ID, Mapping
from batchsend.letters.settings import CheckSettings

_ONE_FORM = {
    *("Channel", "LanguageID", "CountryCode", "OrganizationNumber", "NationalId"),
    *("Email", "SenderEmailAddress", "Mobile", "Phone"),
}
SIDES = ("Invoicee", "Invoicer")
"""The recipient and the sender, each of a country."""


def country_rules(home: str) -> dict[str, Rule]:
    """The rules of countries, which the other rules follow; a text that is empty is `home`."""

    def judge_country(texts: pl.Series, _countries: pl.Series) -> Judged:
        return judge_countries(texts, home)

    return {f"{side}.CountryCode": judge_country for side in SIDES}


def rules(checks: CheckSettings) -> dict[str, Rule]:
    """The rule of each other text that has one, by its path.

    The sender's CompanyRegNo has none: the API's own example gives it eight digits.
    """
    return {
        "Identifier": judge_identifiers,
        "Channel": judge_channels,
        "LanguageID": judge_languages,
        "Invoicee.CustomerNo": judge_references,
        "Invoicee.Reference": judge_references,
        "Invoicee.PostCode": judge_postcodes,
        "Invoicee.OrganizationNumber": judge_organisations,
        NATIONAL_ID: partial(judge_national_ids, synthetic=checks.synthetic_ids),
        "Invoicee.Email": judge_emails,
        "Invoicee.Mobile": judge_mobiles,
        "Invoicer.PostCode": judge_postcodes,
        "Invoicer.Email": judge_emails,
        "Invoicer.Phone": judge_phones,
        "ChannelSettings.Email.SenderEmailAddress": judge_emails,
    }


def has_one_form(path: str) -> bool:
    """Whether the text at `path` is sent in one form, in whichever it stands in the list."""
    return path.rpartition(".")[2] in _ONE_FORM


def side_of(path: str) -> str:
    """Whose country the text at `path` belongs to."""
    return SIDES[0] if path.startswith("Invoicee.") else SIDES[1]


def country_of(side: str, mapping: Mapping, home: str) -> pl.Expr:
    """The ISO code of the country of one of SIDES.

    It is `home` where none is named, and empty where what is named is no country: nothing is known
    of a text that belongs there then.
    """
    code = mapping.text(f"{side}.CountryCode")
    return (
        pl.when(code == "")
        .then(pl.lit(home))
        .when(code.is_in(codes()))
        .then(code)
        .otherwise(pl.lit(""))
    )
