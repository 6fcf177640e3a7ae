"""[document]: ready-made PDFs in place of a template, or after the letter."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pikepdf
import polars as pl
import pypdfium2
import pytest
from mailings import Api, MailingFolder, row

from batchsend import Mailing, check
from batchsend.letters import Letter, RowSet
from batchsend.lists import Column, Row
from batchsend.operations.check import templates_of
from batchsend.operations.preview import Proofs
from batchsend.rendering import Renderer, Templates, TemplateSettings, ready_made

OWN = "[document]\nappend = [\"{{ 'doc/' ~ kundenr ~ '.pdf' if kundenr < '1006' }}\"]\n\n"


def a_pdf(pages: int = 1, *, owner: str = "", user: str = "") -> bytes:
    with pikepdf.new() as pdf, BytesIO() as file:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(file, encryption=pikepdf.Encryption(owner=owner, user=user) if owner else False)
        return file.getvalue()


@pytest.fixture
def with_documents(mailing: MailingFolder) -> MailingFolder:
    """Letters 1001 to 1005 have a document of their own, 1006 has none."""
    (mailing.folder / "doc").mkdir()
    for number in range(1, 6):
        (mailing.folder / f"doc/{1000 + number}.pdf").write_bytes(a_pdf())
    mailing.edit("[payload.Letter]", OWN + "[payload.Letter]")
    return mailing


def _pages(mailing: MailingFolder) -> list[str]:
    """The text of each page of the first letter of a rehearsal."""
    result = mailing.run("send", "--sandbox", "--rows", "2")
    assert result.exit_code == 0, result.output
    (pdf,) = (mailing.folder / "sandbox-letters").glob("*.pdf")
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_terms_go_after_the_letter(mailing: MailingFolder) -> None:
    mailing.run("preview", "--rows", "3")
    (terms,) = (mailing.folder / "preview").glob("*.pdf")
    terms.rename(mailing.folder / "terms-1001.pdf")
    mailing.edit(
        "[payload.Letter]", '[document]\nappend = ["terms-{{ kundenr }}.pdf"]\n\n[payload.Letter]'
    )
    first, second = _pages(mailing)
    assert "Bjørkb" in first
    assert "Bjørkc" in second


def test_a_ready_made_letter_needs_no_template(mailing: MailingFolder) -> None:
    mailing.run("preview", "--rows", "3")
    (ready,) = (mailing.folder / "preview").glob("*.pdf")
    ready.rename(mailing.folder / "1001.pdf")
    mailing.edit('[template]\npath = "letter.html"', '[document]\npdf = "{{ kundenr }}.pdf"')
    (only,) = _pages(mailing)
    assert "Bjørkc" in only


def test_without_either_it_says_so(mailing: MailingFolder) -> None:
    mailing.edit('[template]\npath = "letter.html"\n', "")
    result = mailing.run("check")
    assert result.exit_code == 2
    assert "[template] path is missing" in result.output


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "There is no doc/1002.pdf in "),
        (b"", "doc/1002.pdf: This is not a readable PDF."),
        (b"Hei, ikke en PDF", "doc/1002.pdf: This is not a readable PDF."),
        (a_pdf()[:300], "doc/1002.pdf: This is not a readable PDF."),
        (a_pdf(101), "doc/1002.pdf has 101 pages, more than 100."),
        (a_pdf(owner="x", user="y"), "doc/1002.pdf: The PDF is protected with a password."),
        (a_pdf(owner="x"), "doc/1002.pdf: encryption: the document is encrypted."),
    ],
    ids=["missing", "empty", "text", "torn", "long", "locked", "encrypted"],
)
def test_what_is_wrong_with_a_document_is_said_before_anything_is_sent(
    with_documents: MailingFolder, data: bytes | None, words: str
) -> None:
    path = with_documents.folder / "doc/1002.pdf"
    path.unlink() if data is None else path.write_bytes(data)
    checked = check(Mailing.load(with_documents.path))
    assert checked.problems["row"].to_list() == [3]
    assert f"[document]: {words}" in checked.problems["message"][0]
    assert (checked.letters, checked.held) == (5, 1)


def test_a_document_outside_the_folder_holds_its_row(with_documents: MailingFolder) -> None:
    with_documents.edit("doc/", "../")
    checked = check(Mailing.load(with_documents.path))
    assert set(checked.problems["row"]) == {2, 3, 4, 5, 6}
    assert "lies outside the mailing's folder" in checked.problems["message"][0]


def test_a_document_that_many_letters_have_is_read_once(mailing: MailingFolder) -> None:
    (mailing.folder / "terms-NO.pdf").write_bytes(a_pdf())
    document = '[document]\nappend = ["terms-{{ language }}.pdf"]\n\n'
    mailing.edit("[payload.Letter]", document + "[payload.Letter]")
    with patch.object(ready_made, "_read", wraps=ready_made._read) as read:
        assert check(Mailing.load(mailing.path)).letters == 6
    assert read.call_count == 1


def test_the_same_identifier_with_another_document_is_refused(
    with_documents: MailingFolder, api: Api
) -> None:
    with_documents.run("send", "--base-url", api.base_url, "--yes")
    (with_documents.folder / "doc/1002.pdf").write_bytes(a_pdf(2))
    result = with_documents.run("send", "--base-url", api.base_url, "--yes")
    assert "Row 3: test-1002 went on" in result.output
    assert len(api.identifiers()) == 6
    others = dict.fromkeys((2, 4, 5, 6, 7), "accepted")
    assert with_documents.statuses() == {3: "conflict", **others}


def test_a_preview_shows_a_document_as_it_was_saved_last(with_documents: MailingFolder) -> None:
    out = with_documents.folder / "preview"
    mailing = Mailing.load(with_documents.path)
    with Proofs(out, RowSet.parse("2"), marks=False) as proofs:
        for pages in (1, 3):
            (with_documents.folder / "doc/1001.pdf").write_bytes(a_pdf(pages))
            proofs.of(mailing, templates_of(mailing))
            assert len(list(out.glob("*.png"))) == 1 + pages


@pytest.fixture
def with_invoices(mailing: MailingFolder) -> MailingFolder:
    """Each letter is a PDF of its own, which names its recipient and nothing else of the row."""
    html = "<p style='position: absolute; left: 20mm; top: 50mm'>Faktura {{ navn }}"
    (mailing.folder / "maker.html").write_text(html, encoding="utf-8")
    templates = Templates.load(TemplateSettings(path=Path("maker.html")), folder=mailing.folder)
    maker = Renderer(templates, (Column(0, "Navn", "navn"),))
    (mailing.folder / "pdf").mkdir()
    for number in range(1, 7):
        cells = (f"Åse Bjørk{chr(97 + number)}",)
        fields = {"Channel": "EMAIL", "Identifier": "x", "Invoicee": {"Name": "x"}}
        made = Letter(
            "x", "EMAIL", "NO", fields | {"Invoicer": {"Name": "x"}}, (Row(2, cells),), ""
        )
        (mailing.folder / f"pdf/{1000 + number}.pdf").write_bytes(maker.render(made).pdf)
    mailing.edit('[template]\npath = "letter.html"', '[document]\npdf = "pdf/{{ kundenr }}.pdf"')
    return mailing


def slip(mailing: MailingFolder) -> None:
    """Give every PDF the name of the next one."""
    for number in range(6, 0, -1):
        path = mailing.folder / f"pdf/{1000 + number}.pdf"
        path.rename(path.with_name(f"{1001 + number}.pdf"))
    path.with_name("1007.pdf").rename(path)


def test_file_names_that_slipped_by_one_send_nothing(
    with_invoices: MailingFolder, api: Api
) -> None:
    assert with_invoices.run("check").exit_code == 0
    slip(with_invoices)
    checked = check(Mailing.load(with_invoices.path))
    assert (checked.letters, checked.held) == (0, 6)
    assert "pdf/1001.pdf: it names neither “Åse Bjørkb” nor" in checked.problems["message"][0]
    result = with_invoices.run("send", "--base-url", api.base_url, "--yes")
    assert result.exit_code != 0
    assert api.taken() == []


def test_by_other_ways_than_paper_slipped_file_names_warn(with_invoices: MailingFolder) -> None:
    slip(with_invoices)
    with_invoices.edit('Channel = "PRINT"', 'Channel = "EMAIL"')
    assert check(Mailing.load(with_invoices.path)).letters == 6
    assert with_invoices.run("preview", "--rows", "2").exit_code == 0
    page = (with_invoices.folder / "preview/index.html").read_text(encoding="utf-8")
    assert "recipient: it names neither “Åse Bjørkb” nor" in page


def test_an_explicit_setting_lets_them_go(with_invoices: MailingFolder) -> None:
    slip(with_invoices)
    with_invoices.edit("[send]", '[page.PRINT.rules]\nrecipient = "off"\naddressee = "off"\n[send]')
    assert check(Mailing.load(with_invoices.path)).letters == 6


@pytest.mark.parametrize("name", ["pdf/{{ poststed }}.pdf", "./pdf/../pdf/{{ poststed }}.pdf"])
def test_rows_that_come_to_one_pdf_are_told_together(
    with_invoices: MailingFolder, name: str
) -> None:
    lines = [row(number, poststed="AB"[number % 2]) for number in range(1, 4)]
    with_invoices.write(*lines, row(4, poststed="C"))
    for number, town in enumerate("ABC", 1):
        (with_invoices.folder / f"pdf/{town}.pdf").write_bytes(a_pdf(number))
    with_invoices.edit("pdf/{{ kundenr }}.pdf", name)
    checked = check(Mailing.load(with_invoices.path))
    errors = checked.problems.filter(severity="error")
    assert errors["row"].to_list() == [2, 4]
    told = name.replace("{{ poststed }}", "B")
    assert f"Rows 2, 4 have the same PDF, {told}." in errors["message"][0]
    with_invoices.edit("[document]", "[document]\nshared = true")
    assert check(Mailing.load(with_invoices.path)).letters == 4


def test_one_pdf_under_each_recipients_name_is_told(with_invoices: MailingFolder) -> None:
    """Everybody's pages are in it, so it names them all."""
    with pikepdf.new() as everybody:
        for number in range(1, 6):
            with pikepdf.open(with_invoices.folder / f"pdf/{1000 + number}.pdf") as own:
                everybody.pages.extend(own.pages)
        for number in range(1, 6):
            everybody.save(with_invoices.folder / f"pdf/{1000 + number}.pdf", static_id=True)
    checked = check(Mailing.load(with_invoices.path))
    shared = pl.col("message").str.contains("have the same PDF")
    errors = checked.problems.filter(shared, severity="error")
    assert errors["row"].to_list() == [2, 3, 4, 5, 6]
    assert (
        "Rows 2, 3, 4, 5, 6 have the same PDF, pdf/1001.pdf, pdf/1002.pdf, pdf/1003.pdf and 2 more."
        in errors["message"][0]
    )
    with_invoices.edit("[document]", "[document]\nshared = true")
    assert check(Mailing.load(with_invoices.path)).problems.filter(shared).is_empty()


def test_each_pdf_is_read_once(with_invoices: MailingFolder) -> None:
    with patch.object(ready_made, "_read", side_effect=ready_made._read) as read:
        check(Mailing.load(with_invoices.path))
    names = [call.args[1] for call in read.call_args_list]
    assert sorted(names) == [f"pdf/{1000 + number}.pdf" for number in range(1, 7)]


@pytest.mark.parametrize("where", ["pdf", "append"])
@pytest.mark.parametrize("name", ["a3.pdf", "{{ 'a3.pdf' if kundenr > '1003' }}"])
def test_check_and_send_come_to_the_same_verdict(
    mailing: MailingFolder, name: str, where: str
) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(842, 1191))
        pdf.save(mailing.folder / "a3.pdf")
    value = f'"{name}"' if where == "pdf" else f'["{name}"]'
    document = f"[document]\nshared = true\n{where} = {value}\n\n"
    mailing.edit("[payload.Letter]", f"{document}[payload.Letter]")
    checked = check(Mailing.load(mailing.path))
    assert (checked.letters, checked.held) == ((0, 6) if name == "a3.pdf" else (3, 3))
    said = checked.problems["message"][0]
    assert said.startswith("[document]: a3.pdf: page 1, paper: 297 x 420 mm is not A4")
    assert said.endswith("or change the limits in [page.PRINT].")
    mailing.edit("[send]", '[page.PRINT.rules]\npaper = "warn"\n[send]')
    assert check(Mailing.load(mailing.path)).letters == 6


def test_documents_too_long_together_are_found_before_anything_is_sent(
    mailing: MailingFolder,
) -> None:
    with pikepdf.new() as pdf:
        for _ in range(7):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(mailing.folder / "seven.pdf")
    document = '[document]\nappend = ["seven.pdf", "seven.pdf"]\n\n'
    mailing.edit("[payload.Letter]", f"{document}[payload.Letter]")
    checked = check(Mailing.load(mailing.path))
    assert (checked.letters, checked.held) == (0, 6)
    assert (
        "seven.pdf: pages: 15 pages (8 sheets), at most 14 fit." in checked.problems["message"][0]
    )
    mailing.edit("[send]", "[page.PRINT]\nmax_pages = 15\n[send]")
    assert check(Mailing.load(mailing.path)).letters == 6


@pytest.mark.parametrize("name", ["notice.pdf", "{{ 'notice.pdf' if language == 'NO' }}"])
def test_the_same_notice_may_go_to_all(with_invoices: MailingFolder, name: str) -> None:
    (with_invoices.folder / "notice.pdf").write_bytes(a_pdf())
    with_invoices.edit("pdf/{{ kundenr }}.pdf", name)
    assert check(Mailing.load(with_invoices.path)).letters == 6
