"""Repeats under a corrected identifier: a letter went, and then the cell that its identifier is
made of was corrected, or such a correction was undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from batchsend.corrections import Correction, Labels, read_journal
from batchsend.language import _
from batchsend.ledger import Ledger
from batchsend.letters import REPEATS, Checked, Snapshot, identifier_columns
from batchsend.lists import PERIOD, Column, Figure
from batchsend.mailing import Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.planning.repeats import Earlier, by_snapshot

_Texts = dict[Column, set[str]]
"""What one row said or says in columns of its identifier."""


def went_before_a_correction(
    mailing: Mailing, checked: Checked, letters: pl.DataFrame, earlier: Earlier, book: Ledger
) -> pl.DataFrame:
    """Which of `letters` (`identifier`) went under the identifier that their row has without a
    correction, or had with one: as REPEATS.

    Corrections count that were undone, too; and where their file was lost or put back, those that
    an earlier run used on the very same list. Raises SettingsError where they cannot be read.
    """
    if letters.is_empty() or earlier.letters.is_empty():
        return REPEATS.to_frame()
    snapshot = checked.snapshot
    others = other_identifiers(mailing, snapshot, letters)
    went = others.join(earlier.letters.select("run", other="earlier"), on="other")
    found: list[tuple[str, str, int]] = list(went.select("identifier", "other", "run").iter_rows())
    own = _made_of(mailing, snapshot)
    of_this_list = [run for run in earlier.runs if run.facts.list_digest == checked.list_digest]
    for before, some in by_snapshot(earlier.letters, of_this_list, book):
        if before is not None and _headings(before) == _headings(snapshot):
            found += _rows_that_differ(snapshot, letters, before, some, own)
    whys = {identifier: why_corrected(other, run) for identifier, other, run in found}
    return pl.DataFrame(list(whys.items()), schema=REPEATS, orient="row")


def other_identifiers(mailing: Mailing, snapshot: Snapshot, letters: pl.DataFrame) -> pl.DataFrame:
    """What letters (`identifier`) would be called without a correction of theirs, or were called
    with one that was undone: `identifier`, `other`.

    Raises SettingsError where the corrections cannot be read.
    """
    found: list[tuple[str, str]] = []
    for texts in _rows_said(mailing, snapshot, _made_of(mailing, snapshot)):
        said = [pl.col(column.key).is_in(list(known)) for column, known in texts.items()]
        listed = snapshot.frame.filter(pl.all_horizontal(said)).select("identifier")
        now = listed.collect(engine="streaming").join(letters, on="identifier", how="semi")
        for identifier in now["identifier"].unique():
            found += [(identifier, other) for other in sorted(_others(identifier, texts))]
    return pl.DataFrame(
        found, schema={"identifier": pl.String, "other": pl.String}, orient="row"
    ).unique(maintain_order=True)


def _made_of(mailing: Mailing, snapshot: Snapshot) -> list[Column]:
    """The list's own columns that identifiers are made of."""
    columns = identifier_columns(mailing.payload, snapshot.columns, mailing.checks.country)
    return [column for column in columns if column.name != PERIOD]


def _rows_that_differ(
    snapshot: Snapshot,
    letters: pl.DataFrame,
    before: Snapshot,
    some: pl.DataFrame,
    own: Sequence[Column],
) -> list[tuple[str, str, int]]:
    """Letters of the rows that said something else in their identifier's columns when the very same
    list went: each with its earlier identifier and the run that sent that."""
    cells = [pl.col(column.key).fill_null("") for column in own]
    who = pl.concat_str([pl.lit(""), *cells], separator="\x1f").alias("who")
    now = snapshot.frame.select("row", "identifier", who).collect(engine="streaming")
    then = before.frame.select("row", who, earlier="identifier").collect(engine="streaming")
    both = (
        now.join(letters, on="identifier", how="semi")
        .join(then.join(some.select("earlier", "run"), on="earlier"), on="row", suffix=" then")
        .filter(pl.col("who") != pl.col("who then"))
    )
    return list(both.select("identifier", "earlier", "run").iter_rows())


def _headings(snapshot: Snapshot) -> list[tuple[str, str]]:
    columns = (column for column in snapshot.columns if column.name != PERIOD)
    return [(column.key, column.heading) for column in columns]


def _rows_said(mailing: Mailing, snapshot: Snapshot, own: Sequence[Column]) -> list[_Texts]:
    labels = Labels(snapshot.columns)
    rows: dict[object, _Texts] = {}
    for each in read_journal(mailing.corrections).corrections:
        column = labels.find(each.draft.column)
        if column is not None and column in own:
            texts = rows.setdefault(each.draft.key, {})
            texts.setdefault(column, set()).update(_texts(each))
    return list(rows.values())


def _texts(correction: Correction) -> Iterator[str]:
    for text in (correction.draft.was, correction.draft.now):
        yield str(text)
        if isinstance(text, Figure):
            yield text.stored


def _others(identifier: str, texts: _Texts) -> set[str]:
    """The identifier with the other texts of its row in the place of those that stand in it."""
    found = {identifier}
    for known in texts.values():
        found |= {each.replace(was, now) for each in found for was in known if was for now in known}
    return found - {identifier}


def why_corrected(other: str, run: int) -> str:
    """Why a letter that went in a run under another identifier is not sent."""
    earlier = masked_where_valid(other)
    return _(
        "This row went in run {run} as {earlier}, before the cell that its identifier is made of "
        "was corrected, or a correction of it was undone.",
        run=run,
        earlier=earlier,
    )
