"""The folder of a preview: our own files come and go, a stranger's stay."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from batchsend.errors import ReportError
from batchsend.previews import PreviewFolder
from batchsend.previews.contact_sheet import file_stem

MANIFEST = ".batchsend-preview"


def preview(path: Path, *names: str) -> None:
    folder = PreviewFolder(path)
    for name in names:
        folder.write(name, b"new")
    folder.finish()


def names(path: Path) -> set[str]:
    return {each.name for each in path.iterdir()} - {MANIFEST}


def test_files_of_an_earlier_preview_are_replaced_or_removed(tmp_path: Path) -> None:
    preview(tmp_path, "1.pdf", "2.pdf")
    preview(tmp_path, "2.pdf", "3.pdf")
    assert names(tmp_path) == {"2.pdf", "3.pdf"}


def test_a_strangers_files_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "00007-mine.pdf").write_text("mine", encoding="utf-8")
    preview(tmp_path, "1.pdf")
    preview(tmp_path, "2.pdf")
    assert names(tmp_path) == {"notes.txt", "00007-mine.pdf", "2.pdf"}


def test_a_strangers_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(ReportError, match=r"index\.html that no preview wrote"):
            preview(tmp_path, "index.html")
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_what_a_preview_that_broke_off_left_is_removed(tmp_path: Path) -> None:
    PreviewFolder(tmp_path).write("1.pdf", b"new")  # and no more: it was ended here
    preview(tmp_path, "2.pdf")
    assert names(tmp_path) == {"2.pdf"}


@pytest.mark.parametrize("listed", ["../mine.txt", "/etc/hosts", "..", ".", "", MANIFEST])
def test_a_list_of_our_files_leads_nowhere_else(listed: str, tmp_path: Path) -> None:
    mine, out = tmp_path / "mine.txt", tmp_path / "out"
    mine.write_text("mine", encoding="utf-8")
    out.mkdir()
    (out / MANIFEST).write_text(f"{listed}\n", encoding="utf-8")
    preview(out, "1.pdf")
    assert mine.exists()
    assert names(out) == {"1.pdf"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        preview(tmp_path / "out", "1.pdf")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    for name in ("1.pdf", MANIFEST):
        assert stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) == 0o600


def test_a_link_of_that_name_is_not_followed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    try:
        (out / "1.pdf").symlink_to(tmp_path / "elsewhere.pdf")
    except OSError:
        pytest.skip("links cannot be made here")
    with pytest.raises(ReportError):
        preview(out, "1.pdf")
    assert not (tmp_path / "elsewhere.pdf").exists()


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match="cannot be written"):
        PreviewFolder(tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("identifier", "stem"),
    [
        ("rent-2026-11-7", "00012-rent-2026-11-7"),
        ("../../etc/passwd", "00012-etc-passwd"),
        ('a<b>"c"|d?', "00012-a-b-c-d"),
        ("Åse/Bø\n", "00012-se-B"),
        ("...", "00012"),
        ("x" * 300, "00012-" + "x" * 80),
    ],
)
def test_every_identifier_makes_a_file_name(identifier: str, stem: str) -> None:
    assert file_stem(12, identifier) == stem
