"""Screen 10, next month: the same mailing with a new list, in a period of its own."""

from __future__ import annotations

import re
import shutil
from datetime import date
from itertools import count
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.comparing import compare
from batchsend.desk.folder import folder_of, mailing_at, path_at
from batchsend.desk.forms import asked, field
from batchsend.desk.new_mailing import MOST, said, too_large
from batchsend.desk.settings_file import change
from batchsend.desk.view import address, go_to, page
from batchsend.errors import BatchsendError, SettingsError, in_short
from batchsend.language import _
from batchsend.mailing import Mailing
from batchsend.scratch import ScratchFolder
from batchsend.web import TooLargeError, name_of_upload, save_upload

MONTH = re.compile(r"\d{4}-\d{2}")
IDENTIFIER = ("payload", "Letter", "Identifier")


def _next(request: Request) -> Response:
    mailing = mailing_at(request)
    name = asked(request, "before")
    compared, wrong = None, None
    if name:
        before = folder_of(request).inside(f"{folder_of(request).name_of(mailing.folder)}/{name}")
        try:
            if before is not None and before.is_file():
                compared = compare(mailing, before)
        except BatchsendError as error:
            wrong = error
    period = period_of(mailing)
    return page(
        request,
        "next.html",
        mailing=mailing,
        compared=compared,
        wrong=wrong,
        file=mailing.list.path.name,
        period=period,
        proposed=_after(period),
        drop_to=address(request, mailing, "next/list"),
        drop_most=MOST,
    )


def period_of(mailing: Mailing) -> str:
    """Which sending of the mailing it is set to be; empty where it does not say."""
    told = getattr(mailing, "period", None)
    if told:
        return str(told)
    found = MONTH.findall(mailing.payload.Letter.Identifier)
    return found[-1] if found else ""


def _after(period: str) -> str:
    """The month after it, where it is a month."""
    if not MONTH.fullmatch(period) or not 1 <= int(period[5:]) <= 12:
        return ""
    year, month = int(period[:4]), int(period[5:])
    return f"{date(year + month // 12, month % 12 + 1, 1):%Y-%m}"


async def _dropped(request: Request) -> Response:
    path, name = path_at(request), name_of_upload(request)
    with ScratchFolder() as private:
        try:
            if not await save_upload(request, private / name, most=MOST) or name.startswith("~$"):
                return said(
                    _("This is not the list itself: save and close it in Excel, and drop it again.")
                )
            before = await run_in_threadpool(_take, path, private / name)
        except TooLargeError:
            return too_large()
        except BatchsendError as error:
            return said(error.message, error.hint)
    return JSONResponse({"go": f"{address(request, path, 'next')}?before={before}"})


def _take(path: Path, dropped: Path) -> str:
    """Make a dropped file the mailing's list; the name of the one before.

    The one before stays where it is, and what is there of that name is not written over.
    """
    mailing = Mailing.load(path)
    names = (dropped.name if at == 1 else f"{dropped.stem} {at}{dropped.suffix}" for at in count(1))
    kept = next(place for name in names if not (place := mailing.folder / name).exists())
    try:
        shutil.copyfile(dropped, kept)
    except OSError as error:
        raise SettingsError(
            _("{kept} cannot be written: {reason}.", kept=kept, reason=in_short(error))
        ) from error
    try:
        change(path, {("list", "path"): kept.name})
    except BatchsendError:
        kept.unlink(missing_ok=True)
        raise
    return mailing.list.path.name


def _period(request: Request) -> Response:
    path = path_at(request)
    mailing, period = Mailing.load(path), field(request, "period")
    if "period" in type(mailing).model_fields and (
        getattr(mailing, "period", None) or not period_of(mailing)
    ):
        change(path, {("period",): period or None})
    elif before := period_of(mailing):
        if not MONTH.fullmatch(period):
            raise SettingsError(_("Write the month as 2027-02."))
        identifier = mailing.payload.Letter.Identifier
        change(path, {IDENTIFIER: identifier.replace(before, period)})
    return go_to(request, path, "check")


routes = [
    Route("/mailing/{mailing:path}/next", _next),
    Route("/mailing/{mailing:path}/next/list", _dropped, methods=["POST"]),
    Route("/mailing/{mailing:path}/next/period", _period, methods=["POST"]),
]
