"""A page of the desk: its frame, its language, and where its steps are."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from batchsend.desk.folder import folder_of
from batchsend.desk.language import chosen_language
from batchsend.desk.said_again import said_again
from batchsend.desk.standing import steps_done
from batchsend.desk.work import work_of
from batchsend.errors import BatchsendError
from batchsend.language import LANGUAGES, N_, _, current_language
from batchsend.mailing import Mailing
from batchsend.web import environment

STEPS = (
    ("list", N_("Your list")),
    ("people", N_("Who gets it")),
    ("letter", N_("The letter")),
    ("check", N_("Check")),
    ("look", N_("Look")),
    ("send", N_("Send")),
    ("receipt", N_("The receipt")),
)
"""Each is the last part of an address and the name of a page."""
AFTERWARDS = (("next", N_("Next month")), ("tidy", N_("Tidy")))
COMMAND = re.compile(r"\bbatchsend \w|(?<!\w)--\w")


@cache
def _pages() -> Environment:
    pages = environment("batchsend.desk")
    pages.globals |= {"languages": LANGUAGES}
    pages.filters |= {
        "without_commands": without_commands,
        "said_again": said_again,
        "sentence": sentence,
        "said_here": said_here,
    }
    return pages


def sentence(text: str) -> str:
    """A reason as a sentence of its own: it begins with a capital letter."""
    return text[:1].upper() + text[1:]


@pass_context
def said_here(page: Context, text: str) -> str:
    """A message on the very screen that it names: “here” is enough."""
    return at_screen(text, str(page["here"]))


def at_screen(text: str, screen: str) -> str:
    """The same for the last part of a screen's address.

    >>> at_screen("Choose at “Check” what is to become of them.", "check")
    'Choose here what is to become of them.'
    """
    title = dict((*STEPS, *AFTERWARDS)).get(screen)
    return text.replace(_("at “{screen}”", screen=_(title)), _("here")) if title else text


def without_commands(hint: str | None) -> list[str]:
    """The lines of a hint that name no command: whoever sits here has the button instead. One that
    a process of its own has given, as that which reads a workbook, is said in the desk's words.

    >>> without_commands("Take them: batchsend correct a.toml\\nOr move it to another folder.")
    ['Or move it to another folder.']
    """
    lines = (said_again(hint) if hint else "").splitlines()
    return [line for line in lines if not COMMAND.search(line)]


def address(request: Request, mailing: Path | Mailing, screen: str) -> str:
    """Where a screen of a mailing is."""
    path = mailing.path if isinstance(mailing, Mailing) else mailing
    return f"/mailing/{quote(folder_of(request).name_of(path))}/{screen}"


def go_to(request: Request, mailing: Path | Mailing, screen: str) -> Response:
    """Where to look next, after a form."""
    return RedirectResponse(address(request, mailing, screen), 303)


def page(
    request: Request,
    name: str,
    *,
    mailing: Mailing | Path | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """A page of `pages/`. With a mailing it has its steps, and `at("send")` is where one is."""

    def at(screen: str) -> str:
        return address(request, mailing, screen) if mailing is not None else "/"

    steps = [(screen, _(title), at(screen)) for screen, title in STEPS] if mailing else []
    later = [(screen, _(title), at(screen)) for screen, title in AFTERWARDS] if mailing else []
    html = (
        _pages()
        .get_template(name)
        .render(
            at=at,
            steps=steps,
            afterwards=later,
            steps_done=steps_done(work_of(request), mailing) if mailing else frozenset(),
            here=_step(request.url.path),
            path=request.url.path,
            token=request.app.state.door.token,
            language=current_language(),
            mailing_name=_name(mailing),
            channels=channel_names(),
            **values,
        )
    )
    return HTMLResponse(html, status)


def problem(
    request: Request, error: BatchsendError, *, mailing: Mailing | Path | None = None
) -> Response:
    """The page that says what is wrong, in the error's own words."""
    return page(
        request, "problem.html", mailing=mailing, status=422, said=error.message, hint=error.hint
    )


def busy(request: Request, mailing: Mailing | Path, doing: str) -> Response:
    """The page while something is being done that takes longer; it asks again by itself.

    A form's own address cannot be asked again: its screen is, which then waits.
    """
    if request.method == "POST":
        screen = request.url.replace(path=request.url.path.rpartition("/")[0])
        return RedirectResponse(screen, 303)
    return page(request, "busy.html", mailing=mailing, doing=doing)


def refused(request: Request, status: int) -> Response:
    """What somebody sees who may not come in, or who was sent here by another page."""
    with chosen_language(request):
        html = (
            _pages().get_template("refused.html").render(status=status, language=current_language())
        )
    return HTMLResponse(html, status)


def channel_names() -> dict[str, str]:
    """What a person calls the ways a letter goes."""
    return {
        "PRINT": _("on paper"),
        "DIGIPOST": "Digipost",
        "KIVRA": "Kivra",
        "EMAIL": _("by e-mail"),
    }


WITHIN = {"under-way": "send", "approve": "send"}
"""Pages of a step that are called something else in an address."""


def _step(path: str) -> str:
    """The step that an address is of.

    >>> _step("/mailing/rent/mailing.toml/letter/word"), _step("/mailing/mailing.toml/under-way")
    ('letter', 'send')
    """
    name = path.rpartition(".toml/")[2].partition("/")[0]
    return WITHIN.get(name, name)


def _name(mailing: Mailing | Path | None) -> str:
    if isinstance(mailing, Path):
        return mailing.parent.name
    return mailing.name if mailing is not None else ""
