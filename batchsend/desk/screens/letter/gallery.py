"""The letters that ship, to choose from; and the letter that one of them takes the place of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import Folder, folder_of, mailing_at
from batchsend.desk.forms import field
from batchsend.desk.screens.letter.file import write
from batchsend.desk.settings_file import change
from batchsend.desk.view import go_to, page
from batchsend.errors import SettingsError, in_short
from batchsend.language import _, current_language
from batchsend.mailing import Mailing
from batchsend.starter import LOGO, ShippedLetter, begun_letters, gallery, looks, pictures
from batchsend.word.office_process import office

EMPTY = "empty"
LANGUAGES = {"nb": "letter.html", "en": "letter.en.html"}
LETTER = Path("letter/letter.html")
BEFORE = "letter.before.html"
"""What a letter is called that another took the place of."""
_WORD = ".docx"


@dataclass(frozen=True, slots=True)
class Choice:
    """A letter of the gallery, in the language of who looks."""

    name: str
    title: str
    about: str
    picture: str


def choices() -> list[Choice]:
    """The letters to choose from, the empty one first; those in Word where they can be printed."""
    language = current_language()
    empty = Choice(
        EMPTY,
        _("An empty letter"),
        _("The letterhead, and a text that you write."),
        f"/gallery/{EMPTY}.png",
    )
    return [
        empty,
        *(
            Choice(each.name, each.title[language], each.about[language], f"/gallery/{name}.png")
            for name, each in _shipped().items()
        ),
    ]


def _shipped() -> dict[str, ShippedLetter]:
    has_office = office() is not None
    return {
        each.name: each
        for each in gallery()
        if has_office or any(path.suffix != _WORD for path in each.templates)
    }


def _picture(request: Request) -> Response:
    """The first page of a letter, in the reader's language where it exists in it."""
    name, language = request.path_params["name"], current_language()
    if name == EMPTY:
        return FileResponse(pictures() / "begun-no-1.png")
    shipped = _shipped().get(name)
    if shipped is None:
        raise HTTPException(404)
    pages = shipped.pictures.get(language) or next(iter(shipped.pictures.values()))
    return FileResponse(pages[0])


async def _choose(request: Request) -> Response:
    mailing = mailing_at(request)
    name, language = field(request, "name"), field(request, "language")
    titles = {choice.name: choice.title for choice in choices()}
    if name not in titles or language not in LANGUAGES:
        raise HTTPException(404)
    folder = folder_of(request)
    if is_changed(mailing, folder) and field(request, "sure") != "yes":
        return page(
            request,
            "letter_replace.html",
            mailing=mailing,
            title=titles[name],
            chosen=name,
            spoken=language,
            before=BEFORE,
        )
    await run_in_threadpool(_take, mailing, folder, name, language)
    return go_to(request, mailing, "letter")


def is_changed(mailing: Mailing, folder: Folder) -> bool:
    """Whether the mailing's letter is somebody's own, which must not be lost unasked."""
    path = letter_path(mailing, folder)
    if not path.is_file():
        return False
    data = path.read_bytes()
    ours = [*begun_letters().values()]
    ours += [letter.read_bytes() for each in gallery() for letter in each.templates]
    return data not in ours


def letter_path(mailing: Mailing, folder: Folder) -> Path:
    """Where a new letter of the mailing goes: where its letter is, or a folder of its own."""
    found = mailing.template.path if mailing.template else LETTER
    named = found if isinstance(found, Path) else next(iter(found.values()))
    path = (mailing.folder / named).resolve()
    is_its_own = path.is_relative_to(mailing.folder.resolve()) and path.is_relative_to(folder.root)
    return path if is_its_own and path.suffix == ".html" else mailing.folder / LETTER


def keep_before(path: Path) -> None:
    """Keep a letter that another is to take the place of. Raises SettingsError."""
    if path.is_file():
        write(path.with_name(BEFORE), path.read_bytes())


def name_letter(mailing: Mailing, path: Path) -> None:
    """Write into mailing.toml where the letter is. Raises SettingsError."""
    named = path.relative_to(mailing.folder.resolve()).as_posix()
    template = mailing.template
    if template is None or template.path != Path(named):
        change(mailing.path, {("template", "path"): named})


def _take(mailing: Mailing, folder: Folder, name: str, language: str) -> None:
    """Copy a letter that ships into the mailing, with what it needs; a logo of one's own stays."""
    path = letter_path(mailing, folder)
    try:
        text, parts = _read(name, language)
        keep_before(path)
        if name != EMPTY and not parts:
            path = path.with_name(f"letter{_WORD}")
        for part, data in parts.items():
            there = path.parent / part
            if not (part == LOGO and there.is_file()):
                write(there, data)
    except OSError as error:
        raise SettingsError(
            _("The letter cannot be copied: {why}.", why=in_short(error))
        ) from error
    write(path, text)
    name_letter(mailing, path)


def _read(name: str, language: str) -> tuple[bytes, dict[str, bytes]]:
    """A letter, and the files beside it by their names: none where it is one from Word."""
    if name == EMPTY:
        parts = {each: looks(each) for each in ("head.html", "letter.css", LOGO)}
        return begun_letters()[LANGUAGES[language]], parts
    templates = {path.name: path for path in _shipped()[name].templates}
    template = templates.get(LANGUAGES[language]) or next(iter(templates.values()))
    others = template.parent.iterdir()
    return template.read_bytes(), {
        each.name: each.read_bytes()
        for each in others
        if each.is_file() and not each.match("letter*.html") and each.suffix != _WORD
    }


routes = [
    Route("/mailing/{mailing:path}/letter/choose", _choose, methods=["POST"]),
    Route("/gallery/{name}.png", _picture),
]
