"""QR codes as drawings within a letter. Knows nothing of what is in them."""

from __future__ import annotations

import re

import segno
from markupsafe import Markup

from batchsend.errors import RenderingError
from batchsend.language import _

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
