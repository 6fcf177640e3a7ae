"""A text file as batches of lines of text, whatever its encoding and line ends.

CR, LF and CRLF all end a line. Knows nothing of cells.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from batchsend.errors import ListError
from batchsend.lists.encodings import CHUNK, Encoding

__all__ = ["LineBatch", "line_batches"]

_LONGEST_LINE = 8 << 20


@dataclass(frozen=True, slots=True)
class LineBatch:
    """Some lines of a file, without their ends."""

    lines: list[str]
    doubtful: list[int]
    """Positions of the lines that were not in the file's main encoding."""
    nul: list[int]
    """Positions of the lines that NUL bytes were taken out of."""
    complete: bool
    """Whether these are the last lines of the file."""

    def __add__(self, other: LineBatch) -> LineBatch:
        shift = len(self.lines)
        return LineBatch(
            self.lines + other.lines,
            self.doubtful + [at + shift for at in other.doubtful],
            self.nul + [at + shift for at in other.nul],
            other.complete,
        )

    def following(self, position: int) -> LineBatch:
        """The lines from `position` on."""
        return LineBatch(
            self.lines[position:],
            [at - position for at in self.doubtful if at >= position],
            [at - position for at in self.nul if at >= position],
            self.complete,
        )


def line_batches(path: Path, encoding: Encoding, *, chunk: int = CHUNK) -> Iterator[LineBatch]:
    """All lines of a file, some `chunk` bytes at a time; the last batch is `complete`.

    ListError if a single line is so long that the file cannot be a list.
    """
    decode = _by_line if encoding.mixed_with else _throughout
    waiting: tuple[list[str], list[int]] = ([], [])
    for batch in decode(path, encoding, chunk):
        if waiting[0]:
            yield _without_nuls(*waiting, complete=False)
        waiting = batch
    yield _without_nuls(*waiting, complete=True)


def _throughout(
    path: Path, encoding: Encoding, chunk: int
) -> Iterator[tuple[list[str], list[int]]]:
    # Undecodable bytes become U+FFFD, which the reader then finds in its cell and names by row.
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
            *lines, rest = text.split("\n")
            _check_length(rest, path)
            yield lines, []
            if not data:
                break
    if rest:
        yield [rest], []


def _by_line(path: Path, encoding: Encoding, chunk: int) -> Iterator[tuple[list[str], list[int]]]:
    rest, at_start = b"", True
    with path.open("rb") as file:
        while data := file.read(chunk):
            if data.endswith(b"\r"):  # so that CRLF is never cut in two
                data += file.read(1)
            while at_start and data.startswith(codecs.BOM_UTF8):
                data = data.removeprefix(codecs.BOM_UTF8)
            at_start = False
            data = (rest + data).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            *lines, rest = data.split(b"\n")
            _check_length(rest, path)
            yield _decoded(lines, encoding)
    if rest:
        yield _decoded([rest], encoding)


def _decoded(lines: list[bytes], encoding: Encoding) -> tuple[list[str], list[int]]:
    texts, doubtful = [], []
    mostly_utf8 = encoding.codec == "utf-8"
    code_page = encoding.mixed_with if mostly_utf8 else encoding.codec
    for position, line in enumerate(lines):
        try:
            texts.append(line.decode("utf-8"))
            is_utf8 = True
        except UnicodeDecodeError:
            texts.append(line.decode(code_page, errors="replace"))
            is_utf8 = False
        if is_utf8 != mostly_utf8 and not line.isascii():
            doubtful.append(position)
    return texts, doubtful


def _without_nuls(lines: list[str], doubtful: list[int], *, complete: bool) -> LineBatch:
    nul = [position for position, line in enumerate(lines) if "\0" in line]
    if nul:
        lines = [line.replace("\0", "") for line in lines]
    return LineBatch(lines, doubtful, nul, complete)


def _check_length(line: str | bytes, path: Path) -> None:
    if len(line) > _LONGEST_LINE:
        raise ListError(
            f"{path.name} has a line of more than {_LONGEST_LINE >> 20} million characters: "
            "it is not a list with a row on each line.",
            hint="Export the list again, as CSV or as an Excel workbook.",
        )
