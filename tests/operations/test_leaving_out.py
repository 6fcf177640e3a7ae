"""Rows left out on purpose: skip, exclude lists, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letters.conftest import recipients
from mailings import MailingFolder, row

from batchsend.errors import ListError, SettingsError
from batchsend.letters import Checked, says_no, skipped
from batchsend.mailing import Mailing
from batchsend.operations.check import check


@pytest.fixture
def mailing(tmp_path: Path) -> MailingFolder:
    return MailingFolder(tmp_path)


def set_in_list(mailing: MailingFolder, setting: str) -> None:
    mailing.edit('path = "list.csv"', f'path = "list.csv"\n{setting}')


def exclude(mailing: MailingFolder, text: str, *more: str, match: str = '"kundenr"') -> Path:
    path = mailing.folder / "betalt.csv"
    path.write_text(text, encoding="utf-8")
    lines = "\n".join(("[[list.exclude]]", 'path = "betalt.csv"', f"match = {match}", *more))
    set_in_list(mailing, lines)
    return path


def checked(mailing: MailingFolder) -> Checked:
    return check(Mailing.load(mailing.path))


def left_out(mailing: MailingFolder) -> dict[int, str]:
    return dict(checked(mailing).left_out.iter_rows())


class TestSkip:
    SAID = "skip = \"{{ 'ikke send' in adresse | lower }}\""

    def test_the_row_gets_no_letter_and_stands_in_the_report_with_its_reason(
        self, mailing: MailingFolder
    ) -> None:
        mailing.write(row(1), row(2, adresse="IKKE SEND brev - flyttet", postnr="x"), row(3))
        set_in_list(mailing, self.SAID)
        result = mailing.run("send", "--sandbox")
        assert result.exit_code == 0, result.output
        assert result.output.count("IKKE SEND brev") == 1, "it is told once"
        assert mailing.statuses() == {2: "accepted", 3: "left out", 4: "accepted"}
        line = mailing.report()[1]
        assert line["reason"] == "By skip under [list]: Adresse is “IKKE SEND brev - flyttet”."
        assert line["Kundenr."] == "1002"
        assert not list(mailing.folder.glob("needs-attention*"))

    def test_check_and_plan_tell_it(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, adresse="ikke send"))
        set_in_list(mailing, self.SAID)
        told = mailing.run("check")
        assert "1 row left out:\n  Row 3: By skip" in told.output
        assert told.exit_code == 0
        facts = json.loads(mailing.run("check", "--json").stdout)
        assert facts["rows_left_out"] == 1
        assert [each["row"] for each in facts["first_left_out"]] == [3]
        assert "Rows left out" in mailing.run("send", "--sandbox").output
        sent = json.loads(mailing.run("send", "--sandbox", "--json").stdout)
        assert sent["plan"]["rows_left_out"] == 1

    def test_several_expressions_each_leave_out(self, mailing: MailingFolder) -> None:
        set_in_list(mailing, 'skip = ["{{ poststed }}", "{{ \'flyttet\' in adresse }}"]')
        mailing.write(row(1, poststed="ja"), row(2, adresse="flyttet", poststed=""),
                      row(3, poststed="Nei"))  # fmt: skip
        assert list(left_out(mailing)) == [2, 3]

    def test_a_national_id_in_the_cell_is_masked(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, adresse="ikke send 01857212345"))
        set_in_list(mailing, self.SAID)
        assert "018572*****" in left_out(mailing)[3]

    def test_a_row_of_which_it_cannot_be_told_is_held(self, mailing: MailingFolder) -> None:
        set_in_list(mailing, 'skip = "{{ (beløp | int - 5) // (postnr | int) }}"')
        mailing.write(row(1, beløp="5"), row(2, postnr="0", beløp="5"))
        found = checked(mailing)
        assert found.left_out.is_empty()
        assert found.problems.filter(severity="error")["row"].to_list()[0] == 3

    @pytest.mark.parametrize(
        ("skip", "says"),
        [("ja", "names no column"), ("{{ merknad }}", "merknad"), ("{{ navn", "list.skip")],
    )
    def test_what_cannot_be_right_stops_the_mailing(
        self, mailing: MailingFolder, skip: str, says: str
    ) -> None:
        set_in_list(mailing, f'skip = "{skip}"')
        with pytest.raises(SettingsError, match=says):
            checked(mailing)

    def test_another_list_keeps_it(self, mailing: MailingFolder) -> None:
        set_in_list(mailing, self.SAID)
        text = (mailing.folder / "list.csv").read_text(encoding="cp1252")
        other = mailing.folder / "feb.csv"
        other.write_text(text.replace("Storgata 2", "ikke send"), encoding="utf-8")
        found = check(Mailing.load(mailing.path).of_list(other))
        assert found.left_out["row"].to_list() == [3]

    def test_it_is_asked_once_for_each_text_that_stands_there(self) -> None:
        rows = [(str(number), "ikke send" if number % 7 == 0 else "") for number in range(100_000)]
        found, wrong = skipped(
            recipients(("Nr", "Merknad"), rows), ["{{ 'ikke send' in merknad }}"], "Europe/Oslo"
        )
        assert found.height == len(range(0, 100_000, 7))
        assert found["row"].head(3).to_list() == [2, 9, 16]
        assert wrong.is_empty()

    @pytest.mark.parametrize(
        "text", ["", " ", "False", "FALSE", "0", "0,00", "None", "nei", "NEJ", "no", "USANN", "-"]
    )
    def test_what_leaves_a_row_in(self, text: str) -> None:
        assert pl.select(says_no(pl.lit(text))).item()

    @pytest.mark.parametrize("text", ["True", "1", "x", "ja", "2026-01-01", "ikke send", "00x"])
    def test_what_leaves_a_row_out(self, text: str) -> None:
        assert not pl.select(says_no(pl.lit(text))).item()


class TestExclude:
    def test_rows_are_named_however_the_number_is_written(self, mailing: MailingFolder) -> None:
        exclude(mailing, "Kundenr.;x\n01001;\n1002.0;\n 1 003 ;\n9999;\n", 'reason = "paid since"')
        found = left_out(mailing)
        assert found == {
            2: "Paid since: row 2 of betalt.csv.",
            3: "Paid since: row 3 of betalt.csv.",
            4: "Paid since: row 4 of betalt.csv.",
        }
        assert any("3 of 4 rows found" in note and "row 5" in note
                   for note in checked(mailing).notes)  # fmt: skip

    def test_several_columns_all_have_to_agree(self, mailing: MailingFolder) -> None:
        mailing.write(row(1, etternavn="Bjørk", fornavn="Åse"), row(2, etternavn="Bjørk"),
                      row(3, etternavn="Bjørk", postnr="0581"))  # fmt: skip
        exclude(mailing, "Navn,Pnr\nBJØRK,581\n",
                match='{ etternavn = "Navn", postnr = "Pnr" }')  # fmt: skip
        assert list(left_out(mailing)) == [4]

    def test_a_name_agrees_in_whatever_order(self, mailing: MailingFolder) -> None:
        mailing.write(row(1, fornavn="Nordmann, Kari"), row(2))
        exclude(mailing, "fornavn\nKari Nordmann\n", match='["fornavn"]')
        assert list(left_out(mailing)) == [2]

    def test_nothing_agrees_with_nothing(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, e_post=""), row(3, e_post="-"))
        exclude(mailing, "e_post;x\n;1\n-;2\nkunde1@example.com;3\n", match='"e_post"')
        assert list(left_out(mailing)) == [2]

    def test_a_warning_sends_the_letter(self, mailing: MailingFolder) -> None:
        exclude(mailing, "kundenr;x\n1002;\n", 'as = "warn"', 'reason = "returned last time"')
        found = checked(mailing)
        assert (found.letters, found.left_out.height) == (6, 0)
        assert found.problems.row(0)[0::3] == (3, "Returned last time: row 2 of betalt.csv.")

    def test_its_last_row_is_no_footer(self, mailing: MailingFolder) -> None:
        exclude(mailing, "Kundenr.;Navn;Sum\n1001;a;5,00\n1002;;5,00\n")
        assert list(left_out(mailing)) == [2, 3]

    def test_workbooks_are_read_as_lists_are(self, mailing: MailingFolder) -> None:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in (["Betalt i oktober"], ["Kundenr.", "Beløp"], [1001, 5], [1004, 6]):
            sheet.append(line)
        book.save(mailing.folder / "betalt.xlsx")
        set_in_list(mailing, '[[list.exclude]]\npath = "betalt.xlsx"\nmatch = "kundenr"')
        assert list(left_out(mailing)) == [2, 5]

    def test_one_that_may_be_cut_short_says_so(self, mailing: MailingFolder) -> None:
        page = "<table><tr><td>kundenr</td></tr><tr><td>1002</td></tr>"
        exclude(mailing, page)
        found = checked(mailing)
        assert found.left_out["row"].to_list() == [3]
        assert any("See its row 2" in note and "cut short" in note for note in found.notes)

    def test_a_code_page_to_be_set_is_that_of_the_exclude_list(
        self, mailing: MailingFolder
    ) -> None:
        path = exclude(mailing, "")
        path.write_bytes("navn\nÞórsdóttir\nÓlafur\nGuðmundur\n".encode("cp861"))
        with pytest.raises(ListError) as refused:
            checked(mailing)
        assert 'encoding = "cp861" under [[list.exclude]]' in str(refused.value.hint)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "exclude list cannot be used: betalt.csv is empty"),
            ("Kundenr.;x\n", "no rows below"),
            ("Kundenr.;x\n77;y\n78;z\n", "None of the rows of betalt.csv"),
            ("Kundenr.;x\n;y\n;z\n", "None of the rows of betalt.csv"),
        ],
    )
    def test_one_that_names_nobody_stops_the_run(
        self, mailing: MailingFolder, text: str, says: str
    ) -> None:
        exclude(mailing, text)
        result = mailing.run("send", "--sandbox")
        assert result.exit_code == 2
        assert says in " ".join(result.output.split())
        assert not (mailing.folder / "report.csv").exists()

    def test_one_without_the_column_stops_the_run(self, mailing: MailingFolder) -> None:
        exclude(mailing, "Customer;x\n1001;y\n1002;z\n")
        with pytest.raises(SettingsError, match=r"betalt\.csv: the list has no column “kundenr”"):
            checked(mailing)

    def test_a_missing_one_stops_the_run(self, mailing: MailingFolder) -> None:
        exclude(mailing, "kundenr\n1001\n").unlink()
        with pytest.raises(ListError, match=r"There is no list .*betalt\.csv"):
            checked(mailing)

    def test_one_that_may_name_nobody_does_not(self, mailing: MailingFolder) -> None:
        exclude(mailing, "Kundenr.;x\n77;y\n", "must_match = false")
        assert checked(mailing).letters == 6

    def test_a_changed_one_is_read_again(self, mailing: MailingFolder) -> None:
        path = exclude(mailing, "Kundenr.;x\n1001;y\n")
        mailing.run("send", "--sandbox")
        path.write_text("Kundenr.;x\n1001;y\n1002;y\n")
        mailing.run("send", "--sandbox")
        assert [row for row, said in mailing.statuses().items() if said == "left out"] == [2, 3]

    def test_a_wrong_setting_is_named(self, mailing: MailingFolder) -> None:
        exclude(mailing, "Kundenr.;x\n1001;y\n", 'as = "slip"')
        with pytest.raises(SettingsError, match="as"):
            checked(mailing)


class TestGroups:
    @pytest.fixture
    def grouped(self, mailing: MailingFolder) -> MailingFolder:
        mailing.write(row(1), row(1, beløp="x2"), row(2), row(3, beløp="x2"), row(4))
        set_in_list(mailing, 'group_by = ["kundenr"]\nskip = "{{ \'x\' in beløp }}"')
        return mailing

    def test_a_row_leaves_its_letter_and_a_letter_without_rows_is_none(
        self, grouped: MailingFolder
    ) -> None:
        found = checked(grouped)
        assert (found.rows, found.letters, found.held) == (3, 3, 0)
        assert found.left_out["row"].to_list() == [3, 5]
        assert any(note.startswith("Row 3 left out; the other rows of their letters are sent.")
                   for note in found.notes)  # fmt: skip


CELL = st.sampled_from(["", "nei", "ja", "0", "ikke send", "x", "\u00a0", "False"])
WRONG = st.sampled_from(["0150", "", "15"])


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(st.tuples(CELL, WRONG, st.integers(1, 6)), min_size=1, max_size=12),
    named=st.lists(st.integers(1, 8), max_size=4),
    grouped=st.booleans(),
)
def test_every_row_is_sent_held_or_left_out(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[tuple[str, str, int]],
    named: list[int],
    grouped: bool,
) -> None:
    mailing = MailingFolder(tmp_path_factory.mktemp("mailing"))
    mailing.write(*(row(key, e_post=cell, postnr=code) for cell, code, key in lines))
    mailing.edit('Email = "{{ e_post }}"\n', "")
    if named:
        exclude(mailing, "\n".join(["kundenr;x", *(f"{1000 + each};" for each in named)]),
                "must_match = false")  # fmt: skip
    set_in_list(mailing, 'skip = "{{ e_post }}"')
    if grouped:
        set_in_list(mailing, 'group_by = ["kundenr"]')
    out = {
        number
        for number, (cell, _, key) in enumerate(lines, 2)
        if cell in {"ja", "ikke send", "x"} or key in named
    }
    if len(out) == len(lines):
        with pytest.raises(ListError, match="Every row"):
            checked(mailing)
        return
    found = checked(mailing)
    assert set(found.left_out["row"]) == out
    assert found.rows == len(lines) - len(out)
    held = set(found.problems.filter(severity="error")["row"])
    assert not held & out
    if not grouped:
        assert found.letters + found.held + len(out) == len(lines)
