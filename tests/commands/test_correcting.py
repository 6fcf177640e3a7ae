"""What comes back is corrected in a workbook and sent again: every letter once, nothing lost."""

from __future__ import annotations

import shlex
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
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


def correct(path: Path, **cells: str) -> None:
    """Type into cells of a workbook and save it, as in Excel."""
    book = openpyxl.load_workbook(path)
    for place, text in cells.items():
        book.active[place] = text
    book.save(path)


def formatted(mailing: MailingFolder, town: str) -> None:
    """A workbook whose numbers are shown otherwise than they are stored, the town as given."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEADINGS.split(";"), "Andel"])
    for at, place in ((1, "Oslo"), (2, town)):
        sheet.append(
            [1000 + at, "Åse", f"Bjørk {at}", f"Gate {at}", 150, place, "", 33.3333333, 0.2561]
        )
        for column, code in (("E", "[<=9999]0000;General"), ("H", "0.00"), ("I", "0%")):
            sheet[f"{column}{at + 1}"].number_format = code
    book.save(mailing.folder / "list.xlsx")


def test_a_number_that_is_shown_otherwise_is_corrected_as_it_is(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.edit("list.csv", "list.xlsx")
    mailing.edit(
        'Address1 = "{{ adresse }}"', 'Address1 = "{{ adresse }}"\nAddress2 = "{{ andel }}"'
    )
    formatted(mailing, "")
    assert send(mailing, api).exit_code == 1
    path = mailing.folder / "needs-attention.xlsx"
    sheet = openpyxl.load_workbook(path).active
    assert [(sheet[place].value, sheet[place].number_format) for place in ("E2", "H2", "I2")] == [
        (150, "[>=0]0000;General"),
        (33.3333333, "0.00"),
        (0.2561, "0%"),
    ]
    correct(path, F2="Oslo")
    assert send(mailing, api, "--list", str(path)).exit_code == 0

    taken = {letter["identifier"]: letter["fields"]["Invoicee"] for letter in api.taken()}
    assert sorted(api.identifiers()) == ["test-1001", "test-1002"]
    assert {fields["PostCode"] for fields in taken.values()} == {"0150"}
    assert {fields["Address2"] for fields in taken.values()} == {"26%"}

    formatted(mailing, "Oslo")  # the list itself is corrected, too
    again = send(mailing, api)
    assert again.exit_code == 0, again.output
    assert len(api.identifiers()) == 2
    assert set(mailing.statuses().values()) == {"accepted"}


def send(mailing: MailingFolder, api: Api, *options: str) -> Result:
    return mailing.run("send", "--base-url", api.base_url, "--yes", *options)


def test_from_a_wrong_list_to_every_letter_once(titled: MailingFolder, api: Api) -> None:
    first = send(titled, api)
    workbook = titled.folder / "needs-attention.xlsx"
    assert first.exit_code == 1, first.output
    assert f"2 rows to be corrected: {workbook}" in first.output
    assert f"batchsend send {titled.path} --list {workbook}" in first.output
    assert [
        [cell or "" for cell in cells] for cells in openpyxl.load_workbook(workbook).active.values
    ] == [
        [*TITLED.splitlines()[1].split(";"), "What is wrong (batchsend)"],
        [
            *("0008", "Kåre", "Ærø", "Storgata 2", "150", "Oslo", "b@example.com", "10,50"),
            *("Fra 01.02.2026\nog =SUM(1)", first_reason(titled, 4)),
        ],
        [
            *("0009", "Søren", "Nybø", "Storgata 3", "0150", "Oslo", "c.example.com", "1"),
            *("02.03.2026", first_reason(titled, 5)),
        ],
    ]

    correct(workbook, E2="0151", G3="c@example.com")
    again = send(titled, api, "--list", str(workbook))
    assert again.exit_code == 0, again.output
    assert titled.run("report", "--attention").exit_code == 0
    taken = {letter["identifier"]: letter["fields"]["Invoicee"] for letter in api.taken()}
    assert sorted(api.identifiers()) == ["test-0007", "test-0008", "test-0009"]
    assert taken["test-0008"]["Name"] == "Kåre Ærø"
    assert taken["test-0008"]["PostCode"] == "0151"
    assert taken["test-0009"]["CustomerNo"] == "0009"

    whole = titled.report()
    assert [line["status"] for line in whole] == ["accepted"] * 3, "it is of the whole list"
    assert titled.run("report").exit_code == 0
    assert titled.report() == whole
    assert send(titled, api, "--list", str(workbook)).exit_code == 0
    assert len(api.identifiers()) == 3

    assert whole[2]["reason"].endswith("its letter went in run 2.")


def test_the_same_letters_are_known_from_the_corrected_list(
    titled: MailingFolder, api: Api
) -> None:
    send(titled, api)
    workbook = titled.folder / "needs-attention.xlsx"
    correct(workbook, E2="0151", G3="c@example.com")
    send(titled, api, "--list", str(workbook))
    corrected = TITLED.replace(";150;", ";0151;").replace("c.example", "c@example")
    (titled.folder / "list.csv").write_bytes(corrected.encode("cp850"))
    result = send(titled, api)
    assert result.exit_code == 0, result.output
    assert len(api.identifiers()) == 3


def test_a_refused_row_is_accepted_in_the_first_report_once_it_is_corrected(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(row(1), row(2))
    api.misbehave(letters={"test-1002": [Fault.ESCAPES]})
    assert send(mailing, api).exit_code == 1
    assert mailing.statuses() == {2: "accepted", 3: "rejected"}
    mailing.write(row(1), row(2, adresse="Storgata 22"))
    assert send(mailing, api).exit_code == 0
    first = mailing.folder / "first.csv"
    assert mailing.run("report", "--run", "1", "--report", str(first)).exit_code == 0
    refused = read(first)[1]
    assert (refused["status"], refused["Adresse"]) == ("accepted", "Storgata 2")
    assert refused["reason"] == "Changed since this list; its letter went in run 2."


def test_nobodys_corrections_are_written_over(mailing: MailingFolder, api: Api) -> None:
    mailing.write(row(1), row(2, postnr="150"), row(3, postnr="15"))
    workbook, second = (
        mailing.folder / name for name in ("needs-attention.xlsx", "needs-attention-2.xlsx")
    )
    send(mailing, api)
    correct(workbook, E2="0150")
    mine = workbook.read_bytes()
    assert send(mailing, api, "--list", str(workbook)).exit_code == 1
    assert workbook.read_bytes() == mine
    assert [line[0] for line in openpyxl.load_workbook(second).active.values][1:] == ["1003"]
    correct(workbook, E3="0150")
    assert send(mailing, api, "--list", str(workbook)).exit_code == 0
    assert workbook.exists()
    assert not second.exists(), "what nobody has worked on goes when it is out of date"
    assert sorted(api.identifiers()) == ["test-1001", "test-1002", "test-1003"]


def test_there_is_none_where_every_row_is_right(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2, postnr="150"))
    october = mailing.folder / "october.toml"
    october.write_text(MAILING, encoding="utf-8")
    workbook = mailing.folder / "october.needs-attention.xlsx"
    CliRunner().invoke(main, ["send", str(october), "--sandbox"])
    assert workbook.exists()
    mailing.write(row(1), row(2))
    assert CliRunner().invoke(main, ["send", str(october), "--sandbox"]).exit_code == 0
    assert not workbook.exists()


class TestReport:
    def test_writes_it_again_with_the_cells_coloured(
        self, mailing: MailingFolder, api: Api
    ) -> None:
        mailing.write(row(1), row(2, postnr="150"))
        send(mailing, api)
        workbook = mailing.folder / "needs-attention.xlsx"
        first = workbook.read_bytes()
        workbook.unlink()
        again = mailing.run("report")
        assert f"1 row to be corrected: {workbook}" in again.output
        cells = [
            list(openpyxl.load_workbook(io).active.values) for io in (workbook, BytesIO(first))
        ]
        assert cells[0] == cells[1]
        assert openpyxl.load_workbook(workbook).active["E2"].fill.fgColor.rgb == "FFFFC7CE"

    def test_leaves_what_somebody_has_saved(self, mailing: MailingFolder, api: Api) -> None:
        mailing.write(row(1), row(2, postnr="150"))
        send(mailing, api)
        workbook = mailing.folder / "needs-attention.xlsx"
        correct(workbook, E2="0150")
        mine = workbook.read_bytes()
        assert "needs-attention-2.xlsx" in mailing.run("report").output
        assert workbook.read_bytes() == mine


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
        assert [(line[0], line[7]) for line in sheet.values][1:] == [
            ("1002", "1 234,50"),
            ("1002", "2"),
            ("1002", "x"),
        ]
        assert [cell.fill.fill_type for cell in sheet["H"]][1:] == [None, None, "solid"]
        correct(path, H4="4")
        again = mailing.run("check", "--list", str(path))
        assert again.exit_code == 0, again.output
        assert "3 rows: 1 letter can be sent, 0 rows held back." in again.output

    def test_proposes_another_workbook_than_the_one_it_has_read(
        self, mailing: MailingFolder
    ) -> None:
        mailing.write(row(1, postnr="150"))
        path = mailing.folder / "needs-attention.xlsx"
        mailing.run("check", "--needs-attention", str(path))
        correct(path, E2="15")
        proposed = mailing.run("check", "--list", str(path)).output.splitlines()[-1]
        assert proposed.endswith(f"--needs-attention {path.with_stem('needs-attention-2')}")
        _batchsend, command, _mailing, *options = shlex.split(proposed)
        again = mailing.run(command, *options)
        assert again.exit_code == 1, again.output
        assert path.with_stem("needs-attention-2").exists()

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

    def test_what_looks_like_a_footer_in_it_is_a_row_all_the_same(
        self, mailing: MailingFolder
    ) -> None:
        mailing.write(row(1, postnr="150"), "Total Betong;;;;;;;")
        mailing.edit('path = "list.csv"', 'path = "list.csv"\nfooter_rows = 0')
        path = mailing.folder / "back.xlsx"
        mailing.run("check", "--needs-attention", str(path))
        again = mailing.run("check", "--list", str(path))
        assert "2 rows: 0 letters can be sent, 2 rows held back." in again.output


def first_reason(mailing: MailingFolder, number: int) -> str:
    reasons = {int(line["row"]): line["reason"] for line in mailing.report()}
    return f"Row {number}: {reasons[number]}"
