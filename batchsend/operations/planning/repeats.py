"""Repeats: letters that went before in other clothes, under an identifier that is written another
way or that this list no longer has; and of letters that went under their identifier with other
content, which cell is another one now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.language import _, filled
from batchsend.ledger import MAY_BE_THERE, Ledger, Run
from batchsend.letters import (
    REPEATS,
    Checked,
    Saying,
    Snapshot,
    folded_identifier,
    is_forgotten,
    recipients,
    roughly_folded,
    same_recipient,
)
from batchsend.masking import masked, masked_where_valid
from batchsend.operations.history.receipt import snapshot_of
from batchsend.reports import day_here

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
    unsure: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))
    """Identifiers of letters that may be repeats: no list says any more whom the earlier ones went
    to."""


def went_under_other_identifiers(
    snapshot: Snapshot, names: pl.DataFrame, earlier: Earlier, book: Ledger
) -> Found:
    """Which letters went to the same recipient under an identifier that is the same one written
    another way; `names` has what each `identifier` is `called`, or was before a correction.

    Two letters that one list had side by side are two letters, however alike their identifiers.
    Where the earlier recipient was forgotten, the identifier alone decides.
    """
    pairs = written_alike(names, earlier.letters)
    if pairs.is_empty():
        return Found()
    now = recipients(snapshot, pairs["identifier"])
    sure, unsure = [REPEATS.to_frame()], [pairs.clear()]
    for before, some in by_snapshot(pairs, earlier.runs, book):
        if before is None:
            unsure.append(some)
            continue
        others = never_side_by_side(some, before, "called")
        then = recipients(before, others["earlier"]).rename({"identifier": "earlier"})
        both = others.join(now, on="identifier").join(then, on="earlier", suffix=" then")
        same = both.filter(same_recipient(" then")).sort("submitted_at")
        forgotten = both.filter(is_forgotten(" then"))
        sure += [
            same.select("identifier", why=_why()),
            forgotten.select("identifier", why=_why_forgotten()),
        ]
    repeats = pl.concat(sure).unique("identifier", keep="last", maintain_order=True)
    left = pl.concat(unsure).join(repeats, on="identifier", how="anti")
    return Found(repeats, left["identifier"].unique())


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
            pairs = never_side_by_side(now.join(then, on="said"), before, "identifier")
            found.append(pairs.select(SAID_BEFORE.names()))
    return pl.concat(found).sort("submitted_at").unique("identifier", keep="last").sort("row")


def written_alike(names: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Each name (`identifier`, `called`) beside every earlier letter whose identifier is folded
    like it."""
    now = names.with_columns(rough=roughly_folded(pl.col("called")).hash())
    then = earlier.with_columns(rough=roughly_folded(pl.col("earlier")).hash())
    now, then = (
        now.join(then, on="rough", how="semi").select("identifier", "called", *_forms("called")),
        then.join(now, on="rough", how="semi").select(*_EARLIER, *_forms("earlier")),
    )
    found = [
        now.select("identifier", "called", form)
        .join(then.select(*_EARLIER, form), on=form)
        .drop(form)
        for form in _FORMS
    ]
    return pl.concat(found).unique(["identifier", "called", "earlier"], maintain_order=True)


_FORMS = ("apart", "together", "parts")


def _forms(column: str) -> list[pl.Expr]:
    forms = folded_identifier(pl.col(column))
    return [form.alias(name) for name, form in zip(_FORMS, forms, strict=True)]


def never_side_by_side(pairs: pl.DataFrame, before: Snapshot, name: str) -> pl.DataFrame:
    """The pairs without those whose letter had a row of its own, under this name, beside the
    earlier one."""
    asked = pairs[name].unique().implode()
    together = before.frame.select("identifier").filter(pl.col("identifier").is_in(asked))
    there = together.unique().collect(engine="streaming")
    return pairs.join(there, left_on=name, right_on="identifier", how="anti")


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


def went_as() -> pl.Expr:
    """Why a letter is held that went in `run` as `earlier`, before a correction."""
    corrected = _(
        "This row went in run {run} as {earlier}, before the cell that its identifier is made of "
        "was corrected, or a correction of it was undone."
    )
    return filled(corrected, run="run", earlier=_masked())


def _why() -> pl.Expr:
    day = pl.col("submitted_at").map_elements(day_here, return_dtype=pl.String).fill_null("?")
    accepted = _(
        "A letter to the same recipient was accepted on {day}, in run {run}: {earlier}, which is "
        "no longer in the list and is the same identifier written another way."
    )
    taken = _(
        "A letter to the same recipient may have been taken on {day}, in run {run}: {earlier}, "
        "which is no longer in the list and is the same identifier written another way."
    )
    return (
        pl.when(pl.col("called") != pl.col("identifier"))
        .then(went_as())
        .when(pl.col("state") == "accepted")
        .then(filled(accepted, day=day, run="run", earlier=_masked()))
        .otherwise(filled(taken, day=day, run="run", earlier=_masked()))
    )


def _why_forgotten() -> pl.Expr:
    forgotten = _(
        "A letter went, or may have gone, in run {run}: {earlier}, which is no longer in the list "
        "and is the same identifier written another way. To whom is forgotten since."
    )
    return filled(forgotten, run="run", earlier=_masked())


def _masked() -> pl.Expr:
    return pl.col("earlier").map_elements(masked_where_valid, return_dtype=pl.String)


MOST = 20
"""Letters that are looked up: more are not shown."""


@dataclass(frozen=True, slots=True)
class OtherCell:
    """A cell of a letter's row that is another one than when the letter went."""

    heading: str
    was: str
    now: str
    """Both fit to be shown."""
    same_list: bool
    """Whether the list is the very same file: then it was read otherwise, as by version 0.1."""


def said_otherwise(
    checked: Checked, conflicts: pl.DataFrame, runs: Sequence[Run], book: Ledger
) -> Mapping[str, OtherCell]:
    """The first cell that differs, by identifier; of letters that are forgotten, or in no checked
    list that is still there, nothing is known. `conflicts` are as of `ledger.Comparison`."""
    known = conflicts.filter(pl.col("was_content") != "")
    pairs = known.head(MOST).select("identifier", "run")
    digests = {run.number: run.facts.list_digest for run in runs}
    found: dict[str, OtherCell] = {}
    for before, some in by_snapshot(pairs, runs, book):
        if before is not None:
            same_list = digests[some["run"][0]] == checked.list_digest
            found |= _of_one_run(checked.snapshot, before, some, same_list=same_list)
    return found


def _of_one_run(
    snapshot: Snapshot, before: Snapshot, some: pl.DataFrame, *, same_list: bool
) -> dict[str, OtherCell]:
    keys = {column.heading: column.key for column in before.columns}
    both = [
        (column.heading, column.key, keys[column.heading], column.key in snapshot.sensitive)
        for column in snapshot.columns
        if column.heading in keys
    ]
    now, then = _rows(snapshot, some), _rows(before, some)
    found: dict[str, OtherCell] = {}
    for identifier, row in now.items():
        for heading, key, key_then, sensitive in both:
            is_now, was = row[key] or "", then.get(identifier, row).get(key_then) or ""
            if identifier in then and str(is_now) != str(was):
                fit = masked if sensitive else masked_where_valid
                found[identifier] = OtherCell(heading, fit(str(was)), fit(str(is_now)), same_list)
                break
    return found


def _rows(snapshot: Snapshot, some: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The first row of each of these letters, by its identifier."""
    wanted = some.lazy().select("identifier")
    rows = snapshot.frame.join(wanted, on="identifier", how="semi").collect(engine="streaming")
    first = rows.unique("identifier", keep="first", maintain_order=True)
    return {row["identifier"]: row for row in first.iter_rows(named=True)}
