"""plan: which letters a run would send, by comparing the whole list with the whole ledger.

A plan can be looked at for as long as one likes; `operations.send.execute` carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from batchsend import ledger
from batchsend.ledger import LetterState
from batchsend.letters import Checked, Saying, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.check import check_again, check_into, templates_of
from batchsend.operations.history.receipt import checked_lists
from batchsend.operations.history.runs import ledger_of, runs_like, same_letters
from batchsend.operations.mailing_list.corrected import must_be_taken
from batchsend.operations.mailing_list.list_changes import changes_since_last
from batchsend.operations.periods import must_be_its_own_letters, period_of_list, without_period
from batchsend.operations.planning.corrected_repeats import (
    names_of,
    noted,
    went_before_a_correction,
    went_under_a_noted_name,
)
from batchsend.operations.planning.other_channels import OtherChannels, Resumed
from batchsend.operations.planning.other_names import went_under_another_name
from batchsend.operations.planning.planned import Plan
from batchsend.operations.planning.register_lookup import look_up
from batchsend.operations.planning.repeats import (
    SAID_BEFORE,
    Earlier,
    said_otherwise,
    say_the_same,
    went_under_other_identifiers,
)
from batchsend.operations.planning.selection import ALL, Selection
from batchsend.operations.target import Target
from batchsend.rendering import Templates
from batchsend.reports import must_be_writable
from batchsend.scratch import sweep
from batchsend.starter import must_be_written


def plan(
    mailing: Mailing,
    target: Target,
    *,
    selection: Selection = ALL,
    ledger: ledger.Place | None = None,
    report: Path | None = None,
) -> Plan:
    """Check the whole list and compare it with what the ledger knows of this destination.

    Nothing is rendered or sent. `report` is the file for the report in place of the mailing's own.

    Raises SettingsError, ListError, TemplateError, LedgerError, or ReportError where a report could
    not be written.
    """
    report_files = (report,) if report else ()
    for path in report_files or mailing.kinds_of(mailing.report):
        must_be_writable(path)
    if not target.is_sandbox:
        must_be_written(mailing)
    must_be_taken(mailing)
    templates = templates_of(mailing)
    with ledger_of(mailing, ledger) as book, ExitStack() as unused:
        snapshot = _new_snapshot(book, mailing)
        unused.callback(Snapshot.remove, snapshot)
        checked = check_again(checked_lists(book), mailing, templates) or check_into(
            snapshot, mailing, templates
        )
        checked = replace(checked, notes=(*book.notes, *checked.notes))
        selection.must_name_rows_of(checked)
        must_be_its_own_letters(mailing, book, checked.snapshot)
        others = OtherChannels.of(mailing, checked, templates)
        unused.callback(others.remove)
        asked = _Asked(mailing, target, checked, selection, templates, others)
        planned = _compared(asked, book)
        changes = changes_since_last(mailing, checked, templates, book)
        return replace(
            planned,
            report_files=report_files,
            compared_with_last=changes,
            list_went_in=period_of_list(mailing, checked, book),
            unused=unused.pop_all(),
        )


def plan_again(before: Plan, book: ledger.Ledger) -> Plan:
    """The same plan by what the ledger knows now: of its letters those that are still unsent, and
    none besides."""
    asked = _Asked(
        before.mailing,
        before.target,
        before.checked,
        replace(before.selection, limit=None),
        before.templates,
        before.others,
    )
    now = _compared(asked, book)
    still = now.to_send.join(before.to_send, on="identifier", how="semi", maintain_order="left")
    return replace(
        now,
        selection=before.selection,
        report_files=before.report_files,
        compared_with_last=before.compared_with_last,
        list_went_in=before.list_went_in,
        to_send=still,
        beyond_limit=before.beyond_limit,
        found={} if before.target.is_sandbox else _found(still),
        said_before=now.said_before.join(still, on="identifier", how="semi"),
        unused=before.unused,
        pages=before.pages,
        kept=before.kept,
        approved_by=before.approved_by,
    )


def _new_snapshot(book: ledger.Ledger, mailing: Mailing) -> Path:
    """A name for the copy of the checked list, in the ledger's folder for them."""
    folder = book.open_snapshots()
    sweep(folder)  # what a killed run has kept there of letters
    return folder / f"{mailing.path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a plan is asked for."""

    mailing: Mailing
    target: Target
    checked: Checked
    selection: Selection
    templates: Templates
    others: OtherChannels


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What of a comparison is to be sent, and what is left of the rest of it."""

    to_send: pl.DataFrame
    rejected: pl.DataFrame
    unknown: pl.DataFrame
    conflicts: pl.DataFrame
    resumed: Mapping[str, Resumed]


def _compared(asked: _Asked, book: ledger.Ledger) -> Plan:
    """The checked list beside what the ledger and the register know."""
    mailing, target = asked.mailing, asked.target
    checked, selection = asked.checked, asked.selection
    stamp = book.stamp()
    running = book.other_runs()
    outline = book.outline(target.destination)
    living = [run.number for run in running]
    found = ledger.compare(selection.letters(checked.snapshot), outline, living)
    wanted = _wanted(asked, found, book)
    earlier = _earlier(asked, wanted.to_send, outline, book)
    names = names_of(mailing, checked.snapshot, wanted.to_send)
    held = went_under_other_identifiers(checked.snapshot, names, earlier, book)
    registered = look_up(mailing, target, checked.snapshot, names, book)
    corrected = went_before_a_correction(mailing, checked, names, earlier, book)
    noted_before = went_under_a_noted_name(names, earlier)
    asked_elsewhere = names.clear() if target.is_sandbox else names
    elsewhere = went_under_another_name(mailing, checked.snapshot, asked_elsewhere, outline, book)
    went = pl.concat([held.repeats, corrected, noted_before, elsewhere, registered.repeats])
    went = went.unique("identifier", keep="first")
    repeats = wanted.to_send.join(went, on="identifier")
    released = _released(selection, checked, registered.releasable(repeats))
    repeats = repeats.join(released, on="row", how="anti", maintain_order="left")
    to_send = wanted.to_send.join(repeats, on="row", how="anti", maintain_order="left")
    chosen = to_send if selection.limit is None else to_send.head(selection.limit)
    resumed = wanted.resumed
    return Plan(
        mailing=mailing,
        target=target,
        selection=selection,
        templates=asked.templates,
        report_files=(),
        checked=checked,
        to_send=chosen,
        beyond_limit=to_send.height - chosen.height,
        accepted=found.accepted,
        rejected=wanted.rejected,
        others=asked.others,
        resumed={name: resumed[name] for name in chosen["identifier"] if name in resumed},
        unknown=wanted.unknown,
        conflicts=wanted.conflicts,
        under_way=found.under_way,
        repeats=repeats.sort("row"),
        released=released.join(chosen, on="identifier", how="semi").height,
        perhaps_repeats=len(set(held.unsure) - set(went["identifier"])),
        other_names=noted(names.join(chosen, on="identifier", how="semi")),
        registered=registered,
        found={} if target.is_sandbox else _found(chosen),  # of the sandbox it forgets them
        ledger_place=book.place,
        other_runs=tuple(running),
        first_run=not book.runs(),
        elsewhere={} if target.is_sandbox else _elsewhere(chosen, target, book),
        said_before=_said_before(asked, chosen.join(released, on="row", how="anti"), earlier, book),
        went_without_period=without_period(
            mailing, pl.concat([found.accepted, found.conflicts], how="diagonal"), outline, book
        ),
        compared_with_last=None,
        said_otherwise={}
        if wanted.conflicts.is_empty()
        else said_otherwise(checked, wanted.conflicts, runs_like(mailing, book), book),
        stamp=stamp,
        unused=ExitStack(),
    )


def _wanted(asked: _Asked, found: ledger.Comparison, book: ledger.Ledger) -> _Wanted:
    """What never went is to be sent, and what may be sent once more."""
    is_rehearsal = asked.target.is_sandbox
    again, resumed = found.rejected, dict[str, Resumed]()
    if not asked.selection.retry_rejected:
        resumed = asked.others.resumed(asked.mailing, asked.target.destination, again, book)
        again = again.filter(pl.col("identifier").is_in(list(resumed)))
    rejected = found.rejected.join(again, on="identifier", how="anti", maintain_order="left")
    # A rehearsal costs nothing, and is repeated until the letter is right.
    resend_unknown = asked.mailing.send.repeats_are_refused or is_rehearsal
    none = found.unknown.clear()
    unknown, resent = (none, found.unknown) if resend_unknown else (found.unknown, none)
    conflicts, replaced = (none, found.conflicts) if is_rehearsal else (found.conflicts, none)
    to_send = pl.concat([found.to_send, again, resent, replaced]).sort("row")
    return _Wanted(to_send, rejected, unknown, conflicts, resumed)


def _earlier(
    asked: _Asked, letters: pl.DataFrame, outline: pl.DataFrame, book: ledger.Ledger
) -> Earlier:
    """What the letters to be sent may repeat; nothing for a rehearsal."""
    if asked.target.is_sandbox or letters.is_empty():
        return Earlier()
    runs = same_letters(asked.mailing, runs_like(asked.mailing, book))
    return Earlier.of(asked.checked.snapshot, outline, runs)


def _said_before(
    asked: _Asked, letters: pl.DataFrame, earlier: Earlier, book: ledger.Ledger
) -> pl.DataFrame:
    mailing, snapshot, templates = asked.mailing, asked.checked.snapshot, asked.templates
    same_template = [
        run.number for run in earlier.runs if run.facts.template_digest == templates.digest
    ]
    comparable = earlier.of_runs(same_template)
    if letters.is_empty() or comparable.letters.is_empty():
        return SAID_BEFORE.to_frame()
    uses = templates.fitted(snapshot.columns).uses
    saying = Saying.of(mailing.payload, snapshot, uses, mailing.checks.country)
    return say_the_same(snapshot, letters, comparable, book, saying)


def _released(selection: Selection, checked: Checked, repeats: pl.DataFrame) -> pl.DataFrame:
    """Those of the repeats that any of the rows to be sent again goes into."""
    if selection.again is None:
        return repeats.clear()
    begin = checked.snapshot.beginnings(selection.again)
    return repeats.filter(begin.contains(pl.col("row")))


def _found(letters: pl.DataFrame) -> dict[str, LetterState]:
    known = letters.filter(pl.col("state").is_not_null()).select("identifier", "state")
    # What a dead run left in `sending` is `unknown` once this one has begun.
    return {
        identifier: "unknown" if state == "sending" else state
        for identifier, state in known.iter_rows()
    }


def _elsewhere(letters: pl.DataFrame, target: Target, book: ledger.Ledger) -> dict[str, int]:
    """A provider's new address makes a ledger look empty: say what the old one has."""
    others = {run.facts.destination for run in book.runs()}
    found = {
        other: book.outline(other)
        .filter(pl.col("state").cast(pl.String) == "accepted")
        .join(letters, on="identifier", how="semi")
        .height
        for other in sorted(others - {target.destination, ledger.REHEARSAL})
    }
    return {other: number for other, number in found.items() if number}
