"""What is wrong is corrected once, kept with the mailing, and every letter goes once."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from corrections.workbooks import as_0_1_wrote_it, saved_by_libreoffice
from mailings import HEADINGS, MAILING, Api, MailingFolder, row
from reports.lists import read

from batchsend.commands import main
from batchsend.sandbox import Fault

TITLED = """\
Leietakere;;;;;;;;
Kundenr.;Fornavn;Etternavn;Adresse;Postnr;Poststed;E-post;Beløp;Merknad
0007;Åse;Bjørk;Storgata 1;0150;Oslo;a@example.com;1 234,50;
0008;Kåre;Ærø;Storgata 2;150;Oslo;b@example.com;10,50;"Fra 01.02.2026
og =SUM(1)"
0009;Søren;Nybø;Storgata 3;0150;Oslo;c.example.com;1;02.03.2026
"""


@pytest.fixture
def titled(mailing: MailingFolder) -> MailingFolder:
    """A list that is read by settings which do not fit a workbook, two of its rows wrong."""
    (mailing.folder / "list.csv").write_bytes(TITLED.encode("cp850"))
    mailing.edit(
        'path = "list.csv"',
        'path = "list.csv"\nencoding = "cp850"\nheader_row = 2\nseparator = ";"\nfooter_rows = 0',
    )
    template = mailing.folder / "letter.html"
    template.write_text(
        template.read_text(encoding="utf-8").replace("</body>", "<p>{{ merknad }}</p></body>"),
        encoding="utf-8",
    )
    return mailing


@pytest.fixture
def workbook(mailing: MailingFolder) -> Path:
    """Of a mailing with two wrong rows, 3 and 4, where it is checked."""
    mailing.write(row(1), row(2, postnr="581"), row(3, postnr="15"), row(4))
    path = mailing.folder / "needs-attention.xlsx"
    mailing.run("check", "--needs-attention", str(path))
    return path


def edit(path: Path, **cells: Any) -> None:
    """Type into cells of a workbook and save it, as in Excel."""
    book = openpyxl.load_workbook(path)
    for place, text in cells.items():
        book.active[place] = text
    book.save(path)


def send(mailing: MailingFolder, api: Api, *options: str) -> Result:
    return mailing.run("send", "--base-url", api.base_url, "--yes", *options)


def cells_of(path: Path) -> list[list[Any]]:
    return [[cell or "" for cell in cells] for cells in openpyxl.load_workbook(path).active.values]


def corrections(mailing: MailingFolder, *options: str) -> list[dict[str, Any]]:
    told = json.loads(mailing.run("correct", "--show", "--json", *options).stdout)
    listed: list[dict[str, Any]] = told["corrections"]
    return listed


def test_from_a_wrong_list_to_every_letter_once(titled: MailingFolder, api: Api) -> None:
    first = send(titled, api)
    workbook = titled.folder / "needs-attention.xlsx"
    assert first.exit_code == 1, first.output
    assert f"2 rows to be corrected: {workbook}" in first.output
    assert f"  batchsend correct {titled.path}" in first.output.splitlines()
    reasons = {int(line["row"]): line["reason"] for line in titled.report()}
    assert cells_of(workbook) == [
        [
            *("What is wrong (batchsend)", "Row in the list (batchsend)"),
            *TITLED.splitlines()[1].split(";"),
        ],
        [
            *(reasons[4], 4, "0008", "Kåre", "Ærø", "Storgata 2", "150", "Oslo"),
            *("b@example.com", "10,50", "Fra 01.02.2026\nog =SUM(1)"),
        ],
        [
            *(reasons[5], 5, "0009", "Søren", "Nybø", "Storgata 3", "0150", "Oslo"),
            *("c.example.com", 1, "02.03.2026"),
        ],
    ]

    edit(workbook, G2="0151", I3="c@example.com")
    listed = (titled.folder / "list.csv").read_bytes()
    taken = titled.run("correct")
    assert taken.exit_code == 0, taken.output
    assert "2 corrections kept" in taken.output
    again = send(titled, api)
    assert again.exit_code == 0, again.output
    assert "2 cells of the list are corrected" in again.output
    fields = {letter["identifier"]: letter["fields"]["Invoicee"] for letter in api.taken()}
    assert sorted(api.identifiers()) == ["test-0007", "test-0008", "test-0009"]
    assert fields["test-0008"]["PostCode"] == "0151"
    assert set(titled.statuses().values()) == {"accepted"}
    assert titled.report()[1]["Postnr"] == "0151"
    assert not workbook.exists(), "nothing is open"
    assert (titled.folder / "list.csv").read_bytes() == listed
    assert send(titled, api).exit_code == 0
    assert len(api.identifiers()) == 3


@pytest.mark.slow
def test_the_next_lists_are_corrected_without_asking(mailing: MailingFolder, api: Api) -> None:
    """Four months of one list, kept by hand and never mended."""
    for month in range(4):
        moved = row(9, kundenr="1009") if month else row(8, kundenr="1008")
        mailing.write(moved, row(1), row(2, postnr="581"), row(3, postnr="15"))
        text = mailing.path.read_text(encoding="utf-8")
        mailing.path.write_text(
            text.replace(f"m{month - 1}-", f"m{month}-").replace("test-{{", "m0-{{"), "utf-8"
        )
        result = send(mailing, api)
        if not month:
            assert result.exit_code == 1, result.output
            assert mailing.run("correct", "--certain", "--yes").exit_code == 0
            assert mailing.run("correct", "--row", "5", "Postnr=0152").exit_code == 0
            result = send(mailing, api)
        assert result.exit_code == 0, result.output
    fields = [letter["fields"]["Invoicee"] for letter in api.taken()]
    assert len(fields) == len(set(api.identifiers())) == 16
    assert [each["PostCode"] for each in fields if each["CustomerNo"] == "1002"] == ["0581"] * 4
    assert [each["PostCode"] for each in fields if each["CustomerNo"] == "1003"] == ["0152"] * 4


def test_a_cell_that_says_something_else_by_now_is_left_and_that_is_told(
    mailing: MailingFolder,
) -> None:
    mailing.write(row(1), row(2, postnr="581"))
    mailing.run("correct", "--row", "3", "Postnr=0581")
    mailing.write(row(1), row(2, postnr="5003", poststed="Bergen"))
    told = mailing.run("check")
    assert told.exit_code == 0, told.output
    assert (
        "Not corrected, as the list says something else there by now: row 3, Postnr." in told.output
    )
    mailing.write(row(1))
    told = mailing.run("check")
    assert "as the list has no such row: Postnr of Kundenr. 1002." in told.output
    assert corrections(mailing)[0]["state"] == "no row"


@pytest.mark.slow
def test_what_was_checked_before_a_correction_is_not_used_again(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2, postnr="581"))
    assert mailing.run("send", "--sandbox").exit_code == 1
    mailing.run("correct", "--row", "3", "Postnr=0581")
    assert mailing.run("send", "--sandbox").exit_code == 0
    mailing.run("correct", "--undo")
    assert mailing.run("send", "--sandbox", "--dry-run").output.count("Rows held back") == 1


class TestWorkbook:
    @pytest.mark.parametrize("command", ["send --sandbox", "send --sandbox --dry-run"])
    def test_nothing_is_sent_while_one_is_not_taken(
        self, mailing: MailingFolder, workbook: Path, command: str
    ) -> None:
        edit(workbook, G3="0150")
        refused = mailing.run(*command.split())
        assert refused.exit_code == 2
        assert f"batchsend correct {mailing.path}" in refused.output
        assert not (mailing.folder / "report.csv").exists()
        told = mailing.run("check")
        assert "not used yet" in told.output
        assert mailing.run("correct").exit_code == 0
        assert mailing.run(*command.split()).exit_code in {0, 1}

    @pytest.mark.slow
    def test_one_that_was_only_looked_at_is_in_nobodys_way(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        edit(workbook)
        assert mailing.run("send", "--sandbox").exit_code == 1
        assert len(cells_of(workbook)) == 3

    def test_what_a_spreadsheet_program_does_is_no_correction(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        mailing.write(row(1, postnr="x"), row(2, beløp="0012", e_post="02.03.2026"))
        workbook.unlink()
        mailing.run("check", "--needs-attention", str(workbook))
        edit(workbook, C2=1001, J2="1234,5", I2="kunde1@example.com ")
        edit(workbook, J3=12, I3=datetime(2026, 3, 2), G3=150)
        result = mailing.run("correct", str(workbook))
        assert result.exit_code == 1, result.output
        assert corrections(mailing) == []
        assert "row 3, Postnr: The zeros in front are gone" in result.output
        assert "row 3, Beløp: The zeros in front are gone" in result.output

    @pytest.mark.slow
    def test_rows_that_are_gone_or_new_are_told_and_sorted_rows_are_known(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        mailing.write(*(row(number, postnr="15") for number in range(1, 5)))
        workbook.unlink()
        mailing.run("check", "--needs-attention", str(workbook))
        book = openpyxl.load_workbook(workbook)
        sheet = book.active
        lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)]
        sheet.delete_rows(2, 4)
        for line in reversed(lines[1:]):
            sheet.append([*line[:6], f"015{line[1]}", *line[7:]])
        sheet.append(["", "", *row(9).split(";")])
        book.save(workbook)
        result = mailing.run("correct")
        assert result.exit_code == 1, result.output
        assert "Not used: row 2: The row is not in the workbook any more." in result.output
        assert "Row 5 of the workbook is not in the list. Add it there." in result.output
        assert [(each["row"], each["now"]) for each in corrections(mailing)] == [
            (5, "0155"),
            (4, "0154"),
            (3, "0153"),
        ]

    def test_rows_that_have_moved_in_the_list_are_found_and_other_changes_stay(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        edit(workbook, G2="0581", G3="0150")
        mailing.write(row(7), row(3, postnr="5003"), row(1), row(2, postnr="581", adresse="Gate 1"))
        result = mailing.run("correct")
        assert result.exit_code == 1, result.output
        assert "row 3, Postnr: The list says something else by now" in result.output
        assert [(each["row"], each["column"]) for each in corrections(mailing)] == [(5, "Postnr")]

    @pytest.mark.slow
    def test_the_key_itself_is_corrected(self, mailing: MailingFolder, workbook: Path) -> None:
        edit(workbook, C3="1003b", G3="0150", G2="0581")
        assert mailing.run("correct").exit_code == 0
        mailing.run("send", "--sandbox")
        assert mailing.report()[2]["identifier"] == "test-1003b"
        assert mailing.run("correct", "--row", "4", "Postnr=0153").exit_code == 0
        assert mailing.report()[2]["Kundenr."] == "1003b"
        assert mailing.run("check").exit_code == 0

    @pytest.mark.parametrize("sorted_whole", [False, True])
    def test_one_of_which_a_column_was_sorted_alone_is_refused(
        self, mailing: MailingFolder, workbook: Path, sorted_whole: bool
    ) -> None:
        """Whole rows may be sorted, and two values may change places."""
        names = ("Åse", "Per", "Kari")
        mailing.write(*(row(at, postnr="15", fornavn=name) for at, name in enumerate(names, 1)))
        workbook.unlink()
        mailing.run("check", "--needs-attention", str(workbook))
        lines = cells_of(workbook)[1:]
        moved = range(2, 10) if sorted_whole else [3]
        places = {
            f"{chr(65 + column)}{2 + at}": lines[(at + 1) % 3][column]
            for at in range(3)
            for column in moved
        }
        edit(workbook, **places | {f"G{at}": "0150" for at in (2, 3, 4)})
        result = mailing.run("correct")
        assert result.exit_code == (0 if sorted_whole else 2), result.output
        assert sorted_whole or "rows 2, 3 and 4" in result.output
        assert bool(corrections(mailing)) is sorted_whole

    def test_a_column_that_the_list_has_not_is_told(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        edit(workbook, K1="Merknad", K2="x", G2="0581")
        result = mailing.run("correct")
        assert "The list has no column “Merknad”" in result.output
        assert len(corrections(mailing)) == 1

    def test_what_a_filter_hides_is_taken(self, mailing: MailingFolder, workbook: Path) -> None:
        edit(workbook, G2="0581", G3="0150")
        book = openpyxl.load_workbook(workbook)
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["F"].hidden = True
        book.save(workbook)
        assert mailing.run("correct").exit_code == 0
        assert len(corrections(mailing)) == 2

    @pytest.mark.slow
    def test_two_rows_that_nothing_tells_apart_cannot_be_corrected(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        mailing.write(row(1), row(2, postnr="15"), row(2, postnr="15"))
        workbook.unlink()
        mailing.run("check", "--needs-attention", str(workbook))
        edit(workbook, G2="0150")
        result = mailing.run("correct")
        assert result.exit_code == 1, result.output
        assert "is the same as another one" in result.output
        assert corrections(mailing) == []

    @pytest.mark.slow
    def test_one_of_version_0_1_is_taken(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, postnr="581"), row(3, postnr="15"), row(4))
        headings = HEADINGS.split(";")
        rows = {3: row(2, postnr="581").split(";"), 4: row(3, postnr="15").split(";")}
        path = mailing.folder / "needs-attention-2.xlsx"
        as_0_1_wrote_it(path, headings, rows)
        assert mailing.run("send", "--sandbox").exit_code == 1, "nobody has saved it"
        as_0_1_wrote_it(path, headings, rows)
        edit(path, E2="0581", A3="1003b", E3="0150")
        assert mailing.run("send", "--sandbox").exit_code == 2
        result = mailing.run("correct")
        assert result.exit_code == 0, result.output
        assert [(each["row"], each["column"], each["now"]) for each in corrections(mailing)] == [
            (3, "Postnr", "0581"),
            (4, "Kundenr.", "1003b"),
            (4, "Postnr", "0150"),
        ]
        assert mailing.run("send", "--sandbox").exit_code == 0
        assert not path.exists()

    def test_as_a_list_it_is_refused_with_what_to_do(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        for command in ("check", "send --sandbox", "preview"):
            name, *options = command.split()
            result = mailing.run(name, *options, "--list", str(workbook))
            assert result.exit_code == 2
            assert f"batchsend correct {mailing.path} {workbook}" in result.output

    def test_another_file_is_refused(self, mailing: MailingFolder) -> None:
        result = mailing.run("correct", str(mailing.folder / "list.csv"))
        assert result.exit_code == 2
        assert "no needs-attention workbook" in result.output
        assert mailing.run("correct").exit_code == 2

    @pytest.mark.slow
    @pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
    def test_saved_by_libreoffice(self, mailing: MailingFolder, workbook: Path) -> None:
        mailing.write(
            row(1),
            row(2, postnr="581", beløp="1234.5", e_post="2026-11-01"),
            row(3, kundenr="0003", postnr="15"),
        )
        workbook.unlink()
        mailing.run("check", "--needs-attention", str(workbook))
        saved_by_libreoffice(workbook)
        assert mailing.run("correct", str(workbook)).exit_code == 0
        assert corrections(mailing) == [], "saving alone corrects nothing"
        edit(workbook, G2="0581", G3="0150")
        saved_by_libreoffice(workbook)
        result = mailing.run("correct")
        assert result.exit_code == 0, result.output
        assert [each["now"] for each in corrections(mailing)] == ["0581", "0150"]


class TestPlace:
    @pytest.mark.slow
    def test_corrections_that_are_not_taken_are_never_written_over(
        self, mailing: MailingFolder, workbook: Path
    ) -> None:
        mailing.run("send", "--sandbox")
        edit(workbook, G3="0150")
        mine = workbook.read_bytes()
        told = mailing.run("report")
        beside = mailing.folder / "needs-attention-new.xlsx"
        assert workbook.read_bytes() == mine
        assert f"{workbook} holds corrections that are not used yet" in told.output
        assert len(cells_of(beside)) == 3
        mailing.run("correct")
        mailing.run("send", "--sandbox")
        assert [line[1] for line in cells_of(workbook)[1:]] == [3]
        assert not beside.exists()

    @pytest.mark.slow
    @pytest.mark.parametrize("lock", ["~$needs-attention.xlsx", ".~lock.needs-attention.xlsx#"])
    def test_it_is_not_replaced_while_it_is_open(
        self, mailing: MailingFolder, workbook: Path, lock: str
    ) -> None:
        before = workbook.read_bytes()
        (mailing.folder / lock).write_bytes(b"kari")
        told = mailing.run("send", "--sandbox")
        assert f"{workbook} is open in another program" in told.output
        assert workbook.read_bytes() == before
        assert (mailing.folder / "needs-attention-new.xlsx").exists()
        (mailing.folder / lock).unlink()
        mailing.run("report")
        assert not (mailing.folder / "needs-attention-new.xlsx").exists()

    @pytest.mark.slow
    def test_nor_is_any_report(self, mailing: MailingFolder) -> None:
        mailing.run("send", "--sandbox")
        before = (mailing.folder / "report.csv").read_bytes()
        (mailing.folder / "~$report.csv").write_bytes(b"kari")
        mailing.write(row(1), row(2, postnr="15"))
        told = mailing.run("send", "--sandbox")
        beside = mailing.folder / "report-new.csv"
        assert (mailing.folder / "report.csv").read_bytes() == before
        assert f"The report of now is {beside}." in told.output
        assert [line["status"] for line in read(beside)] == ["accepted", "invalid"]

    @pytest.mark.slow
    def test_a_file_that_may_not_be_replaced_is_left(
        self, mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As on Windows while Excel has it open."""
        mailing.run("send", "--sandbox")
        replace = Path.replace

        def refusing(self: Path, target: Path) -> Path:
            if Path(target).name == "report.csv":
                raise PermissionError(13, "Permission denied", os.fspath(target))
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", refusing)
        told = mailing.run("report")
        assert told.exit_code == 0, told.output
        assert (mailing.folder / "report-new.csv").exists()

    @pytest.mark.slow
    def test_each_mailing_of_a_folder_has_its_own(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, postnr="581"))
        october = mailing.folder / "october.toml"
        october.write_text(MAILING, encoding="utf-8")
        CliRunner().invoke(main, ["send", str(october), "--sandbox"])
        workbook = mailing.folder / "october.needs-attention.xlsx"
        edit(workbook, G2="0581")
        assert CliRunner().invoke(main, ["correct", str(october)]).exit_code == 0
        assert (mailing.folder / "october.corrections.jsonl").exists()
        assert CliRunner().invoke(main, ["check", str(october)]).exit_code == 0
        assert mailing.run("check").exit_code == 1
        assert CliRunner().invoke(main, ["send", str(october), "--sandbox"]).exit_code == 0
        assert not workbook.exists()


class TestCells:
    def test_several_of_a_row(self, mailing: MailingFolder) -> None:
        result = mailing.run("correct", "--row", "3", "Postnr=0151", "e_post=x@example.com")
        assert result.exit_code == 0, result.output
        assert [(each["column"], each["was"]) for each in corrections(mailing)] == [
            ("Postnr", "0150"),
            ("E-post", "kunde2@example.com"),
        ]

    def test_what_the_list_says_again_is_no_longer_corrected(self, mailing: MailingFolder) -> None:
        mailing.run("correct", "--row", "3", "Postnr=0151")
        result = mailing.run("correct", "--row", "3", "Postnr=0150")
        assert result.exit_code == 0, result.output
        assert corrections(mailing) == []

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--row", "99", "Postnr=1"], "has no recipient in row 99"),
            (["--row", "3", "Hund=1"], "has no column “Hund”"),
            (["--row", "3", "Postnr"], "“Postnr” is no correction"),
            (["--row", "3"], "Say what the cells are to say"),
            (["Postnr=1"], "Name the row of these cells"),
            (["--undo"], "nothing is undone"),
            (["--undo", "--row", "3"], "No cell of row 3 is corrected"),
            (["--certain", "--undo"], "Choose one"),
        ],
    )
    def test_what_cannot_be_done_is_said(
        self, mailing: MailingFolder, options: list[str], said: str
    ) -> None:
        result = mailing.run("correct", *options)
        assert result.exit_code == 2
        assert said in result.output
        assert not (mailing.folder / "corrections.jsonl").exists()

    def test_undoing_is_of_what_was_taken_last_or_of_a_row(self, mailing: MailingFolder) -> None:
        mailing.run("correct", "--row", "3", "Postnr=0151", "Poststed=Bergen")
        mailing.run("correct", "--row", "4", "Postnr=0152")
        mailing.run("correct", "--undo", "--row", "3")
        assert [each["row"] for each in corrections(mailing)] == [4]
        mailing.run("correct", "--row", "3", "Postnr=0151", "Poststed=Bergen")
        result = mailing.run("correct", "--undo")
        assert "2 corrections undone" in result.output
        assert [each["row"] for each in corrections(mailing)] == [4]

    def test_a_list_from_standard_input_cannot_be_corrected(self, mailing: MailingFolder) -> None:
        result = mailing.run("correct", "--list", "-", "--row", "3", "Postnr=1")
        assert result.exit_code == 2
        assert "only once" in result.output

    def test_national_ids_are_masked(self, mailing: MailingFolder) -> None:
        text = "\r\n".join(
            [f"Fødselsnummer;{HEADINGS}", f"12817549460;{row(1)}", f"12817549461;{row(1)}"]
        )
        (mailing.folder / "list.csv").write_bytes(text.encode("cp1252"))
        result = mailing.run("correct", "--row", "3", "Fødselsnummer=12817549462", "Postnr=1")
        shown = mailing.run("correct", "--show")
        (mailing.folder / "list.csv").write_bytes(text.replace("9461", "9463").encode("cp1252"))
        told = mailing.run("check")
        assert "Not corrected" in told.output
        for output in (result.output, shown.output, told.output):
            assert "1281754946" not in output
            assert "128175*****" in output


class TestCertain:
    @pytest.mark.slow
    def test_is_listed_and_asked_for(
        self, mailing: MailingFolder, workbook: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refused = mailing.run("correct", "--certain")
        assert refused.exit_code == 2
        assert "0581" in refused.output
        assert "Add --yes" in refused.output
        assert corrections(mailing) == []
        assert mailing.run("correct", "--certain", "--yes").exit_code == 0
        assert [(each["row"], each["now"]) for each in corrections(mailing)] == [(3, "0581")]
        assert "No cell" in mailing.run("correct", "--certain").output


class TestCheck:
    def test_writes_all_rows_of_a_letter_that_is_kept_back(self, mailing: MailingFolder) -> None:
        mailing.edit('path = "list.csv"', 'path = "list.csv"\ngroup_by = ["kundenr"]')
        mailing.write(
            row(1), row(2), row(3), row(2, beløp="2"), row(2, beløp="x"), row(1, beløp="3")
        )
        path = mailing.folder / "back.xlsx"
        result = mailing.run("check", "--needs-attention", str(path))
        assert result.exit_code == 1, result.output
        assert f"3 rows to be corrected: {path}" in result.output
        sheet = openpyxl.load_workbook(path).active
        assert [(line[2], line[9]) for line in sheet.values][1:] == [
            (1002, "1 234,50"),
            (1002, 2),
            (1002, "x"),
        ]
        assert [cell.fill.fill_type for cell in sheet["J"]][1:] == [None, None, "solid"]
        edit(path, J4="4")
        assert mailing.run("correct", str(path)).exit_code == 0
        again = mailing.run("check")
        assert again.exit_code == 0, again.output
        assert "6 rows: 3 letters can be sent, 0 rows held back." in again.output

    def test_says_in_full_what_is_wrong(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(1), row(2, postnr="150", beløp="x"))
        told = mailing.run("check").output
        assert "or build Identifier from columns that tell them apart." in told
        mailing.run("send", "--sandbox")
        assert " it stays. · Beløp: " in mailing.report()[2]["reason"]

    def test_does_not_write_over_a_file_of_yours(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, postnr="150"))
        path = mailing.folder / "customers.xlsx"
        openpyxl.Workbook().save(path)
        mine = path.read_bytes()
        result = mailing.run("check", "--needs-attention", str(path))
        assert result.exit_code == 2
        assert "is not changed" in result.output
        assert path.read_bytes() == mine

    def test_takes_its_own_away_when_there_is_nothing_to_correct(
        self, mailing: MailingFolder
    ) -> None:
        path = mailing.folder / "back.xlsx"
        mailing.write(row(1), row(2, postnr="150"))
        mailing.run("check", "--needs-attention", str(path))
        assert path.exists()
        mailing.write(row(1), row(2))
        assert mailing.run("check", "--needs-attention", str(path)).exit_code == 0
        assert not path.exists()

    def test_asks_for_the_name_of_a_workbook(self, mailing: MailingFolder) -> None:
        result = mailing.run("check", "--needs-attention", "back.csv")
        assert result.exit_code == 2
        assert "must end in .xlsx" in result.output

    def test_writes_its_problems_as_a_workbook(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, postnr="150"))
        path = mailing.folder / "problems.xlsx"
        assert mailing.run("check", "--problems", str(path)).exit_code == 1
        assert openpyxl.load_workbook(path).active["B2"].value == "Postnr"


@pytest.mark.slow
def test_a_refused_row_is_accepted_in_the_first_report_once_it_is_corrected(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1), row(2))
    api.misbehave(letters={"test-1002": [Fault.ESCAPES]})
    assert send(mailing, api).exit_code == 1
    assert mailing.statuses() == {2: "accepted", 3: "rejected"}
    edit(mailing.folder / "needs-attention.xlsx", F2="Storgata 22")
    assert mailing.run("correct").exit_code == 0
    assert send(mailing, api).exit_code == 0
    first = mailing.folder / "first.csv"
    assert mailing.run("report", "--run", "1", "--report", str(first)).exit_code == 0
    refused = read(first)[1]
    assert (refused["status"], refused["Adresse"]) == ("accepted", "Storgata 2")


@pytest.mark.slow
def test_a_number_that_is_shown_otherwise_is_corrected_as_it_is(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit("list.csv", "list.xlsx")
    mailing.edit(
        'Address1 = "{{ adresse }}"', 'Address1 = "{{ adresse }}"\nAddress2 = "{{ andel }}"'
    )
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEADINGS.split(";"), "Andel"])
    for at, place in ((1, "Oslo"), (2, "")):
        sheet.append(
            [1000 + at, "Åse", f"Bjørk {at}", f"Gate {at}", 150, place, "", 33.3333333, 0.2561]
        )
        for column, code in (("E", "[<=9999]0000;General"), ("H", "0.00"), ("I", "0%")):
            sheet[f"{column}{at + 1}"].number_format = code
    book.save(mailing.folder / "list.xlsx")
    assert send(mailing, api).exit_code == 1
    path = mailing.folder / "needs-attention.xlsx"
    sheet = openpyxl.load_workbook(path).active
    assert [(sheet[place].value, sheet[place].number_format) for place in ("G2", "J2", "K2")] == [
        (150, "[>=0]0000;General"),
        (33.3333333, "0.00"),
        (0.2561, "0%"),
    ]
    edit(path, H2="Oslo")
    assert mailing.run("correct").exit_code == 0
    assert [each["column"] for each in corrections(mailing)] == ["Poststed"]
    assert send(mailing, api).exit_code == 0
    taken = {letter["identifier"]: letter["fields"]["Invoicee"] for letter in api.taken()}
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]
    assert {fields["PostCode"] for fields in taken.values()} == {"0150"}
    assert {fields["Address2"] for fields in taken.values()} == {"26%"}


@pytest.mark.slow
def test_the_command_for_a_workbook_that_was_named_as_the_list_works(
    mailing: MailingFolder, workbook: Path
) -> None:
    """`--list needs-attention.xlsx`, as with 0.1: what is printed can be run as it is."""
    edit(workbook, G2="0581")
    refused = mailing.run("send", "--sandbox", "--list", str(workbook))
    assert refused.exit_code == 2
    commands = re.findall(r"batchsend (correct .*)", refused.output)
    assert len(commands) == 1
    taken = CliRunner().invoke(main, shlex.split(commands[0]))
    assert taken.exit_code == 0, taken.output
    assert "1 correction kept" in taken.output


def test_it_says_which_column_was_meant_and_that_nothing_is_new(mailing: MailingFolder) -> None:
    told = mailing.run("correct", "--row", "3", "Postkode=0581")
    assert "“Postkode” was taken for the column “Postnr”." in told.output
    again = mailing.run("correct", "--row", "3", "postnr=0581")
    assert again.exit_code == 0
    assert "says so already: nothing is new" in again.output
    assert "0 corrections" not in again.output
    assert "was taken for" not in again.output, "capitals are the same name"


def test_headings_with_a_comma_are_told_apart(mailing: MailingFolder) -> None:
    text = (mailing.folder / "list.csv").read_bytes().replace(b"Etternavn", b"Etternavn, Fornavn")
    (mailing.folder / "list.csv").write_bytes(text)
    mailing.edit("{{ etternavn }}", "{{ etternavn_fornavn }}")
    told = mailing.run("correct", "--row", "3", "Nei=1").output.replace("\n", " ")
    assert "Kundenr., Fornavn, “Etternavn, Fornavn”, Adresse" in told
