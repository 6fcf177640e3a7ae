"""The six languages of a letter, as Babel knows them; and the time zone of a country, in which an
instant, as `2026-11-14T23:00:00Z`, is a day."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel import Locale
from jinja2.runtime import Context, Undefined

from batchsend.errors import RenderingError
from batchsend.language import _

LANGUAGES = {
    "NO": "nb_NO",
    "NN": "nn_NO",
    "SE": "sv_SE",
    "DK": "da_DK",
    "FI": "fi_FI",
    "EN": "en_GB",
}
"""LanguageID -> Babel's locale. English is British: the letters are European."""


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale for a LanguageID, in whatever case; RenderingError names one it has not."""
    try:
        return Locale.parse(LANGUAGES[language.strip().upper()])
    except KeyError:
        raise RenderingError(
            _("“{language}” is not a language a letter can have.", language=language),
            hint=_("LanguageID is one of {languages}.", languages=", ".join(LANGUAGES)),
        ) from None


def language_of(context: Context) -> str:
    """The LanguageID a template is being rendered in.

    Raises RenderingError inside a macro imported without its context: it would otherwise write
    every amount in one language, whatever the letter's.
    """
    language = context.resolve("language")
    if isinstance(language, Undefined):
        raise RenderingError(
            _("The language of the letter is not known here."),
            hint=_(
                "Import macros with their context: "
                '{% from "macros.html" import amounts with context %}.'
            ),
        )
    return str(language)


HOME_ZONE = "Europe/Oslo"
"""Where nobody says otherwise."""


@cache
def zone_of(country: str) -> str:
    """The zone of most people of a country, by its ISO 3166-1 code; HOME_ZONE for one unknown.

    Source: zone.tab of the IANA time zone database, "most populous first" within a country.

    >>> zone_of("FI")
    'Europe/Helsinki'
    """
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith(f"{country}\t"):
            return line.split("\t")[2]
    return HOME_ZONE
