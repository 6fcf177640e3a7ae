"""A mailing whose letter is a Word document, from check to send."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path
from threading import Thread

import docx
import psutil
import pypdfium2
import pytest
from mailings import MailingFolder, row
from waiting import until
from word_documents import (
    columns_of,
    document,
    field,
    merge_field,
    paragraph,
    run,
    table,
    text_box,
    torn,
)

from batchsend.errors import SettingsError
from batchsend.mailing import Mailing
from batchsend.operations.check import templates_of
from batchsend.rendering.settings import TemplateSettings
from batchsend.rendering.templates import Templates

BODY = (
    paragraph(merge_field("Fornavn"), run(" "), merge_field("Etternavn")),
    paragraph(run("Du skylder "), merge_field("Beløp", r'\# "# ##0,00"'), run(" kroner.")),
)


@pytest.fixture
def mailing(tmp_path: Path) -> MailingFolder:
    folder = tmp_path / "mailing"
    folder.mkdir()
    made = MailingFolder(folder)
    made.write_in_word(document(*BODY))
    return made


@pytest.fixture
def quick(stand_in: Callable[[str], Path]) -> Path:
    return stand_in("all")


def say(mailing: MailingFolder, *content: str) -> str:
    (mailing.folder / "brev.docx").write_bytes(document(*content))
    return " ".join(mailing.run("check").output.split())


def test_a_number_without_a_picture_is_told_of_at_the_check(
    mailing: MailingFolder, quick: Path
) -> None:
    path = mailing.folder / "list.csv"
    path.write_bytes(path.read_bytes().replace(b"1 234,50", b"1234.5"))
    amounts = say(mailing, paragraph(merge_field("Beløp")))
    assert "The field «Beløp» prints numbers as the sheet stores them" in amounts
    assert "The field" not in say(mailing, paragraph(merge_field("Beløp", r'\# "# ##0,00"')))


@pytest.mark.slow
def test_check_preview_and_send_take_it(mailing: MailingFolder, quick: Path) -> None:
    assert "6 letters can be sent" in mailing.run("check").output
    preview = mailing.run("preview")
    assert preview.exit_code == 0, preview.output
    assert len(list((mailing.folder / "preview").glob("*.pdf"))) >= 1
    sent = mailing.run("send", "--sandbox", "--yes")
    assert sent.exit_code == 0, sent.output
    assert {line["engine"] for line in mailing.report()} == {"libreoffice 7.4.7.2"}
    assert set(mailing.statuses().values()) == {"accepted"}


def test_an_unknown_field_is_named_with_its_paragraph_and_what_is_meant(
    mailing: MailingFolder, quick: Path
) -> None:
    told = say(mailing, paragraph(run("Kjære "), merge_field("Fornvan"), run(", hei")))
    assert "brev.docx, the paragraph “Kjære {{ fornvan }}, hei”" in told
    assert "no column “fornvan”; did you mean “fornavn”" in told


def test_the_same_in_a_header(mailing: MailingFolder, quick: Path) -> None:
    data = document(*BODY, header=paragraph(merge_field("Ukjent")))
    (mailing.folder / "brev.docx").write_bytes(data)
    told = " ".join(mailing.run("check").output.split())
    assert "the paragraph “{{ ukjent }}” in the header" in told


def test_a_word_in_guillemets_that_is_nearly_a_column_stops_the_mailing(
    mailing: MailingFolder, quick: Path
) -> None:
    told = say(mailing, *BODY, paragraph(torn("Kjære «Etternvan»")))
    assert "“«Etternvan»” would appear like this in every letter" in told
    assert "the paragraph “Kjære «Etternvan»”" in told
    assert "6 letters can be sent" in say(mailing, *BODY, paragraph(run("Vi sa «ha det bra».")))


@pytest.mark.slow
def test_a_word_in_guillemets_that_lists_have_as_a_heading_is_told_of(
    mailing: MailingFolder, quick: Path
) -> None:
    told = say(mailing, *BODY, paragraph(torn("Ring «Mobil» hos «Solbakken»")))
    assert "“«Mobil»” will appear like this in every letter" in told
    assert "“«Solbakken»”" not in told, "a quotation"


def test_a_slip_in_an_expression_is_told_with_its_paragraph(
    mailing: MailingFolder, quick: Path
) -> None:
    told = say(mailing, paragraph(run("Beløp: {{ beløp | mony }}")))
    assert "the paragraph “Beløp: {{ beløp | mony }}”: there is no filter “mony”" in told
    told = say(mailing, paragraph(run("Beløp: {{ beløp }} og {{ navn")))
    assert "the paragraph “Beløp: {{ beløp }} og {{ navn”: {{ is not closed" in told


def test_a_qr_code_is_refused_at_check(mailing: MailingFolder, quick: Path) -> None:
    said = say(mailing, paragraph(run("Hei")), paragraph(run("{{ navn | qr_code }}")))
    assert "brev.docx, the paragraph “{{ navn | qr_" in said
    assert "a QR code cannot be put into a Word document" in said


@pytest.mark.slow
def test_an_amount_that_is_none_is_found_at_check(mailing: MailingFolder, quick: Path) -> None:
    mailing.write(row(1), row(2, beløp="tolv"), row(3, beløp=""))
    result = mailing.run("check")
    assert "2 letters can be sent, 1 row held back" in result.output
    assert "tolv" in result.output


@pytest.mark.slow
def test_saving_it_again_in_word_makes_no_other_letter(mailing: MailingFolder, quick: Path) -> None:
    assert mailing.run("send", "--sandbox", "--yes").exit_code == 0

    def digest() -> str:
        return templates_of(Mailing.load(mailing.path)).digest

    before = digest()
    resaved = document(*(part.replace("00A77B3E", "00B12345") for part in BODY))
    (mailing.folder / "brev.docx").write_bytes(resaved)
    assert digest() == before
    (mailing.folder / "brev.docx").write_bytes(document(*BODY, paragraph(run("Mer"))))
    assert digest() != before


@pytest.mark.slow
def test_missing_fonts_are_named_before_anything_is_sent(
    mailing: MailingFolder, quick: Path
) -> None:
    (mailing.folder / "brev.docx").write_bytes(document(*BODY, font="Uvanlig Skrift"))
    assert "written in Uvanlig Skrift" in " ".join(mailing.run("check").output.split())
    (mailing.folder / "brev.docx").write_bytes(document(*BODY, font="Noto Sans"))
    assert "written in" not in mailing.run("check").output


def test_a_document_with_macros_is_told(mailing: MailingFolder) -> None:
    data = document(*BODY, more={"word/vbaProject.bin": b"x"})
    (mailing.folder / "brev.docm").write_bytes(data)
    mailing.edit("brev.docx", "brev.docm")
    result = mailing.run("check")
    assert result.exit_code == 2
    assert "brev.docm: it has macros" in result.output


def test_other_formats_without_libreoffice_say_how_to_save(
    mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATCHSEND_SOFFICE", "/none")
    (mailing.folder / "brev.odt").write_bytes(b"PK")
    mailing.edit("brev.docx", "brev.odt")
    told = " ".join(mailing.run("check").output.split())
    assert "brev.odt: a .odt file is read with LibreOffice" in told
    assert "save it as a Word document (.docx)" in told


@pytest.mark.slow
@pytest.mark.parametrize("how", ["killed", "hung"])
def test_killed_or_hung_in_the_middle_each_letter_goes_once(
    mailing: MailingFolder, real_office: None, how: str
) -> None:
    mailing.write(*(row(number) for number in range(1, 151)))
    mailing.edit('path = "brev.docx"', 'path = "brev.docx"\ntimeout = 10')
    result: list[object] = []
    sending = Thread(target=lambda: result.append(mailing.run("send", "--sandbox", "--yes")))
    sending.start()
    hurt = 0
    while sending.is_alive() and not hurt:
        with suppress(psutil.Error):
            for process in _soffice():
                if _is_in_the_middle(Path(process.cwd())):
                    process.send_signal(signal.SIGKILL if how == "killed" else signal.SIGSTOP)
                    hurt += 1
        time.sleep(0.01)
    sending.join()
    assert hurt
    assert set(mailing.statuses().values()) == {"accepted"}
    stems = [path.stem for path in (mailing.folder / "sandbox-letters").glob("*.pdf")]
    assert len(stems) == len(set(stems)) == 150
    until(lambda: not _soffice(), "LibreOffice to be gone")


def _is_in_the_middle(batch: Path) -> bool:
    """Whether some letters of a batch have their PDF, and some have none."""
    return 0 < len([*batch.glob("*.pdf")]) < len([*batch.glob("*.docx")])


def _soffice() -> list[psutil.Process]:
    found = []
    for each in psutil.Process(os.getpid()).children(recursive=True):
        with suppress(psutil.Error):
            if each.name() == "soffice.bin":
                found.append(each)
    return found


@pytest.mark.slow
def test_each_recipient_reads_their_own_letter(mailing: MailingFolder, real_office: None) -> None:
    lines = [row(number, beløp=f"{number} 000,50") for number in range(1, 71)]
    mailing.write(*lines)
    letter = document(*BODY, footer=paragraph(field(" PAGE ", "1"), merge_field("Kundenr")))
    (mailing.folder / "brev.docx").write_bytes(letter)
    sent = mailing.run("send", "--sandbox", "--yes")
    assert sent.exit_code == 0, sent.output
    files = sorted((mailing.folder / "sandbox-letters").glob("*.pdf"))
    assert len(files) == 70
    for path in files:
        number = int(path.stem.rpartition("-")[2]) - 1000
        text = pypdfium2.PdfDocument(path)[0].get_textpage().get_text_bounded()
        assert f"{number} 000,50 kroner" in text.replace("\u00a0", " ")
        assert f"1{1000 + number}" in text.split("\n")[-1]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "written", ["[etternavn]", "<<Etternavn>>", "##ETTERNAVN##", "%etternavn%", "${etternavn}",
                "{ etternavn }", "[Etternavn]"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["body", "box", "cell", "header"])
def test_a_column_in_another_programs_brackets_is_held_wherever_it_stands(
    tmp_path: Path, written: str, place: str
) -> None:
    whole = paragraph(run(f"Kjære {escape(written)} &amp; co"))
    pieces = paragraph(*map(run, ("Kjære ", *map(escape, written), " &amp; co")))
    for said in (whole, pieces):
        header = said if place == "header" else ""
        content = {"body": said, "box": paragraph(text_box(said)), "cell": table([said])}
        (tmp_path / "brev.docx").write_bytes(
            document(paragraph(run("Hei etternavn")), content.get(place, ""), header=header)
        )
        columns = columns_of(["Fornavn", "Etternavn"])
        templates = Templates.load(TemplateSettings(path=Path("brev.docx")), folder=tmp_path)
        with pytest.raises(SettingsError) as raised:
            templates.fitted(columns).placeholders_left(columns)
        assert f"the paragraph “Kjære {written} & co”" in raised.value.message
        assert f"“{written}” would appear like this in every letter" in raised.value.message


@pytest.mark.slow
def test_brackets_of_two_paragraphs_are_none(mailing: MailingFolder, quick: Path) -> None:
    told = say(mailing, *BODY, paragraph(run("Pris [")), paragraph(run("etternavn] eller så")))
    assert "6 letters can be sent" in told
    assert "[etternavn]" not in told


@pytest.mark.slow
def test_a_field_in_the_documents_title_is_held_and_other_brackets_are_told(
    mailing: MailingFolder, quick: Path
) -> None:
    def check(title: str) -> str:
        letter = docx.Document()
        letter.add_paragraph("Hei")
        letter.core_properties.title = title
        letter.save(str(mailing.folder / "brev.docx"))
        return " ".join(mailing.run("check").output.split())

    assert "its title, subject or keywords have {{ navn }} in them" in check("Til {{ navn }}")
    assert "its title, subject or keywords show [navn] in every letter" in check("Til [navn]")
    assert "subject or keywords" not in check("Vedtak (utkast)")
