"""Where a list comes from: a file that is there or not, standard input, a data warehouse."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from batchsend.errors import ListError
from batchsend.expressions import environment
from batchsend.lists import ListSettings, RecipientList, read_list, texts_of
from batchsend.lists.file_types import kind_of
from batchsend.lists.parts import write_parts

Reader = Callable[..., RecipientList]


def parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "Navn;Sted\nBjørn;Bodø\n".encode("cp1252")

    class Stdin:
        buffer = io.BytesIO(content)

    monkeypatch.setattr(sys, "stdin", Stdin)
    recipients = read_list(
        ListSettings(path=Path("-")), folder=tmp_path / "elsewhere", workspace=tmp_path
    )
    assert recipients.path == Path("-")
    assert recipients.rows.collect().rows() == [(2, "Bjørn", "Bodø")]
    assert recipients.digest == hashlib.sha256(content).hexdigest()


def test_a_list_is_found_from_the_mailings_folder(read: Reader, tmp_path: Path) -> None:
    recipients = read(b"Navn\nKari\n", "list.csv")
    assert recipients.path == Path("list.csv")
    assert recipients.digest == hashlib.sha256(b"Navn\nKari\n").hexdigest()


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    def reading(name: str) -> None:
        read_list(ListSettings(path=Path(name)), folder=tmp_path, workspace=tmp_path)

    (tmp_path / "tenants.csv").touch()
    with pytest.raises(ListError, match=r"There is no list .*tenant\.csv") as refused:
        reading("tenant.csv")
    assert refused.value.hint == "Did you mean tenants.csv?"
    with pytest.raises(ListError, match="There is no list"):
        reading("nowhere/tenants.csv")
    with pytest.raises(ListError, match="is empty"):
        reading("tenants.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ListError, match="is a folder"):
        reading("folder.csv")


def test_the_list_may_change_or_go_once_it_is_read(read: Reader, tmp_path: Path) -> None:
    recipients = read(b"Navn\nKari\n")
    (tmp_path / "list.csv").unlink()
    assert recipients.rows.collect().rows() == [(2, "Kari")]


def test_rows_that_cannot_be_written_are_said_in_words(tmp_path: Path) -> None:
    rows = pl.DataFrame({"row": [2], "c0": ["Kari"]})
    with pytest.raises(ListError, match="could not be copied") as refused:
        write_parts([rows], tmp_path / "missing", 1)
    assert "Make room" in str(refused.value)


def test_two_lists_may_share_a_workspace(read: Reader) -> None:
    first = read(b"Navn\nKari\n")
    second = read(b"Navn;Sted\nOla;Oslo\n")
    assert first.rows.collect().rows() == [(2, "Kari")]
    assert second.rows.collect().rows() == [(2, "Ola", "Oslo")]


def test_parquet_values_become_text(read: Reader) -> None:
    frame = pl.DataFrame(
        {
            "Navn": ["Kari", None],
            "Nr": [1, 20],
            "Andel": [2.0, 2.5],
            "Beløp": [Decimal("1234.50"), None],
            "Dato": [date(2026, 3, 15), None],
            "Tid": [datetime(2026, 3, 15, 8, 30), datetime(2026, 3, 15)],
            "Kl": [time(8, 30), None],
            "Aktiv": [True, False],
            "Type": pl.Series(["a", "b"], dtype=pl.Categorical),
        }
    )
    recipients = read(parquet(frame), "list.parquet")
    assert [c.heading for c in recipients.columns] == frame.columns
    assert recipients.rows.collect().rows() == [
        (
            1,
            "Kari",
            "1",
            "2",
            "1234.50",
            "2026-03-15",
            "2026-03-15 08:30:00",
            "08:30:00",
            "TRUE",
            "a",
        ),
        (2, "", "20", "2.5", "", "", "2026-03-15", "", "FALSE", "b"),
    ]
    assert recipients.findings["kind"] == "Parquet"


def test_parquet_that_is_no_list_is_said_in_words(read: Reader) -> None:
    content = parquet(pl.DataFrame({"Navn": ["Kari"] * 1000}))
    with pytest.raises(ListError, match="damaged or incomplete"):
        read(content[:-20], "list.parquet")
    with pytest.raises(ListError, match="'Barn' holds List"):
        read(parquet(pl.DataFrame({"Barn": [["a"]]})), "list.parquet")
    with pytest.raises(ListError, match="is empty"):
        read(parquet(pl.DataFrame({"Navn": pl.Series([], dtype=pl.String)})), "list.parquet")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (b"SQLite format 3\0", "a database"),
        (b"\0\1\0\0Standard ACE DB\0" + b"\0" * 400, "a database"),
        (b"L\0\0\0\1\x14\2\0" + b"\0" * 60, "a shortcut"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "a picture or a film"),
        (b"\x03\x7e\x0b\x1d\2\0\0\0\x41\0\x1f\0" + b"\0" * 60, "a table of dBase"),
        (b"\7\0\0" * 60, "bytes that no text does"),
        (b"{\\rtf1\\ansi", "a text document"),
        (b"MZ\x90\0\x03\0\0\0", "a program"),
        (b'{"navn": "Kari"}\n', "JSON"),
        (b'[{"navn": "Kari"}]', "JSON"),
        (bytes(range(256)) * 100, "not a list"),
    ],
)
def test_other_files_are_called_by_their_names(read: Reader, content: bytes, words: str) -> None:
    with pytest.raises(ListError, match=words):
        read(content)


@pytest.mark.parametrize("first", ["00001234\t\tKari", "1. linje\r\n", "0150Oslo\n\n"])
def test_a_text_that_begins_with_0_or_1_is_no_table_of_dbase(tmp_path: Path, first: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((first + "\tDahl\tOla\tBergen\n" * 300).encode())
    assert kind_of(path) == "text"


def test_an_instant_of_parquet_is_shown_as_one_of_utc(read: Reader) -> None:
    late = datetime(2026, 11, 14, 23, 0)
    frame = pl.DataFrame({"Navn": ["Kari", "Ola", "Per"], "Her": late}).with_columns(
        Frist=pl.Series([late, datetime(2026, 11, 15), None]).dt.replace_time_zone("UTC"),
        Der=pl.col("Her").dt.replace_time_zone("Europe/Oslo"),
    )
    recipients = read(parquet(frame), "list.parquet")
    columns = recipients.columns
    rows = list(texts_of(recipients.rows.collect(), columns))
    here = "2026-11-14 23:00:00"
    assert rows == [
        ("Kari", here, f"{here}Z", here),
        ("Ola", here, "2026-11-15", here),
        ("Per", here, "", here),
    ]
    # As 0.1 knew it, so that the letters of its ledgers are the same.
    assert recipients.rows.collect()[columns[2].key].to_list() == [here, "2026-11-15", ""]
    jinja = environment(autoescape=False, zone="Europe/Oslo")
    said = jinja.from_string("{{ d | date }}").render(d=rows[0][2], language="NO")
    assert said == "15.11.2026"
