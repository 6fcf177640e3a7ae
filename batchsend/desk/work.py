"""Work: what takes longer than a page may: checks, plans and runs, each in a thread of its own.

One of a kind for each mailing. What is asked for again while nothing has changed is there already.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from starlette.requests import Request

from batchsend.desk.running import Running
from batchsend.desk.sheet import SheetView, view_sheet
from batchsend.errors import BatchsendError
from batchsend.language import _, current_language
from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.approve import ToApprove, to_approve
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.correct import (
    Corrected,
    Listed,
    Taken,
    certain_cures,
    corrections_of,
)
from batchsend.operations.history.receipt import account
from batchsend.operations.history.runs import period_of
from batchsend.operations.looking.first_letters import FirstLetter, first_letters
from batchsend.operations.periods import PeriodSent, other_periods, periods, report_of_period
from batchsend.operations.plan import plan
from batchsend.operations.planning.other_channels import with_sender
from batchsend.operations.planning.planned import Plan
from batchsend.operations.planning.selection import Selection
from batchsend.operations.preview import LetterPages, Looking
from batchsend.operations.running.permission import render_ahead
from batchsend.operations.target import Target
from batchsend.rendering import Templates
from batchsend.reports import Account, Summary, summarise
from batchsend.reports.account import Charge
from batchsend.scratch import ScratchFolder

SOON = 0.7
"""Seconds that a page waits for work before it says that it is being done."""
FAILURE_KEPT = 5
"""Seconds for which a failure is told once it was: a page that waited asks for it twice."""
SERVER_ASKED = 20
"""Seconds after which a ledger on a server is compared again: it does not say when it changes."""
Stamp = tuple[object, ...]
T = TypeVar("T")
K = TypeVar("K", Path, tuple[Path, str])


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A mailing's list as it was checked, with what its letters are made from."""

    mailing: Mailing
    checked: Checked
    templates: Templates
    room: ScratchFolder
    """Where the checked list lies."""
    cures: tuple[Corrected, ...]
    """What can be corrected in one way only."""
    corrections: tuple[Listed, ...]
    """What is corrected already."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The account of a mailing's period, its rows counted, and its charges."""

    account: Account
    summary: Summary
    charges: Sequence[Charge]
    report: Path
    """Where the report of the period lies, if it was no rehearsal."""
    others: Sequence[PeriodSent]
    """The mailing's other periods, the newest last."""


@dataclass(slots=True)
class _Job(Generic[T]):
    stamp: Stamp
    future: Future[T] = field(default_factory=Future)
    left: Stamp = ()
    """What stood outside as it was done, and what it may have changed itself."""
    told: float | None = None
    """When its end was told first, by the clock of `time.monotonic`."""

    @property
    def failed(self) -> bool:
        """Whether it came to nothing."""
        return self.future.done() and self.future.exception() is not None

    @property
    def tried_again(self) -> bool:
        """Whether it failed, and a page has had the time to say so."""
        told = self.told
        return self.failed and told is not None and time.monotonic() - told > FAILURE_KEPT


class Work:
    """All that the desk of a folder is doing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sheets: dict[Path, _Job[SheetView]] = {}
        self._checks: dict[Path, _Job[CheckedList]] = {}
        self._stood_in: dict[Path, _Job[CheckedList]] = {}
        self._first: dict[Path, _Job[Sequence[FirstLetter]]] = {}
        self._plans: dict[tuple[Path, str], _Job[Plan]] = {}
        """One for each destination: a look at a rehearsal leaves the pages of real letters."""
        self._accounts: dict[Path, _Job[Receipt]] = {}
        self._periods: dict[Path, _Job[Sequence[PeriodSent]]] = {}
        self._approvals: dict[Path, _Job[ToApprove]] = {}
        self._runs: dict[Path, Running] = {}
        self.looking = Looking()
        self.taken: dict[Path, Taken] = {}
        """What was entered or undone last on a page, by mailing."""
        self.looked: set[Path] = set()
        """Mailings whose letters somebody has looked at."""

    def sheet(self, mailing: Mailing) -> SheetView | None:
        """The list as its sheet shows it; None while it is being read. Raises ListError."""
        stamp = (mailing.list, _written(mailing.folder / mailing.list.path))
        return self._result(self._sheets, mailing.path, stamp, lambda: view_sheet(mailing))

    def check(self, mailing: Mailing) -> CheckedList | None:
        """The checked list; None while it is being checked. Raises as `operations.check` does."""
        return self._checked(self._checks, mailing)

    def checked(self, mailing: Mailing) -> CheckedList:
        """The checked list, waited for: for answers that cannot say that it is being done."""
        return waited_for(lambda: self.check(mailing))

    def envelopes(self, mailing: Mailing) -> CheckedList | None:
        """The same, with a stand-in for what is not said of the sender yet."""
        stood_in = with_sender(mailing)
        return self._checked(self._checks if stood_in == mailing else self._stood_in, stood_in)

    def _checked(self, jobs: dict[Path, _Job[CheckedList]], mailing: Mailing) -> CheckedList | None:
        def work() -> CheckedList:
            room = ScratchFolder()
            templates = templates_of(mailing)
            checked = check_into(room.path / "snapshot", mailing, templates)
            fitted = templates.fitted(checked.snapshot.columns)
            wrong = not checked.problems.is_empty()
            return CheckedList(
                mailing,
                checked,
                fitted,
                room,
                cures=certain_cures(mailing) if wrong else (),
                corrections=corrections_of(mailing) if mailing.corrections.exists() else (),
            )

        return self._result(jobs, mailing.path, stamp_of(mailing), work)

    def letter(self, ready: CheckedList, row: int) -> LetterPages | None:
        """A letter as it is printed, as `Looking.at` gives it."""
        return self.looking.at(ready.checked, ready.templates, row)

    def first_letters(self, ready: CheckedList) -> Sequence[FirstLetter] | None:
        """The first letters of a checked list; None while they are rendered. Raises as
        `operations.looking.first_letters` does."""
        return self._result(
            self._first,
            ready.mailing.path,
            (ready.room.path,),
            lambda: first_letters(ready.checked, ready.templates, self.looking),
        )

    def plan(self, mailing: Mailing, target: Target, selection: Selection) -> Plan | None:
        """What a run would do; of real letters with their pages, for which they are rendered for a
        minute at most. None while it is found out. Raises as `operations.plan.plan` does."""
        stamp = (*stamp_of(mailing), target.destination, str(selection))

        def work() -> Plan:
            planned = plan(mailing, target, selection=selection)
            if target.is_sandbox or planned.to_send.is_empty():
                return planned
            try:
                return render_ahead(planned)
            except BaseException:
                planned.discard()
                raise

        return self._result(
            self._plans,
            (mailing.path, target.destination),
            stamp,
            work,
            outside=lambda: _ledger_stamp(mailing),
            done_with=Plan.discard,
        )

    def account(self, mailing: Mailing) -> Receipt | None:
        """The receipt of the mailing's period; None while it is put together. Raises as
        `operations.history.account` does."""

        def work() -> Receipt:
            found = account(mailing)
            period = period_of(found.about.runs[-1])
            return Receipt(
                found,
                summarise(found.rows),
                found.figures.charges,
                report_of_period(mailing, period),
                other_periods(mailing, period),
            )

        return self._result(
            self._accounts,
            mailing.path,
            (mailing,),
            work,
            outside=lambda: _ledger_stamp(mailing),
        )

    def periods(self, mailing: Mailing) -> Sequence[PeriodSent] | None:
        """The periods that the mailing was sent in, the newest last; none where it never was, None
        while they are counted. Raises LedgerError."""
        return self._result(
            self._periods,
            mailing.path,
            (mailing,),
            lambda: periods(mailing),
            outside=lambda: _ledger_stamp(mailing),
        )

    def to_approve(self, mailing: Mailing) -> ToApprove | None:
        """What a second person is asked to approve; None while it is found out. Raises as `check`
        does."""
        stamp = stamp_of(mailing)
        return self._result(self._approvals, mailing.path, stamp, lambda: to_approve(mailing))

    def known_sheet(self, path: Path) -> SheetView | None:
        """The sheet as it was read last, which may be outdated; None where it never was."""
        return _found(self._sheets.get(path))

    def known_check(self, path: Path) -> CheckedList | None:
        """The same of the check."""
        return _found(self._checks.get(path))

    def known_first_letters(self, path: Path) -> Sequence[FirstLetter]:
        """Its first letters as they were rendered last; none where they never were."""
        return _found(self._first.get(path)) or ()

    def run_at(self, path: Path) -> Running | None:
        """The run that this desk began last for a mailing.toml, under way or ended."""
        return self._runs.get(path)

    def run(self, mailing: Mailing) -> Running | None:
        """The same of a mailing."""
        return self.run_at(mailing.path)

    def begin(self, planned: Plan) -> Running:
        """Carry a plan out. Raises BatchsendError where a run of the mailing is under way."""
        path = planned.mailing.path
        with self._lock:
            before = self._runs.get(path)
            if before is not None and before.under_way:
                raise BatchsendError(
                    _("This mailing is being sent already."),
                    hint=_("Wait until that is done, or stop it first."),
                )
            self._plans.pop((path, planned.target.destination), None)
            run = self._runs[path] = Running(planned)
        run.start()
        return run

    @property
    def busy(self) -> bool:
        """Whether any run is under way or waits for its hour."""
        return any(run.under_way for run in self._runs.values())

    def stop(self) -> None:
        """Ask every run to end after its letters under way."""
        for run in list(self._runs.values()):
            run.stop()

    def end(self) -> None:
        """Stop the runs, wait until their letters under way are answered, and clear up."""
        self.stop()
        for run in self._runs.values():
            run.join()
        for job in self._plans.values():
            if job.future.done() and not job.failed:
                job.future.result().discard()
        self.looking.close()

    def _result(  # noqa: PLR0913, PLR0917 - what one kind of work is
        self,
        jobs: dict[K, _Job[T]],
        about: K,
        stamp: Stamp,
        work: Callable[[], T],
        outside: Callable[[], Stamp] = tuple,
        done_with: Callable[[T], None] | None = None,
    ) -> T | None:
        """What `work` comes to, from before where `stamp` and the language are the same and
        `outside` as it left it; None where it takes longer than a page may."""
        stamp = (current_language(), *stamp)
        with self._lock:
            job = jobs.get(about)
            if job is not None and not job.future.done():
                pass  # what has changed meanwhile is asked for again once this is done
            elif job is None or job.stamp != stamp or job.tried_again or job.left != outside():
                if job is not None and done_with is not None and not job.failed:
                    done_with(job.future.result())
                job = jobs[about] = _Job(stamp)
                _in_thread(job, work, outside)
        if not wait((job.future,), SOON).done:
            return None
        if job.stamp != stamp:
            return self._result(jobs, about, stamp[1:], work, outside, done_with)
        job.told = job.told or time.monotonic()
        return job.future.result()


def waited_for(ask: Callable[[], T | None]) -> T:
    """What somebody asked for, however long it takes. Raises as the work does."""
    while (found := ask()) is None:
        pass  # each question waits a moment itself
    return found


def _found(job: _Job[T] | None) -> T | None:
    if job is None or not job.future.done() or job.future.exception():
        return None
    return job.future.result()


def _in_thread(job: _Job[T], work: Callable[[], T], outside: Callable[[], Stamp]) -> None:
    """Do it in a thread that speaks as this one does."""

    def done() -> None:
        try:
            try:
                result = work()
            finally:
                job.left = outside()
        except BaseException as error:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)

    threading.Thread(target=contextvars.copy_context().run, args=(done,), daemon=True).start()


def work_of(request: Request) -> Work:
    """The desk's work."""
    work: Work = request.app.state.work
    return work


def stamp_of(mailing: Mailing) -> Stamp:
    """Equal as long as nothing has been written that a check of the mailing depends on."""
    return (mailing, *map(_written, sorted(_read(mailing))))


def _read(mailing: Mailing) -> set[Path]:
    """The files beside the mailing and beside its letter, and the list."""
    folders = {mailing.folder}
    if mailing.template is not None:
        found = mailing.template.path
        letters = found.values() if isinstance(found, dict) else (found,)
        folders |= {(mailing.folder / letter).parent for letter in letters}
    files = {
        path
        for folder in folders
        for path in folder.glob("*.*")
        if not path.name.startswith(("ledger.", "report.", ".")) and path.is_file()
    }
    return {*files, mailing.folder / mailing.list.path}


def _written(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size


def _ledger_stamp(mailing: Mailing) -> Stamp:
    """Other than before where somebody has written to the ledger, as to open it may."""
    place = mailing.ledger_place
    if not isinstance(place, Path):
        return (time.monotonic() // SERVER_ASKED,)
    return (_written(place), _written(place.with_name(f"{place.name}-wal")))
