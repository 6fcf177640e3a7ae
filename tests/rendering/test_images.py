from __future__ import annotations

import base64
import struct
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.rendering.images import inline_pixels, pixels


def jpeg(width: int, height: int) -> bytes:
    """A comment, padding, a Huffman table, then the frame."""
    return (
        b"\xff\xd8\xff\xfe\x00\x05abc\xff\xff\xc4\x00\x03\x00\xff\xc2\x00\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03" * 12
    )


def webp(kind: bytes, width: int, height: int) -> bytes:
    start = b"RIFF\0\0\0\0WEBP" + kind
    if kind == b"VP8 ":
        return start + bytes(10) + struct.pack("<HH", width, height)
    if kind == b"VP8L":
        return start + bytes(4) + b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    return start + bytes(8) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (jpeg(300, 200), 60_000),
        (b"GIF89a" + struct.pack("<HH", 300, 200), 60_000),
        (b"BM" + bytes(12) + struct.pack("<Iii", 40, 300, -200), 60_000),
        (webp(b"VP8 ", 300, 200), 60_000),
        (webp(b"VP8L", 300, 200), 60_000),
        (webp(b"VP8X", 300, 200), 60_000),
        (b"\xff\xd8\xff\xd9", None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_the_header_tells_the_size(data: bytes, size: int | None) -> None:
    assert pixels(data) == size


def test_a_png_too(png) -> None:
    assert pixels(png(300, 200, pixels=False)) == 60_000


@given(st.sampled_from([b"\xff\xd8", b"RIFF", b"BM", b"GIF8", b"\x89PNG\r\n\x1a\n"]), st.binary())
def test_no_header_is_too_broken_to_be_read(start: bytes, rest: bytes) -> None:
    size = pixels(start + rest)
    assert size is None or size >= 0


def test_images_within_a_page_are_measured(png) -> None:
    small, large = (base64.b64encode(png(n, n, pixels=False)).decode() for n in (10, 30_000))
    page = (
        "<img src='data:image/png;base64,{}'><p style='background: url(DATA:image/png;base64,{})'>"
    )
    assert inline_pixels(page.format(small, small)) == 100
    assert inline_pixels(page.format(small, large)) == 900_000_000
    assert inline_pixels(page.format(quote(large), small)) == 900_000_000
    assert inline_pixels("<p>no image here, but data: and commas, and</p>") == 0
