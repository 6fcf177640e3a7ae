"""execute: render, submit and record the letters of a plan, and report; send: plan and execute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from batchsend.clusters import cluster_at
from batchsend.command_line import typed
from batchsend.errors import (
    BatchsendError,
    HalfwayError,
    LedgerError,
    LedgerGoneError,
    UnreportedError,
    in_short,
)
from batchsend.language import _
from batchsend.ledger import REHEARSAL, Ledger, LedgerJournal, Place, Run, RunFacts
from batchsend.mailing import Mailing
from batchsend.operations.history.register_entries import FORMERLY, enter_begun, enter_ended
from batchsend.operations.history.runs import (
    ledger_of,
    mailing_key,
    of_period,
    period_of,
    runs_to_apis,
)
from batchsend.operations.periods import list_noted, period_chosen
from batchsend.operations.plan import plan, plan_again
from batchsend.operations.planning.planned import Plan
from batchsend.operations.planning.register_lookup import registered_since
from batchsend.operations.planning.selection import ALL, Selection
from batchsend.operations.progress import CountingJournal, Notice, Progress, Stopping, silent
from batchsend.operations.report import Report, write_receipt
from batchsend.operations.running.copying import Copying
from batchsend.operations.running.permission import Allowance, permitted
from batchsend.operations.running.sending_run import RunStatus, SendingRun
from batchsend.operations.target import Target
from batchsend.sandbox import keep_letters
from batchsend.system_user import system_user


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of a run."""

    plan: Plan
    report: Report
    answered: int
    """Letters that the API has, has refused or may have, by what happened in this run."""
    stopped: bool
    """Whether the run ended before all its letters were processed."""
    stopped_because: str
    """Why it stopped by itself, in a sentence; empty when it did not."""
    warnings: Mapping[int, tuple[str, ...]]
    """What the finished pages were warned of, by row; their letters were sent all the same."""
    letters_folder: Path | None
    """Where the sandbox left the newest letters it received."""

    @property
    def all_accepted(self) -> bool:
        """Whether every selected row is now in a letter that the API has accepted."""
        return not self.stopped and self.report.selected.all_accepted


def send(  # noqa: PLR0913 - the few things a run can be told
    mailing: Mailing,
    target: Target,
    *,
    selection: Selection = ALL,
    ledger: Place | None = None,
    report: Path | None = None,
    cluster: str | None = None,
    progress: Progress = silent,
    notice: Notice = silent,
) -> Sent:
    """Plan, and execute the plan: send every letter that has not safely gone to `target` yet.

    Arguments and errors are those of `plan` and `execute`.
    """
    with plan(mailing, target, selection=selection, ledger=ledger, report=report) as planned:
        return execute(planned, cluster=cluster, progress=progress, notice=notice)


def execute(
    plan: Plan,
    *,
    cluster: str | None = None,
    progress: Progress = silent,
    notice: Notice = silent,
    stopping: Stopping | None = None,
) -> Sent:
    """Send those letters of a plan that are still unsent, never others, and write the report.

    `progress` and `notice` are called meanwhile. Ctrl-C lets the letters under way end, a second
    one does not wait; what was not sent goes out with the next plan. `cluster` is the address of a
    Dask scheduler whose workers render, or `local`; this machine does otherwise. `stopping` is how
    another thread does what the first Ctrl-C does.

    Where a cap is set, the letters are rendered first, unless they are.

    Raises SettingsError or LedgerError before anything is sent. What happens later stands in the
    answer; UnreportedError is raised where there is none.
    """
    plan = permitted(plan)
    mailing, target = plan.mailing, plan.target
    rendering = cluster_at(cluster, plan.templates, notice) if cluster else nullcontext()
    with rendering as workers, ledger_of(mailing, plan.ledger_place) as book:
        _must_have_its_list(plan)
        Copying.must_be_possible(plan)
        run = book.begin_run(_facts(plan, book))
        plan.unused.pop_all()  # the ledger names the checked list from now on
        with _removing_what_was_rendered(plan):
            planned = _still_unsent(plan, book, run, notice)
            _note_repeats(planned, run)
            letters_folder = _sandbox_made_ready(planned, book, run) if target.is_sandbox else None
            status = RunStatus()
            journal = LedgerJournal(book, run)
            counting = CountingJournal(journal, planned.to_send.height, progress)
            copying = Copying.of(planned, book, run, notice)
            with status.stopping_on_error(), journal, copying:
                if planned.to_send.height:
                    counting.show()
                    SendingRun(
                        planned=planned,
                        journal=journal,
                        counting=counting,
                        status=status,
                        notice=notice,
                        begun_today=_begun_today(mailing, target, book),
                        letters_folder=letters_folder,
                        cluster=workers,
                        allowance=None if target.is_sandbox else Allowance(mailing),
                        copying=copying,
                        stopping=stopping or Stopping(),
                    ).send()
                    status.must_be_all(counting, planned)
            status.could_not_note(journal.in_doubt)
            # Where the ledger cannot take even this, the next run finds out by itself.
            with status.stopping_on_error():
                run = book.finish_run(run, "stopped" if status.stopped else "complete")
                if why := enter_ended(mailing, target, book, run):
                    notice(why)
            with _nothing_undone(mailing, status):
                return Sent(
                    plan=planned,
                    report=_receipt(plan, book, run),
                    answered=counting.begun - counting.counts.get("failed", 0),
                    stopped=status.stopped,
                    stopped_because=status.stopped_because,
                    warnings=status.warned,
                    letters_folder=letters_folder,
                )


def _must_have_its_list(plan: Plan) -> None:
    path = plan.checked.snapshot.path
    if not path.exists():
        raise LedgerError(
            _("The copy of the checked list is gone: {path}. Nothing was sent.", path=path),
            hint=_("Make the plan again."),
        )


@contextmanager
def _removing_what_was_rendered(plan: Plan) -> Iterator[None]:
    """What was made for the plan goes with its run: documents kept, and letters by other ways."""
    with ExitStack() as with_the_run:
        with_the_run.callback(plan.others.remove)
        if plan.kept is not None:
            with_the_run.callback(plan.kept.remove)
        yield


def _still_unsent(plan: Plan, book: Ledger, run: Run, notice: Notice) -> Plan:
    """The plan without what went since it was made, now that its run has begun; what the register
    knows is told."""
    mailing, planned = plan.mailing, plan
    said = [*plan.registered.told, enter_begun(mailing, plan.target, book, run)]
    if book.stamp() != plan.stamp or registered_since(plan.registered, mailing, book):
        # Another run may have sent some of them since the plan was made. In a file we are
        # alone now; what one beside us takes from here on is passed over.
        planned = plan_again(plan, book)
    for sentence in (said[-1], *planned.registered.told):
        if sentence and sentence not in said[:-1]:
            notice(sentence)
    return planned


def _sandbox_made_ready(planned: Plan, book: Ledger, run: Run) -> Path:
    """Where the sandbox leaves letters; those of the plan may be rehearsed again."""
    book.forget(run, planned.to_send["identifier"])
    letters_folder = planned.mailing.folder / "sandbox-letters"
    keep_letters(letters_folder, _accepted(book, planned.target))
    return letters_folder


def _receipt(plan: Plan, book: Ledger, run: Run) -> Report:
    """The report of the run's period: of a rehearsal that of this rehearsal alone."""
    runs = [run]
    if run.facts.destination != REHEARSAL:
        runs = of_period(runs_to_apis(plan.mailing, book), period_of(run))
    return write_receipt(plan.report_files, plan.mailing, book, runs, plan.selection.rows)


@contextmanager
def _nothing_undone(mailing: Mailing, status: RunStatus) -> Iterator[None]:
    """Letters have gone: where that cannot even be counted, say so, and never that nothing was."""
    try:
        yield
    except LedgerGoneError as error:
        raise HalfwayError(
            _(
                "The run stopped half-way, and there is no report of it: {stopped_because}",
                stopped_because=status.stopped_because or error.message,
            ),
            hint=_(
                "Everything that the ledger's server confirmed is stored. When it is back, "
                "run the same command again to go on."
            ),
        ) from error
    except (BatchsendError, OSError, pl.exceptions.PolarsError, KeyboardInterrupt) as error:
        why = " ".join(
            filter(None, (status.stopped_because, str(error) or _("it was interrupted.")))
        )
        of_period = typed(mailing.path, *period_chosen(mailing))
        report = _("batchsend report {path} --report FILE", path=of_period)
        # Whatever else went wrong a person must see first: without its ledger it would begin anew.
        if status.stopped and isinstance(error, KeyboardInterrupt):
            raise HalfwayError(
                _(
                    "The run stopped half-way. The ledger knows how each letter stands, but "
                    "the report could not be written: {why}",
                    why=why,
                ),
                hint=_(
                    "When that is fixed: {report}\nTo go on, run the same command again.",
                    report=report,
                ),
            ) from error
        raise UnreportedError(
            _(
                "Letters may have gone. The ledger knows how each stands, but the report "
                "could not be written: {why}",
                why=why,
            ),
            hint=_("When that is fixed: {report}", report=report),
        ) from error


def _note_repeats(planned: Plan, run: Run) -> None:
    """Keep which letters are held as repeats, and why, where the run's reports find it."""
    try:
        planned.checked.snapshot.note_repeats(run.number, planned.repeats)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise LedgerError(
            _(
                "What is not sent again could not be noted in {path}: {reason}.",
                path=planned.checked.snapshot.path,
                reason=in_short(error),
            )
        ) from error


def _accepted(book: Ledger, target: Target) -> frozenset[str]:
    """What need not go there again, whichever list it was in."""
    outline = book.outline(target.destination)
    accepted = outline.filter(pl.col("state").cast(pl.String) == "accepted")
    return frozenset(accepted["identifier"])


def _begun_today(mailing: Mailing, target: Target, book: Ledger) -> int:
    """How much of `per_day` earlier runs have used."""
    zone = ZoneInfo(mailing.send.time_zone) if mailing.send.time_zone else None
    midnight = datetime.combine(datetime.now(zone).date(), time.min, zone)
    return book.begun_since(target.destination, midnight.astimezone(UTC))


def _facts(plan: Plan, book: Ledger) -> RunFacts:
    checked, mailing, selection = plan.checked, plan.mailing, plan.selection
    rows = selection.rows
    return RunFacts(
        destination=plan.target.destination,
        list_path=checked.list_path,
        list_digest=checked.list_digest,
        template_digest=plan.templates.digest,
        engine=plan.engine,
        snapshot=checked.snapshot.path,
        options={
            "mailing": mailing_key(mailing, book),
            "name": mailing.name,
            "period": mailing.period,
            "list": list_noted(mailing),
            "rows": str(rows) if rows else None,
            "limit": selection.limit,
            "again": str(selection.again) if selection.again else None,
            "base_url": plan.target.base_url,
            "other_list": str(mailing.list.path) if mailing.other_list else None,
            **({FORMERLY: plan.other_names} if plan.other_names else {}),
            "user": system_user(),
            "approved_by": plan.approved_by or None,
        },
    )
