"""Files that are not quite what they were: no traceback, no hang, whatever the bytes."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from lists.test_exports import HTML, XML, flat
from lists.workbook_files import ods, xls, xlsb

from batchsend.errors import ListError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Navn", "Sted", "Nr"], ["Kari", "Oslo", 1], ["Per", "Bodø", 2.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out, put in or said twice."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4, 10])):
        at, size = chance.randrange(len(changed) or 1), chance.randrange(1, 20)
        match chance.randrange(4):
            case 0 if changed:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + size]
            case 2:
                changed[at:at] = chance.randbytes(size)
            case _:
                again = chance.randrange(len(changed) or 1)
                changed[at:at] = changed[again : again + 3 * size]
    return bytes(changed)


def altered_inside(
    content: bytes,
    chance: random.Random,
    how: Callable[[bytes, random.Random], bytes] = altered,
) -> bytes:
    """One part of a zip file changed, its checksum right all the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = old.read(name)
            new.writestr(name, how(part, chance) if name == chosen else part)
    return out.getvalue()


def markup(kind: str) -> bytes:
    return {"html": HTML, "xml": XML}[kind].format(charset="utf-8").encode()


def html() -> bytes:
    return markup("html")


def xml() -> bytes:
    return markup("xml")


def fods() -> bytes:
    return flat(ods())


def text() -> bytes:
    lines = [f'{at};"Kari ""K"" {at}";Storgata {at};0150;Oslo' for at in range(1, 40)]
    return "\r\n".join(["Nr;Navn;Adresse;Postnr;Sted", *lines, "Antall: 39"]).encode("cp1252")


def utf16() -> bytes:
    return text().decode("cp1252").replace(";", "\t").encode("utf-16")


def altered_tags(content: bytes, chance: random.Random) -> bytes:
    """Tags, attributes and lines changed places, or their numbers made large."""
    pieces = re.split(rb"(<[^>]*>|\r\n)", content)
    for _ in range(chance.choice([1, 2, 5])):
        at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(4):
            case 0:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 1:
                pieces[at] = b""
            case 2:
                pieces[at] = pieces[at] * chance.choice([2, 50])
            case _:
                digits = chance.choice([b"0", b"-1", b"16385", b"99999999999", b"1e9"])
                pieces[at] = re.sub(rb"\d+", digits, pieces[at])
    return b"".join(pieces)


def altered_parts(content: bytes, chance: random.Random) -> bytes:
    """The same in one part of a zip file."""
    return altered_inside(content, chance, altered_tags)


@pytest.mark.parametrize("rounds", [30, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("how", [altered, altered_tags])
@pytest.mark.parametrize("make", [html, xml, fods, text, utf16])
def test_an_altered_text_is_a_list_or_a_sentence(
    read: Reader,
    make: Callable[[], bytes],
    how: Callable[[bytes, random.Random], bytes],
    rounds: int,
) -> None:
    content, chance = make(), random.Random(f"{make.__name__} {how.__name__} {rounds}")
    for _ in range(rounds):
        try:
            rows = read(how(content, chance), "list.xls").rows.collect()
        except ListError:
            continue
        assert rows["row"].is_sorted()


@pytest.mark.parametrize("rounds", [15, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("make", [xlsx, ods])
def test_altered_xml_in_a_workbook_is_a_list_or_a_sentence(
    read: Reader, make: Callable[[], bytes], rounds: int
) -> None:
    content, chance = make(), random.Random(f"{make.__name__} {rounds}")
    for _ in range(rounds):
        try:
            rows = read(altered_parts(content, chance), "list.xlsx").rows.collect()
        except ListError:
            continue
        assert rows["row"].is_sorted()


@pytest.mark.parametrize("make", [xlsx, xlsb, ods, xls])
@pytest.mark.parametrize("how", [altered, altered_inside])
def test_an_altered_workbook_is_a_list_or_a_sentence(
    read: Reader,
    make: Callable[[], bytes],
    how: Callable[[bytes, random.Random], bytes],
) -> None:
    content = make()
    if how is altered_inside and not content.startswith(b"PK"):
        pytest.skip("not a zip file")
    chance = random.Random(f"{make.__name__} {how.__name__}")
    read_some = refused_some = False
    for _ in range(60):
        try:
            rows = read(how(content, chance), "list.xlsx").rows.collect()
        except ListError:
            refused_some = True
        else:
            read_some = True
            assert rows["row"].is_sorted()
    assert read_some or how is altered
    assert refused_some
