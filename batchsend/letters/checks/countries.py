"""Countries: ISO 3166-1 codes, and their names in the Nordic languages, English and German, and in
those that are written on letters to the rest of Europe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import polars as pl
from babel import Locale

from batchsend.language import _, cached, current_language
from batchsend.letters.checks.judged import Judged, Judgement, one_by_one, settle
from batchsend.text import folded, nearest

_LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en", "de", "is")
_OTHER_LANGUAGES = (
    *("nl", "fr", "es", "it", "pt", "pl", "cs", "sk", "hu", "sl", "hr", "bs", "sr", "ro", "sq"),
    *("et", "lv", "lt", "el", "tr", "bg", "mk", "uk", "ru", "fo", "kl", "se"),
)
"""Read only for a name that those above lack: Polska, España, Norga."""
_WITH_CODE = re.compile(
    r"(?P<code>[A-Za-z]{2,3})[\s\-–:,/]+(?P<name>.{3,})"
    r"|(?P<before>.{3,}?)[\s(\[/,:–-]+(?P<behind>[A-Za-z]{2,3})[)\]]?"
)
"""A name beside its code: `NO - Norge`, `Norge (NO)`."""
_TITLE = re.compile(
    r"(?:the|den|det|landskapet|(?:republic|kingdom|commonwealth|state) of|republikken|republiken"
    r"|kongeriket|kongedømmet|kungariket|konungariket|kongeriget)\s+",
    re.IGNORECASE,
)

# In Unicode's table of territories, but no country of ISO 3166-1.
_NO_COUNTRY = {
    "AC",
    "CP",
    "CQ",
    "DG",
    "EA",
    "EU",
    "EZ",
    "IC",
    "QO",
    "TA",
    "UN",
    "XA",
    "XB",
    "ZZ",
}

_NOTHING = re.compile(r"#.*|\W*(?:\w/\w|n\.\s?a)\W*", re.IGNORECASE)
"""N/A and the like, which are no codes though they have the letters of one."""
_NEAR = 0.75
"""How like a country's name a text must be for that to be what was meant."""

# What people write and Unicode's tables lack: car plates, three letters, everyday names.
_EVERYDAY = {
    "NO": "N|NOR|Norway (NO)|Kongeriket Norge",
    "SE": "S|SWE",
    "DK": "DNK|DEN",
    "FI": "FIN",
    "IS": "ISL",
    "SJ": "SJM|Svalbard|Jan Mayen|Longyearbyen|Svalbard and Jan Mayen|Spitsbergen|Spitzbergen",
    "AX": "ALA|Åland|Åland Islands|Ålandsøyene|Ålandsøyane|Ålandsöarna|Ahvenanmaa",
    "BA": "BIH|Bosnia|Bosnien",
    "MK": "MKD|Makedonia|Makedonien|Macedonia",
    "PS": "PSE|Palestina|Palestine",
    "FO": "FRO|Føroyar|Færøyane|Færøyene|Færøerne|Färöarna|Faroes|Faeroe Islands|Färöer",
    "GL": "GRL|Grønland|Kalaallit Nunaat|Grönland",
    "XK": "XKX|Kosova|Republic of Kosovo|RKS|KOS",
    "AE": "ARE|UAE|U.A.E.|Emiratene|De forente arabiske emirater|Forenede Arabiske Emirater"
    "|Emirates|Dubai|Abu Dhabi",
    "HK": "HKG|Hong Kong|Hongkong",
    "MO": "MAC|Macau|Macao|Makao",
    "QA": "QAT",
    "DE": "D|DEU|GER|BRD",
    "GB": "GBR|UK|England|Scotland|Wales|Skottland|Northern Ireland|Nord-Irland|Great Britain",
    "US": "De forente stater|USA|U.S.A.|Amerika|United States of America",
    "NL": "NLD|NED|Holland",
    "FR": "F|FRA",
    "ES": "E|ESP",
    "IT": "I|ITA",
    "PL": "POL",
    "AT": "A|AUT",
    "CH": "CHE|SUI",
    "BE": "B|BEL",
    "EE": "EST",
    "LV": "LVA",
    "LT": "LTU",
    "PT": "PRT",
    "IE": "IRL|Eire|Éire",
    "CZ": "Czech Republic|Tsjekkiske republikk",
}


@cached
def name_of(code: str) -> str:
    """A country's name in the language of messages: `Norway`."""
    return str(Locale.parse(current_language()).territories.get(code, code))


@cache
def codes() -> frozenset[str]:
    """Every country code of ISO 3166-1, two letters; and XK, which posts use for Kosovo."""
    territories = Locale.parse("en").territories
    return frozenset(
        code
        for code in map(str, territories)
        if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRY
    )


def judge_countries(texts: pl.Series, home: str) -> Judged:
    """Codes and names of countries, sent as codes; an empty text is `home`."""
    frame = pl.DataFrame({"text": texts, "country": pl.repeat(home, texts.len(), eager=True)})
    filled = frame.with_columns(
        text=pl.when(pl.col("text") == "").then("country").otherwise("text")
    )
    known = pl.col("text").is_in(codes() - {"NA"})
    return settle(filled, known, pl.col("text"), one_by_one(country))


@cached  # a list names few countries, and each of them often
def country(text: str, _home: str = "") -> Judgement:
    """The country that a text names."""
    if (code := _named(text)) is not None:
        return Judgement(code, doubtful=_means_nothing() if text.lower() == "na" else None)
    near = nearest(text, _all_names(), n=1, like=_NEAR) if len(text) > 3 else []
    if near:
        said = _(
            "There is no such country. Did you mean {meant}? Write its code of two letters, as NO "
            "or SE.",
            meant=near[0],
        )
    else:
        said = _("There is no such country. Write its code of two letters, as NO or SE.")
    return Judgement(text, said)


def _named(text: str) -> str | None:
    """The code of the country that a text names; None if it names none."""
    if (code := _known(text)) is not None:
        return code
    if beside := _WITH_CODE.fullmatch(text):
        short = _everyday().get(_plain(beside["code"] or beside["behind"]))
        if short is not None and short == _named(beside["name"] or beside["before"]):
            return short
    title = _TITLE.match(text)
    return _named(text[title.end() :]) if title else None


def _means_nothing() -> str:
    return _(
        "NA is the code of Namibia, and what some programs write where there is no country. The "
        "letter goes to Namibia: write Namibia, or clear the cell if it is none."
    )


def _known(text: str) -> str | None:
    if _NOTHING.fullmatch(text):
        return None
    plain = _plain(text)
    return next((names[plain] for names in _tables() if plain in names), None)


def _tables() -> Iterator[dict[str, str]]:
    """Plain names -> codes, a language read only where those before it lack the name."""
    yield _everyday()
    yield from map(_plain_names, _LANGUAGES)
    yield from map(_plain_names, _OTHER_LANGUAGES)


@cache
def _all_names() -> tuple[str, ...]:
    """As they are written, in all languages."""
    return tuple(dict.fromkeys(name for language in _LANGUAGES for name in _names(language)))


@cache
def _names(language: str) -> dict[str, str]:
    """A language's names of countries as they are written -> codes."""
    territories = Locale.parse(language).territories
    return {name: code for code, name in territories.items() if code in codes()}


@cache
def _plain_names(language: str) -> dict[str, str]:
    return {_plain(name): code for name, code in _names(language).items()}


@cache
def _everyday() -> dict[str, str]:
    """Codes, and names that Unicode's tables lack."""
    found = {code.lower(): code for code in codes()}
    for code, names in _EVERYDAY.items():
        found |= {_plain(name): code for name in names.split("|")}
    return found


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", folded(text))
