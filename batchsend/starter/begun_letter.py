"""A letter that `init` began or that was turned from Word, and whether somebody has written it.

A letter of Word's, or a web page that Word saved, comes onto batchsend's own letterhead, whose
address it gets. What it has lost on the way is written down in it, and is asked for before anything
is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Final

from batchsend.errors import SettingsError, TemplateError, in_short
from batchsend.language import _
from batchsend.lists import Column
from batchsend.mailing import Mailing
from batchsend.starter.shipped import LOGO, LOOKS, begun_letters, looks
from batchsend.word import WORD_KINDS, docx_of
from batchsend.word.prose import LeftBehind, Prose, prose_of
from batchsend.word.web_page import WEB_KINDS, web_page

_NOTE: Final = '<meta name="left-behind" content="{content}">'
_NOTED: Final = re.compile(r'<meta name="left-behind" content="([^"]*)">')
_FIRST: Final = "letter.html"


@dataclass(frozen=True, slots=True)
class Turned:
    """A new letter in HTML."""

    letter: Path
    left_behind: tuple[LeftBehind, ...]
    address: str
    """What stood at its top and is the letterhead's now; empty where nothing did."""
    notes: tuple[str, ...]


def read_letter(path: Path, columns: Sequence[Column] | None = None) -> Prose:
    """The text of a letter. Raises TemplateError naming the file."""
    kind = path.suffix.lower()
    try:
        if kind in WEB_KINDS:
            return web_page(path, columns)
        if kind in WORD_KINDS:
            return prose_of(docx_of(path), columns)
    except TemplateError as error:
        raise TemplateError(f"{path}: {error.message}", hint=error.hint) from None
    raise TemplateError(
        _("{path} is neither a Word document nor a web page that Word saved.", path=path),
        hint=_("Open it in the program that wrote it and save it as a Word document (.docx)."),
    )


def write_letter(prose: Prose, folder: Path) -> Turned:
    """Write it into `folder`, with what its letterhead needs.

    Raises SettingsError where a letter is there already, or nothing can be written.
    """
    letter = folder / _FIRST
    if letter.exists():
        raise SettingsError(
            _("{letter} already exists and is not changed.", letter=letter),
            hint=_("Name another folder."),
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in LOOKS:
            if not (folder / name).exists():
                (folder / name).write_bytes(looks(name))
        text = _on_letterhead(begun_letters()["letter.html"].decode("utf-8"), prose)
        for name, data in prose.pictures.items():
            (folder / name).write_bytes(data)
        letter.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            _("{folder} cannot be written: {reason}.", folder=folder, reason=in_short(error))
        ) from None
    return Turned(letter, prose.left_behind, prose.address, prose.notes)


def left_behind_in(source: str) -> Iterator[str]:
    """What a letter says it has lost on its way from Word."""
    for content in _NOTED.findall(source):
        yield unescape(content)


def _on_letterhead(began: str, prose: Prose) -> str:
    before, _other, rest = began.partition("<main>")
    _other, _other, after = rest.partition("</main>")
    notes = "".join(f"  {_NOTE.format(content=_told(each))}\n" for each in prose.left_behind)
    head = before.replace("<title>Brev</title>", f"<title>{_safe(prose.title or 'Brev')}</title>")
    head = head.replace("</head>", f"{notes}</head>")
    body = "".join(f"  {line}\n" for line in prose.html.splitlines())
    return f"{head}<main>\n{body}</main>{after}"


def _told(each: LeftBehind) -> str:
    return _safe(f"{each.place}: {each.words}")


def _safe(text: str) -> str:
    """A text that is neither markup nor Jinja2."""
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


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
