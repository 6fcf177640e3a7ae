"""Repeats under a corrected identifier: a letter went, and then the cell that its identifier is
made of was corrected, or such a correction was undone."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from batchsend.corrections import Correction, Labels, read_journal
from batchsend.language import _
from batchsend.letters import REPEATS, Snapshot, identifier_columns
from batchsend.lists import Column, Figure
from batchsend.mailing import Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.repeats import Earlier

_Texts = dict[Column, set[str]]
"""What one row said or says in columns of its identifier."""


def went_before_a_correction(
    mailing: Mailing, snapshot: Snapshot, letters: pl.DataFrame, earlier: Earlier
) -> pl.DataFrame:
    """Which of `letters` (`identifier`) went under the identifier that their row has without a
    correction, or had with one: as REPEATS.

    Corrections count that were undone, too. Raises SettingsError where they cannot be read.
    """
    if letters.is_empty() or earlier.letters.is_empty():
        return REPEATS.to_frame()
    rows = _rows_said(mailing, snapshot)
    if not rows:
        return REPEATS.to_frame()
    went = {identifier: run for identifier, run in earlier.letters["earlier", "run"].iter_rows()}
    found: dict[str, str] = {}
    for texts in rows:
        said = [pl.col(column.key).is_in(list(known)) for column, known in texts.items()]
        listed = snapshot.frame.filter(pl.all_horizontal(said)).select("identifier")
        now = listed.collect(engine="streaming").join(letters, on="identifier", how="semi")
        for identifier in now["identifier"].unique():
            for other in _other_identifiers(identifier, texts):
                if other in went:
                    found[identifier] = _why(other, went[other])
    return pl.DataFrame(list(found.items()), schema=REPEATS, orient="row")


def _rows_said(mailing: Mailing, snapshot: Snapshot) -> list[_Texts]:
    labels = Labels(snapshot.columns)
    own = identifier_columns(mailing.payload, snapshot.columns, mailing.checks.country)
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


def _other_identifiers(identifier: str, texts: _Texts) -> set[str]:
    """The identifier with the other texts of its row in the place of those that stand in it."""
    found = {identifier}
    for known in texts.values():
        found |= {
            each.replace(was, now) for each in found for was in known if was for now in known
        }
    return found - {identifier}


def _why(other: str, run: int) -> str:
    earlier = masked_where_valid(other)
    return _(
        "This row went in run {run} as {earlier}, before the cell that its identifier is made of "
        "was corrected, or a correction of it was undone.",
        run=run,
        earlier=earlier,
    )
