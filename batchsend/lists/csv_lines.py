"""A text file as batches of lines of text, whatever its encoding and line ends.

CR, LF and CRLF all end a line. Knows nothing of cells.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.encodings import CHUNK, Encoding

_LONGEST_LINE = 8 << 20


@dataclass(frozen=True)
class LineBatch:
    """Some lines of a file, without their ends.

    Nearly all are only ever looked at all at once, so they are kept as the text they make.
    """

    text: bytes
    """In UTF-8, a line feed between one line and the next."""
    count: int
    doubtful: list[int]
    """Positions of the lines that were not in the file's main encoding."""
    nul: list[int]
    """Positions of the lines that NUL bytes were taken out of."""
    complete: bool
    """Whether these are the last lines of the file."""

    @cached_property
    def lines(self) -> pl.Series:
        """The lines one by one, as texts."""
        if not self.count:
            return pl.Series("line", dtype=pl.String)
        text = pl.Series("line", [self.text], dtype=pl.Binary)
        return text.cast(pl.String).str.split("\n").explode()

    def __add__(self, other: LineBatch) -> LineBatch:
        return LineBatch(
            b"\n".join(batch.text for batch in (self, other) if batch.count),
            self.count + other.count,
            self.doubtful + [at + self.count for at in other.doubtful],
            self.nul + [at + self.count for at in other.nul],
            other.complete,
        )

    def following(self, position: int) -> LineBatch:
        """The lines from `position` on."""
        rest = self.lines.slice(position).str.join("\n").cast(pl.Binary)
        return LineBatch(
            rest.item() if position else self.text,
            self.count - position,
            [at - position for at in self.doubtful if at >= position],
            [at - position for at in self.nul if at >= position],
            self.complete,
        )


def line_batches(path: Path, encoding: Encoding, *, chunk: int = CHUNK) -> Iterator[LineBatch]:
    """All lines of a file, some `chunk` bytes at a time; the last batch is `complete`.

    ListError if a single line is so long that the file cannot be a list.
    """
    line_ends_are_bytes = "\r\n".encode(encoding.codec) == b"\r\n"
    batches = _by_byte if line_ends_are_bytes else _by_character
    waiting: tuple[bytes, int, list[int]] | None = None
    for batch in batches(path, encoding, chunk):
        if waiting is not None:
            yield _without_nuls(*waiting, complete=False)
        waiting = batch
    yield _without_nuls(*(waiting or (b"", 0, [])), complete=True)


def _by_character(
    path: Path, encoding: Encoding, chunk: int
) -> Iterator[tuple[bytes, int, list[int]]]:
    """For encodings in which a line end is more than a byte, or another one than elsewhere."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding.codec)(errors="replace"), translate=True
    )
    rest, at_start = "", True
    with path.open("rb") as file:
        while True:
            data = file.read(chunk)
            text = rest + decoder.decode(data, final=not data)
            if at_start and text:
                text, at_start = text.lstrip("\ufeff"), False
            whole, end, rest = text.rpartition("\n")
            _check_length(rest, path)
            if end:
                yield whole.encode("utf-8", "replace"), whole.count("\n") + 1, []
            if not data:
                break
    if rest:
        yield rest.encode("utf-8", "replace"), 1, []


def _by_byte(path: Path, encoding: Encoding, chunk: int) -> Iterator[tuple[bytes, int, list[int]]]:
    recode = _line_by_line if encoding.mixed_with else _throughout
    rest, at_start = b"", True
    with path.open("rb") as file:
        while data := file.read(chunk):
            if at_start:  # some editors write the mark twice, and neither is to be cut in two
                data += file.read(2 * len(codecs.BOM_UTF8))
            while data.endswith(b"\r") and (more := file.read(1)):  # nor is CRLF
                data += more
            while at_start and data.startswith(codecs.BOM_UTF8):
                data = data.removeprefix(codecs.BOM_UTF8)
            at_start = False
            if b"\r" in data:
                data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            data = rest + data
            whole, end, rest = data.rpartition(b"\n")
            _check_length(rest, path)
            if end:
                text, doubtful = recode(whole, encoding)
                yield text, whole.count(b"\n") + 1, doubtful
    if rest:
        text, doubtful = recode(rest, encoding)
        yield text, 1, doubtful


def _throughout(text: bytes, encoding: Encoding) -> tuple[bytes, list[int]]:
    # Undecodable bytes become U+FFFD, which the reader then finds in its cell and names by row.
    if encoding.codec == "utf-8" and _is_utf8(text):
        return text, []
    return text.decode(encoding.codec, errors="replace").encode("utf-8", "replace"), []


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(text: bytes, encoding: Encoding) -> tuple[bytes, list[int]]:
    texts, doubtful = [], []
    mostly_utf8 = encoding.codec == "utf-8"
    code_page = encoding.mixed_with if mostly_utf8 else encoding.codec
    for position, line in enumerate(text.split(b"\n")):
        is_utf8 = _is_utf8(line)
        texts.append(
            line if is_utf8 else line.decode(code_page, errors="replace").encode("utf-8", "replace")
        )
        if is_utf8 != mostly_utf8 and not line.isascii():
            doubtful.append(position)
    return b"\n".join(texts), doubtful


def _without_nuls(text: bytes, count: int, doubtful: list[int], *, complete: bool) -> LineBatch:
    batch = LineBatch(text, count, doubtful, [], complete)
    if b"\0" not in text:
        return batch
    nul = batch.lines.str.contains("\0", literal=True).arg_true().to_list()
    return LineBatch(text.replace(b"\0", b""), count, doubtful, nul, complete)


def _check_length(line: str | bytes, path: Path) -> None:
    if len(line) > _LONGEST_LINE:
        raise ListError(
            _(
                "{name} has a line of more than {longest_line} million characters: it is "
                "not a list with a row on each line.",
                name=path.name,
                longest_line=_LONGEST_LINE >> 20,
            ),
            hint=_("Export the list again, as CSV or as an Excel workbook."),
        )
