"""The KID, the reference on a Norwegian payment, and its check digits."""

from __future__ import annotations

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.text import trimmed


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
