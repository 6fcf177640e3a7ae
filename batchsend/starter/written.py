"""Whether somebody has written the letter that `init` only began, or turned from Word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.starter.examples import LOGO, begun_letters, looks
from batchsend.starter.from_word import left_behind_in
from batchsend.word import WORD_KINDS

_SAMPLES = ("Overskrift</h1>", "Skriv brevet her.", "Heading</h1>", "Write the letter here.")
"""What stands in the letters that `init` makes for somebody to write over."""


def must_be_written(mailing: Mailing) -> None:
    """Raise TemplateError where a template is still as `init` made it: nobody wants it posted."""
    if mailing.template is None:
        return
    found = mailing.template.path
    began = begun_letters().values()
    for path in found.values() if isinstance(found, dict) else (found,):
        letter = mailing.folder / path
        if letter.is_file() and letter.read_bytes() in began:
            raise TemplateError(
                _(
                    "{letter} is still as `batchsend init` made it, with no letter in it.",
                    letter=letter,
                ),
                hint=_("Write your letter there. To rehearse it as it is, add --sandbox."),
            )
        for lost in _left_behind(mailing, letter):
            raise TemplateError(
                _(
                    "{letter} was written in Word and has left behind its {lost}",
                    letter=letter,
                    lost=lost,
                ),
                hint=_(
                    "Put what is needed of it into the letter; then, or where it is not missed, "
                    'write left_behind = "not needed" under [template]. To rehearse it as it is, '
                    "add --sandbox."
                ),
            )


def still_sample(mailing: Mailing) -> Iterator[str]:
    """What to say of the sample's text and logo in letters that somebody has begun to write."""
    if mailing.template is None:
        return
    found = mailing.template.path
    began = begun_letters().values()
    for path in found.values() if isinstance(found, dict) else (found,):
        letter, logo = mailing.folder / path, (mailing.folder / path).parent / LOGO
        for lost in _left_behind(mailing, letter):
            yield _("{letter} has left behind in Word its {lost}", letter=letter, lost=lost)
        if not letter.is_file() or letter.read_bytes() in began:
            continue
        if letter.suffix.lower() in WORD_KINDS:
            continue
        for sample in samples_in(letter.read_text(encoding="utf-8", errors="replace")):
            yield _(
                "{letter}: “{partition}” is still the sample's. Write your own.",
                letter=letter,
                partition=sample,
            )
        if logo.is_file() and logo.read_bytes() == looks(LOGO):
            yield _(
                "{logo} is still the sample's logo. Put your own in its place, or take it out.",
                logo=logo,
            )


def samples_in(text: str) -> Iterator[str]:
    """The sample's own words that still stand in a letter's source."""
    for sample in _SAMPLES:
        if sample in text:
            yield sample.partition("<")[0]


def _left_behind(mailing: Mailing, letter: Path) -> Iterator[str]:
    """What a letter has lost on its way from Word, unless the mailing says it is not missed."""
    said = mailing.template.left_behind if mailing.template else None
    if said is None and letter.is_file() and letter.suffix.lower() not in WORD_KINDS:
        yield from left_behind_in(letter.read_text(encoding="utf-8", errors="replace"))
