"""Screen 9, the receipt: how every row stands, by what the ledger knows now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, field, number
from batchsend.desk.said_again import said_again
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import Receipt, waited_for, work_of
from batchsend.errors import BatchsendError
from batchsend.language import N_, _
from batchsend.ledger import TO_SEND
from batchsend.mailing import Mailing
from batchsend.operations.periods import PeriodSent
from batchsend.operations.report import report
from batchsend.operations.settle import Decision, settle
from batchsend.reports import NEEDS_ATTENTION, RowsReport

AT_ONCE = 50
KINDS = {
    "html": N_("A page to read and print"),
    "xlsx": N_("A workbook for Excel"),
    "csv": N_("A file for other programs"),
}
DECISIONS: Mapping[str, Decision] = {"taken": "accepted", "not taken": "failed"}
"""What the provider may have said of a letter."""
STATUSES = {
    "accepted": N_("sent"),
    "rejected": N_("refused"),
    "failed": N_("not sent"),
    "unknown": N_("not certain"),
    "invalid": N_("to be corrected"),
    "conflict": N_("another text went"),
    "repeat": N_("went before"),
    "skipped": N_("not chosen"),
    "pending": N_("still to come"),
    "left out": N_("left out"),
}

TO_COME = TO_SEND - {"invalid"}
"""Statuses of letters that go when somebody sends again, with nothing to be corrected first."""


def _receipt(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        known = work_of(request).account(mailing)
    except BatchsendError as error:
        return _none(request, mailing, error)
    if known is None:
        return busy(request, mailing, _("The receipt is being put together …"))
    summary, found = known.summary, known.account
    rows, words, status = found.rows, asked(request, "q"), asked(request, "status")
    matching = _matching(rows, words, status)
    numbers = matching.select("row").collect(engine="streaming")["row"].sort()
    count = numbers.len()
    first = min(number(asked(request, "from")), max(0, count - 1))
    of_page = numbers.slice(first, AT_ONCE).implode()
    columns = rows.columns[:4]
    shown = (
        _matching(rows, "", status)
        .filter(pl.col("row").is_in(of_page))
        .select(
            "row",
            "status",
            "reason",
            "pages",
            "submitted_at",
            "channel",
            "identifier",
            "run",
            who=pl.concat_list([pl.col(c.key).replace("", None) for c in columns])
            .list.drop_nulls()
            .list.join(" · ")
            if columns
            else pl.lit(""),
        )
        .collect(engine="streaming")
        .sort("row")
    )
    which = "rehearsal" if found.about.rehearsed else "real"
    sent_to = {run.number: run.facts.destination for run in found.about.runs}
    return page(
        request,
        "receipt.html",
        mailing=mailing,
        summary=summary,
        rehearsed=found.about.rehearsed,
        runs=[
            (run.number, run.started.astimezone(), run.facts.destination)
            for run in found.about.runs
        ],
        lines=[
            {
                **line,
                "reason": said_again(line["reason"] or ""),
                "when": line["submitted_at"].astimezone() if line["submitted_at"] else None,
                "to": sent_to.get(line["run"], ""),
            }
            for line in shown.to_dicts()
        ],
        count=count,
        first=first,
        step=AT_ONCE,
        words=words,
        chosen=status,
        statuses=STATUSES,
        attention=NEEDS_ATTENTION,
        charges=known.charges,
        to_come=sum(summary.letters_by_status.get(status, 0) for status in TO_COME),
        others=_with_files(known.others),
        kinds=KINDS,
        files=[
            (f"{which}.{kind}", _(title))
            for kind, title in KINDS.items()
            if _file(known, mailing, which, kind).is_file()
        ],
    )


def _none(request: Request, mailing: Mailing, why: BatchsendError) -> Response:
    """The page where the period has no receipt: it was never sent; or why there is none all the
    same."""
    sent = work_of(request).periods(mailing)
    if sent is None:
        return busy(request, mailing, _("The receipt is being put together …"))
    if any(mailing.period in {None, each.name} for each in sent):
        raise why
    return page(
        request,
        "receipt_none.html",
        mailing=mailing,
        others=_with_files(sent),
        kinds=KINDS,
    )


def _with_files(sent: Sequence[PeriodSent]) -> list[tuple[int, PeriodSent, list[str]]]:
    """Other periods: the place of each, and the kinds of report that it has."""
    return [
        (place, each, [kind for kind in KINDS if each.report.with_suffix(f".{kind}").is_file()])
        for place, each in enumerate(sent)
    ]


def _matching(rows: RowsReport, words: str, status: str) -> pl.LazyFrame:
    """Rows of a status that have all words in their cells, or that are that row."""
    frame = rows.frame
    if status in STATUSES:
        frame = frame.filter(pl.col("status").cast(pl.String) == status)
    if words:
        cells = [pl.col(column.key).fill_null("") for column in rows.columns]
        text = pl.concat_str(
            [pl.col("identifier").fill_null(""), *cells], separator=" "
        ).str.to_lowercase()
        hit = pl.all_horizontal(
            text.str.contains(word, literal=True) for word in words.lower().split()
        )
        if words.isdigit():
            hit |= pl.col("row") == int(words)
        frame = frame.filter(hit)
    return frame


def _file(known: Receipt, mailing: Mailing, which: str, kind: str) -> Path:
    """The report of the letters that are real, or of a rehearsal."""
    beside = mailing.rehearsal_report.with_suffix(f".{kind}")
    usual = known.report.with_suffix(f".{kind}")
    return beside if which == "rehearsal" and beside.exists() else usual


def _download_older(request: Request) -> Response:
    mailing, kind = mailing_at(request), request.path_params["kind"]
    try:
        known = work_of(request).account(mailing)
        others = known.others if known else ()
    except BatchsendError:
        others = work_of(request).periods(mailing) or ()
    place = request.path_params["place"]
    if kind not in KINDS or place >= len(others):
        raise HTTPException(404)
    path = others[place].report.with_suffix(f".{kind}")
    return _file_there(path, f"{mailing.folder.name} {path.parent.name} {path.name}")


def _settle(request: Request) -> Response:
    """Note what somebody has found out about a letter whose answer was lost."""
    mailing, decision = mailing_at(request), field(request, "decision")
    if decision in DECISIONS:
        to = field(request, "to") or None
        settle(mailing, {field(request, "identifier"): DECISIONS[decision]}, destination=to)
        report(mailing)
    return go_to(request, mailing, "receipt")


def _download(request: Request) -> Response:
    mailing = mailing_at(request)
    which, _dot, kind = request.path_params["kind"].partition(".")
    if which not in {"real", "rehearsal"} or kind not in KINDS:
        raise HTTPException(404)
    known = waited_for(lambda: work_of(request).account(mailing))
    path = _file(known, mailing, which, kind)
    return _file_there(path, f"{mailing.folder.name} {path.name}")


def _file_there(path: Path, name: str) -> Response:
    """A file to be saved under a name; 404 where it is not there."""
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, filename=name)


def _again(request: Request) -> Response:
    mailing = mailing_at(request)
    report(mailing)
    return go_to(request, mailing, "receipt")


routes = [
    Route("/mailing/{mailing:path}/receipt", _receipt),
    Route("/mailing/{mailing:path}/receipt/files/{kind}", _download),
    Route("/mailing/{mailing:path}/receipt/others/{place:int}/{kind}", _download_older),
    Route("/mailing/{mailing:path}/receipt/settle", _settle, methods=["POST"]),
    Route("/mailing/{mailing:path}/receipt/again", _again, methods=["POST"]),
]
