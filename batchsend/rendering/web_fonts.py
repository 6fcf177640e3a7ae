"""Web fonts: the tables of a WOFF file, for HarfBuzz, which reads TrueType and OpenType only.

The format: https://www.w3.org/TR/WOFF/ (sections 3 and 4).
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uharfbuzz as hb

_HEADER: Final = 44
"""Bytes before the directory; the number of tables is in those 12 and 13."""
_ENTRY: Final = struct.Struct(">4s4I")
"""A table's tag, where it begins, its length as stored and in full, and its checksum."""


def face(data: bytes) -> hb.Face:
    """The font in `data`, of TrueType, OpenType or WOFF. One that cannot be read has no characters.

    WOFF 2 is read where the extra `weasyprint` brought fontTools and brotli.
    """
    import uharfbuzz as hb  # noqa: PLC0415 - seldom needed

    if data.startswith(b"wOFF"):
        tables = _tables(data)
        return hb.Face.create_for_tables(lambda _face, tag, _data: tables.get(tag), None)
    return hb.Face(_unpacked(data) if data.startswith(b"wOF2") else data)


def _tables(data: bytes) -> dict[str, bytes]:
    try:
        (count,) = struct.unpack_from(">H", data, 12)
        found = {}
        for number in range(count):
            tag, begin, stored, full, _sum = _ENTRY.unpack_from(
                data, _HEADER + number * _ENTRY.size
            )
            table = data[begin : begin + stored]
            found[tag.decode("latin-1")] = table if stored == full else zlib.decompress(table)
    except (struct.error, zlib.error):
        return {}
    return found


def _unpacked(data: bytes) -> bytes:
    plain = io.BytesIO()
    try:
        from fontTools.ttLib import woff2  # noqa: PLC0415 - of an extra

        woff2.decompress(io.BytesIO(data), plain)
    except Exception:  # not installed, or a font that is none: brotli's errors are of its own kind
        return b""
    return plain.getvalue()
