"""Screen 11, tidy: what personal data lies where, and the old of it removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.view import page
from batchsend.mailing import Mailing
from batchsend.operations.purge import Cleared, purge
from batchsend.previews import previewed_files
from batchsend.sandbox import letter_files

DAYS = 90
SHOWN = 200


def _tidy(request: Request, cleared: Cleared | None = None) -> Response:
    mailing = mailing_at(request)
    days = number(asked(request, "days"), DAYS)
    before = datetime.now(UTC) - timedelta(days=days)
    going = _going(mailing, before)
    staying = _staying(mailing, set(going))
    return page(
        request,
        "tidy.html",
        mailing=mailing,
        days=days,
        going=[_named(mailing, path) for path in going[:SHOWN]],
        going_count=len(going),
        staying=[_named(mailing, path) for path in staying[:SHOWN]],
        cleared=cleared,
    )


def _going(mailing: Mailing, before: datetime) -> list[Path]:
    """What a purge would remove: checked lists of earlier runs, and letters that were looked at."""
    place = mailing.ledger_place
    copies = place.with_suffix(".snapshots") if isinstance(place, Path) else place.snapshots
    ours = [
        *(path for path in copies.glob("*") if path.is_dir()),
        *letter_files(mailing.folder / "sandbox-letters"),
        *previewed_files(mailing.folder / "preview"),
    ]
    return sorted(path for path in ours if path.stat().st_mtime < before.timestamp())


def _staying(mailing: Mailing, going: set[Path]) -> list[Path]:
    """What a person has to look after: the lists, the letter, the reports."""
    return sorted(
        path
        for path in mailing.folder.glob("*")
        if path.is_file() and path not in going and not path.name.startswith((".", "ledger."))
    )


def _named(mailing: Mailing, path: Path) -> str:
    return (
        str(path.relative_to(mailing.folder)) if path.is_relative_to(mailing.folder) else str(path)
    )


def _clear(request: Request) -> Response:
    mailing = mailing_at(request)
    days = number(field(request, "days"), DAYS)
    cleared = purge(mailing, datetime.now(UTC) - timedelta(days=days))
    return _tidy(request, cleared)


routes = [
    Route("/mailing/{mailing:path}/tidy", _tidy),
    Route("/mailing/{mailing:path}/tidy/clear", _clear, methods=["POST"]),
]
