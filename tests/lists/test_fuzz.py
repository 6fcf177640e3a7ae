"""Files that are not quite what they were: no traceback, no hang, whatever the bytes."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from lists.workbook_files import ods, xls, xlsb

from batchsend.errors import ListError
from batchsend.lists import RecipientList

Reader = Callable[..., RecipientList]
pytestmark = pytest.mark.usefixtures("in_this_process")


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


def altered_inside(content: bytes, chance: random.Random) -> bytes:
    """One part of a zip file changed, its checksum right all the same."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            part = old.read(name)
            new.writestr(name, altered(part, chance) if name == chosen else part)
    return out.getvalue()


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
