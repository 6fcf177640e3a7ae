"""Postcodes, by the country they belong to.

Norway's form is Bring's addressing guide's; the others' are those of their posts, as the
Universal Postal Union's addressing pages list them.
"""

from __future__ import annotations

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.checks.countries import name_of
from batchsend.letters.checks.judged import Judged, judged, settle

_FOUR, _FIVE, _ZIP = r"\d{4}", r"\d{5}", r"\d{5}(?:-\d{4})?"

# Country -> (form, an example of it). A country that is not here is not checked.
_FORMS = {
    "NO": (_FOUR, "0150"),
    "SJ": (_FOUR, "9170"),
    "SE": (r"\d{3} ?\d{2}", "114 55"),
    "DK": (_FOUR, "2100"),
    "FI": (_FIVE, "00100"),
    "AX": (r"22\d{3}", "22100"),
    "FO": (r"\d{3}", "100"),
    "GL": (r"39\d{2}", "3900"),
    "IS": (r"\d{3}", "101"),
    "DE": (_FIVE, "10115"),
    "AT": (_FOUR, "1010"),
    "CH": (_FOUR, "8001"),
    "LI": (_FOUR, "9490"),
    "NL": (r"[1-9]\d{3} ?[A-Za-z]{2}", "1012 AB"),
    "BE": (_FOUR, "1000"),
    "LU": (r"(?:L-)?\d{4}", "1009"),
    "FR": (_FIVE, "75001"),
    "MC": (r"980\d{2}", "98000"),
    "ES": (_FIVE, "28001"),
    "PT": (r"\d{4}-\d{3}", "1000-001"),
    "IT": (_FIVE, "00118"),
    "GR": (r"\d{3} ?\d{2}", "104 31"),
    "PL": (r"\d{2}-\d{3}", "00-001"),
    "CZ": (r"\d{3} ?\d{2}", "110 00"),
    "SK": (r"\d{3} ?\d{2}", "811 01"),
    "HU": (_FOUR, "1051"),
    "SI": (_FOUR, "1000"),
    "HR": (_FIVE, "10000"),
    "RO": (r"\d{6}", "010011"),
    "BG": (_FOUR, "1000"),
    "EE": (_FIVE, "10111"),
    "LV": (r"(?:LV-)?\d{4}", "LV-1050"),
    "LT": (r"(?:LT-)?\d{5}", "01100"),
    "UA": (_FIVE, "01001"),
    "TR": (_FIVE, "06010"),
    "GB": (r"(?i:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})", "SW1A 1AA"),
    "IE": (r"(?i:[A-Z]\d[\dW] ?[A-Z\d]{4})", "D02 AF30"),
    "US": (_ZIP, "10001"),
    "CA": (r"(?i:[A-Z]\d[A-Z] ?\d[A-Z]\d)", "K1A 0B1"),
    "AU": (_FOUR, "2000"),
    "NZ": (_FOUR, "6011"),
    "TH": (_FIVE, "10200"),
    "PH": (_FOUR, "1000"),
    "IN": (r"\d{3} ?\d{3}", "110 001"),
    "PK": (_FIVE, "44000"),
    "XK": (_FIVE, "10000"),
}
_WITH_LETTERS = frozenset({"GB", "CA", "IE"})
_NO_POSTCODES = (
    "AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK IE JM "
    "KI KM KN KP LC LY ML MO MR MW NR NU PA QA RW SB SC SL SO SR SS ST SX SY TD TG TK TL TO TT TV "
    "UG VU YE ZW"
)
WITHOUT_POSTCODES = frozenset(_NO_POSTCODES.split())
"""Countries in which letters come without a postcode; in Ireland they may have one.

Source: the Universal Postal Union's addressing pages."""
# How a country's postcodes begin where it is said with them, as D-10115 and SE-114 55, besides with
# its own code.
_PREFIXES = {
    "NO": "NO?",
    "SJ": "NO?",
    "SE": "S",
    "GL": "DK",
    "FI": "FIN|SF|SUOMI",
    "AX": "FI|FIN|SF",
    "IS": "ÍS",
    "FO": "FR|DK",
    "DE": "D",
    "AT": "A",
    "LI": "FL",
    "BE": "B",
    "FR": "F",
    "ES": "E",
    "IT": "I",
    "PT": "P",
    "HU": "H",
    "LU": "L",
    "EE": "EST",
    "SI": "SLO",
    "GB": "UK",
    "XK": "RKS",
}


def judge_postcodes(texts: pl.Series, countries: pl.Series) -> Judged:
    """Whether each postcode has its country's form; it is sent as it stands, but without the
    country's letters in front, as in D-10115."""
    frame = pl.DataFrame({"text": texts, "country": countries})
    return settle(frame, _fits(frame), pl.col("text"), _judge_others)


def _fits(frame: pl.DataFrame) -> pl.Expr:
    """Whether a text has its country's form, if that has one."""
    text, country = pl.col("text"), pl.col("country")
    fits = pl.lit(True)
    for code in set(frame["country"].unique()) & _FORMS.keys():
        form, _other = _FORMS[code]
        fits &= (country != code) | text.str.contains(f"^(?:{form})$") & (
            text.str.strip_chars("0") != ""
        )
    return fits


def _judge_others(frame: pl.DataFrame) -> Judged:
    bare = _without_prefix(frame).with_columns(text=_none_for_a_dash())
    return settle(bare, _fits(bare), pl.col("text"), _judge_misfits)


def _without_prefix(frame: pl.DataFrame) -> pl.DataFrame:
    """What follows the country's letters, with one blank where there are several or a hard one."""
    text = pl.col("text").str.replace_all(r"[\s\p{Z}]+", " ")
    bare = text
    for code in set(frame["country"].unique()) & _FORMS.keys():
        letters = "|".join(filter(None, (code, _PREFIXES.get(code))))
        # Where postcodes have letters of their own, only a mark tells those before them.
        rest = r"[\s\p{Pd}]+(\w.*)" if code in _WITH_LETTERS else r"[\s\p{Pd}]*(\d.*)"
        form = rf"^(?i:{letters}){rest}$"
        is_there = (pl.col("country") == code) & text.str.contains(form)
        bare = pl.when(is_there).then(text.str.replace(form, "$1")).otherwise(bare)
    return frame.with_columns(text=bare)


def _none_for_a_dash() -> pl.Expr:
    """What people write in Ireland's place of a postcode that there need not be."""
    dash = (pl.col("country") == "IE") & pl.col("text").str.contains(r"^[\p{Pd}.0]+$")
    return pl.when(dash).then(pl.lit("")).otherwise("text")


def _judge_misfits(frame: pl.DataFrame) -> Judged:
    wrong = pl.lit(None, pl.String)
    for code in set(frame["country"].unique()):
        form, example = _FORMS[code]
        wrong = pl.when(pl.col("country") == code).then(_why(code, form, example)).otherwise(wrong)
    return judged(frame, wrong=wrong)


def _why(code: str, form: str, example: str) -> pl.Expr:
    text = pl.col("text")
    usual = pl.lit(
        _(
            "Not a postcode in {country}: those look like {example}.",
            country=name_of(code),
            example=example,
        )
    )
    if form in {_FOUR, _FIVE, _ZIP} and code != "SJ":
        digits = len(example)
        lost = text.str.contains(rf"^\d{{{digits - 1}}}$")
        usual = (
            pl.when(lost)
            .then(
                filled(
                    _(
                        "A postcode in {country} has {digits} digits. Has Excel dropped a zero in "
                        "front? Then it is 0{text}; format the column as text, and it stays."
                    ),
                    country=pl.lit(name_of(code)),
                    digits=pl.lit(digits),
                    text=text,
                )
            )
            .otherwise(usual)
        )
    if code in {"NO", "SJ"}:
        foreign = text.str.contains(r"^[A-Za-z]+[ -]")
        usual = (
            pl.when(foreign)
            .then(pl.lit(_("Leave out the letters in front: the digits alone are the postcode.")))
            .otherwise(usual)
        )
    return usual
