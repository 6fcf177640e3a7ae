"""preview: some letters to look at, and what will be said to the API about them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest
from mailings import TEMPLATE, MailingFolder, row
from PIL import Image
from waiting import PATIENCE

from batchsend import Mailing
from batchsend.errors import BatchsendError
from batchsend.operations.preview import watch
from batchsend.previews import Preview

ID = "21927422163"


def written(mailing: MailingFolder, kind: str) -> list[str]:
    return sorted(path.name for path in (mailing.folder / "preview").glob(f"*.{kind}"))


class TestRows:
    def test_the_pdf_the_request_and_a_picture_of_a_row(self, mailing: MailingFolder) -> None:
        mailing.edit('CustomerNo = "{{ kundenr }}"', f'NationalId = "{ID}"')
        mailing.edit("[checks]\n", '[checks]\nsame = ["NationalId"]\n')
        result = mailing.run("preview", "--rows", "3")
        assert result.exit_code == 0, result.output
        out = mailing.folder / "preview"
        names = ["00003-test-1002-page-1.png", "00003-test-1002.json", "00003-test-1002.pdf"]
        assert sorted(path.name for path in out.iterdir())[1:] == [*names, "index.html"]

        page = pypdfium2.PdfDocument(out / names[2])[0].get_textpage().get_text_range()
        assert "Åse Bjørkc" in page
        assert "1 234,50" in page.replace("\xa0", " ")
        with Image.open(out / names[0]) as picture:
            assert picture.size == (993, 1404)

        request = (out / names[1]).read_text(encoding="utf-8")
        body = json.loads(request)
        assert body["Letter"]["Invoicee"]["PostCode"] == "0150"
        assert body["Letter"]["Invoicee"]["Mobile"] == ""  # as it is sent
        assert "FreeText" not in body["Letter"]
        sheet = (out / "index.html").read_text(encoding="utf-8")
        for text in (request, sheet):
            assert "Bjørkc" in text
            assert "219274*****" in text
            assert ID not in text
            assert "secret" not in text

    def test_of_another_list(self, mailing: MailingFolder) -> None:
        other = mailing.folder / "other.csv"
        other.write_bytes((mailing.folder / "list.csv").read_bytes().replace(b"Storgata", b"Lia"))
        result = mailing.run("preview", "--rows", "2", "--list", str(other))
        assert result.exit_code == 0, result.output
        assert "Lia 1" in (mailing.folder / "preview" / "00002-test-1001.json").read_text("utf-8")

    def test_a_row_that_is_kept_back_says_why(self, mailing: MailingFolder) -> None:
        mailing.write(row(1), row(2, postnr="15"))
        result = mailing.run("preview", "--rows", "2-3")
        assert result.exit_code == 1
        assert "Row 3 makes no letter" in result.output
        assert written(mailing, "pdf") == ["00002-test-1001.pdf"]
        sheet = (mailing.folder / "preview" / "index.html").read_text(encoding="utf-8")
        assert 'id="row-3"' in sheet
        assert "those look like 0150" in sheet

    def test_without_rows_those_worth_seeing_and_without_secrets(
        self, mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("BATCHSEND_SUBSCRIPTION_ID")
        monkeypatch.delenv("BATCHSEND_STORAGE_ID")
        mailing.write(row(1), row(2), row(3, etternavn="Bjørk-Hansen"), row(4, postnr="15"))
        result = mailing.run("preview")
        assert result.exit_code == 0, result.output
        assert written(mailing, "pdf") == ["00002-test-1001.pdf", "00004-test-1003.pdf"]
        assert "Row 4: the longest name (16 characters)" in result.output

    def test_a_letter_that_cannot_be_rendered_says_why(self, mailing: MailingFolder) -> None:
        template = TEMPLATE.replace("{{ beløp | money }}", "{{ 1 // (kundenr | int - 1002) }}")
        (mailing.folder / "letter.html").write_text(template, encoding="utf-8")
        result = mailing.run("preview", "--rows", "2-4")
        assert result.exit_code == 1
        assert "Row 3 makes no letter: letter.html, line 8: " in result.output
        assert "letter.html, line 8" in result.output
        assert written(mailing, "pdf") == ["00002-test-1001.pdf", "00004-test-1003.pdf"]

    def test_a_letter_that_its_page_keeps_back_is_shown_and_says_why(
        self, mailing: MailingFolder
    ) -> None:
        template = TEMPLATE.replace("top: 30mm", "top: 2mm").replace(
            "size: A4", "size: {{ 'A5' if kundenr == '1002' else 'A4' }}"
        )
        (mailing.folder / "letter.html").write_text(template, encoding="utf-8")
        mailing.edit("[reports]", '[page.PRINT.rules]\naddressee = "off"\n[reports]')
        result = mailing.run("preview", "--rows", "2-3")
        assert result.exit_code == 1, result.output
        assert "Row 2: 2 warnings" in result.output
        assert "Row 3 makes no letter: the page breaks the rules for PRINT" in result.output
        assert "148 x 210 mm is not A4" in result.output
        # Both can be looked at.
        assert len(written(mailing, "png")) == len(written(mailing, "pdf")) == 2

    def test_marks_are_in_the_pictures_and_not_in_the_pdf(self, mailing: MailingFolder) -> None:
        found = []
        for options in ([], ["--marks"]):
            assert mailing.run("preview", "--rows", "2", *options).exit_code == 0
            stem = mailing.folder / "preview" / "00002-test-1001"
            page = pypdfium2.PdfDocument(stem.with_suffix(".pdf"))[0]
            picture = stem.with_name(f"{stem.name}-page-1.png").read_bytes()
            found.append((len(list(page.get_objects())), picture))
        (objects, picture), (objects_with_marks, picture_with_marks) = found
        assert objects == objects_with_marks
        assert picture != picture_with_marks

    def test_a_strangers_file_is_left_as_it_is(self, mailing: MailingFolder) -> None:
        out = mailing.folder / "site"
        out.mkdir()
        (out / "index.html").write_text("mine", encoding="utf-8")
        result = mailing.run("preview", "--out", str(out))
        assert result.exit_code == 2
        assert "that no preview wrote" in result.output
        assert (out / "index.html").read_text(encoding="utf-8") == "mine"

    def test_another_preview_takes_the_place_of_the_one_before(
        self, mailing: MailingFolder
    ) -> None:
        mailing.run("preview", "--rows", "2-4")
        mailing.run("preview", "--rows", "3")
        assert written(mailing, "pdf") == ["00003-test-1002.pdf"]
        assert written(mailing, "png") == ["00003-test-1002-page-1.png"]


class TestWatch:
    def test_again_whenever_something_is_saved(self, mailing: MailingFolder) -> None:
        letter = mailing.folder / "letter.html"
        out = mailing.folder / "preview"
        with closing(watch(lambda: Mailing.load(mailing.path), out=out)) as previews:
            first = next(previews)
            assert isinstance(first, Preview)
            assert first.written == 1

            letter.write_text(TEMPLATE.replace("Du skylder", "{{ nothing_of_the_kind }}"), "utf-8")
            error = next(previews)
            assert isinstance(error, BatchsendError)
            assert "nothing_of_the_kind" in str(error)

            letter.write_text(TEMPLATE.replace("Du skylder", "{% if %}"), "utf-8")
            assert "letter.html, line 8" in str(next(previews))

            letter.write_text(TEMPLATE.replace("Du skylder", "Vi skylder"), "utf-8")
            again = next(previews)
            assert isinstance(again, Preview)
            [pdf] = out.glob("*.pdf")
            assert "Vi skylder" in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()

            mailing.edit('name = "test"', 'name = "test')
            assert "mailing.toml:1:" in str(next(previews))

            mailing.edit('name = "test', 'name = "other"')
            mailing.write(row(1), row(2, etternavn="Bjørk-Hansen"))
            last = next(previews)
            assert isinstance(last, Preview)
            assert last.written == 2
            assert "Preview of other" in last.index.read_text(encoding="utf-8")

    def test_what_means_nothing_to_the_letters_is_passed_over(self, mailing: MailingFolder) -> None:
        with closing(
            watch(lambda: Mailing.load(mailing.path), out=mailing.folder / "out")
        ) as previews:
            next(previews)
            (mailing.folder / "notes.txt").write_text("mine", encoding="utf-8")
            (mailing.folder / "ledger.sqlite-wal").write_text("mine", encoding="utf-8")
            mailing.edit('name = "test"', 'name = "test" # the same')
            mailing.write(row(1, beløp="7"))
            preview = next(previews)
            assert isinstance(preview, Preview)
            [pdf] = preview.index.parent.glob("*.pdf")
            assert "7,00" in pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()

    def test_standard_input_cannot_be_watched(self, mailing: MailingFolder) -> None:
        result = mailing.run("preview", "--watch", "--list", "-")
        assert result.exit_code == 2
        assert "standard input" in result.output

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent there")
    def test_ctrl_c_ends_it_as_it_should_end(self, mailing: MailingFolder) -> None:
        command = [sys.executable, "-m", "batchsend", "preview", str(mailing.path), "--watch"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert "1 letter written to" in process.stdout.readline()
            os.kill(process.pid, signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert said == "No longer watching.\n"

    def test_a_mailing_that_is_not_there_is_not_watched(self, tmp_path: Path) -> None:
        mailing = MailingFolder(tmp_path)
        mailing.path.unlink()
        assert mailing.run("preview", "--watch").exit_code == 2
