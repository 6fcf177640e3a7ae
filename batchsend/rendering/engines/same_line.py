"""Words that PlutoPrint prints over others on the very same line, as a long number in a narrow
column: cairo writes such a line as one text that goes back by more than any two letters do.

Knows how cairo writes a PDF, and nothing of templates.
"""

from __future__ import annotations

import re
import zlib
from contextlib import suppress

_DRAWING = re.compile(rb"<< /Length \d+ 0 R\s+/Filter /FlateDecode\s*>>\s*stream\r?\n")
_BACK = tuple(re.compile(end + rb"(?:[4-9]\d\d|\d{4,})(?:\.\d+)?[(<]") for end in (rb"\)", b">"))
"""Thousandths of the size of the letters: two of them, as AV, go together by less than 200. One for
each way that a text ends: a pattern that begins with one byte is found four times as fast."""


def goes_back(pdf: bytes) -> bool:
    """Whether a text goes back over letters of its own."""
    fonts = pdf.find(b"/Length1 ")  # they come after all pages
    for found in _DRAWING.finditer(pdf, 0, fonts if fonts > 0 else len(pdf)):
        with suppress(zlib.error):
            drawing = zlib.decompressobj().decompress(pdf[found.end() :])
            if any(each.search(drawing) for each in _BACK):
                return True
    return False
