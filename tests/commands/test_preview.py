"""preview: the letters of some rows, and what will be said to the API about them."""

from __future__ import annotations

import json

import pypdfium2
from mailings import MailingFolder, row


def test_the_pdf_and_the_request_of_a_row(mailing: MailingFolder) -> None:
    mailing.edit('CustomerNo = "{{ kundenr }}"', 'NationalId = "21927422163"')
    result = mailing.run("preview", "--rows", "3")
    out = mailing.folder / "preview"
    (pdf,), (request,) = out.glob("*.pdf"), out.glob("*.json")
    assert result.exit_code == 0, result.output
    assert pdf.stem == request.stem == "00003-test-1002"

    page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "Åse Bjørkc" in page
    assert "1 234,50" in page.replace("\xa0", " ")

    body = json.loads(request.read_text(encoding="utf-8"))
    assert body["Letter"]["Invoicee"]["PostCode"] == "0150"
    assert "FreeText" not in body["Letter"]
    assert "secret" not in request.read_text(encoding="utf-8")
    assert "21927422163" not in request.read_text(encoding="utf-8")


def test_a_row_that_is_kept_back_says_why(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2, postnr="15"))
    result = mailing.run("preview", "--rows", "2-3")
    assert result.exit_code == 1
    assert "Row 3 makes no letter" in result.output
    assert len(list((mailing.folder / "preview").glob("*.pdf"))) == 1


def test_without_rows_those_worth_seeing(mailing: MailingFolder) -> None:
    mailing.write(row(1), row(2), row(3, etternavn="Bjørk-Hansen"), row(4, postnr="15"))
    result = mailing.run("preview")
    assert result.exit_code == 0, result.output
    pdfs = {pdf.name for pdf in (mailing.folder / "preview").glob("*.pdf")}
    assert pdfs == {"00002-test-1001.pdf", "00004-test-1003.pdf"}
    assert "Row 4: the longest name (16 characters)" in result.output
