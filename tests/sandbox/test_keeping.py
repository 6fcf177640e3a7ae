"""Letters kept in a folder: safe names, the newest only, for their owner's eyes."""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path

import httpx
import orjson
import pytest

from batchsend.errors import BatchsendError
from batchsend.sandbox import keep_letters, letterbox, running_sandbox
from batchsend.sandbox.letterbox import Letterbox, LetterFiles, Received, file_name
from batchsend.sandbox.request_check import TakenLetter


def letter(identifier: str, pdf: bytes = b"%PDF-1.7 %%EOF") -> TakenLetter:
    return TakenLetter(identifier, orjson.dumps({"Identifier": identifier}), b64encode(pdf))


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
    monkeypatch.setattr(letterbox, "MOST_FILES", 2)
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
    monkeypatch.setattr(letterbox, "MOST_FILES", 1)
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


def test_what_an_earlier_sandbox_kept_can_be_recalled(tmp_path: Path) -> None:
    earlier = Letterbox(tmp_path)
    whole = {"Channel": "PRINT", "Invoicee": {"Name": "K"}, "Invoicer": {"Name": "U"}}
    for name in ("a", "b"):
        fields = orjson.dumps({**whole, "Identifier": name})
        earlier.take(earlier.next_number(), TakenLetter(name, fields, b64encode(name.encode())))
    (tmp_path / "000003-c.pdf").write_bytes(b"no fields beside it")
    (tmp_path / "000004-d.pdf").write_bytes(b"fields that are none of ours")
    (tmp_path / "000004-d.json").write_bytes(b'{"Invoicee": 7}')
    box = Letterbox(tmp_path)
    assert not box.requests
    box.recall()
    assert [request.identifier for request in box.newest()] == ["b", "a"]
    assert (box.taken, box.recalled, box.seen) == (2, 2, 2)
    newest = next(box.newest())
    assert box.pdf(newest.number) == b"b"
    assert box.fields(newest.number) == {**whole, "Identifier": "b"}
    assert not box.knows("b"), "only this sandbox's own letters are repeats"


def test_a_pdf_is_read_from_its_file_once_memory_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letterbox, "LARGEST", 100)
    kept, lost = Letterbox(tmp_path), Letterbox()
    for box in (kept, lost):
        for _ in range(3):
            box.take(box.next_number(), letter("a", b"x" * 60))
    assert kept.pdf(1) == b"x" * 60
    assert lost.pdf(1) is None
    assert lost.pdf(3) == b"x" * 60
    assert lost.fields(1) == {"Identifier": "a"}


def test_a_letter_larger_than_all_memory_is_taken_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(letterbox, "LARGEST", 100)
    box = Letterbox()
    box.take(1, letter("a", b"x" * 1000))
    box.take(2, letter("b", b"x" * 10))
    assert box.pdf(1) is None
    assert box.pdf(2) == b"x" * 10
    assert box.knows("a")


def test_what_is_no_longer_listed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letterbox, "MOST_REQUESTS", 2)
    box = Letterbox()
    for number in range(5):
        box.record(Received(number, "", 0, 0, "ok", 400, taken=False))
    assert (len(box.requests), box.seen, box.forgotten) == (2, 5, 3)
    box.empty()
    assert (len(box.requests), box.seen, box.forgotten) == (0, 0, 0)
