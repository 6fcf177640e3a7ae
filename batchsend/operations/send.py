"""The whole way: check, compare with the ledger, render, submit, record, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from batchsend.clusters import cluster_at
from batchsend.errors import (
    BatchsendError,
    HalfwayError,
    LedgerError,
    LedgerGoneError,
    UnreportedError,
    in_short,
)
from batchsend.ledger import Ledger, LedgerJournal, Place, Run, RunFacts
from batchsend.letters import Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.check import check_again, check_into
from batchsend.operations.elsewhere import registered_since
from batchsend.operations.plan import ALL, Plan, Selection, plan
from batchsend.operations.progress import CountingJournal, Notice, Progress, silent
from batchsend.operations.registering import enter_begun, enter_ended
from batchsend.operations.report import Report, write_report
from batchsend.operations.running import Course, SendingRun
from batchsend.operations.runs import ledger_of, mailing_key
from batchsend.operations.target import Target
from batchsend.operations.templates import templates_of
from batchsend.rendering import Templates
from batchsend.reports import must_be_writable
from batchsend.sandbox import keep_letters
from batchsend.starter import must_be_written


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a run."""

    plan: Plan
    report: Report
    answered: int
    """Letters that the API has, has refused or may have, by what happened in this run."""
    stopped: bool
    """Whether the run ended before all its letters had their turn."""
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
    agreed: Callable[[Plan], bool] = lambda _: True,
    progress: Progress = silent,
    notice: Notice = silent,
) -> Sent | None:
    """Send every letter of a mailing that has not safely gone to `target` yet.

    `agreed` sees the plan before anything is done; where it says no, nothing is, and None comes
    back. `progress` and `notice` are told how it goes. Ctrl-C lets the letters under way end, a
    second one does not wait; what was not sent goes out when this is called again. `cluster` is the
    address of a Dask scheduler whose workers render, or `local`; this machine does otherwise.

    Raises SettingsError, ListError, TemplateError, LedgerError or ReportError before anything is
    sent. What happens later stands in the answer; UnreportedError is raised where there is none.
    """
    files = (report,) if report else ()
    for path in files or mailing.report_files():
        must_be_writable(path)
    if not target.is_sandbox:
        must_be_written(mailing)
    templates = templates_of(mailing)
    elsewhere = cluster_at(cluster, templates, notice) if cluster else nullcontext()
    with elsewhere as crew, ledger_of(mailing, ledger) as book:
        snapshot = _new_snapshot(book, mailing)
        try:
            checked = check_again(book.snapshots, mailing, templates) or check_into(
                snapshot, mailing, templates
            )
            checked = replace(checked, notes=(*book.notes, *checked.notes))
            selection.must_name_rows_of(checked)
            stamp = book.stamp()
            planned = plan(mailing, target, checked, selection, templates=templates, book=book)
            if not agreed(planned):
                Snapshot.remove(snapshot)
                return None
            run = book.begin_run(_facts(planned, templates, selection, book))
        except BaseException:
            Snapshot.remove(snapshot)
            raise
        said = [*planned.registered.told, enter_begun(mailing, target, book, run)]
        if book.stamp() != stamp or registered_since(planned.registered, mailing, book, run):
            # Another run may have sent some of them while somebody was asked. In a file we are
            # alone now; what one beside us takes from here on is passed over.
            planned = plan(mailing, target, checked, selection, templates=templates, book=book)
        for sentence in (said[-1], *planned.registered.told):
            if sentence and sentence not in said[:-1]:
                notice(sentence)
        _note_repeats(planned, run)
        if target.is_sandbox:
            book.forget(run, planned.to_send["identifier"])
        letters_folder = mailing.folder / "sandbox-letters" if target.is_sandbox else None
        if letters_folder:
            keep_letters(letters_folder, _accepted(book, target))
        course = Course()
        journal = LedgerJournal(book, run)
        counting = CountingJournal(journal, planned.to_send.height, progress)
        with course.stopping_on_error(), journal:
            if planned.to_send.height:
                counting.show()
                SendingRun(
                    planned=planned,
                    templates=templates,
                    journal=journal,
                    counting=counting,
                    course=course,
                    notice=notice,
                    begun_today=_begun_today(mailing, target, book),
                    letters_folder=letters_folder,
                    cluster=crew,
                ).send()
                course.must_be_all(counting, planned)
        course.could_not_note(journal.in_doubt)
        # Where the ledger cannot take even this, the next run finds out by itself.
        with course.stopping_on_error():
            run = book.finish_run(run, "stopped" if course.stopped else "complete")
            if why := enter_ended(mailing, target, book, run):
                notice(why)
        with _nothing_undone(mailing, course):
            return Sent(
                plan=planned,
                report=write_report(files, mailing, book, run),
                answered=counting.begun - counting.counts.get("failed", 0),
                stopped=course.stopped,
                stopped_because=course.stopped_because,
                warnings=course.warned,
                letters_folder=letters_folder,
            )


@contextmanager
def _nothing_undone(mailing: Mailing, course: Course) -> Iterator[None]:
    """Letters have gone: where that cannot even be counted, say so, and never that nothing was."""
    try:
        yield
    except LedgerGoneError as error:
        raise HalfwayError(
            "The run stopped half-way, and there is no report of it: "
            f"{course.stopped_because or error.message}",
            hint="What the ledger's server was told, it has. When it is back, run the same command "
            "again to go on.",
        ) from error
    except (BatchsendError, OSError, pl.exceptions.PolarsError, KeyboardInterrupt) as error:
        why = " ".join(filter(None, (course.stopped_because, str(error) or "it was interrupted.")))
        report = f"batchsend report {mailing.path} --report FILE"
        # Whatever else went wrong a person must see first: without its ledger it would begin anew.
        if course.stopped and isinstance(error, KeyboardInterrupt):
            raise HalfwayError(
                "The run stopped half-way. The ledger has what became of the letters, but that "
                f"could not be reported: {why}",
                hint=f"When that is mended: {report}\nTo go on, run the same command again.",
            ) from error
        raise UnreportedError(
            "Letters may have gone, and the ledger has what became of them, but that could not be "
            f"reported: {why}",
            hint=f"When that is mended: {report}",
        ) from error


def _note_repeats(planned: Plan, run: Run) -> None:
    """Keep which letters are held as repeats, and why, where the run's reports find it."""
    try:
        planned.checked.snapshot.note_repeats(run.number, planned.repeats)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise LedgerError(
            f"What is not sent again could not be noted in {planned.checked.snapshot.path}: "
            f"{in_short(error)}."
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


def _new_snapshot(book: Ledger, mailing: Mailing) -> Path:
    """A name for this run's snapshot, in the ledger's folder for them."""
    return book.open_snapshots() / f"{mailing.path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"


def _facts(planned: Plan, templates: Templates, selection: Selection, book: Ledger) -> RunFacts:
    checked, mailing = planned.checked, planned.mailing
    rows = selection.rows
    return RunFacts(
        destination=planned.target.destination,
        list_path=checked.list_path,
        list_digest=checked.list_digest,
        template_digest=templates.digest,
        engine=templates.engine,
        snapshot=checked.snapshot.path,
        options={
            "mailing": mailing_key(mailing, book),
            "name": mailing.name,
            "rows": str(rows) if rows else None,
            "limit": selection.limit,
            "again": str(selection.again) if selection.again else None,
            "base_url": planned.target.base_url,
            "other_list": str(mailing.list.path) if mailing.other_list else None,
        },
    )
