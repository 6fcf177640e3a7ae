"""Screen 7, send: what would go, to whom, and the one button that does it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.keys import missing_keys, write_keys
from batchsend.desk.screens.letter.sender import must_have_sender
from batchsend.desk.screens.to_me import me_fields
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import work_of
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import run_elsewhere
from batchsend.operations.planning.planned import Plan
from batchsend.operations.planning.selection import Selection
from batchsend.operations.running.permission import permitted
from batchsend.operations.target import Target

FEW = 5
"""Rows of a kind that are named one by one."""


def _send(request: Request, said: str = "") -> Response:
    mailing = mailing_at(request)
    real = asked(request, "to") == "real"
    run = work_of(request).run(mailing)
    if run is not None and run.under_way:
        return go_to(request, mailing, "under-way")
    if run_elsewhere(mailing) is not None:
        return go_to(request, mailing, "under-way?seen=1")
    missing = missing_keys(mailing) if real else ()
    if missing:
        return page(request, "keys.html", mailing=mailing, missing=missing, said=said)
    most = number(asked(request, "most"))
    try:
        planned = _planned(request, mailing, real=real, most=most)
    except BatchsendError as error:
        return page(
            request, "send_stopped.html", mailing=mailing, status=422, error=error, real=real
        )
    if planned is None:
        return busy(request, mailing, _("What is to be sent is being counted …"))
    me = mailing.send.me
    return page(
        request,
        "send.html",
        mailing=mailing,
        status=422 if said else 200,
        planned=planned,
        real=real,
        most=most,
        said=said,
        pages=planned.pages,
        behind=_behind(planned),
        not_permitted=_not_permitted(planned),
        approval=real and mailing.send.approval,
        me=me.model_dump() if me else {},
        me_fields=me_fields(),
        first_row=planned.to_send["row"].head(1).to_list(),
        prices=mailing.prices is not None,
    )


def _planned(request: Request, mailing: Mailing, *, real: bool, most: int) -> Plan | None:
    must_have_sender(mailing)
    target = Target.api(mailing) if real else Target.sandbox()
    return work_of(request).plan(mailing, target, Selection(limit=most or None))


def _not_permitted(planned: Plan) -> BatchsendError | None:
    """Why it may not be sent, by a cap or for want of somebody's approval."""
    try:
        permitted(planned)
    except BatchsendError as error:
        return error
    return None


def _behind(planned: Plan) -> list[tuple[int, str, list[int]]]:
    """What stays behind: how many, why, and the first rows."""
    kinds = (
        (planned.unknown, _("may have arrived before: somebody has to decide about them")),
        (planned.rejected, _("were refused before and have not changed since")),
        (planned.conflicts, _("went before with another text")),
        (planned.repeats, _("seem to have gone to the same person before")),
        (planned.under_way, _("are being sent from elsewhere at this moment")),
    )
    found = [
        (frame.height, why, frame["row"].head(FEW).to_list())
        for frame, why in kinds
        if frame.height
    ]
    if planned.pages is not None and planned.pages.held.height:
        held = planned.pages.held
        reasons = held["reason"].unique(maintain_order=True).head(FEW).to_list()
        why = _("have pages that cannot be posted: {reasons}", reasons=" ".join(reasons))
        found.append((held.height, why, held["row"].head(FEW).to_list()))
    if planned.checked.held:
        found.append((planned.checked.held, _("have something wrong in their rows"), []))
    return found


def _begin(request: Request) -> Response:
    mailing = mailing_at(request)
    real = asked(request, "to") == "real"
    planned = _planned(request, mailing, real=real, most=number(asked(request, "most")))
    if planned is None:
        return _send(request)
    expected = number(field(request, "expected"))
    if expected != planned.leaving:
        return _send(
            request,
            _("Something has changed since this page was shown. Look at the numbers again."),
        )
    if real and number(field(request, "typed")) != expected:
        return _send(
            request, _("Type the number of letters, {number}, to send them.", number=expected)
        )
    if (why := _not_permitted(planned)) is not None:
        return _send(request, why.message)
    work_of(request).begin(permitted(planned))
    return go_to(request, mailing, "under-way")


def _keys(request: Request) -> Response:
    mailing = mailing_at(request)
    write_keys(mailing, {name: field(request, name) for name, _ in missing_keys(mailing)})
    return go_to(request, mailing, "send?to=real")


routes = [
    Route("/mailing/{mailing:path}/send", _send),
    Route("/mailing/{mailing:path}/send/begin", _begin, methods=["POST"]),
    Route("/mailing/{mailing:path}/send/keys", _keys, methods=["POST"]),
]
