"""How large a unit of a page is: a point, unless it says otherwise (ISO 32000-1, 14.11.1).

PDFium does not say, and printers and readers go by it. Knows nothing of letters.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final

import pikepdf

NO_UNITS: Final[Mapping[int, float]] = MappingProxyType({})


def user_units(data: bytes) -> Mapping[int, float]:
    """Points in a unit, by page number, of those pages that do not count in points.

    What cannot be read has none: that it cannot is found elsewhere.
    """
    # A page's own entries may stand in a compressed stream of objects.
    if b"/UserUnit" not in data and b"/ObjStm" not in data:
        return NO_UNITS
    with suppress(pikepdf.PdfError, pikepdf.PasswordError), pikepdf.open(io.BytesIO(data)) as pdf:
        units = {n: page.obj.get("/UserUnit", 1) for n, page in enumerate(pdf.pages, start=1)}
        return {n: float(unit) for n, unit in units.items() if _counts(unit)}
    return NO_UNITS


def _counts(unit: object) -> bool:
    try:
        return float(str(unit)) not in {0, 1}
    except ValueError:
        return False
