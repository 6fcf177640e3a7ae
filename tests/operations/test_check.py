"""check: what list and template together show before anything is sent."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from mailings import HEADINGS, MailingFolder, row

from batchsend import Mailing, check
from batchsend.commands import main
from batchsend.errors import SettingsError
from batchsend.starter import begin_letter


def test_a_character_no_font_has_is_named_with_its_row(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2, fornavn="Åse", etternavn="Bjørk"))
    path = mailing.folder / "list.csv"
    text = path.read_bytes().decode("cp1252").replace("Bjørk;", "王小明;")
    path.write_bytes(text.encode("utf-8-sig"))
    problems = check(Mailing.load(mailing.path)).problems
    told = problems.filter(row=3).filter(problems.filter(row=3)["message"].str.contains("font"))
    assert told.height == 1
    assert told["severity"].item() == "warning"
    assert told["value"].item() == "王 小 明"


def test_what_the_template_prints_besides_the_address_is_looked_at_too(
    mailing: MailingFolder,
) -> None:
    template = mailing.folder / "letter.html"
    text = template.read_text(encoding="utf-8").replace("</body>", "{{ kundenr }}</body>")
    template.write_text(text, encoding="utf-8")
    path = mailing.folder / "list.csv"
    path.write_text(path.read_bytes().decode("cp1252").replace("1003", "100三"), encoding="utf-8")
    problems = check(Mailing.load(mailing.path)).problems
    assert problems.filter(row=4)["value"].to_list().count("三") == 1


def test_an_identifier_of_national_ids_is_refused(mailing: MailingFolder) -> None:
    path = mailing.folder / "list.csv"
    path.write_bytes(path.read_bytes().replace(b"Kundenr.", "Fødselsnummer".encode("cp1252")))
    text = mailing.path.read_text(encoding="utf-8").replace("kundenr", "fødselsnummer")
    mailing.path.write_text(text, encoding="utf-8")
    result = mailing.run("check")
    assert result.exit_code == 2
    assert "national id" in result.output


def test_rows_that_are_not_there_are_refused(mailing: MailingFolder) -> None:
    result = mailing.run("send", "--sandbox", "--rows", "999")
    assert result.exit_code == 2
    assert "its rows are 2 to 7" in result.output


def test_a_file_that_is_no_report_is_not_replaced(mailing: MailingFolder) -> None:
    mine = mailing.folder / "customers.csv"
    mine.write_text("name\nKari\n")
    result = mailing.run("send", "--sandbox", "--report", str(mine))
    assert result.exit_code == 2
    assert mine.read_text() == "name\nKari\n"


def test_what_was_left_out_of_the_list_is_said_before_sending(mailing: MailingFolder) -> None:
    path = mailing.folder / "list.csv"
    path.write_bytes(path.read_bytes() + b"Antall: 6;;;;;;;\r\n")
    assert "Antall: 6" in mailing.run("send", "--sandbox").output


def test_what_a_workbook_hides_is_said_in_one_paragraph_and_reported(
    mailing: MailingFolder,
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kunder"
    sheet.append(["Leietakere 2026"])
    sheet.append([*HEADINGS.split(";"), "Intern"])
    for number in (1, 2, 3, 4):
        sheet.append([*row(number).split(";"), "x"])
    sheet.append(["Antall: 4"])
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["I"].hidden = True
    sheet["F6"] = "Bodø"
    book.create_sheet("Grunnlag")["A1"] = "y"
    book.create_sheet("Gammelt").sheet_state = "hidden"
    path = mailing.folder / "list.xlsx"
    book.save(path)
    _merge(path, "F5:F6")
    mailing.edit("list.csv", "list.xlsx")

    of_the_file = (
        "Row 1 above the headings",
        "Only the sheet 'Kunder' was read, not Grunnlag, Gammelt (hidden).",
        "1 hidden column was left out: I.",
        "Text under merged cells, which the sheet does not show, was left out in row 6.",
    )
    inspected, checked = CliRunner().invoke(main, ["inspect", str(path)]), mailing.run("check")
    for told, rows in (
        (inspected, ("1 hidden or filtered-out row was left out: row 4.", "“Antall: 4”")),
        (checked, ()),
    ):
        paragraph = next(line for line in told.stderr.splitlines() if "Grunnlag" in line)
        assert [part for part in (*of_the_file, *rows) if part not in paragraph] == []
        assert len(paragraph) < 800
    left_out = checked.stdout.partition("2 rows left out:")[2]
    for row_told in ("Row 4", "“Antall: 4”"):
        assert left_out.count(row_told) == checked.output.count(row_told) == 1

    assert mailing.run("send", "--sandbox").exit_code == 0
    assert mailing.statuses() == {
        3: "accepted", 4: "left out", 5: "accepted", 6: "accepted", 7: "left out",
    }  # fmt: skip
    reasons = {int(line["row"]): line["reason"] for line in mailing.report()}
    assert reasons[4].startswith("Hidden in the sheet.")
    assert "footer_rows" in reasons[7]


def _merge(path: Path, reach: str) -> None:
    """Merge cells and keep what stands below the first, which openpyxl would not."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    merged = f'</sheetData><mergeCells count="1"><mergeCell ref="{reach}"/></mergeCells>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", merged.encode())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_letter_nobody_has_written_is_not_posted(mailing: MailingFolder, nobody: str) -> None:
    begin_letter(mailing.folder / "letter")
    mailing.edit('path = "letter.html"', 'path = "letter/letter.html"')
    result = mailing.run("send", "--base-url", nobody, "--yes")
    assert result.exit_code == 2
    assert "with no letter in it" in result.output
    assert mailing.run("send", "--sandbox").exit_code == 0


def test_error_values_of_a_spreadsheet_keep_their_rows_back(mailing: MailingFolder) -> None:
    mailing.write(
        row(1), row(2, fornavn=" #NAME?\u00a0"), row(3, kundenr="#REF!"), row(4, kundenr="")
    )
    problems = check(Mailing.load(mailing.path)).problems.filter(severity="error")
    told = dict(problems.select("row", "column").iter_rows())
    assert told == {3: "Fornavn", 4: "Kundenr.", 5: "Kundenr."}


class TestTemplatesByLanguage:
    """A letter whose language no template is for is told of before anything is sent."""

    def templates(self, mailing: MailingFolder, source: str, *languages: str) -> None:
        paths = ", ".join(f'{language} = "letter.html"' for language in languages)
        mailing.edit('path = "letter.html"', f"path = {{ {paths} }}")
        mailing.edit('LanguageID = "NO"', f'LanguageID = "{source}"')

    def test_a_row_in_another_language_is_held_back(self, mailing: MailingFolder) -> None:
        self.templates(mailing, "{{ fornavn }}", "NO", "SE")
        languages = ("NO", "se", "", "DK", "norsk")
        mailing.write(*(row(n, fornavn=text) for n, text in enumerate(languages)))
        checked = check(Mailing.load(mailing.path))
        told = checked.problems.filter(severity="error").select("row", "column", "value").rows()
        assert told == [(5, "Fornavn", "DK"), (6, "Fornavn", "norsk")]
        assert (checked.letters, checked.held) == (3, 2)

    def test_one_language_for_all_without_a_template_stops_the_mailing(
        self, mailing: MailingFolder
    ) -> None:
        self.templates(mailing, "dk", "NO", "SE")
        with pytest.raises(SettingsError, match=r"no template for LanguageID DK.*: NO, SE"):
            check(Mailing.load(mailing.path))

    def test_no_language_at_all_is_norwegian(self, mailing: MailingFolder) -> None:
        self.templates(mailing, "", "NO")
        assert check(Mailing.load(mailing.path)).letters == 6

    def test_one_template_is_for_all_languages(self, mailing: MailingFolder) -> None:
        mailing.edit('LanguageID = "NO"', 'LanguageID = "FI"')
        assert check(Mailing.load(mailing.path)).letters == 6
