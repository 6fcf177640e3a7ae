"""What the bytes of a text file say of encodings that lists are seldom in, or of two in one file.

A list that would come out with other letters than were written is refused in words: nobody sees
mojibake in a thousand letters before they are posted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.code_pages import NORDIC_PAGES, fits, reads_badly

PLAIN_RUN = re.compile(rb"[\t -~]{32}|[\t -~]{8}\r?\n[\t -~]{4}")
"""So much ASCII in a row is no UTF-16, nor a line end in ASCII: even Chinese has other bytes."""
_FEWEST_NULS = 0.05
_OTHER_NULS = 0.01
_UTF_7 = re.compile(rb"\+A[A-P][A-Za-z0-9+/](?![A-Za-z0-9+/])")
# Blank, letters and digits of EBCDIC (IBM, CDRA: what all Latin code pages of it share).
_EBCDIC = bytes(
    [
        0x40,
        *(high + low for high in (0x80, 0x90, 0xC0, 0xD0) for low in range(1, 10)),
        *(high + low for high in (0xA0, 0xE0) for low in range(2, 10)),
        *range(0xF0, 0xFA),
    ]
)
_MOST_EBCDIC = 0.7
_FOREIGN_SHARE = 0.6
_SHORTEST_WORD = 3
_TELLING_WORDS = 2
# VT, FF, the separators of ASCII, NEL (in Windows-1252 an ellipsis), and Unicode's.
_LINE_ENDS = frozenset("\v\f\x1c\x1d\x1e\x85…\u2028\u2029")


def utf16_without_mark(size: int, nul_even: int, nul_odd: int) -> str:
    """The Python name of UTF-16 or UTF-32 if the NULs of `size` bytes say so, or "".

    Whatever the alphabet, separators, digits, blanks and line ends are ASCII: in UTF-16 a NUL and a
    byte, and hardly any NUL is the other byte. In UTF-32 two bytes of four are NULs whatever the
    character, and of ASCII a third one.
    """
    fewer, more = sorted((nul_even, nul_odd))
    if abs(4 * fewer - size) <= 4 + _OTHER_NULS * size and fewer < more:
        return "utf-32-le" if nul_odd > nul_even else "utf-32-be"
    if more < max(1.0, _FEWEST_NULS * (size // 2)) or fewer > _OTHER_NULS * more:
        return ""
    return "utf-16-le" if nul_odd > nul_even else "utf-16-be"


def is_ebcdic(head: bytes) -> bool:
    """Whether bytes from the beginning of a file are text as IBM's mainframes keep it."""
    text = head.count(b"\n") == 0 and len(head) - len(head.translate(None, _EBCDIC))
    return bool(text) and text > _MOST_EBCDIC * len(head) and not head.isascii()


def refuse_ebcdic(head: bytes, name: str) -> None:
    """ListError if it is such text: which of its code pages it is in, the bytes do not say."""
    if is_ebcdic(head):
        raise ListError(
            _("{name} is in EBCDIC, the encoding of mainframes.", name=name),
            hint=_("Export the list in UTF-8, or as an Excel workbook."),
        )


def refuse_utf7(head: bytes, name: str) -> None:
    """ListError if letters stand as `+AOU-`, as old mail programs wrote them."""
    if len(_UTF_7.findall(head)) >= _TELLING_WORDS:
        raise ListError(
            _("{name} is in UTF-7: its letters stand as +AOU-.", name=name),
            hint=_("Export the list in UTF-8, or as an Excel workbook."),
        )


def refuse_partly_utf16(name: str) -> None:
    """ListError that says that a file is in UTF-16 and in something else."""
    raise ListError(
        _("A part of {name} is in UTF-16, and a part is not.", name=name),
        hint=_(
            "It seems that one program has added rows to the file of another one. Export the "
            "list again, in one encoding."
        ),
    )


def refuse_other_letters(words: Iterable[bytes], name: str) -> None:
    """ListError if nearly all letters are foreign: Greek, Cyrillic or Asian in 8 bits."""
    long = [word for word in words if len(word) >= _SHORTEST_WORD]
    foreign = [
        word
        for word in long
        if sum(byte > 0x7F for byte in word) > _FOREIGN_SHARE * len(word)
        and len({byte for byte in word if byte > 0x7F}) >= _SHORTEST_WORD
    ]
    if len(foreign) >= _TELLING_WORDS and len(foreign) > _FOREIGN_SHARE * len(long):
        raise ListError(
            _("{name} is in an encoding that its bytes do not tell.", name=name),
            hint=_(
                "Its letters seem to be Greek, Cyrillic or Asian. Export the list in UTF-8, or "
                'set `encoding` under [list], such as "cp1253" or "cp1251".'
            ),
        )


def refuse_two_pages(words: Iterable[bytes], page: str, labels: dict[str, str], name: str) -> None:
    """ListError if some words read well only in `page`, and others only in another page."""
    distinct = list(words)
    own = NORDIC_PAGES if page not in NORDIC_PAGES else (page,)
    of_page = {
        other: [
            word
            for word in distinct
            if fits(word, other) and not any(fits(word, p) for p in NORDIC_PAGES if p != other)
        ]
        for other in NORDIC_PAGES
    }
    for other, found in of_page.items():
        against = [word for word in found if reads_badly(word, page)]
        beside = [word for mine in own if mine != other for word in of_page[mine]]
        if other != page and min(len(against), len(beside)) >= _TELLING_WORDS:
            first = next(mine for mine in own if mine != other and of_page[mine])
            example = against[0].decode(other)
            raise ListError(
                _(
                    "Some rows of {name} are in {first}, and others in {second}, such as the "
                    "one with “{example}”.",
                    name=name,
                    first=labels[first],
                    second=labels[other],
                    example=example,
                ),
                hint=_(
                    "Export the list again, in UTF-8. Or set `encoding` under [list], and all "
                    "of it is read in that."
                ),
            )


def refuse_one_line(lines: list[str], name: str) -> None:
    """ListError if the only line has characters in it that other systems end lines with."""
    inside = [char for line in lines[:1] for char in line.strip() if char in _LINE_ENDS]
    if len(lines) == 1 and inside:
        raise ListError(
            _(
                "{name} has one line only: its rows do not end as those of a text file do.",
                name=name,
            ),
            hint=_("Export the list again with line ends of Windows or Unix, or as a workbook."),
        )
