"""A mailing in Norwegian: what people read is, and what programs read stays as it is."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from mailings import MailingFolder, row

from batchsend import Mailing
from batchsend.language import VARIABLE, _, current_language, speaking
from batchsend.operations.check import check
from batchsend.previews.contact_sheet import contact_sheet
from batchsend.rendering import Workers


@pytest.fixture
def norwegian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "nb")


@pytest.fixture
def flawed(mailing: MailingFolder) -> MailingFolder:
    """One row that can be sent, and two that cannot."""
    mailing.write(row(1), row(2, postnr=""), row(3, postnr="150"))
    return mailing


@pytest.mark.usefixtures("norwegian")
class TestOnTheCommandLine:
    def test_check_tells_of_rows_in_norwegian(self, flawed: MailingFolder) -> None:
        done = flawed.run("check")
        assert "Mangler: et brev med PRINT trenger det. Fyll det inn." in done.output
        assert "Et postnummer i Norge har 4 sifre." in done.output
        assert "3 rader: 1 brev kan sendes, 2 rader holdes tilbake." in done.output
        assert "Hva som er galt" in done.output

    def test_send_and_its_reports_are_in_norwegian(
        self, flawed: MailingFolder, tmp_path: Path
    ) -> None:
        flawed.edit('files = ["csv"]', 'files = ["csv", "xlsx", "html"]')
        done = flawed.run("send", "--sandbox")
        assert "Brev som sendes" in done.output
        assert "Rader som holdes tilbake" in done.output
        assert "ugyldig" in done.output
        page = next(flawed.path.parent.glob("*report.html")).read_text(encoding="utf-8")
        assert '<html lang="nb">' in page
        assert "1 av 3 brev ble mottatt av sandkassen." in page
        assert "Rapport om utsendingen" in page
        assert "Ingen rad er slik." in page
        book = openpyxl.load_workbook(next(flawed.path.parent.glob("*report.xlsx")))
        told = [str(cell.value) for line in book.worksheets[0].rows for cell in line if cell.value]
        assert "Rapporten laget" in told
        assert "Raden, eller brevet, kan ikke sendes som det er." in told
        assert book.sheetnames == ["Oppsummering", "Rader"]
        headings, *lines = book["Rader"].values
        assert [line[headings.index("status")] for line in lines] == [
            "mottatt",
            "ugyldig",
            "ugyldig",
        ]

    def test_what_programs_read_is_as_in_english(self, flawed: MailingFolder) -> None:
        found = json.loads(flawed.run("send", "--sandbox", "--json").stdout)
        assert found["by_status"] == {"accepted": 1, "invalid": 2}
        report = next(flawed.path.parent.glob("*report.csv"))
        with report.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file, delimiter=";"))
        assert [line["status"] for line in lines] == ["accepted", "invalid", "invalid"]
        assert "Mangler" in lines[1]["reason"]

    def test_a_mistake_in_the_settings_is_told_in_norwegian(self, flawed: MailingFolder) -> None:
        flawed.edit("rate = 500", "rat = 500")
        done = flawed.run("check")
        assert "det finnes ingen nøkkel send.rat; mente du rate?" in done.output


def test_a_check_in_one_language_is_not_told_again_in_another(flawed: MailingFolder) -> None:
    flawed.run("send", "--sandbox")
    assert "so that check was used" in flawed.run("send", "--sandbox").output
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, "nb")
        assert "den kontrollen ble brukt" not in flawed.run("send", "--sandbox").output
    assert "Mangler" in flawed.report()[1]["reason"]


def test_two_languages_in_one_process(flawed: MailingFolder) -> None:
    loaded = Mailing.load(flawed.path)
    told = {}
    for language in ("en", "nb", "en"):
        with speaking(language):
            told[language] = check(loaded).problems["message"].to_list()
    assert any("A postcode in Norway has 4 digits" in each for each in told["en"])
    assert any("Et postnummer i Norge har 4 sifre" in each for each in told["nb"])


def test_an_unknown_language_is_said_once_and_is_english(
    flawed: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "fr")
    done = flawed.run("check")
    assert done.output.count("BATCHSEND_LANGUAGE is “fr”") == 1
    assert "2 rows held back." in done.output


def test_a_worker_speaks_as_whoever_hands_it_a_letter() -> None:
    with ExitStack() as stack:
        workers = Workers(1, timeout=60)
        stack.callback(workers.shutdown, cancel_futures=True)
        with speaking("nb"):
            norwegian = workers.submit(current_language)
        english = workers.submit(current_language)
        assert (norwegian.result(), english.result()) == ("nb", "en")


@pytest.mark.usefixtures("norwegian")
def test_the_sheet_of_a_preview() -> None:
    page = contact_sheet("rent-2026", [], made=datetime(2026, 11, 28, 9, 30), left_out=1)
    assert '<html lang="nb">' in page
    assert "1 brev til ligger i mappen" in page
    assert "Ingen brev å vise." in page


def test_what_has_quotation_marks_gets_no_second_ones() -> None:
    with speaking("nb"):
        said = _("“{written}” will stand like this in every letter.", written="«Navn»")
    assert said.startswith("«Navn» ")
