"""Filters that write and compare values as the fields of a word processor do.

A picture is a pattern such as `# ##0,00` or `d. MMMM yyyy`. What a letter's language has as its
own, the separators and the names of months, comes from there and not from the picture.
Sources: ECMA-376 part 1, 17.16.4.1 (dates), 17.16.4.2 (numbers), 17.16.4.3 (text) and
17.16.5.24 (IF).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

from batchsend.errors import RenderingError
from batchsend.expressions.amounts import parse_amount, rounded
from batchsend.expressions.dates import parse_date
from batchsend.expressions.locales import HOME_ZONE, language_of, locale_of
from batchsend.language import _
from batchsend.lists import Figure
from batchsend.text import blank, trimmed

_DIGITS = re.compile(r"[#0x](?:[#0x]|[ \u00a0\u202f.,'](?=[#0x]))*")
"""The part of a number picture that stands for the digits, with its separators."""
_BLANK = re.compile(r"[ \u00a0\u202f']")
_DATE_PARTS = re.compile(
    r"'(?P<said>[^']*)'|(?P<part>[dD]{1,4}|M{1,4}|[yYåÅ]{2,4}|[hH]{1,2}|m{1,2}|s{1,2}|[aA][mM]/[pP][mM])"
)
_BABEL = {
    **{"d": "d", "dd": "dd", "ddd": "EEE", "dddd": "EEEE"},
    **{"M": "M", "MM": "MM", "MMM": "MMM", "MMMM": "MMMM"},
    **{"yy": "yy", "yyyy": "yyyy"},
}
_OPERATORS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def read_amount(text: str) -> Decimal | None:
    """The amount; None where there is none. Raises RenderingError for what is no amount."""
    return None if blank(text) else parse_amount(text)


def read_date(text: str) -> date | None:
    """The day; None where there is none. Raises RenderingError for what is no date."""
    return None if blank(text) else parse_date(text)


@pass_context
def number_as(context: Context, value: object, picture: str) -> str:
    """A number by a picture, as the `\\#` of a field writes it.

    Takes a cell's text or a number; blank stays blank. The picture says how many digits there are
    at least (`0`) and at most (`#`), whether thousands are set apart, and what stands around it;
    after `;` comes how a negative number is written, and after another how zero is.
    `{{ husleie | number_as("kr # ##0,00") }}` gives `kr 9 500,00`.
    """
    exact = _amount(value)
    if exact is None:
        return ""
    positive, *others = picture.split(";")
    if exact < 0 and others:
        return _pictured(-exact, others[0], context)
    if exact == 0 and len(others) > 1:
        return _pictured(exact, others[1], context)
    return _pictured(exact, positive, context)


@pass_context
def date_as(context: Context, value: object, picture: str) -> str:
    """A date by a picture, as the `\\@` of a field writes it.

    Takes a cell's text or a date; blank stays blank. `d`, `dd`, `ddd` and `dddd` are the day and
    the weekday, `M` to `MMMM` the month, `yy` and `yyyy` the year; what stands in `'…'` is copied.
    `{{ forfall | date_as("dddd d. MMMM yyyy") }}` gives `søndag 15. mars 2026`.
    """
    if isinstance(value, str):
        if blank(value):
            return ""
        value = parse_date(value, getattr(context.environment, "zone", HOME_ZONE))
    if not isinstance(value, date):
        raise RenderingError(_("“{value}” is not a date.", value=value))
    locale = locale_of(language_of(context))
    written, end = [], 0
    for found in _DATE_PARTS.finditer(picture):
        written.append(picture[end : found.start()])
        end = found.end()
        part = found["part"]
        if part is None:
            written.append(found["said"])
        elif part[0] in "dDMyYåÅ":
            form = _BABEL[_plain(part)]
            written.append(format_date(value, form, locale=locale))
        elif isinstance(value, datetime):
            form = "a" if "/" in part else part
            written.append(format_time(value, form, locale=locale))
        else:
            raise RenderingError(
                _("“{picture}” asks for the time of day, which a date has not.", picture=picture),
                hint=_("Take h, m and s out of the picture, or show the column as it is."),
            )
    return "".join((*written, picture[end:]))


def cased(value: object, case: str) -> str:
    """A text in capitals or not, as the `\\*` of a field writes it.

    Takes a text and `Upper`, `Lower`, `FirstCap` (the first letter) or `Caps` (of each word).
    `{{ poststed | cased("Caps") }}` gives `Mo I Rana`.
    """
    text = str(value)
    match case.lower():
        case "upper":
            return text.upper()
        case "lower":
            return text.lower()
        case "firstcap":
            return text[:1].upper() + text[1:]
        case "caps":
            return re.sub(r"(?<![^\W_])[^\W\d_]", lambda letter: letter[0].upper(), text)
    raise RenderingError(_("“{case}” is not Upper, Lower, FirstCap or Caps.", case=case))


def meets(value: object, operator: str, other: object) -> bool:
    """Whether a comparison is true, as the field IF makes it.

    Takes a value, `=`, `<>`, `<`, `<=`, `>` or `>=`, and what it is compared with: as numbers where
    both are, otherwise as text, capitals and small letters apart. With `=` and `<>` the other may
    have `*` for any text and `?` for any letter. `{% if beløp | meets(">", 1000) %}`
    """
    if operator not in _OPERATORS:
        raise RenderingError(
            _(
                "“{operator}” is not a comparison: {operators} are.",
                operator=operator,
                operators=", ".join(_OPERATORS),
            )
        )
    one, two = _number(value), _number(other)
    if one is not None and two is not None:
        return _OPERATORS[operator]((one > two) - (one < two))
    text, pattern = trimmed(str(value)), trimmed(str(other))
    if operator in {"=", "<>"} and re.search(r"[*?]", pattern):
        matches = _wild(pattern).fullmatch(text) is not None
        return matches == (operator == "=")
    return _OPERATORS[operator]((text > pattern) - (text < pattern))


@cache
def _wild(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(c) or re.escape(c) for c in pattern), re.DOTALL)


def _number(value: object) -> Decimal | None:
    try:
        return _amount(value)
    except RenderingError:
        return None


def _amount(value: object) -> Decimal | None:
    if isinstance(value, Decimal | int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    return read_amount(value if isinstance(value, Figure) else str(value))


def _plain(part: str) -> str:
    """The part of a date in the letters that Babel's names are under."""
    if part[0] == "M":
        return part
    if part[0] in "dD":
        return part.lower()
    return "yy" if len(part) == 2 else "yyyy"


def _pictured(exact: Decimal, picture: str, context: Context) -> str:
    picture = re.sub(r"'([^']*)'", r"\1", picture) if "#" in picture or "0" in picture else picture
    picture = re.sub(r"^\s*,(?=[#0])", "#,##", picture)  # “,0.00” sets thousands apart, too
    found = _DIGITS.search(picture)
    if found is None:
        return picture
    form, places = _form(found[0])
    locale = locale_of(language_of(context))
    number = format_decimal(rounded(exact, places), form, locale=locale, decimal_quantization=False)
    number = number.replace("-", locale.number_symbols["latn"]["minusSign"])
    return picture[: found.start()] + number + picture[found.end() :]


@cache
def _form(digits: str) -> tuple[str, int]:
    """The picture of the digits as CLDR writes it, and its decimals."""
    whole, decimals = _split(digits)
    least = max(whole.count("0"), 0)
    apart = re.search(r"[ \u00a0\u202f'.,]", whole) is not None
    plain = re.sub(r"[^#0x]", "", whole)
    form = "0" * least if least >= len(plain) else "#" * (len(plain) - least) + "0" * least
    if apart:
        form = form.rjust(4, "#")
        form = f"{form[:-3]},{form[-3:]}"
    parts = decimals.replace("x", "#")
    return f"{form}.{parts}" if parts else form, len(parts)


def _split(digits: str) -> tuple[str, str]:
    """The digits before the decimal separator and after it, whichever of the two marks it is."""
    at = max(digits.rfind("."), digits.rfind(","))
    if at < 0:
        return digits, ""
    mark, after = digits[at], digits[at + 1 :]
    both = {".", ","} <= set(digits)
    thousands = len(after) == 3 and not both and not _BLANK.search(digits)
    if _BLANK.search(after) or digits.count(mark) > 1 or thousands:
        return digits, ""
    return digits[:at], after
