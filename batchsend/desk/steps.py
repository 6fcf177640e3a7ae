"""Which steps of a mailing are done, by what is known already: no page waits for this."""

from __future__ import annotations

from pathlib import Path

from batchsend.desk.standing import standing
from batchsend.desk.work import Work
from batchsend.mailing import Mailing


def steps_done(work: Work, mailing: Mailing | Path) -> frozenset[str]:
    """The screens whose work is done, by the last parts of their addresses."""
    path = mailing.path if isinstance(mailing, Mailing) else mailing
    done: set[str] = set()
    sheet, checked = work.known_sheet(path), work.known_check(path)
    if sheet is not None and sheet.recipients is not None:
        done.add("list")
    if checked is not None and checked.checked.letters:
        done |= {"list", "people"}
        if checked.mailing.payload.Letter.Invoicer.Name.strip("· "):
            done.add("letter")
            if not checked.checked.held:
                done.add("check")
    if path in work.looked:
        done.add("look")
    known = standing(path, _written(path))
    if known.last is not None and not known.rehearsed:
        done.add("send")
        if not known.open:
            done.add("receipt")
    return frozenset(done)


def _written(path: Path) -> float:
    """When the mailing or its ledger was written last, as the start page asks it."""
    ledger = path.with_name("ledger.sqlite")
    return max((each.stat().st_mtime for each in (path, ledger) if each.exists()), default=0.0)
