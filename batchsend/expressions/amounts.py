"""Amounts as people write them -> Decimal; and what programs do to a number that they take for one,
and what people write in one.

Knows no language: a value means one number or none. Nothing is put right here: without its point
`1881096303.0` is the national id of somebody else. The patterns are for Python's regular
expressions and for Rust's.
"""

from __future__ import annotations

import re
from decimal import Decimal

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
_CURRENCY = re.compile(r"kr\.?|nok|sek|dkk|eur|usd|gbp|[€$£]", re.IGNORECASE)


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
    found = _AMOUNT.fullmatch(bare)
    if found is None or found["point"] == (found["group"] or ""):
        raise RenderingError(
            _("“{text}” is not an amount.", text=text),
            hint=_("Write it with digits only, as 1234,50."),
        )
    whole = re.sub(r"\D", "", found["plain"] or found["grouped"])
    sign = "-" if found["sign"] in {"-", "−", "–"} else ""
    return Decimal(f"{sign}{whole}.{found['decimals'] or '0'}")


def _without_currency(text: str) -> str:
    for found in _CURRENCY.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if not before.strip() or not after.strip():
            return (before + after).strip()
        if before.strip() in {"-", "−", "–"}:
            return before.strip() + after.strip()
    return text


WHOLE = r"[0-9][.,]0+$"
"""The end of a whole number that was written as a decimal one: `1002.0`."""
DECIMAL = rf"^[^.,]*{WHOLE}|[0-9][.,][0-9]$"
"""The same where points may also stand between groups of digits: `99.65.32.41` is none."""
POWER = r"[0-9][.,][0-9]+[eE][+-]?[0-9]+$|[0-9][eE][+-][0-9]+$"
"""The end of a power of ten: `1.88E+10`."""
APOSTROPHE = "^['`\u00b4\u2018\u2019]|[0-9]['`\u00b4\u2018\u2019]$"
"""Before a number it makes a text of it in a spreadsheet, and is no part of it."""
TELEPHONE = r"^[+(]*[0-9][0-9 \t\u00a0\u2009\u202f()/.\u2010-\u2015-]*$"
"""Digits with what people write between them: blanks, points, brackets, strokes and hyphens."""

_TELEPHONE, _DECIMAL = re.compile(TELEPHONE), re.compile(DECIMAL)


def is_telephone(text: str) -> bool:
    """Whether `text` has nothing in it but what people write in a telephone number.

    >>> is_telephone("+47 (0) 99.65.32.41"), is_telephone("401234567.0")
    (True, False)
    """
    return _TELEPHONE.match(text) is not None and _DECIMAL.search(text) is None
