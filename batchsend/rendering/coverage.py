"""Coverage: which characters the fonts have. An engine prints an empty box for others, in silence.

Engines take a character from any font at hand when the one that is asked for lacks it, so what
counts is all fonts together. Web fonts are unpacked for HarfBuzz, which reads TrueType and OpenType
only (https://www.w3.org/TR/WOFF/, sections 3 and 4). Knows nothing of templates.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.rendering.font_folder import SHIPPED

if TYPE_CHECKING:
    import uharfbuzz as hb

TABLE = SHIPPED / "coverage.txt"
"""The code points of the shipped fonts together, one range a line, hexadecimal."""

# Characters that show nothing and need no glyph (Unicode's Default_Ignorable_Code_Point), and
# control characters, which HTML takes for blanks or drops.
_SILENT = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x180B, 0x180E),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE0FFF),
)


def unprintable_pattern(own: Mapping[str, bytes], others: Iterable[int] = ()) -> str:
    """A regular expression, Python's and Rust's alike, for one character that no font here has.

    `own` is a template's own fonts; `others` are the characters of fonts that the engine has beside
    the shipped ones. Raises TemplateError for a font that cannot be read.
    """
    covered = {*_shipped(), *others}
    for name, data in own.items():
        covered |= _characters(name, data)
    for first, last in _SILENT:
        covered.update(range(first, last + 1))
    return "[^" + "".join(f"\\U{a:08X}-\\U{b:08X}" for a, b in ranges(covered)) + "]"


def ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of consecutive numbers.

    >>> list(ranges([3, 1, 2, 7]))
    [(1, 3), (7, 7)]
    """
    first = last = None
    for number in sorted(numbers):
        if first is not None and last is not None and number != last + 1:
            yield first, last
            first = number
        elif first is None:
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last


@cache
def _shipped() -> frozenset[int]:
    found: set[int] = set()
    for line in TABLE.read_text(encoding="ascii").split():
        first, _other, last = line.partition("-")
        found.update(range(int(first, 16), int(last, 16) + 1))
    return frozenset(found)


def _characters(name: str, data: bytes) -> frozenset[int]:
    found = frozenset(_face(data).unicodes)
    if not found:  # what is no font has none, and so has a font that is cut short
        raise TemplateError(
            _("{name} is not a font that can be used.", name=name),
            hint=_("TrueType (.ttf) and OpenType (.otf) files are."),
        )
    return found


_HEADER: Final = 44
"""Bytes before the directory; the number of tables is in those 12 and 13."""
_ENTRY: Final = struct.Struct(">4s4I")
"""A table's tag, where it begins, its length as stored and in full, and its checksum."""


def _face(data: bytes) -> hb.Face:
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
