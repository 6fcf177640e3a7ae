"""The six languages of a letter, as Babel knows them."""

from __future__ import annotations

from functools import cache

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
