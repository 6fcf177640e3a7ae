"""Numbers as their cell's number format shows them, where the format carries meaning.

A postcode 620 formatted `0000` is "0620"; dates and times become ISO; 0.25 formatted `0%` is "25%".
All other numbers are written plainly, as if typed: formats such as `# ##0,00` only decorate.
Format codes are those of ECMA-376 part 1, 18.8.30 and 18.8.31, always in their English form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

__all__ = ["BUILT_IN", "Formatter", "beyond_precision", "formatter", "number_text", "percent_text"]

Formatter = Callable[[str], str]

BUILT_IN: dict[int, str] = {
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

_LITERALS = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKETS = re.compile(r"\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_PIECES = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|.', re.DOTALL)
_PLAIN = re.compile(r"-?(?:\d{1,15}|\d{1,13}\.\d?[1-9])")
_PRECISION = 15
_MOST_DIGITS = 40
_YEAR_10000 = 2_958_466


@dataclass(frozen=True, slots=True)
class _Shown:
    """The parts of a moment that a format shows."""

    date: bool
    time: bool
    seconds: bool
    from_1904: bool


def formatter(code: str, *, from_1904: bool = False) -> Formatter:
    """What turns a stored number, such as `46096` or `0.25`, into text by the format `code`.

    `from_1904`: the workbook counts days from 1904, as Excel for Mac once did, not from 1900.
    """
    if "[<" in code or "[>" in code or "[=" in code:
        return number_text  # depends on the value; nothing we know of that carries meaning
    code = _BRACKETS.sub("", code.split(";", maxsplit=1)[0])
    bare = _LITERALS.sub("", code).lower()
    if "general" in bare:
        return number_text
    if re.search(r"[ymdhs]", bare):
        shown = _shown(bare, from_1904)
        return lambda value: _moment(value, shown)
    if "%" in bare:
        return percent_text
    if "00" in bare and not re.search(r"[.,e?/#]", bare):
        return lambda value: _padded(value, code)
    return number_text


def _shown(code: str, from_1904: bool) -> _Shown:
    elapsed = bool(_ELAPSED.search(code))
    tokens = _ELAPSED.sub("", code)
    time = elapsed or bool(re.search(r"[hs]", tokens))
    # An m beside h or s is minutes; alone it is a month.
    date = not elapsed and bool(not time or re.search(r"[yd]|m{3,}", tokens))
    return _Shown(date, time, "s" in code, from_1904)


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


def _padded(value: str, code: str) -> str:
    """The digits put into the zeros of the format, from the right, the rest before the first."""
    text = number_text(value)
    if not text.isdigit():
        return text
    pieces = [_literal(found) for found in _PIECES.finditer(code)]
    places = pieces.count(None)
    digits = text.zfill(places)
    leading, rest = digits[: len(digits) - places], iter(digits[len(digits) - places :])
    shown = "".join(next(rest) if piece is None else piece for piece in pieces)
    before = len("".join(piece or "" for piece in pieces[: pieces.index(None)]))
    return (shown[:before] + leading + shown[before:]).strip()


def _literal(found: re.Match[str]) -> str | None:
    """What a piece of a format writes; None for a zero, which stands for a digit."""
    if found[0] == "0":
        return None
    if found[0][0] in "_*" and len(found[0]) == 2:
        return ""
    return found[1] or found[2] or (found[0] if len(found[0]) == 1 else "")


def _moment(value: str, shown: _Shown) -> str:
    number = _decimal(value)
    if number is None or not 0 <= number < _YEAR_10000:
        return number_text(value)
    days, seconds = divmod(round(number * 86_400), 86_400)
    hours, rest = divmod(seconds, 3_600)
    if not shown.date:
        return _clock(hours + 24 * days, rest, shown)
    # 1900 was no leap year, but Excel counts its 29 February.
    first = datetime(1904, 1, 1) if shown.from_1904 else datetime(1899, 12, 30 if days > 59 else 31)
    date = (first + timedelta(days)).date().isoformat()
    return f"{date} {_clock(hours, rest, shown)}" if seconds and shown.time else date


def _clock(hours: int, rest: int, shown: _Shown) -> str:
    minutes, seconds = divmod(rest, 60)
    clock = f"{hours:02d}:{minutes:02d}"
    return f"{clock}:{seconds:02d}" if shown.seconds or seconds else clock
