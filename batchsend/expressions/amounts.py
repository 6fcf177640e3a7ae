"""Amounts as people write them -> Decimal. Knows no language: a value means one number or none."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.text import trimmed

_AMOUNT = re.compile(
    r"""
    (?P<sign>[-+−–]?) \s*
    (?:
        (?P<plain>\d+)                                # 1234
      | (?P<grouped>\d{1,3}(?:(?P<group>[\s.,’'])\d{3})(?:(?P=group)\d{3})*)   # 1 234 567
    )
    (?: (?P<point>[.,]) (?: (?P<decimals>\d+) | [-–—]{1,2} ) )?                # ,50 or ,-
    """,
    re.VERBOSE | re.ASCII,
)
# A thousand and something, or one and something: one mark and three digits after it. A zero in
# front would settle the matter.
_TWO_READINGS = re.compile(r"[-+−–]?\s*[1-9][0-9]{0,2}[.,][0-9]{3}")
_MINUS_BEHIND = re.compile(r"[0-9][0-9 .,’']*[0-9] ?[-−–]")
"""As SAP and Navision write what is owed to a customer. In `500,-` the dash stands for decimals."""
_IN_BRACKETS = re.compile(r"\( ?([0-9][0-9 .,’']*) ?\)")
_OWED = re.compile(r"([0-9][0-9 .,’']*?) ?(?:CR|DR|Cr|Dr|C|D|H|S)\.?")
"""Credit and debit, as banks and SAP write it; Haben and Soll in German."""
_CURRENCY = re.compile(r"kr\.?|nok|sek|dkk|eur|usd|gbp|[€$£]", re.IGNORECASE)


_CODES = {"kr": "kr", "€": "EUR", "$": "$", "£": "GBP"}
_CALLED = {
    "kr": ("NOK", "SEK", "DKK", "ISK"),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"),
}
"""What several currencies are called."""


def parse_amount(text: str) -> Decimal:
    """Read an amount: `1 234,50`, `1.234,50`, `1,234.50`, `1234.5`, `-1 234,-`, `kr 500`, `500 kr`.

    Thousands are set apart by a blank (also a non-breaking or thin one), point, comma or
    apostrophe; decimals by a comma or point. A currency's name before or after is passed over.

    Raises RenderingError for what is no amount, and for `1.234` and `1,234`, which are a
    thousand and something to one reader and one and something to another.
    """
    written = re.sub(r"\s", " ", trimmed(text))
    if not written:
        raise RenderingError(_("There is no amount: the cell is empty."))
    bare = _without_currency(written)
    if _TWO_READINGS.fullmatch(bare):
        raise RenderingError(
            _("“{text}” can be read as two amounts.", text=text),
            hint=_("Write thousands with a blank (1 234) and decimals by twos (1,23)."),
        )
    if _MINUS_BEHIND.fullmatch(bare):
        raise RenderingError(
            _("“{text}” has its minus behind.", text=text),
            hint=_("Write it in front, as -{bare}.", bare=bare.rstrip(" -−–")),
        )
    if in_brackets := _IN_BRACKETS.fullmatch(bare):
        raise RenderingError(
            _(
                "“{text}” is in brackets, as bookkeeping writes what is less than nothing.",
                text=text,
            ),
            hint=_("Write it with a minus in front, as -{bare}.", bare=in_brackets[1].strip()),
        )
    if owed := _OWED.fullmatch(bare):
        raise RenderingError(
            _("“{text}” says by letters on which side of an account it is.", text=text),
            hint=_("Write {bare} or -{bare}, as the letter is to say it.", bare=owed[1].strip()),
        )
    found = _AMOUNT.fullmatch(bare)
    if found is None or found["point"] == (found["group"] or ""):
        raise RenderingError(
            _("“{text}” is not an amount.", text=text),
            hint=_("Write it with digits only, as 1234,50."),
        )
    whole = re.sub(r"\D", "", found["plain"] or found["grouped"])
    sign = "-" if found["sign"] in {"-", "−", "–"} else ""
    return Decimal(f"{sign}{whole}.{found['decimals'] or '0'}")


def rounded(amount: Decimal, decimals: int) -> Decimal:
    """So many decimals, half of the last one away from zero; a zero has no minus.

    >>> rounded(Decimal("-0.125"), 2), rounded(Decimal("-0.001"), 2)
    (Decimal('-0.13'), Decimal('0.00'))
    """
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0


def currency_of(text: str) -> str:
    """The currency that stands beside an amount: its code, "kr" or "$"; "" where none does.

    >>> currency_of("€ 100"), currency_of("100 kr."), currency_of("100")
    ('EUR', 'kr', '')
    """
    written = re.sub(r"\s", " ", trimmed(text))
    named = _beside(written)
    name = written[named.start() : named.end()].rstrip(".") if named else ""
    return _CODES.get(name.lower(), name.upper())


def is_currency(named: str, wanted: str) -> bool:
    """Whether an amount in `named`, as `currency_of` gives it, may be one of `wanted`.

    >>> is_currency("kr", "NOK"), is_currency("EUR", "NOK"), is_currency("", "NOK")
    (True, False, True)
    """
    theirs = _CODES.get(wanted.lower(), wanted.upper())
    ours = named or theirs
    return ours == theirs or theirs in _CALLED.get(ours, ()) or ours in _CALLED.get(theirs, ())


def must_be_in(text: str, currency: str) -> None:
    """Raise RenderingError for an amount that stands in another currency than `currency`."""
    named = currency_of(text)
    if not is_currency(named, currency):
        raise RenderingError(
            _(
                "“{text}” is in {named}, and the letter writes amounts in {currency}.",
                text=text,
                named=named,
                currency=currency,
            ),
            hint=_("Correct the row, or leave it out and send it with another letter."),
        )


def _without_currency(text: str) -> str:
    found = _beside(text)
    return (text[: found.start()] + text[found.end() :]).strip() if found else text


def _beside(text: str) -> re.Match[str] | None:
    """Where a currency stands before or behind all else, or behind the minus in front."""
    for found in _CURRENCY.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if not before.strip() or not after.strip() or before.strip() in {"-", "−", "–"}:
            return found
    return None
