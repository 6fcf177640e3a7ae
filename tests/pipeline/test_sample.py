"""The sample's text and logo in a letter that somebody has begun to write."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from mailings import MailingFolder


def test_what_is_left_of_the_sample_is_said_once_the_letter_is_begun(tmp_path: Path) -> None:
    mailing = MailingFolder(tmp_path)
    with as_file(files("batchsend.starter") / "letter") as letter:
        shutil.copytree(letter, tmp_path / "letter")
    mailing.edit('path = "letter.html"', 'path = "letter/letter.html"')
    assert "still the sample's" not in mailing.run("check").output
    begun = tmp_path / "letter" / "letter.html"
    text = begun.read_text(encoding="utf-8").replace("Overskrift", "Ny husleie")
    begun.write_text(text, encoding="utf-8")
    said = mailing.run("check").output
    assert "“Skriv brevet her.” is still the sample's" in said
    assert "sample's logo" in said
    assert "Overskrift" not in said
    begun.write_text(text.replace("Skriv brevet her.", "Leien øker."), encoding="utf-8")
    (tmp_path / "letter" / "logo.svg").write_text("<svg/>", encoding="utf-8")
    assert "still the sample's" not in mailing.run("check").output
