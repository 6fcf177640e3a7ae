"""Screen 10, next month: the same mailing with a new list, in a period of its own."""

from __future__ import annotations

import filecmp
import re
import shutil
from datetime import date
from itertools import count
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at, path_at
from batchsend.desk.forms import asked, field
from batchsend.desk.screens.new_mailing import MOST, said, too_large
from batchsend.desk.settings_file import Keys, change
from batchsend.desk.standing import last_sent
from batchsend.desk.view import address, busy, go_to, page, without_commands
from batchsend.desk.work import CheckedList, work_of
from batchsend.errors import BatchsendError, SettingsError, in_short
from batchsend.language import _
from batchsend.lists import ListSettings, read_list
from batchsend.mailing import Mailing
from batchsend.operations.history.runs import ledger_of
from batchsend.operations.mailing_list.list_changes import ListChanges, changes_since_last
from batchsend.scratch import ScratchFolder
from batchsend.web import TooLargeError, name_of_upload, save_upload

MONTH = re.compile(r"\d{4}-\d{2}")
PLACE = "{{ period }}"
USES_PERIOD = re.compile(r"\{\{[^}]*\bperiod\b")
IDENTIFIER: Keys = ("payload", "Letter", "Identifier")
NAMED = 5
"""Rows of a kind that are named one by one."""


def _next(request: Request) -> Response:
    mailing = mailing_at(request)
    dropped, same = asked(request, "dropped"), asked(request, "same")
    changes, wrong = None, None
    if dropped:
        try:
            ready = work_of(request).check(mailing)
            if ready is None:
                return busy(request, mailing, _("The new list is compared with the last one …"))
            changes = _changes(ready)
        except BatchsendError as error:
            wrong = error
    period = period_of(mailing)
    return page(
        request,
        "next.html",
        mailing=mailing,
        dropped=dropped and not same,
        same=bool(same or (changes and changes.same)),
        changes=changes if changes and not changes.same else None,
        named=NAMED,
        wrong=wrong,
        file=mailing.list.path.name,
        period=period,
        proposed=_after(period or _month_of_last(mailing)),
        drop_to=address(request, mailing, "next/list"),
        drop_most=MOST,
    )


def _changes(ready: CheckedList) -> ListChanges | None:
    """The list beside the one that went last; None where nothing went yet."""
    place = ready.mailing.ledger_place
    if isinstance(place, Path) and not place.exists():
        return None
    with ledger_of(ready.mailing, None) as book:
        return changes_since_last(ready.mailing, ready.checked, ready.templates, book)


def period_of(mailing: Mailing) -> str:
    """Which sending of the mailing it is set to be; empty where it does not say."""
    if mailing.period:
        return mailing.period
    found = MONTH.findall(mailing.payload.Letter.Identifier)
    return found[-1] if found else ""


def _month_of_last(mailing: Mailing) -> str:
    """The month in which letters went last; empty where none did."""
    last = last_sent(mailing.path)
    return f"{last:%Y-%m}" if last else ""


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
            new = await run_in_threadpool(_take, path, private / name)
        except TooLargeError:
            return too_large()
        except BatchsendError as error:
            reason = (error.message, *without_commands(error.hint))
            return said(*(each.replace(f"{private}/", "") for each in reason))
    return JSONResponse({"go": address(request, path, "next?dropped=1" if new else "next?same=1")})


def _take(path: Path, dropped: Path) -> bool:
    """Make a dropped file the mailing's list; False where it is that list already.

    The one before stays where it is, and what is there of that name is not written over.
    """
    mailing = Mailing.load(path)
    now = mailing.folder / mailing.list.path
    if now.is_file() and filecmp.cmp(now, dropped, shallow=False):
        return False
    _must_be_a_list(mailing, dropped)
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
    return True


def _must_be_a_list(mailing: Mailing, dropped: Path) -> None:
    """Raise BatchsendError where a file cannot be read, neither as the list before it was nor by
    itself. Another sheet, or where its headings are, is chosen once it is taken."""
    try:
        _read(mailing.list.model_copy(update={"path": dropped}))
    except BatchsendError:
        _read(ListSettings(path=dropped))


def _read(settings: ListSettings) -> None:
    with ScratchFolder() as room:
        read_list(settings, folder=Path(), workspace=room)


def _period(request: Request) -> Response:
    """Set the period, and let the letters' own references use it, so that they are other ones."""
    path, period = path_at(request), field(request, "period")
    mailing = Mailing.load(path)
    if not period:
        raise SettingsError(_("Say which month it is for, as 2027-02."))
    changed: dict[Keys, object] = {("period",): mailing.of_period(period).period}
    if with_period := _using_period(mailing.payload.Letter.Identifier, period_of(mailing)):
        changed[IDENTIFIER] = with_period
    change(path, changed)
    return go_to(request, path, "check")


def _using_period(identifier: str, month: str) -> str:
    """An identifier that did not use the period, so that it does; empty where it did.

    >>> _using_period("rent-2027-01-{{ no }}", "2027-01"), _using_period("rent-{{ no }}", "")
    ('rent-{{ period }}-{{ no }}', 'rent-{{ period }}-{{ no }}')
    """
    if USES_PERIOD.search(identifier):
        return ""
    if month and month in identifier:
        return identifier.replace(month, PLACE)
    fixed, place, rest = identifier.partition("{{")
    return f"{fixed}{PLACE}-{place}{rest}"


routes = [
    Route("/mailing/{mailing:path}/next", _next),
    Route("/mailing/{mailing:path}/next/list", _dropped, methods=["POST"]),
    Route("/mailing/{mailing:path}/next/period", _period, methods=["POST"]),
]
