"""[document]: ready-made PDFs in place of a template, or after the letter."""

from __future__ import annotations

import pypdfium2
from mailings import MailingFolder


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
