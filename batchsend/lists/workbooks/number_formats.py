"""Numbers as their cell's number format shows them, where the format carries meaning.

A postcode 620 formatted `0000` is "0620"; dates and times become ISO; 0.25 formatted `0%` is "25%".
All other numbers are written plainly, as if typed: what formats such as `# ##0,00` add only
decorates. What they leave out is left out where the number is shown, though not where it names or
counts something (see `Shown`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache, partial

from batchsend.lists.workbooks.format_codes import Section, chosen, sections

Formatter = Callable[[str], str]

BUILT_IN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    **dict.fromkeys((5, 6, 37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((7, 8, 39, 40, 43, 44), "#,##0.00"),
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17), "yyyy-mm-dd"),
    **dict.fromkeys((18, 20), "h:mm"),
    **dict.fromkeys((19, 21), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 34, 55), "h:mm"),
    **dict.fromkeys((33, 35, 56), "h:mm:ss"),
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
}
"""Formats that files name by number only, as far as they mean anything here."""

_PLAIN = re.compile(r"-?(?:\d{1,15}|\d{1,13}\.\d?[1-9])")
_PRECISION = 15
_MOST_DIGITS = 40
_YEAR_10000 = 2_958_466
_REMEMBERED = 10_000
"""Values of a format, each worked out once: the dates and codes of a list repeat."""
_WORD = re.compile(r"[^\W_]+")
"""A digit is none of the number's where the format itself has it, as `"0"0`."""
_CURRENCY = re.compile(
    r"(?<![^\W\d_])(?:kr|sek|dkk|nok|isk|eur|euro|usd|gbp|chf|pln|cad|aud)(?![^\W\d_])|[€$£¥]",
    re.IGNORECASE,
)
CROWNS = "KR"
"""The currency that letters call so, too."""
_UNITS = re.compile(
    r"\W*(?:kr|nok|sek|dkk|isk|eur|euro|usd|gbp|chf|fr|stk|st|kpl|pcs|stück|m²|m2|m|kg|t|h|km|kwh|kvm)"
    r"?\W*",
    re.IGNORECASE,
)
"""What stands beside an amount or a quantity, not in a number that names something."""


class Shown(str):
    """A number as it is known, whose format shows another text."""

    __slots__ = ("as_shown", "currency", "told")

    as_shown: str
    """What is seen: rounded, or put in the places of a format that depends on the number."""
    told: bool
    """Whether what is seen is not what letters have, so that people are to be told: letters about
    the number, words in place of it, thousands of it, or nothing."""

    currency: str
    """What stands beside the number, such as `€`, and is no part of it; "" for none."""

    def __new__(cls, known: str, as_shown: str, *, told: bool = False, currency: str = "") -> Shown:
        """`known` is the text itself."""
        made = super().__new__(cls, known)
        made.as_shown, made.told, made.currency = as_shown, told, currency
        return made


def formatter(code: str, *, from_1904: bool = False) -> Formatter:
    """What turns a stored number, such as `46096` or `0.25`, into text by the format `code`.

    The text is a `Shown` where the format shows another. `from_1904`: the workbook counts days from
    1904, as Excel for Mac once did, not from 1900.
    """
    made = sections(code)
    if len(made) == 1 and made[0].is_empty:
        return number_text
    numeric = [section for section in made if "@" not in section.tokens]
    if all(section.is_general and not section.texts for section in numeric):
        return number_text
    decimals = {section.decimals for section in numeric if section.is_amount}
    if len(decimals) == 1 and all(section.is_amount for section in numeric):
        return partial(_amount, decimals=decimals.pop() or 0)
    by_sections = partial(
        _by_sections,
        made=made,
        from_1904=from_1904,
        simple=len(numeric) == 1 and made[0] in numeric,
    )
    return lru_cache(_REMEMBERED)(by_sections)


def _amount(value: str, decimals: int) -> str:
    # Nearly all are like this; _PLAIN has two decimals at most.
    if _PLAIN.fullmatch(value) and (decimals > 1 or "." not in value):
        return value
    return _number(value, decimals)


def _by_sections(  # noqa: PLR0911 - one for each kind of format
    value: str, made: list[Section], from_1904: bool, simple: bool
) -> str:
    number = _decimal(value)
    if number is None or abs(number.adjusted()) > _MOST_DIGITS:
        return number_text(value)
    section = made[0] if simple else chosen(made, number)
    if section.is_moment:
        return _moment(value, number, section, from_1904)
    if "%" in section.code:
        return _percent(value, section.decimals)
    conditional = any(part.condition is not None for part in made)
    if section.pads:
        return _padded(value, section, conditional)
    if section.shows_no_number:
        return _in_words(number_text(value), section)
    if section.thousands:
        return _in_thousands(number_text(value), section)
    if section.is_general:
        return _with_letters(number_text(value), section)
    if section.decimals is None:
        return number_text(value)
    text = _with_letters(_number(value, section.decimals), section)
    return in_currency(text, " ".join((*section.words, section.code)))


def _number(value: str, decimals: int) -> str:
    """The number, and what is seen of it if the format shows fewer decimals than it has."""
    text = number_text(value)
    _, point, own = text.partition(".")
    if not point or len(own) <= decimals or not own.isdigit():
        return text
    return Shown(text, rounded(text, decimals))


def rounded(text: str, decimals: int) -> str:
    """A number with so many decimals at most, half of one rounded away from zero as Excel does.

    >>> rounded("96.9109400479616", 2), rounded("2.5", 0), rounded("-0.004", 2)
    ('96.91', '3', '0')
    """
    shown = f"{Decimal(text).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown == "-0" else shown


def _percent(value: str, decimals: int | None) -> str:
    text = percent_text(value)
    if decimals is None:
        return text
    shown = _number(text.removesuffix("%"), decimals)
    return Shown(text, f"{shown.as_shown}%") if isinstance(shown, Shown) else text


def _in_words(text: str, section: Section) -> str:
    """The number, for which words are seen, or nothing. A dash or a blank for zero says as much."""
    seen = "".join(piece for _, piece in section.texts).strip()
    return Shown(text, seen, told=True) if text != "0" or _WORD.search(seen) else text


def _in_thousands(text: str, section: Section) -> str:
    """The number, of which only the thousands or millions are seen."""
    number = _decimal(text)
    decimals = section.unscaled.decimals
    if number is None or decimals is None:
        return text
    seen = rounded(f"{number / 1000**section.thousands:f}", decimals)
    before, after = section.words
    return Shown(text, f"{before}{seen}{after}".strip(), told=True)


def _with_letters(text: str, section: Section) -> str:
    """The number, which is seen with letters about it if the format puts any there."""
    if section.decimals or "," in section.code or isinstance(text, Shown):
        return text  # an amount
    return with_letters(text, *section.words)


def with_letters(text: str, before: str, after: str) -> str:
    """A whole number, told if letters or digits are seen about it that are no unit's."""
    names = not _UNITS.fullmatch(before) and _WORD.search(before)
    ends = not _UNITS.fullmatch(after) and re.match(r"[-/.]?[^\W_]", after)
    if names or ends:
        return Shown(text, f"{before}{text}{after}".strip(), told=True)
    return text


def in_currency(text: str, seen: str) -> str:
    """The number, with the currency that is `seen` about it, if any."""
    found = _CURRENCY.search(seen)
    if found is None or (isinstance(text, Shown) and text.told):
        return text
    shown = text.as_shown if isinstance(text, Shown) else text
    return Shown(text, shown, currency=found[0].upper())


def number_text(value: str) -> str:
    """A stored number as a person would type it: no exponent, no noise beyond 15 digits.

    >>> number_text("1.2345678901E+10"), number_text("1234.1000000000001"), number_text("7.0")
    ('12345678901', '1234.1', '7')
    """
    if _PLAIN.fullmatch(value):
        return value
    number = _decimal(value)
    if number is None or abs(number.adjusted()) > _MOST_DIGITS:
        return value
    text = f"{Decimal(f'{number:.{_PRECISION - 1}e}'):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def beyond_precision(value: str) -> bool:
    """Whether a stored number has more digits than Excel keeps; the last ones are then lost."""
    if len(value) <= _PRECISION:
        return False
    number = _decimal(value)
    return number is not None and _PRECISION <= number.adjusted() <= _MOST_DIGITS


def percent_text(value: str) -> str:
    """0.25 is "25%"."""
    if _decimal(value) is None:
        return value
    return f"{number_text(str(Decimal(number_text(value)) * 100))}%"


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _padded(value: str, section: Section, conditional: bool) -> str:
    """The digits put into the places of the format, from the right, the rest before the first.

    By a format that depends on the number, the number alone is what it is known by.
    """
    text = number_text(value)
    if not text.isdigit():
        return text
    first = section.tokens.index("0") if "0" in section.tokens else 0
    places = [at for at, mark in enumerate(section.tokens) if mark in "0#"]
    digits = text.zfill(sum(1 for at in places if at >= first))
    extra = len(digits) - len(places)
    leading, rest = (digits[:extra], digits[extra:]) if extra > 0 else ("", digits)
    filled = dict(zip(places[len(places) - len(rest) :], rest, strict=True))
    shown: list[str] = []
    for at in range(len(section.tokens) + 1):
        shown += [piece for place, piece in section.texts if place == at]
        if at < len(section.tokens):
            if at == places[0]:
                shown.append(leading)
            mark = section.tokens[at]
            shown.append(filled.get(at, "") if mark in "0#" else mark)
    seen = "".join(shown).strip()
    plainly = not conditional and "#" not in section.tokens
    return seen if plainly or seen == text else Shown(text, seen)


def _moment(value: str, number: Decimal, section: Section, from_1904: bool) -> str:
    if not 0 <= number < _YEAR_10000:
        return number_text(value)
    date, time, with_seconds = section.shows
    days, seconds = divmod(round(number * 86_400), 86_400)
    hours, rest = divmod(seconds, 3_600)
    if not date:
        counted_on = _clock(hours + 24 * days, rest, with_seconds)
        if section.elapsed or not days:
            return counted_on
        # By its hours since 1900 it is known to the ledgers of 0.1.
        return Shown(counted_on, _clock(hours, rest, with_seconds))
    # 1900 was no leap year, but Excel counts its 29 February.
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if days > 59 else 31)
    try:
        day = (first + timedelta(days)).date().isoformat()
    except OverflowError:
        return number_text(value)
    return f"{day} {_clock(hours, rest, with_seconds)}" if seconds and time else day


def _clock(hours: int, rest: int, with_seconds: bool) -> str:
    minutes, seconds = divmod(rest, 60)
    clock = f"{hours:02d}:{minutes:02d}"
    return f"{clock}:{seconds:02d}" if with_seconds or seconds else clock
