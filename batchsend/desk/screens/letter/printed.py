"""A letter that stays in Word: its pages as they are printed, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.work import waited_for, work_of
from batchsend.errors import BatchsendError
from batchsend.mailing import Mailing
from batchsend.operations.looking.first_letters import troubles_of
from batchsend.operations.looking.letter_troubles import (
    in_desk_words,
    without_folders,
)
from batchsend.word import WORD_KINDS


@dataclass(frozen=True, slots=True)
class Printed:
    """The first letter of the list."""

    row: int
    """0 where there is none."""
    pages: int
    error: str
    """Why it cannot be sent as it is; empty where it can."""
    troubles: tuple[str, ...]


def is_word(mailing: Mailing) -> bool:
    """Whether the mailing has one letter, and that in Word."""
    found = mailing.template.path if mailing.template else None
    return isinstance(found, Path) and found.suffix.lower() in WORD_KINDS


def as_printed(request: Request, mailing: Mailing) -> Printed | None:
    """The first letter; None while it is being made. The sender may still be missing."""
    try:
        ready = work_of(request).envelopes(mailing)
        if ready is None:
            return None
        columns = ready.checked.snapshot.columns
        left = ready.templates.placeholders_left(columns)
        troubles = [without_folders(each, mailing) for each in left]
        letters = work_of(request).first_letters(ready)
        if letters is None:
            return None
    except BatchsendError as error:
        return Printed(0, 0, in_desk_words(error, mailing), ())
    if not letters:
        return Printed(0, 0, "", tuple(troubles))
    shown = letters[0].printed
    troubles += troubles_of(shown)
    return Printed(letters[0].row, len(shown.pictures), shown.error, tuple(troubles))


def _picture(request: Request) -> Response:
    mailing = mailing_at(request)
    ready = waited_for(lambda: work_of(request).envelopes(mailing))
    row, at = request.path_params["row"], request.path_params["page"]
    found = work_of(request).letter(ready, row)
    if found is None or not 0 < at <= len(found.pictures):
        raise HTTPException(404)
    return Response(found.pictures[at - 1], media_type="image/png")


routes = [Route("/mailing/{mailing:path}/letter/printed/{row:int}/{page:int}.png", _picture)]
