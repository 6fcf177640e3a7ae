"""Letters kept in a folder: safe names, the newest only, for their owner's eyes."""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path

import httpx
import orjson
import pytest

from batchsend.errors import BatchsendError
from batchsend.sandbox import keep_letters, letterfiles, running_sandbox
from batchsend.sandbox.checking import Taken
from batchsend.sandbox.letterbox import Letterbox
from batchsend.sandbox.letterfiles import LetterFiles, file_name


def letter(identifier: str, pdf: bytes = b"%PDF-1.7 %%EOF") -> Taken:
    return Taken(identifier, orjson.dumps({"Identifier": identifier}), b64encode(pdf))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_pdf_and_a_json_for_each_letter(tmp_path: Path) -> None:
    files = LetterFiles(tmp_path / "kept")
    files.add(letter("rent-1", b"%PDF-1.7 one %%EOF"))
    assert names(tmp_path / "kept") == ["000001-rent-1.json", "000001-rent-1.pdf"]
    assert (tmp_path / "kept" / "000001-rent-1.pdf").read_bytes() == b"%PDF-1.7 one %%EOF"


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("rent-1", "000001-rent-1"),
        ("../../etc/passwd", "000001-etc-passwd"),
        ("C:\\windows\\x", "000001-C-windows-x"),
        ("a/b:c*d?", "000001-a-b-c-d"),
        ("CON", "000001-CON"),
        ("...", "000001"),
        ("blåbær", "000001-bl-b-r"),
        ("nul\x00line\n", "000001-nul-line"),
    ],
)
def test_names_are_safe_everywhere(identifier: str, name: str) -> None:
    assert file_name(1, identifier) == name


def test_long_identifiers_stay_apart() -> None:
    one, other = file_name(1, "x" * 400 + "1"), file_name(1, "x" * 400 + "2")
    assert one != other
    assert len(one) < 100


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letterfiles, "MOST", 2)
    files = LetterFiles(tmp_path)
    for identifier in ("a", "b", "c"):
        files.add(letter(identifier))
    assert [name for name in names(tmp_path) if name.endswith(".pdf")] == [
        "000002-b.pdf",
        "000003-c.pdf",
    ]
    assert len(names(tmp_path)) == 4


def test_a_later_sandbox_goes_on_where_the_earlier_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes.txt").write_text("somebody else's")
    LetterFiles(tmp_path).add(letter("a"))
    monkeypatch.setattr(letterfiles, "MOST", 1)
    LetterFiles(tmp_path).add(letter("b"))
    assert names(tmp_path) == ["000002-b.json", "000002-b.pdf", "notes.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    LetterFiles(tmp_path / "kept").add(letter("a"))
    for path in (tmp_path / "kept", *(tmp_path / "kept").iterdir()):
        assert path.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BatchsendError, match="cannot keep its letters"):
        LetterFiles(tmp_path / "file" / "kept")


def test_when_keeping_fails_letters_are_taken_all_the_same(tmp_path: Path) -> None:
    box = Letterbox(tmp_path / "kept")
    (tmp_path / "kept").rmdir()
    box.take(box.next_number(), letter("a"))
    assert box.knows("a")
    assert box.files is not None
    assert box.files.trouble


def test_a_running_sandbox_keeps_them(tmp_path: Path) -> None:
    subscription = {"SubscriptionId": "the-secret", "StorageId": "1"}
    fields = {
        "Channel": "PRINT",
        "Identifier": "../x",
        "FreeText": b64encode(b"%PDF-1.7 %%EOF").decode(),
        "Invoicee": {"Name": "K"},
        "Invoicer": {"Name": "U"},
    }
    with running_sandbox(letters=tmp_path / "kept") as address:
        answer = httpx.post(
            f"{address}/send/letter", json={"Letter": fields, "Subscription": subscription}
        )
    assert answer.status_code == 202
    assert names(tmp_path / "kept") == ["000001-x.json", "000001-x.pdf"]
    kept = orjson.loads((tmp_path / "kept" / "000001-x.json").read_bytes())
    assert kept["Identifier"] == "../x"
    assert "the-secret" not in str(kept)


def test_a_folder_is_cleared_of_the_letters_that_are_not_to_be_kept(tmp_path: Path) -> None:
    files = LetterFiles(tmp_path)
    for identifier in ("rent-1", "rent/2", "rent-3"):
        files.add(letter(identifier))
    for name in ("201512-invoice.pdf", "201512-notes.json", "000009-list.json", "notes.txt"):
        (tmp_path / name).write_text('["mine"]')
    keep_letters(tmp_path, {"rent/2"})
    assert names(tmp_path) == [
        "000002-rent-2.json",
        "000002-rent-2.pdf",
        "000009-list.json",
        "201512-invoice.pdf",
        "201512-notes.json",
        "notes.txt",
    ]
    keep_letters(tmp_path / "none", frozenset())
