"""Which encoding a text file is in, judged by all of its bytes.

The order that was right on 48 of 48 files: byte order mark, then the pattern of NULs (UTF-16), then
strict UTF-8, then the likeliest 8-bit code page. A detector that looks at the first kilobytes only
calls a file with a late "ø" ASCII.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.lists.code_pages import (
    WORD,
    has_letters_of_iso_15,
    likely_code_page,
    thin_evidence,
)
from batchsend.lists.foreign_pages import refuse_foreign_pages
from batchsend.lists.telling_bytes import (
    PLAIN_RUN,
    refuse_ebcdic,
    refuse_other_letters,
    refuse_partly_utf16,
    refuse_two_pages,
    refuse_utf7,
    utf16_without_mark,
)

CHUNK = 4 << 20
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABELS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
    "cp1250": "Windows-1250",
    "cp850": "cp850 (DOS)",
    "mac-roman": "MacRoman",
}
_NOT_FOR_FILES = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7")
# Of the first so many lines every word is looked at, then those of some lines throughout the file;
# a larger vocabulary says nothing new about the code page.
_ALL_WORDS = 10_000
_MOST_WORDS = 20_000
_LONGEST_WORD = 60
_LONGEST_LINE = 1 << 20
"""Bytes of a line that are looked at: more of them are no list."""
_HEAD = 1 << 18
"""Bytes that are looked at for encodings that show from the first line on."""
_EURO = b"\xa4"
_ONLY_WINDOWS = bytes(range(0x80, 0xA0))
_FRACTIONS = b"\xbc\xbd\xbe"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What all the bytes of a file say about its encoding."""

    digest: str
    """SHA-256, hexadecimal."""
    size: int
    bom: str
    """The encoding its byte order mark stands for, or ""."""
    is_ascii: bool
    is_utf8: bool
    nul_even: int
    """NUL bytes at even offsets: the high bytes of UTF-16 BE."""
    nul_odd: int
    has_quotes: bool
    """Whether there is a double quotation mark anywhere."""
    plain_runs: bool = False
    """Whether there is ASCII text at length in a file that has NULs, or the mark of UTF-16."""
    ends_open: bool = False
    """Whether the file ends without a line end."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to turn a file's bytes into text."""

    codec: str
    label: str
    """As a person knows it."""
    mixed_with: str = ""
    """In a file of mixed encodings: the codec of the fewer lines. One of the two is UTF-8."""
    told_by: str = ""
    """The word that alone tells a code page, so that the list may be in another one."""


def gather_evidence(path: Path) -> Evidence:
    """Read the file once, in chunks."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = nul_even = nul_odd = 0
    is_ascii = is_utf8 = True
    has_quotes = plain_runs = False
    first = last = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            first = first or chunk[:4]
            last = (last + chunk[-4:])[-4:]
            size += len(chunk)
            digest.update(chunk)
            is_ascii = is_ascii and chunk.isascii()
            has_quotes = has_quotes or b'"' in chunk
            if b"\0" in chunk:
                nul_even += chunk[::2].count(0)
                nul_odd += chunk[1::2].count(0)
            if b"\0" in chunk or first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                plain_runs = plain_runs or PLAIN_RUN.search(chunk) is not None
            if is_utf8:
                is_utf8 = _decodes(decoder, chunk)
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    bom = next((codec for mark, codec in _BOMS if first.startswith(mark)), "")
    return Evidence(
        digest.hexdigest(),
        size,
        bom,
        is_ascii,
        is_utf8,
        nul_even,
        nul_odd,
        has_quotes,
        plain_runs,
        ends_open=not last.rstrip(b"\0").endswith((b"\n", b"\r", b"\x1a")),
    )


def find_encoding(path: Path, evidence: Evidence, wanted: str | None) -> Encoding:
    """Decide the encoding; `wanted` overrules. SettingsError if there is no such encoding.

    ListError if the bytes are in two encodings, or in one that they do not tell.
    """
    if wanted is not None:
        codec = _known_codec(wanted)
        if codec in ("utf-16", "utf-32"):  # which say the order of bytes by a mark, or not at all
            marked = evidence.bom if evidence.bom.startswith(codec) else ""
            codec = marked or _without_mark(evidence) or f"{codec}-le"
        return Encoding(codec, _LABELS.get(codec, wanted))
    codec = evidence.bom if evidence.bom != "utf-8" else ""
    codec = codec or _without_mark(evidence)
    if codec:
        if codec.startswith("utf-16") and evidence.plain_runs:
            refuse_partly_utf16(path.name)
        return Encoding(codec, _labelled(codec, evidence))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if evidence.is_utf8:
        if evidence.is_ascii:
            refuse_utf7(head, path.name)
        return Encoding("utf-8", _labelled("utf-8", evidence))
    refuse_ebcdic(head, path.name)
    return _eight_bit(path, evidence)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _known_codec(name: str) -> str:
    try:
        info = codecs.lookup(name)
        "å".encode(info.name, "replace")  # base64 and the like are codecs too, but not of text
        if info.name in _NOT_FOR_FILES:
            raise LookupError
    except (LookupError, ValueError):
        raise SettingsError(
            _("There is no encoding called {name!r}.", name=name),
            hint=_("Usual ones are utf-8, cp1252, iso-8859-1, cp850, mac-roman and utf-16."),
        ) from None
    return {"utf-8-sig": "utf-8", "iso8859-1": "cp1252"}.get(info.name, info.name)


def _labelled(codec: str, evidence: Evidence) -> str:
    label = _LABELS[codec]
    if evidence.bom == codec:
        return _("{label} with byte order mark", label=label)
    return _("UTF-8 (plain ASCII)") if evidence.is_ascii and codec == "utf-8" else label


def _without_mark(evidence: Evidence) -> str:
    return utf16_without_mark(evidence.size, evidence.nul_even, evidence.nul_odd)


def _eight_bit(path: Path, evidence: Evidence) -> Encoding:
    """Some bytes are not UTF-8: a code page throughout, or UTF-8 mixed with one."""
    utf8_lines = others = 0
    euro = windows = fractions = False
    words: dict[bytes, None] = {}
    for line in _foreign_lines(path):
        try:
            line.decode()
        except UnicodeDecodeError:
            others += 1
            # ISO 8859-15 has controls where Windows-1252 has letters and marks, and the euro.
            euro = euro or _EURO in line
            windows = windows or len(line.translate(None, _ONLY_WINDOWS)) < len(line)
            fractions = fractions or len(line.translate(None, _FRACTIONS)) < len(line)
            if others < _ALL_WORDS or (others % 16 == 0 and len(words) < _MOST_WORDS):
                found = WORD.findall(line, 0, _LONGEST_LINE)
                words.update(dict.fromkeys(word for word in found if len(word) <= _LONGEST_WORD))
        else:
            utf8_lines += 1
    refuse_other_letters(words, path.name)
    iso_15 = not windows and has_letters_of_iso_15(words)
    codec = "iso8859-15" if iso_15 else likely_code_page(words)
    refuse_foreign_pages(words, codec, path.name)
    refuse_two_pages(words, codec, _LABELS, path.name)
    if codec == "cp1252" and euro and not (windows or fractions):
        codec = "iso8859-15"
    told_by = thin_evidence(words, codec)
    # Hardly any line of a code page file happens to be valid UTF-8 as well.
    if utf8_lines >= others or evidence.bom == "utf-8":
        return Encoding(
            "utf-8", _("UTF-8 mixed with {encoding}", encoding=_LABELS[codec]), mixed_with=codec
        )
    if utf8_lines:
        return Encoding(
            codec, _("{encoding} mixed with UTF-8", encoding=_LABELS[codec]), mixed_with="utf-8"
        )
    return Encoding(codec, _LABELS[codec], told_by=told_by)


def _foreign_lines(path: Path) -> Iterator[bytes]:
    """The lines that hold any byte above ASCII."""
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(CHUNK):
            chunk = rest + chunk
            cut = max(chunk.rfind(b"\n"), chunk.rfind(b"\r")) + 1
            rest = chunk[cut:]
            if len(rest) > _LONGEST_LINE:
                cut, rest = len(chunk), b""
            yield from (line for line in chunk[:cut].splitlines() if not line.isascii())
        if not rest.isascii():
            yield rest
