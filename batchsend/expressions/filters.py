"""The filters of mappings and templates, beside Jinja2's own.

Each takes a cell's text as it stands in the list, and raises RenderingError naming a value it
cannot read. Those that write numbers and dates write them as the letter's LanguageID does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from zoneinfo import ZoneInfo

import segno
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, parse_pattern
from jinja2 import pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from markupsafe import Markup, escape

from batchsend.errors import RenderingError
from batchsend.expressions.amounts import currency_of, must_be_in, parse_amount, rounded
from batchsend.expressions.contact_details import phone, postcode, surname_last, town
from batchsend.expressions.dates import parse_date
from batchsend.expressions.locales import HOME_ZONE, language_of, locale_of
from batchsend.expressions.word_formats import (
    cased,
    date_as,
    meets,
    number_as,
    read_amount,
    read_date,
)
from batchsend.language import _
from batchsend.lists import Figure
from batchsend.masking import masked
from batchsend.text import trimmed

MOST_DECIMALS = 20


def amount(value: object) -> Decimal:
    """An amount to reckon with.

    Takes a cell's text, in any of the forms `parse_amount` reads, or a number. Gives a Decimal.
    `{{ (ny_husleie | amount - husleie | amount) | money }}` gives `350,00`.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Figure):
        return _stored(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, int):
        return Decimal(value)
    return parse_amount(str(value))


def _stored(value: Figure) -> Decimal:
    """The number in full: a sheet has it as a number, which can be read in one way only."""
    try:
        return Decimal(value.stored)
    except InvalidOperation:
        return parse_amount(value)


@pass_context
def money(context: Context, value: object, currency: str = "") -> str:
    """An amount with two decimals, half an øre rounded away from zero.

    Takes a cell's text or a number and, if wanted, a currency. Gives text that never breaks
    over two lines. `{{ husleie | money }}` gives `9 500,00`, `{{ husleie | money("NOK") }}`
    gives `9 500,00 kr`; in an English letter `9,500.00` and `NOK 9,500.00`. A cell that names
    another currency is wrong. A currency that only the number format of a
    workbook's cell shows is told by `check`, and not read.
    """
    locale = locale_of(language_of(context))
    if currency and isinstance(value, str):
        must_be_in(value, currency)
    exact = rounded(amount(value), 2)
    if not currency:
        return _written(exact, locale, "#,##0.00")
    written = format_currency(exact, currency, locale=locale)
    # Letters never touch digits (CLDR's currency spacing, which Babel leaves out).
    spaced = re.sub(r"(?<=[^\W\d_])(?=\d)", "\u00a0", written)
    return _with_minus(spaced, locale)


@pass_context
def number(context: Context, value: object, decimals: int | None = None) -> str:
    """A number with its thousands set apart.

    Takes a cell's text or a number, and how many decimals to show; otherwise as many as it has.
    `{{ areal | number }}` gives `1 250,5`, `{{ areal | number(0) }}` gives `1 251`.
    """
    exact = parse_amount(value) if isinstance(value, Figure) and decimals is None else amount(value)
    if decimals is not None and not 0 <= decimals <= MOST_DECIMALS:
        raise RenderingError(
            _(
                "A number can have 0 to {most_decimals} decimals, not {decimals}.",
                most_decimals=MOST_DECIMALS,
                decimals=decimals,
            )
        )
    if decimals is not None:
        exact = rounded(exact, decimals)
    pattern = "#,##0." + ("#" * MOST_DECIMALS if decimals is None else "0" * decimals)
    return _written(exact, locale_of(language_of(context)), pattern.rstrip("."))


@pass_context
def short_date(context: Context, value: object) -> str:
    """A date in digits: the filter `date`.

    Takes a cell's text, in any of the forms `parse_date` reads, or a date.
    `{{ forfall | date }}` gives `15.03.2026`, in a Swedish letter `2026-03-15`; in an English
    one `15 Mar 2026`, since 03/04 is in March to some readers and in April to others.
    """
    language = language_of(context)
    width = "medium" if language == "EN" else "short"
    return format_date(_as_date(context, value), width, locale=locale_of(language))


@pass_context
def long_date(context: Context, value: object) -> str:
    """A date with its month in words.

    Takes a cell's text or a date. `{{ gjelder_fra | long_date }}` gives `15. mars 2026`.
    """
    return format_date(_as_date(context, value), "long", locale=locale_of(language_of(context)))


_OF_A_PROGRAM = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)


@pass_context
def readable(context: Context, value: object) -> object:
    """A date as programs write it, in the letter's language; all else as it is.

    Takes a cell's text. Merge fields of Word come through it, where no picture says how their date
    is written. `{{ forfall | readable }}` gives `15.03.2026` of `2026-03-15` and of
    `2026-03-15T00:00:00`, and the time of day besides where there is one.
    """
    text = trimmed(str(value))
    if not _OF_A_PROGRAM.fullmatch(text):
        return value
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return value
    if moment.tzinfo is not None:
        zone = getattr(context.environment, "zone", HOME_ZONE)
        moment = moment.astimezone(ZoneInfo(zone))
    day = short_date(context, moment)
    return f"{day} {moment:%H:%M}" if moment.time() != time.min else day


def total(rows: Iterable[Mapping[str, str]], column: str) -> Decimal:
    """The sum of a column over the rows of a letter.

    Takes `rows` and a column's name or heading. Gives a Decimal, for `money` to write.
    Every row must have an amount there, and all in one currency: a sum that leaves one out is
    wrong. `{{ rows | total("beløp") | money }}` gives `4 300,00`.
    """
    cells = [row[column] for row in rows]
    named = next(filter(None, map(currency_of, cells)), "")
    for cell in cells:
        if named:
            must_be_in(cell, named)
    return sum(map(amount, cells), Decimal(0))


@pass_eval_context
def address_block(context: EvalContext, address: object, home: str = "NO") -> str:
    """The lines of an address as they go in the window of an envelope.

    Takes `letter.Invoicee`, `letter.Invoicer`, or a list of lines. Gives name, address lines,
    postcode and town in capitals, and the country in English capitals where it is not `home`;
    one to a line, without the blank ones. In HTML lines are parted by `<br>`.
    `{{ letter.Invoicee | address_block }}`
    """
    lines = address_lines(address, home)
    if context.autoescape:
        return Markup("<br>").join(escape(line) for line in lines)
    return "\n".join(lines)


@pass_eval_context
def address_line(context: EvalContext, address: object, home: str = "NO") -> str:
    """The same on one line, as a return address is written above the recipient's.

    Takes what `address_block` takes. `{{ letter.Invoicer | address_line }}` gives
    `Utleier AS, Kongeveien 1, 0580 OSLO`.
    """
    line = ", ".join(address_lines(address, home))
    return escape(line) if context.autoescape else line


def address_lines(address: object, home: str) -> list[str]:
    """An address as `address_block` writes it, line by line. Raises RenderingError where it is
    none."""
    if isinstance(address, Mapping):

        def part(name: str) -> str:
            return trimmed(str(address.get(name) or ""))

        country = part("CountryCode").upper()
        abroad = country not in {"", (home or "NO").upper()}
        lines = [
            *(part(name) for name in ("Name", "Address1", "Address2", "Address3")),
            f"{part('PostCode')} {part('City').upper()}",
            _country(country) if abroad else "",
        ]
    elif isinstance(address, Iterable) and not isinstance(address, str):
        lines = [str(line) for line in address]
    else:
        raise RenderingError(
            _("“{address}” is not an address.", address=address),
            hint=_("Write {{ letter.Invoicee | address_block }}, or give it a list of lines."),
        )
    return [line for line in map(trimmed, lines) if line]


@cache
def _country(code: str) -> str:
    # The Universal Postal Union: in capitals, in a language known in the countries it passes.
    return (locale_of("EN").territories.get(code) or code).upper()


def _as_date(context: Context, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return parse_date(str(value), getattr(context.environment, "zone", HOME_ZONE))


_pattern = cache(parse_pattern)


def _written(value: Decimal, locale: Locale, pattern: str) -> str:
    return _with_minus(_pattern(pattern).apply(value, locale), locale)


def _with_minus(text: str, locale: Locale) -> str:
    # Babel writes a hyphen, at which a line may break, whatever minus the language has.
    return text.replace("-", locale.number_symbols["latn"]["minusSign"])


def _mask(value: object) -> str:
    """A national id fit to be shown: the first six digits (the date of birth) at most.

    Takes any country's form. `{{ fødselsnummer | masked }}` gives `018572*****`.
    """
    return masked(trimmed(str(value)))


def kid(value: object, method: str = "mod10", width: int = 0) -> str:
    """A KID, the reference on a Norwegian payment: `value`'s digits and their check digit.

    `method` is "mod10" (Luhn) or "mod11" (where the check digit of some numbers is `-`), as
    agreed with the bank; `width` fills up with zeros in front until the KID, its check digit
    included, has that many digits. Blanks in `value` are passed over.

    Raises RenderingError where `value` is not digits, or a KID of 2 to 25 digits cannot be made.

    `{{ (kundenr ~ fakturanr) | kid(width=12) }}` gives `012345678908` or the like.

    >>> kid("1234567")
    '12345674'
    """
    text = "".join(trimmed(str(value)).split())
    if not (text.isascii() and text.isdigit()):
        raise RenderingError(_("“{value}” cannot be a KID: it is not digits only.", value=value))
    digits = text.rjust(min(width, 26) - 1, "0")
    if len(digits) > 24 or (width and len(digits) >= width):
        raise RenderingError(
            _("“{value}” is too long for a KID of {width} digits.", value=value, width=width or 25),
            hint=_("A KID has 25 digits at most, its check digit included."),
        )
    match method:
        case "mod10":
            return digits + _mod10(digits)
        case "mod11":
            return digits + _mod11(digits)
        case _:
            raise RenderingError(
                _("There is no check digit “{method}” for a KID.", method=method),
                hint=_("It is mod10 or mod11."),
            )


def _mod10(digits: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def _mod11(digits: str) -> str:
    weighted = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits)))
    check = -weighted % 11
    return "-" if check == 10 else str(check)


_QUIET = 4
"""The white border in modules that ISO/IEC 18004 asks for."""


def qr_code(value: object, size: str = "28mm") -> Markup:
    """A QR code of a text or link, as an inline SVG with its white border.

    Takes the text, and the width of the whole as a CSS length in mm, cm or pt. Gives HTML.
    The correction level is M, raised where that costs no room. Modules under half a millimetre
    are hard to read from paper: keep texts short.
    `{{ ("https://example.no/betal/" ~ kundenr) | qr_code("30mm") }}`

    Raises RenderingError for an empty text, one too long for any QR code, or another size.
    """
    if not re.fullmatch(r"\d+(\.\d+)?(mm|cm|pt)", size):
        raise RenderingError(
            _("“{size}” is not a size for a QR code.", size=size),
            hint=_('Write it as qr_code("28mm").'),
        )
    text = str(value)
    if not text:
        raise RenderingError(_("There is nothing to put in the QR code."))
    try:
        code = segno.make_qr(text, error="m")
    except ValueError:
        raise RenderingError(
            _("{number} characters are too many for a QR code.", number=len(text))
        ) from None
    svg = code.svg_inline(border=_QUIET, omitsize=True, svgclass=None, lineclass=None)
    return Markup(svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1))  # noqa: S704 - digits and our own size only


FILTERS: dict[str, Callable[..., object]] = {
    "amount": amount,
    "money": money,
    "number": number,
    "date": short_date,
    "long_date": long_date,
    "readable": readable,
    "total": total,
    "kid": kid,
    "masked": _mask,
    "address_block": address_block,
    "address_line": address_line,
    "phone": phone,
    "postcode": postcode,
    "town": town,
    "surname_last": surname_last,
    "qr_code": qr_code,
    "number_as": number_as,
    "date_as": date_as,
    "cased": cased,
    "meets": meets,
}
"""Every filter by the name expressions use."""

FORMATS: dict[str, Callable[[str], object]] = {
    "amount": parse_amount,
    "money": parse_amount,
    "number": parse_amount,
    "total": parse_amount,
    "date": parse_date,
    "long_date": parse_date,
    "kid": kid,
    "number_as": read_amount,
    "date_as": read_date,
}
"""The filters that are particular about a cell -> what raises RenderingError for a wrong one."""
AS_IT_STANDS = "readable"
"""The filter of what a field in Word shows without a picture of its own; it takes any cell."""
CURRENCY = "currency:"
"""How the use of a currency's code begins, where a filter of FORMATS is named by itself."""
