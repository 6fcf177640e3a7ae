"""Screen 6, a look at the letters: one big page, each rendered when it is asked for."""

from __future__ import annotations

import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchsend.desk.folder import mailing_at
from batchsend.desk.forms import asked, number
from batchsend.desk.screens.letter.sender import must_have_sender
from batchsend.desk.view import busy, go_to, page
from batchsend.desk.work import CheckedList, work_of
from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.operations.looking.first_letters import troubles_of
from batchsend.previews import worth_seeing

FOUND = 30
NAMES = ("Invoicee.Name", "Invoicee.Address1", "Invoicee.PostCode", "Invoicee.City")


def _look(request: Request) -> Response:
    mailing = mailing_at(request)
    try:
        must_have_sender(mailing)
        ready = work_of(request).check(mailing)
    except BatchsendError:
        return go_to(request, mailing, "check")  # which says so, and where to go
    if ready is None:
        return busy(request, mailing, _("The letters are being made ready …"))
    letters = ready.checked.snapshot.texts(*NAMES)
    words, chosen = asked(request, "q"), asked(request, "row")
    first = _worth(ready)
    rows = letters.select("row").collect(engine="streaming")["row"]
    if words:
        found = _matching(letters, words)
        first_found = found["row"].to_list()[:1]
    else:
        found = letters.filter(pl.col("row").is_in(list(first))).collect(engine="streaming")
        first_found = [*first, *rows[:1]]
    row = number(chosen) if chosen else next(iter(first_found), 0)
    # A row may be in the letter that begins above it.
    begins: int = rows.filter(rows <= row).tail(1).to_list()[0] if (rows <= row).any() else 0
    shown = work_of(request).letter(ready, begins) if begins else None
    if shown and shown.pictures:
        work_of(request).looked.add(mailing.path)
    who = letters.filter(pl.col("row") == begins).collect(engine="streaming")
    return page(
        request,
        "look.html",
        mailing=mailing,
        row=begins,
        who=_address(who.row(0, named=True)) if who.height else [],
        pages=len(shown.pictures) if shown else 0,
        warnings=troubles_of(shown) if shown else (),
        error=shown.error if shown else "",
        position=int((rows <= begins).sum()),
        total=rows.len(),
        before=rows.filter(rows < begins).max(),
        after=rows.filter(rows > begins).min(),
        words=words,
        found=[
            (each["row"], each["Invoicee.Name"], first.get(each["row"], ""))
            for each in found.to_dicts()
        ],
    )


def _worth(ready: CheckedList) -> dict[int, str]:
    """The letters worth looking at first: warned of, then those that are the most of something."""
    warned = ready.checked.problems.filter(pl.col("severity") == "warning")
    rows = ready.checked.snapshot.identities().select("row").collect(engine="streaming")["row"]
    doubtful = warned.filter(pl.col("row").is_in(rows.implode())).head(10)
    found = {int(each["row"]): str(each["message"]) for each in doubtful.to_dicts()}
    for row, why in worth_seeing(ready.checked.snapshot).items():
        found.setdefault(row, ", ".join(why))
    return found


def _matching(letters: pl.LazyFrame, words: str) -> pl.DataFrame:
    """Letters that have all words in a name or an address, or begin with that row."""
    text = pl.concat_str([pl.col(name) for name in NAMES], separator=" ").str.to_lowercase()
    hit = pl.all_horizontal(text.str.contains(word, literal=True) for word in words.lower().split())
    if words.isdigit():
        hit |= pl.col("row") == int(words)
    return letters.filter(hit).head(FOUND).collect(engine="streaming")


def _address(who: dict[str, str]) -> list[str]:
    town = f"{who['Invoicee.PostCode']} {who['Invoicee.City']}".strip()
    return [line for line in (who["Invoicee.Name"], who["Invoicee.Address1"], town) if line]


def _picture(request: Request) -> Response:
    ready = work_of(request).checked(mailing_at(request))
    row, at = request.path_params["row"], request.path_params["page"]
    found = work_of(request).letter(ready, row)
    if found is None or not 0 < at <= len(found.pictures):
        raise HTTPException(404)
    return Response(found.pictures[at - 1], media_type="image/png")


routes = [
    Route("/mailing/{mailing:path}/look", _look),
    Route("/mailing/{mailing:path}/look/{row:int}/{page:int}.png", _picture),
]
