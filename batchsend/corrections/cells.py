"""When two cells say the same, whatever a spreadsheet program has made of one of them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from batchsend.errors import RenderingError
from batchsend.expressions import parse_date
from batchsend.lists import Figure
from batchsend.text import trimmed

_DIGITS = 15
"""So many digits of a number Excel keeps ("Excel specifications and limits")."""
_SPACES = re.compile(r"[ \u00a0\u202f]")
_MIDNIGHT = re.compile(r" 0?0:00(?::00)?$")


def stored(cell: str) -> str:
    """What a cell is known by: a number in full, whatever the sheet shows of it."""
    return trimmed(cell.stored if isinstance(cell, Figure) else cell)


def same_cell(one: str, other: str) -> bool:
    """Whether two cells say the same: what is shown, or the number that is stored."""
    return stored(one) == stored(other) or trimmed(str(one)) == trimmed(str(other))


def differs(returned: str, before: str) -> bool:
    """Whether somebody has changed a cell that said `before` and came back as `returned`.

    What a spreadsheet program does to a cell is no change: another form of the same number or date,
    zeros in front that are lost, digits after the fifteenth.

    >>> differs("0581", "581"), differs("581", "0581"), differs("1234.5", "1 234,50")
    (True, False, False)
    """
    if same_cell(returned, before) or _lines(returned) == _lines(before):
        return False
    if lost_zeros(returned, before) or _is_rounded(returned, before):
        return False
    if (day := _date(returned)) is not None and day == _date(before):
        return False
    number = _number(returned)
    return number is None or number != _number(before) or _zeros(returned) > _zeros(before)


def lost_zeros(returned: str, before: str) -> bool:
    """Whether a cell has come back without the zeros that were in front."""
    back, was = stored(returned), trimmed(str(before))
    if same_cell(returned, before) or not (back and was.isdigit()):
        return False
    return was.lstrip("0") == back


def _is_rounded(returned: str, before: str) -> bool:
    """Whether only the digits are lost that Excel does not keep."""
    was, back = trimmed(str(before)), stored(returned)
    if not (was.isdigit() and len(was.lstrip("0")) > _DIGITS):
        return False
    number = _number(back)
    if number is None or number.adjusted() != Decimal(was).adjusted():
        return False
    digits = f"{number:f}"
    return (
        digits.isdigit()
        and digits[:_DIGITS] == was.lstrip("0")[:_DIGITS]
        and not (digits[_DIGITS:].strip("0"))
    )


def _lines(text: str) -> list[str]:
    return [trimmed(line) for line in trimmed(text.replace("_x000D_", "")).splitlines()]


def _zeros(text: str) -> int:
    """How many zeros stand in front of the digits that count."""
    bare = trimmed(str(text))
    whole = re.split(r"[.,]", bare, maxsplit=1)[0]
    return len(whole) - len(whole.lstrip("0")) if whole.strip("0") else max(0, len(whole) - 1)


def _number(text: str) -> Decimal | None:
    bare = _SPACES.sub("", stored(text))
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    if not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?", bare):
        return None
    try:
        return Decimal(bare)
    except InvalidOperation:
        return None


def _date(text: str) -> date | None:
    bare = _MIDNIGHT.sub("", trimmed(str(text)))
    if ":" in bare or bare.isdigit():
        return None
    try:
        return parse_date(bare)
    except RenderingError:
        return None
