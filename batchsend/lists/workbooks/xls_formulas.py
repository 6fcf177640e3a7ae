"""Formulas of an .xls workbook that no program has ever calculated.

Excel and LibreOffice do so when they open it; xlrd, as all that reads a file, has only what was
stored. Programs that write formulas store an empty text, or nought, in place of each result.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FORMULA, _END, _CALCULATED_BY = 0x0006, 0x000A, 0x01C1
_EMPTY = (b"\x03\0\0\0\0\0\xff\xff", bytes(8))
"""Results, [MS-XLS] 2.5.133: an empty text, and the number 0."""


def never_calculated(stream: bytes, sheet: int) -> frozenset[tuple[int, int]]:
    """The cells of a sheet, by row and column from 0, whose formulas have no result.

    `sheet` is where its records begin in the workbook's `stream`. Excel and LibreOffice write down
    which of them has calculated a workbook (RecalcId, [MS-XLS] 2.4.223); where nobody has and one
    formula has a result all the same, all have.
    """
    found = set()
    if any(kind == _CALCULATED_BY for kind, _at in _records(stream, 0)):
        return frozenset()
    for kind, at in _records(stream, sheet):
        if kind == _FORMULA:
            row, column, _style, result = struct.unpack_from("<3H8s", stream, at)
            if not result.startswith(_EMPTY):
                return frozenset()
            found.add((row, column))
    return frozenset(found)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Each record up to the end of its part: its type, and where its content begins."""
    at = start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _END or at + 4 + size > len(stream):
            return
        yield kind, at + 4
        at += 4 + size
