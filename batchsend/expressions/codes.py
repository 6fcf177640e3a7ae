"""Codes that a machine reads in a letter: the KID, the reference on a Norwegian payment, with its
check digits; and QR codes as drawings, whatever is in them."""

from __future__ import annotations

import re

import segno
from markupsafe import Markup

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
