"""The letters that ship, to choose from; and the letter that one of them takes the place of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import Folder, folder_of, mailing_at
from batchsend.desk.forms import field
from batchsend.desk.letter_file import write
from batchsend.desk.settings_file import change
from batchsend.desk.view import go_to, page
from batchsend.errors import SettingsError, in_short
from batchsend.language import N_, _, current_language
from batchsend.mailing import Mailing
from batchsend.starter import LOGO, begun_letters, looks, shipped_letters

EMPTY = "empty"
LANGUAGES = {"nb": "letter.html", "en": "letter.en.html"}
_TITLES = {
    EMPTY: N_("An empty letter"),
    "plain-letter": N_("A plain letter"),
    "payment-reminder": N_("A payment reminder"),
    "rent-notice": N_("A rent notice"),
    "annual-statement": N_("An annual statement"),
}
LETTER = Path("letter/letter.html")
BEFORE = "letter.before.html"
"""What a letter is called that another took the place of."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A letter of the gallery."""

    name: str
    title: str
    picture: str


def gallery() -> list[Choice]:
    """The letters to choose from, the empty one first."""
    language = "nb" if current_language() == "nb" else "en"
    return [
        Choice(
            name,
            _(_TITLES[name]) if name in _TITLES else name,
            f"/static/gallery/{name}.{language}.png",
        )
        for name in (EMPTY, *shipped_letters())
    ]


async def _choose(request: Request) -> Response:
    mailing = mailing_at(request)
    name, language = field(request, "name"), field(request, "language")
    if name not in {EMPTY, *shipped_letters()} or language not in LANGUAGES:
        raise HTTPException(404)
    folder = folder_of(request)
    if is_changed(mailing, folder) and field(request, "sure") != "yes":
        return page(
            request,
            "letter_replace.html",
            mailing=mailing,
            title=_(_TITLES.get(name, name)),
            name=name,
            chosen=language,
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
    for place in shipped_letters().values():
        ours += [letter.read_bytes() for letter in place.glob("letter*.html")]
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
        if name == EMPTY:
            parts = {each: looks(each) for each in ("head.html", "letter.css", LOGO)}
            text = begun_letters()[LANGUAGES[language]]
        else:
            place = shipped_letters()[name]
            text = (place / LANGUAGES[language]).read_bytes()
            parts = {
                each.name: each.read_bytes()
                for each in place.iterdir()
                if (each.is_file() and not each.name.startswith("letter.")) or each.suffix == ".css"
            }
        keep_before(path)
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


routes = [Route("/mailing/{mailing:path}/letter/choose", _choose, methods=["POST"])]
