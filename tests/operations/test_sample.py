"""The sample's text and logo in a letter that somebody has begun to write."""

from __future__ import annotations

from pathlib import Path

from mailings import MailingFolder

from batchsend.starter import begin_letter


def test_what_is_left_of_the_sample_is_said_once_the_letter_is_begun(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    begun = begin_letter(tmp_path / "letter")
    mailing.edit('path = "letter.html"', 'path = "letter/letter.html"')
    assert "still the sample's" not in mailing.run("check").output
    text = begun.read_text(encoding="utf-8").replace("Overskrift", "Ny husleie")
    begun.write_text(text, encoding="utf-8")
    said = mailing.run("check").output
    assert "“Skriv brevet her.” is still the sample's" in said
    assert "sample's logo" in said
    assert "Overskrift" not in said
    begun.write_text(text.replace("Skriv brevet her.", "Leien øker."), encoding="utf-8")
    (tmp_path / "letter" / "logo.svg").write_text("<svg/>", encoding="utf-8")
    assert "still the sample's" not in mailing.run("check").output


def test_two_templates_that_share_a_logo_are_told_of_it_once(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    begun = begin_letter(tmp_path / "letter")
    for name in ("letter.html", "letter.en.html"):
        begun.with_name(name).write_text("<img src='logo.svg' alt='Logo'>Leien øker.", "utf-8")
    both = 'path = { NO = "letter/letter.html", EN = "letter/letter.en.html" }'
    mailing.edit('path = "letter.html"', both)
    assert mailing.run("check").output.count("still the sample's logo") == 1
