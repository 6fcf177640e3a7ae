"""Images: their size in pixels, read from the header alone, before anything decodes them.

A few kilobytes of PNG can hold gigabytes of pixels. By hand: Pillow makes room for all of a WebP
before it says how large it is, and its limit is one for the whole process. Knows nothing of where
an image comes from.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

MAX_PIXELS = 40_000_000
"""An A4 page at 600 dots an inch has 35 million; decoded, this takes 160 MB."""


def pixels(data: bytes) -> int | None:
    """Width times height of a PNG, JPEG, GIF, WebP or BMP; None for anything else."""
    try:
        for start, size in _SIZES:
            if data.startswith(start):
                found = size(data)
                return None if found is None else found[0] * found[1]
    except (struct.error, IndexError):
        return None
    return None


def is_whole(data: bytes) -> bool:
    """Whether an image ends as its kind must: engines print what there is, or nothing, silently."""
    return all(end in data for start, end in _ENDS if data.startswith(start))


def _png(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def _webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    for marker, start in _jpeg_segments(data):
        # The start-of-frame markers; C4, C8 and CC in their midst mean other things.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack_from(">HH", data, start + 3)
            return width, height
    return None


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each segment's marker, and where its length field starts."""
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        yield marker, at + 2
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + length


_ENDS = (
    (b"\x89PNG\r\n\x1a\n", b"IEND"),
    (b"\xff\xd8", b"\xff\xd9"),
    (b"GIF8", b"\x3b"),
)
_SIZES = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8", _jpeg),
    (b"GIF8", _gif),
    (b"RIFF", _webp),
    (b"BM", _bmp),
)


def inline_pixels(text: str) -> int:
    """The size of the largest image written into `text` as a `data:` URL."""
    if "data:" not in text:
        return 0
    return max((pixels(_decoded(match)) or 0 for match in _INLINE.finditer(text)), default=0)


def _decoded(match: re.Match[str]) -> bytes:
    data = unquote_to_bytes(match["data"])
    if not match["base64"]:
        return data
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    return base64.b64decode(data[: len(data) // 4 * 4])


_INLINE = re.compile(r"data:\s*image/[^,;]*(?P<base64>;\s*base64)?[^,]*,(?P<data>[^\"')>]*)", re.I)
