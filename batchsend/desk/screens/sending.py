"""Screen 7, send: what would go, to whom, and the one button that does it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.keys import missing_keys, write_keys
from batchsend.desk.said_again import said_again
from batchsend.desk.screens.letter.sender import must_have_sender
from batchsend.desk.screens.to_me import me_fields
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import work_of
from batchsend.errors import BatchsendError
from batchsend.language import _, ngettext
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


def _behind(planned: Plan) -> list[tuple[str, list[int], bool, str]]:
    """What stays behind: how many and why in a sentence, the first rows, if there are more, and the
    screen where somebody decides about them."""
    kinds = (
        (
            planned.unknown,
            ngettext(
                "{number} letter may have arrived before: somebody has to decide about it.",
                "{number} letters may have arrived before: somebody has to decide about them.",
                planned.unknown.height,
            ),
        ),
        (
            planned.rejected,
            ngettext(
                "{number} letter was refused before and has not changed since.",
                "{number} letters were refused before and have not changed since.",
                planned.rejected.height,
            ),
        ),
        (
            planned.conflicts,
            ngettext(
                "{number} letter went before with another text.",
                "{number} letters went before with another text.",
                planned.conflicts.height,
            ),
        ),
        (
            planned.repeats,
            ngettext(
                "{number} letter seems to have gone to the same person before.",
                "{number} letters seem to have gone to the same people before.",
                planned.repeats.height,
            ),
        ),
        (
            planned.under_way,
            ngettext(
                "{number} letter is being sent from elsewhere at this moment.",
                "{number} letters are being sent from elsewhere at this moment.",
                planned.under_way.height,
            ),
        ),
        *_unfit_pages(planned),
        *_held(planned),
        *_no_recipients(planned),
    )
    undecided = "receipt?status=unknown"
    return [
        (
            why,
            frame["row"].head(FEW).to_list(),
            frame.height > FEW,
            undecided if frame is planned.unknown else "",
        )
        for frame, why in kinds
        if frame.height
    ]


def _unfit_pages(planned: Plan) -> Iterator[tuple[pl.DataFrame, str]]:
    if planned.pages is None:
        return
    held = planned.pages.held
    yield (
        held,
        ngettext(
            "{number} letter has pages that cannot be posted: {reasons}",
            "{number} letters have pages that cannot be posted: {reasons}",
            held.height,
            reasons=" ".join(map(said_again, held["reason"].unique(maintain_order=True).head(FEW))),
        ),
    )


def _held(planned: Plan) -> Iterator[tuple[pl.DataFrame, str]]:
    if planned.checked.held:
        rows = planned.checked.snapshot.frame.filter("held").select("row")
        yield (
            rows.collect(engine="streaming"),
            ngettext(
                "{number} row has something wrong in it and gets no letter.",
                "{number} rows have something wrong in them and get no letter.",
                planned.checked.held,
            ),
        )


def _no_recipients(planned: Plan) -> Iterator[tuple[pl.DataFrame, str]]:
    """Rows that nobody sees in the sheet, of which no cell was read, and those left out."""
    snapshot = planned.checked.snapshot
    gone = snapshot.left_out
    seen = pl.any_horizontal(pl.col(column.key) != "" for column in snapshot.columns)
    hidden, others = gone.filter(~seen), gone.filter(seen)
    yield (
        hidden,
        ngettext(
            "{number} row is hidden in the sheet and gets no letter.",
            "{number} rows are hidden in the sheet and get no letter.",
            hidden.height,
        ),
    )
    yield (
        others,
        ngettext(
            "{number} row is left out, or stands below the list, and gets no letter.",
            "{number} rows are left out, or stand below the list, and get no letter.",
            others.height,
        ),
    )


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
    typed = field(request, "typed")
    if real and number(typed) != expected:
        return _send(request, _wrong_number(typed, expected))
    if (why := _not_permitted(planned)) is not None:
        return _send(request, why.message)
    work_of(request).begin(permitted(planned))
    return go_to(request, mailing, "under-way")


def _wrong_number(typed: str, expected: int) -> str:
    if not typed:
        return _("Nothing has been sent: the number is missing.")
    return ngettext(
        "Nothing has been sent: you typed {typed}, and it is {number} letter.",
        "Nothing has been sent: you typed {typed}, and it is {number} letters.",
        expected,
        typed=typed,
    )


def _keys(request: Request) -> Response:
    mailing = mailing_at(request)
    write_keys(mailing, {name: field(request, name) for name, _ in missing_keys(mailing)})
    return go_to(request, mailing, "send?to=real")


routes = [
    Route("/mailing/{mailing:path}/send", _send),
    Route("/mailing/{mailing:path}/send/begin", _begin, methods=["POST"]),
    Route("/mailing/{mailing:path}/send/keys", _keys, methods=["POST"]),
]
