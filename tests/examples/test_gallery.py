"""The gallery has every letter that ships, with its texts in both languages and its pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from batchsend.starter import ShippedLetter, copy_examples, gallery

TEMPLATES = Path(__file__).parents[2] / "templates"
LETTERS = gallery()


def size(picture: Path) -> tuple[int, int]:
    with Image.open(picture) as opened:
        return opened.size


def test_every_template_is_in_it() -> None:
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert sorted(letter.name for letter in LETTERS) == sorted(folders)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_each_says_what_it_is_in_both_languages(letter: ShippedLetter) -> None:
    assert set(letter.title) == set(letter.about) == {"nb", "en"}
    assert all(letter.title.values())
    for about in letter.about.values():
        assert about.endswith(".")
        assert ". " not in about  # one sentence


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_each_has_a_picture_of_every_template(letter: ShippedLetter) -> None:
    assert letter.templates[0].name in {"letter.html", "letter.docx"}
    assert len(letter.pictures) == len(letter.templates)
    for pages in letter.pictures.values():
        assert {size(page) for page in pages} == {(420, 594)}


def test_all_but_the_plain_letter_have_a_mailing_in_the_examples(tmp_path: Path) -> None:
    copy_examples(tmp_path / "tried")
    there = {path.parent.name for path in (tmp_path / "tried").glob("example_data/*/mailing.toml")}
    assert there == {letter.name for letter in LETTERS} - {"plain-letter"}
    assert there == {letter.name for letter in LETTERS if letter.mailing is not None}
    assert not list((tmp_path / "tried").rglob("*.py"))
