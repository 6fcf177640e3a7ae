"""Screen 3, who gets it: which column holds what, and envelopes as the window will show them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.columns import (
    FIELDS,
    Choice,
    choices,
    identifier_choices,
)
from batchsend.desk.folder import mailing_at, path_at
from batchsend.desk.forms import field
from batchsend.desk.screens.letter.page import live_of
from batchsend.desk.screens.your_list import INVOICEE
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import CheckedList, work_of
from batchsend.errors import BatchsendError
from batchsend.expressions import address_lines
from batchsend.language import _
from batchsend.letters import called
from batchsend.lists import RecipientList
from batchsend.mailing import Mailing
from batchsend.previews import worth_seeing
from batchsend.starter import reference, turned_round

IDENTIFIER: Keys = ("payload", "Letter", "Identifier")
ADDRESS = ("Name", "Address1", "Address2", "Address3", "PostCode", "City", "CountryCode")
ENVELOPES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the recipient on the page."""

    name: str
    title: str
    needed: bool
    now: str
    choices: list[Choice]

    @property
    def other(self) -> bool:
        """Whether mailing.toml has something here that is none of the choices."""
        return self.now not in {choice.text for choice in self.choices}


def _people(request: Request) -> Response:
    mailing = mailing_at(request)
    view = work_of(request).sheet(mailing)
    if view is None:
        return busy(request, mailing, _("The list is being read …"))
    if view.recipients is None:
        return go_to(request, mailing, "list")
    asked = list(_asked(mailing, view.recipients))
    wrong: BatchsendError | None = None
    envelopes: list[tuple[int, list[str]]] = []
    try:
        ready = work_of(request).envelopes(mailing)
    except BatchsendError as error:
        wrong = error
    else:
        if ready is None:
            return busy(request, mailing, _("The envelopes are being written …"))
        envelopes = _envelopes(ready)
    turn = next((each for each in asked if each.name == "Name"), None)
    answer = page(
        request,
        "people.html",
        mailing=mailing,
        asked=asked,
        turn=_turn(turn, view.recipients) if turn else None,
        envelopes=envelopes,
        wrong=wrong,
        incomplete=any(each.needed and not each.now and each.choices for each in asked),
    )
    answer.background = BackgroundTask(live_of(request).of(mailing).warm, mailing)
    return answer


def _asked(mailing: Mailing, found: RecipientList) -> list[Asked]:
    letter = mailing.payload.Letter
    told = letter.Invoicee.model_dump() if letter.Invoicee else {}
    asked = [
        Asked(
            name,
            called(f"Invoicee.{name}"),
            needed,
            str(told.get(name) or ""),
            choices(name, found),
        )
        for name, needed in FIELDS.items()
    ]
    now = letter.Identifier
    prefix = now.partition("{{")[0] or f"{mailing.folder.name}-"
    own = identifier_choices(prefix, found)
    return [*asked, Asked("Identifier", _("What makes each letter its own"), True, now, own)]


def _turn(name: Asked, found: RecipientList) -> Choice | None:
    """What to propose where the name that is chosen is written last name first."""
    for column in found.columns:
        turned = [choice for choice in name.choices if choice.text == turned_round(column)]
        if turned and name.now == reference(column):
            return turned[0]
    return None


def _envelopes(ready: CheckedList) -> list[tuple[int, list[str]]]:
    """Addresses of a few letters that differ, as their pages have them."""
    snapshot, home = ready.checked.snapshot, ready.mailing.payload.Letter.Invoicer.CountryCode
    rows = list(worth_seeing(snapshot))[:ENVELOPES]
    texts = snapshot.texts(*(f"Invoicee.{part}" for part in ADDRESS))
    found = texts.filter(pl.col("row").is_in(rows)).collect(engine="streaming")
    return [
        (each["row"], address_lines({part: each[f"Invoicee.{part}"] for part in ADDRESS}, home))
        for each in found.to_dicts()
    ]


def _chosen(request: Request) -> Response:
    values: dict[Keys, object] = {}
    for name in FIELDS:
        if name in request.state.form:
            values[(*INVOICEE, name)] = field(request, name)
    if identifier := field(request, "Identifier"):
        values[IDENTIFIER] = identifier
    mailing = change(path_at(request), values)
    return go_to(request, mailing, "people")


routes = [
    Route("/mailing/{mailing:path}/people", _people),
    Route("/mailing/{mailing:path}/people/chosen", _chosen, methods=["POST"]),
]
