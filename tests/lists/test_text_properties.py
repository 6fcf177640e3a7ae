"""Any table, written in any dialect, reads back the same or is refused with a message."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any, Literal

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.errors import BatchsendError
from batchsend.lists import ListSettings, RecipientList, read_list
from batchsend.lists.csv_fast import Cutter
from batchsend.lists.csv_lines import line_batches
from batchsend.lists.csv_strict import Dialect
from batchsend.lists.encodings import Encoding
from batchsend.lists.problems import ReadFindings
from batchsend.lists.records import RecordReader
from batchsend.text import blank

LETTERS = st.sampled_from("aå bBcæÆøØäöé01289.,;|\t\"'\n-/@:+=#\u00a0" + "kariolanordmannstorgata")
CELL = st.text(LETTERS, max_size=12)
HEADINGS = ("Kundenr", "Navn", "Adresse", "Postnr", "Poststed", "Beløp", "Merknad")
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp850"])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, len(HEADINGS)))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12))
    return [list(HEADINGS[:width]), *rows]


def read(content: bytes, **wanted: object) -> tuple[RecipientList, pl.DataFrame]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "list.csv").write_bytes(content)
        recipients = read_list(
            ListSettings.model_validate({"path": "list.csv", **wanted}),
            folder=Path(folder),
            workspace=Path(folder),
        )
        return recipients, recipients.rows.collect()


@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=tables(),
    separator=st.sampled_from(";,\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    codec=CODECS,
)
def test_a_table_reads_back_the_same_or_its_rows_are_named(
    table: list[list[str]], separator: str, end: str, quoting: Literal[0, 1, 2, 3], codec: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)
    # The dialect is given: with cells this wild the best guess may well be another.
    wanted: dict[str, Any] = {"separator": separator, "header_row": 1, "footer_rows": 0}
    if codec.startswith("cp"):
        wanted["encoding"] = codec
    filled: list[tuple[Any, ...]] = [
        (row, *cells) for row, cells in enumerate(table[1:], 2) if not all(map(blank, cells))
    ]
    try:
        recipients, rows = read(out.getvalue().encode(codec), **wanted)
    except BatchsendError:
        assert not filled
        return
    named = set(recipients.problems.filter(pl.col("severity") == "error")["row"])
    if not named:
        assert [c.heading for c in recipients.columns] == table[0]
    got = {row: cells for row, *cells in rows.rows()}
    first_named = min(named, default=10**6)
    for row, *cells in filled:
        # A quoted line break that looks like rows is refused, and the rows after it shift.
        if row < first_named:
            assert got[row] == cells
    assert named or len(got) == len(filled)


@settings(max_examples=examples(100), deadline=None)
@given(data=st.data(), width=st.integers(2, 6), height=st.integers(2, 10))
def test_stray_quotes_change_no_other_row_and_none_in_silence(
    data: st.DataObject, width: int, height: int
) -> None:
    rows = [[f"{name}{row}" for name in "abcdef"[:width]] for row in range(height)]
    lines = [";".join(cells) for cells in rows]
    strays = data.draw(
        st.lists(st.tuples(st.integers(0, height - 1), st.integers(0, 12)), min_size=1, max_size=3)
    )
    for row, at in strays:
        lines[row] = f'{lines[row][:at]}"{lines[row][at:]}'
    recipients, frame = read(
        "\n".join([";".join(HEADINGS[:width]), *lines]).encode(), separator=";", header_row=1
    )
    named = set(recipients.problems["row"])
    assert frame["row"].to_list() == list(range(2, height + 2))
    for row, *cells in frame.rows():
        if row - 2 not in dict(strays):
            assert cells == rows[row - 2]
        elif row not in named:
            assert [cell.replace('"', "") for cell in cells] == rows[row - 2]


@settings(max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    noise=st.one_of(
        st.binary(max_size=400),
        st.text(LETTERS, max_size=300).map(lambda text: text.encode("utf-8")),
        st.text(st.sampled_from('";\n,a\r\0\ufeff\ud7ffå'), max_size=120).map(
            lambda text: text.encode("utf-16")
        ),
    ),
    start=st.sampled_from([b"", b"Navn;Sted\nA;B\n", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n"]),
    wanted=st.sampled_from(
        [{}, {"separator": ","}, {"encoding": "cp850"}, {"headings": ["a", "b"]}, {"quote": "'"}]
    ),
)
def test_whatever_the_bytes_there_is_a_list_or_a_sentence(
    noise: bytes, start: bytes, wanted: dict[str, object]
) -> None:
    try:
        recipients, rows = read(start + noise, **wanted)
    except BatchsendError as error:
        refused = error.message
    else:
        refused = ""
    if refused:
        assert refused.endswith(".")
        return
    assert rows.height > 0
    assert rows.columns == ["row", *(c.key for c in recipients.columns)]
    assert rows["row"].is_sorted()
    assert rows["row"].is_unique().all()
    assert rows.null_count().sum_horizontal().item() == 0
    assert set(recipients.problems["row"]) <= set(rows["row"])


@settings(max_examples=examples(60), deadline=None)
@given(
    lines=st.lists(st.text(LETTERS, max_size=20), min_size=1, max_size=20),
    cut=st.integers(1, 40),
    codec=st.sampled_from(["utf-8", "utf-16-le", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_where_the_file_is_cut_into_batches_does_not_matter(
    lines: list[str], cut: int, codec: str, end: str
) -> None:
    lines = [line.replace("\n", " ") for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes("".join(line + end for line in lines).encode(codec))
        for encoding in (Encoding(codec, codec), Encoding(codec, codec, mixed_with="cp850")):
            if encoding.mixed_with and codec != "utf-8":
                continue  # some lines of a code page happen to be UTF-8 as well
            batches = list(line_batches(path, encoding, chunk=cut))
            assert [line for batch in batches for line in batch.lines] == lines
            assert [batch.complete for batch in batches] == [False] * (len(batches) - 1) + [True]


def records(text: str, *, width: int, chunk: int) -> tuple[list[tuple[object, ...]], ReadFindings]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_text(text, encoding="utf-8", newline="")
        reader = RecordReader(Cutter(Dialect(";", '"'), width), after=1)
        batches = line_batches(path, Encoding("utf-8", "UTF-8"), chunk=chunk)
        rows = [row for frame in reader.frames(batches) for row in frame.iter_rows()]
        reader.sightings.problems.sort(key=lambda problem: (problem.row, problem.message))
        return rows, reader.sightings


# Few different lines, so that batches whose lines are all plain come beside others.
LINES = st.sampled_from(
    [
        *("a;b;c", "å;;ø", " ;x; ", "1;2;3", ";;", "", "a;b", "a;b;c;d", "a;b;c;", " ; ; "),
        *('a;"b;x";c', '"a;b;c', 'a;5";c', '="0150";b;c', "a;b\0;c", "a;\ufffd;c", '"a', 'b";x;y'),
    ]
)


@settings(max_examples=examples(150), deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=30), chunk=st.integers(5, 60))
def test_a_batch_read_at_once_says_the_same_as_its_lines_one_by_one(
    lines: list[str], chunk: int
) -> None:
    text = "h1;h2;h3\n" + "\n".join(lines) + "\n"
    assert records(text, width=3, chunk=chunk) == records(text, width=3, chunk=100_000)
