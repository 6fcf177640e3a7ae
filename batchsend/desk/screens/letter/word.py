"""A letter from Word: dropped, what it loses said, and taken once that is seen."""

from __future__ import annotations

import re
import secrets
import shutil
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import Folder, folder_of, mailing_at
from batchsend.desk.forms import field
from batchsend.desk.screens.letter.file import write
from batchsend.desk.screens.letter.gallery import is_changed, keep_before, letter_path, name_letter
from batchsend.desk.screens.letter.page import live_of
from batchsend.desk.screens.letter.printed import is_word
from batchsend.desk.settings_file import change
from batchsend.desk.view import address, go_to, page
from batchsend.errors import BatchsendError, SettingsError
from batchsend.language import _
from batchsend.lists import Column
from batchsend.mailing import Mailing
from batchsend.operations.looking.letter_troubles import in_desk_words
from batchsend.scratch import ScratchFolder
from batchsend.starter import read_letter, write_letter
from batchsend.web import TooLargeError, name_of_upload, save_upload
from batchsend.word import WORD_KINDS, docx_of
from batchsend.word.office_process import office
from batchsend.word.prose import Prose
from batchsend.word.web_page import WEB_KINDS

WORD_MOST = 30 * 1024 * 1024
KINDS = (*sorted({*WORD_KINDS, *WEB_KINDS}),)
_TURNED = re.compile(r"\{\{ *([^|{}]+?) *\| *surname_last *\}\}")
WAITING = 5
"""So many dropped letters are kept until somebody has looked at what they lose."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A letter from Word that nobody has taken yet."""

    mailing: Path
    name: str
    prose: Prose
    docx: bytes | None
    """The document itself, where LibreOffice can print it as it is."""


class DroppedLetters:
    """Those of a desk, the newest few."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Dropped] = OrderedDict()

    def keep(self, letter: Dropped) -> str:
        """Keep one; the key to find it by, which nobody can guess."""
        key = secrets.token_urlsafe(16)
        self._kept[key] = letter
        while len(self._kept) > WAITING:
            self._kept.popitem(last=False)
        return key

    def find(self, key: str, mailing: Mailing) -> Dropped:
        """The one of that key. Raises SettingsError where it is gone."""
        found = self._kept.get(key)
        if found is None or found.mailing != mailing.path:
            raise SettingsError(
                _("This letter is no longer kept."), hint=_("Drop the Word file once more.")
            )
        return found


async def _drop(request: Request) -> Response:
    mailing, name = mailing_at(request), name_of_upload(request)
    with ScratchFolder() as private:
        try:
            await save_upload(request, private / name, most=WORD_MOST)
            if name.startswith("~$"):
                return _refused(_("Save and close the letter in Word, and drop it again."))
            columns = await run_in_threadpool(_columns, request, mailing)
            letter = await run_in_threadpool(_read, mailing, private / name, columns)
        except TooLargeError:
            return _refused(_("This file is too large for a letter."))
        except BatchsendError as error:
            return _refused(in_desk_words(error, mailing).replace(f"{private}/", ""))
    key = _letters(request).keep(letter)
    return JSONResponse({"go": f"{address(request, mailing, 'letter/word')}?key={key}"})


def _text_of_letter(request: Request) -> Response:
    """The mailing's own Word letter as one that was dropped: to use its text."""
    mailing = mailing_at(request)
    if mailing.template is None or not is_word(mailing):
        raise HTTPException(404)
    path = (mailing.folder / str(mailing.template.path)).resolve()
    if not path.is_relative_to(folder_of(request).root):
        raise SettingsError(
            _("The letter lies outside the folder of this desk and cannot be changed here.")
        )
    letter = _read(mailing, path, _columns(request, mailing))
    key = _letters(request).keep(letter)
    return go_to(request, mailing, f"letter/word?key={key}")


def _refused(said: str) -> Response:
    return JSONResponse({"said": said}, 422)


def _columns(request: Request, mailing: Mailing) -> tuple[Column, ...] | None:
    try:
        return live_of(request).of(mailing).columns(mailing)
    except BatchsendError:
        return None  # the letter can be read without its list


def _read(mailing: Mailing, path: Path, columns: tuple[Column, ...] | None) -> Dropped:
    prose = read_letter(path, columns)
    can_print = path.suffix.lower() in WORD_KINDS and office() is not None
    return Dropped(mailing.path, path.name, prose, docx_of(path) if can_print else None)


def _look(request: Request) -> Response:
    mailing = mailing_at(request)
    key = request.query_params.get("key", "")
    letter = _letters(request).find(key, mailing)
    places = {
        "header": _("At the top of the pages"),
        "footer": _("At the foot of the pages"),
        "text box": _("In a text box"),
        "picture": _("A picture"),
        "footnotes": _("In the footnotes"),
        "endnotes": _("In the endnotes"),
    }
    return page(
        request,
        "letter_word.html",
        mailing=mailing,
        key=key,
        file=letter.name,
        lost=[(places.get(it.place, it.place), it.words) for it in letter.prose.left_behind],
        top=letter.prose.address,
        notes=letter.prose.notes,
        as_word=letter.docx is not None,
        changed=is_changed(mailing, folder_of(request)),
        where=address(request, mailing, "letter"),
        missing=request.query_params.get("unseen") == "yes",
    )


async def _take(request: Request) -> Response:
    mailing, key = mailing_at(request), field(request, "key")
    letter = _letters(request).find(key, mailing)
    as_word = field(request, "how") == "word" and letter.docx is not None
    if letter.prose.left_behind and not as_word and field(request, "seen") != "yes":
        return go_to(request, mailing, f"letter/word?key={key}&unseen=yes")
    await run_in_threadpool(_put_word if as_word else _put, mailing, folder_of(request), letter)
    return go_to(request, mailing, "letter")


def _put(mailing: Mailing, folder: Folder, letter: Dropped) -> None:
    """Put its text on our letterhead, in the place of the letter that is there."""
    path = letter_path(mailing, folder)
    with ScratchFolder() as private:
        made = private / "letter"
        if path.parent.is_dir():  # a letterhead that is there is kept
            made.mkdir()
            for part in ("head.html", "letter.css", "logo.svg"):
                if (path.parent / part).is_file():
                    shutil.copyfile(path.parent / part, made / part)
        write_letter(letter.prose, made)
        keep_before(path)
        for each in made.iterdir():
            if each.name != "letter.html":
                write(path.parent / each.name, each.read_bytes())
        text = (made / "letter.html").read_text(encoding="utf-8")
        write(path, with_turned_name(text, mailing).encode())
    name_letter(mailing, path)
    if letter.prose.left_behind:
        change(mailing.path, {("template", "left_behind"): "not needed"})


def with_turned_name(text: str, mailing: Mailing) -> str:
    """A letter that has the recipient's name where it had the column of it, if that one has the
    last name first: Word's field would greet somebody as `Nordmann, Kari`."""
    recipient = mailing.payload.Letter.Invoicee
    turned = _TURNED.fullmatch(str(recipient.Name or "")) if recipient else None
    if turned is None:
        return text
    field_of_it = re.compile(rf"\{{\{{ *{re.escape(turned[1])} *\}}\}}")
    return field_of_it.sub("{{ letter.Invoicee.Name }}", text)


def _put_word(mailing: Mailing, folder: Folder, letter: Dropped) -> None:
    """Keep it as the Word document it is."""
    path = letter_path(mailing, folder).with_name("letter.docx")
    write(path, letter.docx or b"")
    name_letter(mailing, path)


def _letters(request: Request) -> DroppedLetters:
    letters: DroppedLetters = request.app.state.dropped_letters
    return letters


routes = [
    Route("/mailing/{mailing:path}/letter/word", _look),
    Route("/mailing/{mailing:path}/letter/word", _drop, methods=["POST"]),
    Route("/mailing/{mailing:path}/letter/word/text", _text_of_letter, methods=["POST"]),
    Route("/mailing/{mailing:path}/letter/word/take", _take, methods=["POST"]),
]
