"""report.csv: for programs to read and for a spreadsheet to open without harm."""

from __future__ import annotations

import errno
import stat
import sys
from pathlib import Path

import polars as pl
import pytest
from mailings import MailingFolder, row
from read_only import taking_nothing
from reports.lists import listed, read, standing

from batchsend.errors import ReportError
from batchsend.reports import (
    RowsReport,
    must_be_writable,
    rows_report,
    write_csv,
    write_problems,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "report.csv"


def report_of(*cells: str, heading: str = "Navn") -> RowsReport:
    rows = listed(*({"c0": cell} for cell in cells), headings=(heading,))
    return rows_report(rows, standing(letter_2="accepted"), complete=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "setting", "separator"),
    [
        ('"NO"', "", ";"),
        ('"DK"', "", ";"),
        ('"EN"', "", ","),
        ('"{{ språk }}"', "", ","),
        ('"NO"', 'separator = ","', ","),
        ('"EN"', 'separator = ";"', ";"),
    ],
)
def test_excel_finds_the_separator_of_its_country(
    mailing: MailingFolder, language: str, setting: str, separator: str
) -> None:
    mailing.write(row(1, adresse="Storgata 1, 2. etasje", beløp="100") + ";EN")
    list_file = mailing.folder / "list.csv"
    list_file.write_bytes(list_file.read_bytes().replace(b"Bel\xf8p", b"Bel\xf8p;Spr\xe5k", 1))
    mailing.edit('LanguageID = "NO"', f"LanguageID = {language}")
    mailing.edit("[reports]\n", f"[reports]\n{setting}\n")
    for _ in range(2):  # it takes the place of its own kind
        assert mailing.run("send", "--sandbox").exit_code == 0
    head = (mailing.folder / "report.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert head.startswith(f"row{separator}identifier{separator}status{separator}")
    assert mailing.report()[0]["Adresse"] == "Storgata 1, 2. etasje"


def test_a_program_reads_what_was_reported(path: Path) -> None:
    write_csv(path, report_of("Kari Nordmann", "Åse, «sjefen»\nStorgata 1"))
    assert read(path) == [
        {
            "row": "2",
            "identifier": "letter-2",
            "status": "accepted",
            "reason": "",
            "request_id": "request-1",
            "http_status": "202",
            "attempts": "1",
            "channel": "PRINT",
            "pages": "2",
            "submitted_at": "2026-11-03T08:30:00Z",
            "engine": "plutoprint 0.23.0",
            "delivery": "",
            "destination": "",
            "run": "",
            "Navn": "Kari Nordmann",
        },
        {
            "row": "3",
            "identifier": "letter-3",
            "status": "skipped",
            "channel": "PRINT",
            "Navn": "Åse, «sjefen»\nStorgata 1",
            **dict.fromkeys(
                ("reason", "request_id", "http_status", "attempts", "pages", "submitted_at",
                 "engine", "delivery", "destination", "run"), ""
            ),
        },
    ]  # fmt: skip


def test_its_bytes_are_as_excel_wants_them(path: Path) -> None:
    write_csv(path, report_of("Åse"))
    first, second, rest = path.read_bytes().split(b"\r\n")
    assert first.startswith(b"\xef\xbb\xbfrow,identifier,status,reason,")
    assert first.endswith(b",delivery,destination,run,Navn")
    assert second.endswith(",Åse".encode())
    assert rest == b""


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("https://example.com";"Klikk")',
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1:A2)",
        " =1+1",
        "\t=1+1",
        "\r\n=1+1",
        "\u00a0=1+1",
        "＝1+1",
    ],
)
def test_no_cell_begins_a_formula(path: Path, cell: str) -> None:
    write_csv(path, report_of(cell, heading=cell))
    (line,) = read(path)
    assert list(line)[-1].startswith("'")
    assert list(line.values())[-1].startswith("'")
    assert list(line.values())[-1].replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize("cell", ["Olsen;=1+1", "Olsen\n=1+1", "Olsen\t @SUM(A1)", "a;+1;-1"])
def test_nor_does_a_part_that_another_spreadsheet_makes_a_cell(path: Path, cell: str) -> None:
    write_csv(path, report_of(cell))
    (line,) = read(path)
    for mark in (";=", "\n=", "\t @", ";+", ";-"):
        assert mark not in line["Navn"]
    assert line["Navn"].replace("'", "") == cell


@pytest.mark.parametrize(
    "cell",
    ["-1 234,50", "+47 912 34 567", "-1.234,-", "-5", "-", "Kari - Ola", "a=b", "ola@example.com"],
)
def test_what_does_no_harm_stays_as_it_is(path: Path, cell: str) -> None:
    write_csv(path, report_of(cell))
    assert read(path)[0]["Navn"] == cell


def test_what_the_api_said_is_made_harmless_too(path: Path) -> None:
    known = standing(
        letter_2={"state": "rejected", "reason": "=cmd|' /C calc'!A0", "request_id": "@x"}
    )
    write_csv(path, rows_report(listed({}), known, complete=True))
    (line,) = read(path)
    assert line["reason"].startswith("'=")
    assert line["request_id"] == "'@x"


@posix
def test_only_its_owner_can_read_it(path: Path) -> None:
    path.write_text("an older report")
    path.chmod(0o644)
    write_csv(path, report_of("Kari"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def refused(path: Path) -> str:
    with pytest.raises(ReportError) as caught:
        write_csv(path, report_of("Kari"))
    assert str(path) in caught.value.message
    return str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "there is no folder" in refused(tmp_path / "nowhere" / "report.csv")


def test_a_folder_of_that_name_is_said_to_be_one(path: Path) -> None:
    path.mkdir()
    assert "there is a folder of that name" in refused(path)
    assert list(path.parent.iterdir()) == [path]


@posix
def test_a_full_disk_leaves_the_older_report(path: Path) -> None:
    import resource  # noqa: PLC0415 not there on Windows

    path.write_text("an older report")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    many = report_of(*("x" * 1000 for _ in range(100)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(ReportError, match="the disk is full"):
            write_csv(path, many)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "an older report"
    assert list(path.parent.iterdir()) == [path]


def test_a_report_open_in_excel_is_said_to_be_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(self: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "Access is denied", str(target))

    monkeypatch.setattr(Path, "replace", held)  # what Windows does
    assert "open in another program such as Excel" in refused(path)
    assert list(path.parent.iterdir()) == []


def test_a_read_only_folder_is_found_out_beforehand(path: Path) -> None:
    with taking_nothing(path.parent), pytest.raises(ReportError, match="may not be written"):
        must_be_writable(path)


def test_a_place_for_a_report_is_found_good_beforehand(path: Path) -> None:
    must_be_writable(path)
    assert not path.exists()
    with pytest.raises(ReportError, match="there is no folder"):
        must_be_writable(path.parent / "nowhere" / "report.csv")
    with pytest.raises(ReportError, match="a folder of that name"):
        must_be_writable(path.parent)


def test_problems_are_written_as_carefully(path: Path) -> None:
    problems = pl.DataFrame(
        [(4, "Postnr.", "=1+1", "“=1+1” is not a postcode.", "error")],
        schema=["row", "column", "value", "message", "severity"],
        orient="row",
    )
    write_problems(path, problems)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrow,column,value,message,severity\r\n")
    assert read(path)[0]["value"] == "'=1+1"
