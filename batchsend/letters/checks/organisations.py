"""Organisation numbers: the Nordic ones as columns, other countries' by python-stdnum.

Rules: Norway modulus 11 (Brønnøysundregistrene), Sweden modulus 10 (Bolagsverket), Denmark's CVR
and Finland's Y-tunnus modulus 11.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import polars as pl
from stdnum import get_cc_module

from batchsend.language import _
from batchsend.letters.checks.countries import name_of
from batchsend.letters.checks.digits import digits_of, luhn, weighted
from batchsend.letters.checks.judged import Judged, Judgement, one_by_one, settle
from batchsend.letters.checks.spoilt import unless_spoilt

_BY_MODULUS_11 = {
    "NO": (9, (3, 2, 7, 6, 5, 4, 3, 2, 1)),
    "DK": (8, (2, 7, 6, 5, 4, 3, 2, 1)),
    "FI": (8, (7, 9, 10, 5, 8, 4, 2, 1)),
}
_IN_GROUPS = r"^[0-9]{2,3}(?:\.[0-9]{2,3}){2,}$"
"""As 987.654.325. One point alone is a decimal one."""
_EXAMPLES = {"NO": "987654325", "SE": "556036-0793", "DK": "13585628", "FI": "2077474-0"}


def judge_organisations(texts: pl.Series, countries: pl.Series) -> Judged:
    """Whether each number is its country's; Nordic ones are sent as digits only.

    Blanks, `NO` in front and `MVA` behind are passed over. A country without a rule is not judged.
    """
    bare = (
        texts.str.to_uppercase()
        .str.replace_all(r"[\s\u00a0\u202f\-]", "")
        .str.replace(r"^(?:NO|SE|DK|FI)", "")
        .str.replace(r"MVA$", "")
    )
    in_groups = bare.str.contains(_IN_GROUPS)
    bare = bare.str.replace_all(".", "", literal=True).zip_with(in_groups, bare)
    frame = pl.DataFrame({"text": texts, "country": countries, "bare": bare})
    fits = pl.lit(False)
    for code in countries.unique().to_list():
        fits = fits | ((pl.col("country") == code) & pl.lit(_fits(frame["bare"], code)))
    return settle(frame, fits, pl.col("bare"), unless_spoilt(one_by_one(_ask)))


def _fits(bare: pl.Series, country: str) -> pl.Series:
    """Whether each text is an organisation number of `country`, by the Nordic rules."""
    if country == "SE":
        fits, count = luhn(10), 10
    elif country in _BY_MODULUS_11:
        count, weights = _BY_MODULUS_11[country]
        fits = weighted(weights) % 11 == 0
    else:
        return pl.repeat(False, bare.len(), eager=True)
    return digits_of(bare, count).select(fits.fill_null(False).alias("fits")).to_series()


def _ask(text: str, country: str) -> Judgement:
    if country in _EXAMPLES:
        return Judgement(
            text,
            _(
                "Not an organisation number in {name_of}: it is written as {example}, and "
                "its last digit is a check digit. Look it up again.",
                name_of=name_of(country),
                example=_EXAMPLES[country],
            ),
        )
    rule = _rule(country)
    if rule is None or rule(text):
        return Judgement(text)
    return Judgement(
        text,
        _("Not an organisation number in {name_of}. Look it up again.", name_of=name_of(country)),
    )


@cache
def _rule(country: str) -> Callable[[str], bool] | None:
    rule = get_cc_module(country.lower(), "vat") if country else None
    return None if rule is None else rule.is_valid
