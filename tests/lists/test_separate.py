"""The process that opens workbooks: what it answers, and what is said when it does not."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from batchsend.errors import ListError
from batchsend.lists import RecipientList
from batchsend.lists import subprocess_reader as separate

pytestmark = pytest.mark.usefixtures("own_process")

Reader = Callable[..., RecipientList]


def workbook(*more: str) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Navn", "Sted"])
    book.active.append(["Bjørn", "Bodø"])
    for name in more:
        book.active.append([name, "Bodø"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_by_a_process_of_its_own(read: Reader) -> None:
    recipients = read(workbook(), "list.xlsx")
    assert recipients.rows.collect().rows() == [(2, "Bjørn", "Bodø")]


def test_its_refusal_reaches_us(read: Reader) -> None:
    with pytest.raises(ListError, match="no sheet called 'Kunder'") as refused:
        read(workbook(), "list.xlsx", sheet="Kunder")
    assert refused.value.hint == "Did you mean 'Sheet'?"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit to set")
def test_a_workbook_that_needs_too_much_memory_is_refused(
    read: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(separate, "_BYTES_AT_MOST", 8 << 20)
    names = (f"{number}" + "x" * 32_000 for number in range(1000))  # 32 MB of text
    with pytest.raises(ListError, match=r"larger than a list|damaged"):
        read(workbook(*names), "list.xlsx")


def test_a_process_that_dies_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with pytest.raises(ListError, match="could not be opened"):
        separate.converted(path, {})  # a request without a kind is a bug, and ends in a traceback


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_process_that_hangs_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.xlsx"
    os.mkfifo(path)  # nobody writes to it: who opens it waits
    monkeypatch.setattr(separate, "_SECONDS_AT_MOST", 0.5)
    with pytest.raises(ListError, match="could not be read within"):
        separate.converted(path, {"kind": "xlsx"})
