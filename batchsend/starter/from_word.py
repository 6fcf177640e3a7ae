"""A letter of Word's, or a web page that Word saved, as a letter on batchsend's own letterhead.

The address is the letterhead's. What the letter has lost on the way is written down in it, and is
asked for before anything is sent.
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
from batchsend.starter.examples import LOOKS, begun_letters, looks
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
