"""Repeats: letters that went before in other clothes, under an identifier that is written another
way or that this list no longer has."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.language import _, filled
from batchsend.ledger import MAY_BE_THERE, Ledger, Run
from batchsend.letters import (
    REPEATS,
    Saying,
    Snapshot,
    folded_identifier,
    recipients,
    roughly_folded,
    same_recipient,
)
from batchsend.masking import masked_where_valid
from batchsend.operations.history.account import snapshot_of

_EARLIER = pl.Schema(
    {
        "earlier": pl.String(),
        "state": pl.String(),
        "run": pl.UInt32(),
        "submitted_at": pl.Datetime("ms", "UTC"),
    }
)
SAID_BEFORE = pl.Schema({"row": pl.UInt32(), "identifier": pl.String(), **_EARLIER})
"""What `say_the_same` gives: a letter, and the earlier one."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the API has, or may have, of this mailing that the list no longer names."""

    letters: pl.DataFrame = field(default_factory=_EARLIER.to_frame)
    """_EARLIER: the identifier, how it stands, the run that sent it, and when."""
    runs: Sequence[Run] = ()
    """Those of the mailing."""

    def of_runs(self, runs: Collection[int]) -> Earlier:
        """Only what these runs sent."""
        return Earlier(self.letters.filter(pl.col("run").is_in(list(runs))), self.runs)

    @classmethod
    def of(cls, snapshot: Snapshot, outline: pl.DataFrame, runs: Sequence[Run]) -> Earlier:
        """Compare the whole list with the ledger's `outline` of its destination."""
        state = pl.col("state").cast(pl.String)
        ours = [run.number for run in runs]
        listed = snapshot.frame.select("identifier").collect(engine="streaming")
        letters = (
            outline.filter(state.is_in(list(MAY_BE_THERE)), pl.col("run").is_in(ours))
            .join(listed, on="identifier", how="anti")
            .select("submitted_at", "run", earlier="identifier", state=state)
        )
        return cls(letters.select(_EARLIER.names()), runs)


@dataclass(frozen=True, slots=True)
class Found:
    """What `went_under_other_identifiers` found."""

    repeats: pl.DataFrame = field(default_factory=REPEATS.to_frame)
    """REPEATS."""
    unsure: int = 0
    """Letters that may be repeats: whom the earlier ones went to is not known any more."""


def went_under_other_identifiers(
    snapshot: Snapshot, letters: pl.DataFrame, earlier: Earlier, book: Ledger
) -> Found:
    """Which of `letters` (`identifier`) went to the same recipient under an identifier that is the
    same one written another way.

    Two letters that one list had side by side are two letters, however alike their identifiers.
    """
    pairs = _pairs(letters, earlier.letters)
    if pairs.is_empty():
        return Found()
    now = recipients(snapshot, pairs["identifier"])
    sure, unsure = [pairs.clear()], [pairs.clear()]
    for before, some in by_snapshot(pairs, earlier.runs, book):
        if before is None:
            unsure.append(some)
            continue
        others = _never_side_by_side(some, before)
        then = recipients(before, others["earlier"]).rename({"identifier": "earlier"})
        both = others.join(now, on="identifier").join(then, on="earlier", suffix=" then")
        sure.append(both.filter(same_recipient(" then")).select(pairs.columns))
    known = pl.concat(sure).sort("submitted_at").unique("identifier", keep="last")
    left = pl.concat(unsure).join(known, on="identifier", how="anti")
    return Found(known.select("identifier", why=_why()), left["identifier"].n_unique())


def say_the_same(
    snapshot: Snapshot, letters: pl.DataFrame, earlier: Earlier, book: Ledger, saying: Saying
) -> pl.DataFrame:
    """Which of `letters` (`row`, `identifier`) say the same to the same recipient as an earlier
    one: each once, with the last such one (SAID_BEFORE).

    Nothing is known of letters whose checked list is gone.
    """
    said = saying.of_letters(snapshot, letters["identifier"])
    now = letters.select("row", "identifier").join(said, on="identifier")
    found = [SAID_BEFORE.to_frame()]
    for before, some in by_snapshot(earlier.letters, earlier.runs, book):
        if before is not None:
            then = saying.of_letters(before, some["earlier"]).rename({"identifier": "earlier"})
            then = some.join(then, on="earlier").unique("said", keep="last")
            pairs = _never_side_by_side(now.join(then, on="said"), before)
            found.append(pairs.select(SAID_BEFORE.names()))
    return pl.concat(found).sort("submitted_at").unique("identifier", keep="last").sort("row")


def _pairs(letters: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Each letter beside every earlier one whose identifier is folded alike."""
    now = letters.select("identifier", rough=roughly_folded(pl.col("identifier")).hash())
    then = earlier.with_columns(rough=roughly_folded(pl.col("earlier")).hash())
    now, then = (
        now.join(then, on="rough", how="semi").select("identifier", *_forms("identifier")),
        then.join(now, on="rough", how="semi").select(*_EARLIER, *_forms("earlier")),
    )
    found = [
        now.select("identifier", form).join(then.select(*_EARLIER, form), on=form).drop(form)
        for form in _FORMS
    ]
    return pl.concat(found).unique(["identifier", "earlier"], maintain_order=True)


_FORMS = ("apart", "together")


def _forms(column: str) -> list[pl.Expr]:
    forms = folded_identifier(pl.col(column))
    return [form.alias(name) for name, form in zip(_FORMS, forms, strict=True)]


def _never_side_by_side(pairs: pl.DataFrame, before: Snapshot) -> pl.DataFrame:
    asked = pairs["identifier"].unique().implode()
    together = before.frame.select("identifier").filter(pl.col("identifier").is_in(asked))
    return pairs.join(together.unique().collect(engine="streaming"), on="identifier", how="anti")


def by_snapshot(
    pairs: pl.DataFrame, runs: Sequence[Run], book: Ledger
) -> Iterator[tuple[Snapshot | None, pl.DataFrame]]:
    """The pairs by the checked list that the earlier letters were sent from; None if it is gone."""
    for run in runs:
        some = pairs.filter(pl.col("run") == run.number)
        if some.height:
            try:
                yield Snapshot.open(snapshot_of(run, book)), some
            except BatchsendError:
                yield None, some


def _why() -> pl.Expr:
    day = pl.col("submitted_at").map_elements(_day_here, return_dtype=pl.String).fill_null("?")
    earlier = pl.col("earlier").map_elements(masked_where_valid, return_dtype=pl.String)
    accepted = _(
        "A letter to the same recipient was accepted on {day}, in run {run}: {earlier}, which is "
        "no longer in the list and is the same identifier written another way."
    )
    taken = _(
        "A letter to the same recipient may have been taken on {day}, in run {run}: {earlier}, "
        "which is no longer in the list and is the same identifier written another way."
    )
    return (
        pl.when(pl.col("state") == "accepted")
        .then(filled(accepted, day=day, run="run", earlier=earlier))
        .otherwise(filled(taken, day=day, run="run", earlier=earlier))
    )


def _day_here(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"
