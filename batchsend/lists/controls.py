"""Control characters in cells: line breaks and blanks as other programs write them, or nothing.

FileMaker breaks lines by a vertical tab, DOS ends files by 0x1A, terminals colour by escapes.
"""

from __future__ import annotations

import polars as pl

_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r") + b"\x7f"
_BEYOND_ASCII = tuple(mark.encode() for mark in "\x85\u2028\u2029")
_PATTERN = r"[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{2028}\x{2029}]"
_STEPS = (
    (r"\x1b\[[0-9;?]*[A-Za-z]", ""),
    (r"\r\n|[\r\x0b\x0c\x{85}\x{2028}\x{2029}]", "\n"),
    (r" ?[\x00-\x08\x0e-\x1f\x7f\x{80}-\x{84}\x{86}-\x{9f}]+ ?", " "),
)


def may_hold_controls(text: bytes) -> bool:
    """Whether UTF-8 text holds any."""
    if len(text.translate(None, _CONTROLS)) < len(text):
        return True
    # One byte is looked for much faster than two or three.
    return any(mark[:1] in text and mark in text for mark in _BEYOND_ASCII)


def cleaned(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with line breaks and blanks in place of its control characters."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    holding = [name for name in texts if frame[name].str.contains(_PATTERN).any()]
    return frame.with_columns(_without(pl.col(name)) for name in holding) if holding else frame


def _without(column: pl.Expr) -> pl.Expr:
    text = column
    for pattern, mark in _STEPS:
        text = text.str.replace_all(pattern, mark)
    return pl.when(column.str.contains(_PATTERN)).then(text.str.strip_chars(" ")).otherwise(column)
