"""Plan: which letters a run will send, by comparing the whole list with the whole ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from batchsend import ledger
from batchsend.errors import SettingsError
from batchsend.ledger import LetterState
from batchsend.letters import Checked, RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.pipeline.repeats import Earlier, Found, went_under_other_identifiers
from batchsend.pipeline.runs import runs_like
from batchsend.pipeline.target import Target

__all__ = ["Plan", "Selection", "plan"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What the operator leaves of the list for this run.

    >>> str(Selection(rows=RowSet.parse("5-9, 2"), limit=3).rows)
    '2,5-9'
    """

    rows: RowSet | None = None
    limit: int | None = None
    """At most so many letters."""
    retry_rejected: bool = False
    """Also letters that the API refused before and that have not changed since."""
    again: RowSet | None = None
    """Of repeats, those that are other letters all the same: they are sent."""

    def of(self, letters: pl.LazyFrame) -> pl.LazyFrame:
        """Only the chosen rows of a frame that has `row`."""
        return letters if self.rows is None else letters.filter(self.rows.contains(pl.col("row")))

    def letters(self, snapshot: Snapshot) -> pl.LazyFrame:
        """The identities of the letters that any of the chosen rows goes into."""
        if self.rows is None:
            return snapshot.identities()
        begin = snapshot.beginnings(self.rows)
        return snapshot.identities().filter(begin.contains(pl.col("row")))

    def must_name_rows_of(self, checked: Checked) -> None:
        """Raise SettingsError where no row of the list is among the chosen ones."""
        if self.of(checked.snapshot.frame).select("row").head(1).collect().is_empty():
            rows = checked.snapshot.frame.select(pl.min("row").alias("a"), pl.max("row").alias("b"))
            first, last = rows.collect().row(0)
            raise SettingsError(
                f"The list has no row {self.rows}: its rows are {first} to {last}.",
                hint="Rows are numbered as the spreadsheet shows them.",
            )


ALL = Selection()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is about to do; shown before anything is done.

    The frames are those of `ledger.Plan`, of the selected letters.
    """

    mailing: Mailing
    target: Target
    checked: Checked
    engine: str
    to_send: pl.DataFrame
    beyond_limit: int
    """Letters left for another run by `Selection.limit`."""
    accepted: pl.DataFrame
    rejected: pl.DataFrame
    unknown: pl.DataFrame
    conflicts: pl.DataFrame
    under_way: pl.DataFrame
    """Another run is sending them now."""
    repeats: pl.DataFrame
    """Not sent, as the same letter went in another way: with `why`, in words."""
    released: int
    """Letters among `to_send` that would be repeats, were it not for `Selection.again`."""
    perhaps_repeats: int
    """Letters that cannot be told from repeats, as the checked lists of earlier runs are gone."""
    found: Mapping[str, LetterState]
    """How the letters among `to_send` stand that the ledger has heard of, by identifier."""
    ledger_place: ledger.Place
    other_runs: tuple[ledger.Run, ...]
    """Those that are sending beside this one."""
    first_run: bool
    """Whether the ledger knows of no earlier run, so that nothing can have been sent before."""
    elsewhere: Mapping[str, int]
    """How many of `to_send` other APIs have accepted, by destination."""
    same_list_sent: ledger.Run | None
    """The run that sent this very list to this destination before, where it did so under other
    identifiers: perhaps a mistake."""

    @property
    def channels(self) -> dict[str, int]:
        """Letters to send by channel."""
        return dict(self.to_send.group_by("channel").len().sort("channel").iter_rows())


def plan(  # noqa: PLR0913 - a plan has so many sources
    mailing: Mailing,
    target: Target,
    checked: Checked,
    selection: Selection,
    *,
    engine: str,
    book: ledger.Ledger,
) -> Plan:
    """Compare the checked list with what the ledger knows of this destination."""
    others = book.other_runs()
    outline = book.outline(target.destination)
    living = [run.number for run in others]
    found = ledger.plan(selection.letters(checked.snapshot), outline, living)
    again: list[pl.DataFrame] = []
    if selection.retry_rejected:
        again.append(found.rejected)
    # A rehearsal costs nothing, and is repeated until the letter is right.
    resend_unknown = mailing.send.repeats_are_refused or target.is_sandbox
    if resend_unknown:
        again.append(found.unknown)
    if target.is_sandbox:
        again.append(found.conflicts)
    to_send = pl.concat([found.to_send, *again]).sort("row") if again else found.to_send
    held = _held_back(mailing, target, checked, to_send, outline, book)
    repeats = to_send.join(held.repeats, on="identifier")
    released = _released(selection, checked, repeats)
    repeats = repeats.join(released, on="row", how="anti", maintain_order="left")
    to_send = to_send.join(repeats, on="row", how="anti", maintain_order="left")
    chosen = to_send if selection.limit is None else to_send.head(selection.limit)
    before = book.same_list_sent(target.destination, checked.list_digest)
    known = found.accepted.height + found.unknown.height + found.conflicts.height
    return Plan(
        mailing=mailing,
        target=target,
        checked=checked,
        engine=engine,
        to_send=chosen,
        beyond_limit=to_send.height - chosen.height,
        accepted=found.accepted,
        rejected=found.rejected.clear() if selection.retry_rejected else found.rejected,
        unknown=found.unknown.clear() if resend_unknown else found.unknown,
        conflicts=found.conflicts.clear() if target.is_sandbox else found.conflicts,
        under_way=found.under_way,
        repeats=repeats.sort("row"),
        released=released.height,
        perhaps_repeats=held.unsure,
        found={} if target.is_sandbox else _found(chosen),  # of the sandbox it forgets them
        ledger_place=book.place,
        other_runs=tuple(others),
        first_run=not book.runs(),
        elsewhere={} if target.is_sandbox else _elsewhere(chosen, target, book),
        same_list_sent=before if before and not known else None,
    )


def _held_back(  # noqa: PLR0913, PLR0917 - what `plan` knows
    mailing: Mailing,
    target: Target,
    checked: Checked,
    letters: pl.DataFrame,
    outline: pl.DataFrame,
    book: ledger.Ledger,
) -> Found:
    """Those of the letters that went before in another way, each once; none of a rehearsal."""
    if target.is_sandbox or letters.is_empty():
        return Found()
    earlier = Earlier.of(checked.snapshot, outline, runs_like(mailing, book))
    return went_under_other_identifiers(checked.snapshot, letters, earlier, book)


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
