"""Fonts: a private fontconfig folder, and which characters the fonts in it have.

Letters look the same on every machine, with or without fonts. Measured: fonts found this way cost
a third of what @font-face in each letter costs. An engine prints an empty box for a character that
none has, in silence. Knows nothing of engines; all of them find fonts through it.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.scratch import ScratchFolder

if TYPE_CHECKING:
    import uharfbuzz as hb


SHIPPED = Path(__file__).parent / "fonts"
"""The fonts that come with batchsend; its README says which and how they were made."""

_GENERIC = {"sans-serif": "Noto Sans", "serif": "Noto Serif", "monospace": "Noto Sans Mono"}
# What people write into templates out of habit; none of these may be shipped.
_STAND_INS = {
    "Noto Sans": ("Arial", "Helvetica", "Helvetica Neue", "Calibri", "Verdana", "system-ui"),
    "Noto Serif": ("Times New Roman", "Times", "Georgia", "Cambria"),
    "Noto Sans Mono": ("Courier New", "Courier", "Consolas"),
}
_made: dict[str, ScratchFolder] = {}


def font_folder(own: Mapping[str, bytes], *, with_system: bool = False) -> Path:
    """A folder with a `fonts.conf` naming the shipped fonts and `own` (file name -> bytes).

    `with_system`: those of this machine, too, and what they stand in for.

    Made once for each set of fonts and removed when the process ends.
    """
    key = f"{_key(own)} {with_system}"
    if key not in _made:
        scratch = ScratchFolder()
        folder = scratch.path
        (folder / "own").mkdir()
        for number, (name, data) in enumerate(sorted(own.items())):
            (folder / "own" / f"{number}-{PurePosixPath(name).name}").write_bytes(data)
        (folder / "fonts.conf").write_text(
            _with_system(folder) if with_system else _configuration(folder), encoding="utf-8"
        )
        _made[key] = scratch
    return _made[key].path


def _key(own: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(own.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()


def _with_system(folder: Path) -> str:
    return (
        "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'>\n"
        "<fontconfig><include ignore_missing='yes'>/etc/fonts/fonts.conf</include>"
        f"<dir>{escape(str(SHIPPED))}</dir><dir>{escape(str(folder / 'own'))}</dir>"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n"
    )


def _configuration(folder: Path) -> str:
    aliases = "".join(
        f"<alias binding='same'><family>{family}</family>"
        f"<prefer><family>{ours}</family></prefer></alias>"
        for family, ours in _GENERIC.items()
    ) + "".join(
        # After the family itself: a font of that name in the template's folder comes first.
        f"<alias binding='same'><family>{family}</family>"
        f"<accept><family>{ours}</family></accept></alias>"
        for ours, families in _STAND_INS.items()
        for family in families
    )
    return (
        "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'>\n"
        f"<fontconfig><dir>{escape(str(SHIPPED))}</dir><dir>{escape(str(folder / 'own'))}</dir>"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>{aliases}"
        "<match target='pattern'><edit name='family' mode='append_last'>"
        f"<string>{_GENERIC['sans-serif']}</string></edit></match></fontconfig>\n"
    )


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
