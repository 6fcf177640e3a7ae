"""What went from other folders of this machine, as this user's register has it: of a plan's
letters those that are repeats of it, and what else is to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import starmap
from pathlib import Path

import polars as pl

from batchsend.errors import LedgerError
from batchsend.language import _
from batchsend.ledger import Ledger, Run
from batchsend.letters import REPEATS, Snapshot, folded_alike
from batchsend.mailing import Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.history.register_entries import (
    NOTED,
    Unfinished,
    account_of,
    alike,
    begun_here,
    catch_up,
    is_asked,
    is_kept,
    own_runs,
    recipients_in_one,
    unfinished_elsewhere,
    without_it,
)
from batchsend.operations.history.runs import is_named_like
from batchsend.operations.planning.corrected_repeats import hashed_names
from batchsend.operations.target import Target
from batchsend.register import (
    ApiAccount,
    Register,
    RegisteredRun,
    RegisterError,
    in_common,
    is_same,
)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register knows of the letters of a plan."""

    repeats: pl.DataFrame = field(default_factory=REPEATS.to_frame)
    """REPEATS: letters that went from another folder, or that a run there may be sending now."""
    under_way: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))
    """The identifiers of the latter, which nobody can release meanwhile."""
    told: tuple[str, ...] = ()
    """What else it knows, or why it cannot be asked, in sentences."""
    stamp: object = None
    """What `registered_since` compares; None where it was not asked."""

    def releasable(self, repeats: pl.DataFrame) -> pl.DataFrame:
        """Those of some repeats that `--again` may send: nobody is sending them now."""
        return repeats.filter(~pl.col("identifier").is_in(self.under_way.implode()))


def look_up(
    mailing: Mailing, target: Target, snapshot: Snapshot, names: pl.DataFrame, book: Ledger
) -> Registered:
    """Ask the register about letters that are to be sent, by all their `names` (`identifier`,
    `called`); first this ledger's runs are entered that are not yet.

    Raises LedgerError where the register has what went with this very ledger, and the ledger lacks
    it.
    """
    if not is_asked(mailing, target):
        return Registered()
    try:
        if not is_kept(mailing, target, book):
            with Register.if_there() as others:
                return _known(others, mailing, target, snapshot, names, book)
        with Register.open() as register:
            # First: what changes it from here on is asked about again.
            stamp = register.stamp(begun_here(own_runs(mailing, book), book, register))
            _must_have_all(register, mailing, book)
            return replace(_known(register, mailing, target, snapshot, names, book), stamp=stamp)
    except RegisterError as error:
        return Registered(told=(without_it(error),))


def _known(  # noqa: PLR0913, PLR0917 - as of `look_up`, and the register
    register: Register | None,
    mailing: Mailing,
    target: Target,
    snapshot: Snapshot,
    names: pl.DataFrame,
    book: Ledger,
) -> Registered:
    if register is None:
        return Registered()
    account, own = account_of(target), own_runs(mailing, book)
    unfinished = unfinished_elsewhere(register, account, book)
    if is_kept(mailing, target, book):
        catch_up(own, book, register, account)
    asked = names.with_columns(alike=alike(pl.col("called")))
    if register.has_beginning(account, NOTED) or any(run.notes_names for run in unfinished):
        asked = pl.concat([asked, _before_corrections(names)])
    runs, found = _found(register, account, own, asked, book)
    without_list = _without_list(own, book)
    of_them = [number for number, run in enumerate(runs) if run.key in without_list]
    first_on = len(runs)
    for run in unfinished:
        if run.is_on:
            going = run.may_send(asked["alike"].unique(), register, number=len(runs))
            found = pl.concat([found, going])
            runs.append(run.entry)
    pairs = _pairs(register, snapshot, asked, found)
    # Of its own letters the ledger knows all but whom they went to.
    pairs = pairs.filter(~(pl.col("run").is_in(of_them) & (pl.col("same") | pl.col("forgotten"))))
    ours = [
        number
        for number, run in enumerate(runs)
        if is_named_like(mailing, run.mailing) or run.ledger == book.identity
    ]
    held = _held(pairs, runs, ours, snapshot)
    chance = pairs.filter("same").join(held, on="identifier", how="anti")
    return Registered(
        _with_reasons(held, runs, first_on),
        held.filter(pl.col("run") >= first_on)["identifier"],
        (*_oddities(register, unfinished, own, mailing), *_by_chance(chance, runs)),
    )


def _before_corrections(names: pl.DataFrame) -> pl.DataFrame:
    """The names with what is `alike` of letters that had one of them until they were corrected
    elsewhere."""
    return hashed_names(names).with_columns(alike=NOTED + pl.col("hash")).drop("hash")


def registered_since(before: Registered, mailing: Mailing, book: Ledger) -> bool:
    """Whether a run from elsewhere began or ended since `before` was asked."""
    if before.stamp is None:
        return False
    try:
        with Register.open() as register:
            here = begun_here(own_runs(mailing, book), book, register)
            return register.stamp(here) != before.stamp
    except RegisterError:  # said as the run was entered
        return False


def _must_have_all(register: Register, mailing: Mailing, book: Ledger) -> None:
    """A copy of a ledger counts on under the same identity; but one in this place was this one."""
    # In this order: what is in the register was in the ledger before.
    entered = [run for run in register.runs_of(book.identity) if run.place == str(book.place)]
    known = {own.key: run for own, run in own_runs(mailing, book).items()}
    for run in entered:
        if not _has_all(book, known.get(run.key), register, run):
            raise LedgerError(
                _(
                    "The ledger {place} is an old one: it lacks what went in the run that "
                    "began {started:%Y-%m-%d %H:%M} and was sent with it. With it, letters "
                    "would go out twice.",
                    place=book.place,
                    started=run.started.astimezone(),
                ),
                hint=_(
                    "Put the newest one back, together with its -wal file if there is one. "
                    "If it is lost, or this folder is a copy in the place of another one, "
                    "move the ledger and its .snapshots folder away to begin again: what "
                    "went from this machine since it keeps a register is not sent again "
                    "then."
                ),
            )


def _has_all(book: Ledger, run: Run | None, register: Register, entered: RegisteredRun) -> bool:
    """Whether a ledger has what went in a run; where it has the run's end it has all of it."""
    if run is None or run.end is not None:
        return run is not None
    went = register.entered(entered)
    return went.is_in(book.outline(run.facts.destination)["identifier"].implode()).all()


def _oddities(
    register: Register,
    unfinished: Iterable[Unfinished],
    own: Iterable[RegisteredRun],
    mailing: Mailing,
) -> Iterator[str]:
    if register.lost:
        yield _(
            "The register {place} was lost and is a new one: what went from other folders "
            "before is not known.",
            place=register.place,
        )
    ours = {entry.key for entry in own}
    for run in unfinished:
        entry = run.entry
        if not is_named_like(mailing, entry.mailing) or (entry.key in ours and not run.is_on):
            continue
        facts: dict[str, object] = {
            "mailing": entry.mailing,
            "started": entry.started.astimezone(),
            "folder": Path(entry.place).parent if entry.place else _("a folder no longer known"),
        }
        if run.is_on:
            yield _(
                "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and is still going "
                "on. What it is to send is not sent from here.",
                **facts,
            )
        elif run.known:
            yield _(
                "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and was broken off. "
                "What it sent until then is known.",
                **facts,
            )
        else:
            yield _(
                "A run of {mailing} began {started:%Y-%m-%d %H:%M} in {folder} and is still going "
                "on, or was broken off. What it sent is not known here: run `batchsend report` "
                "there first.",
                **facts,
            )


def _found(
    register: Register,
    account: ApiAccount,
    own: Mapping[RegisteredRun, Run],
    asked: pl.DataFrame,
    book: Ledger,
) -> tuple[list[RegisteredRun], pl.DataFrame]:
    """What went that is `alike`, but for what the ledger and its checked lists know of its own
    runs: the runs, and the letters as FOUND. A copy that was made during a run lacks what that sent
    afterwards."""
    lost = _without_list(own, book)
    ended = [entry for entry, run in own.items() if run.end is not None and entry.key not in lost]
    runs, found = register.found(account, asked["alike"].unique(), but_for=ended)
    listed = {entry.key for entry in own} - lost
    ours = [number for number, run in enumerate(runs) if run.key in listed]
    if ours:
        known = book.outline(account.destination)["identifier"].implode()
        ours_known = pl.col("run").is_in(ours) & pl.col("identifier").is_in(known)
        found = found.filter(~ours_known)
    return runs, found


def _without_list(own: Mapping[RegisteredRun, Run], book: Ledger) -> set[tuple[str, int, str]]:
    """The keys of those of a ledger's runs whose checked list is not there any more."""
    return {entry.key for entry, run in own.items() if not book.list_of(run).exists()}


def _pairs(
    register: Register, snapshot: Snapshot, asked: pl.DataFrame, found: pl.DataFrame
) -> pl.DataFrame:
    """Each letter beside all that are called like it and went from elsewhere: `identifier`,
    `earlier`, `run` (its place in the list), whether they are the `same`, whether `whom` they go to
    is, whether that is `near`: at the same address, say, under another name; and whether it is
    `forgotten`, to whom the earlier one went."""
    rough = asked.join(found.rename({"identifier": "earlier"}), on="alike")
    same = pl.col("identifier") == pl.col("earlier")
    called = pl.col("called")
    agrees = (called == pl.col("earlier")) | folded_alike(called, pl.col("earlier"))
    pairs = rough.filter(agrees | pl.col("alike").str.starts_with(NOTED))
    whom = recipients_in_one(snapshot, pairs["identifier"])
    hashed = [register.hashed(text) for text in whom["recipient"]]
    now = whom.select("identifier", now=pl.Series(hashed, dtype=pl.Binary))
    pairs = pairs.join(now, on="identifier", how="left")
    both = pairs.select("recipient", "now").rows()
    return pairs.select("identifier", "earlier", "run", same=same).with_columns(
        whom=pl.Series(starmap(is_same, both), dtype=pl.Boolean),
        near=pl.Series(starmap(in_common, both), dtype=pl.Boolean),
        forgotten=pairs["recipient"].is_null(),
    )


def _held(
    pairs: pl.DataFrame, runs: list[RegisteredRun], ours: list[int], snapshot: Snapshot
) -> pl.DataFrame:
    """The pairs of which the second is the first again, each letter once with the last such one.

    `ours` are the places of runs of a mailing of this name, or with a copy of this very ledger.
    An identifier called another way, of which the list has both, is another letter.
    """
    same, is_ours = pl.col("same"), pl.col("run").is_in(ours)
    listed = snapshot.frame.select(earlier="identifier").collect(engine="streaming")
    meant = pl.col("near") & ~pl.col("run").is_in(_by_coincidence(pairs.filter(same), runs))
    again = pairs.filter(same & (pl.col("whom") | is_ours | meant))
    to_them = pl.col("whom") | ((pl.col("near") | pl.col("forgotten")) & is_ours)
    in_other_clothes = pairs.filter(~same & to_them).join(listed, on="earlier", how="anti")
    found = pl.concat([in_other_clothes, again]).sort("run", maintain_order=True)
    return found.unique("identifier", keep="last", maintain_order=True)


def _by_coincidence(same: pl.DataFrame, runs: list[RegisteredRun]) -> list[int]:
    """The runs of ledgers whose letters have the identifiers of others by chance, as two mailings
    have that number theirs 1, 2, 3: two at least went to another recipient, and so did most."""
    of_runs = pl.DataFrame(
        [(number, run.ledger) for number, run in enumerate(runs)],
        schema={"run": same.schema["run"], "ledger": pl.String},
        orient="row",
    )
    letters = (
        same.join(of_runs, on="run").group_by("ledger", "identifier").agg(pl.col("whom").any())
    )
    theirs, others = pl.col("whom").sum(), (~pl.col("whom")).sum()
    counted = letters.group_by("ledger").agg(chance=(others > 1) & (others > theirs))
    return of_runs.join(counted.filter("chance"), on="ledger", how="semi")["run"].to_list()


def _with_reasons(held: pl.DataFrame, runs: list[RegisteredRun], first_on: int) -> pl.DataFrame:
    """`first_on` is the place of the first run that is still going on."""
    why = [
        _why(runs[run], "" if same else earlier, is_on=run >= first_on)
        for run, same, earlier in held.select("run", "same", "earlier").iter_rows()
    ]
    return held.select("identifier").with_columns(why=pl.Series(why, dtype=pl.String))


def _name(run: RegisteredRun) -> str:
    return run.mailing or _("(unnamed)")


def _by_chance(pairs: pl.DataFrame, runs: list[RegisteredRun]) -> Iterator[str]:
    """Identifiers that other mailings used for others, which is nothing to hold a letter for."""
    if pairs.height:
        names = sorted({_name(runs[run]) for run in pairs["run"].unique()})
        shown = ", ".join(names[:3])
        yield _(
            "{number:,} of these identifiers went before, in {mailings}, to other recipients or to "
            "some that were forgotten since. As neither the mailing's name nor the recipients "
            "agree, the letters are sent.",
            number=pairs["identifier"].n_unique(),
            mailings=_("{names} and others", names=shown) if len(names) > 3 else shown,
        )


def _why(run: RegisteredRun, earlier: str, *, is_on: bool) -> str:
    """Why a letter is held: it went, or is going, with that run; as `earlier`, if under another
    identifier."""
    mailing = _name(run)
    if earlier:
        mailing = _(
            "{mailing} as {identifier}, which is the same identifier written another way, or "
            "before a correction",
            mailing=mailing,
            identifier=masked_where_valid(earlier),
        )
    places = {"mailing": mailing, "folder": Path(run.place).parent, "day": run.started.astimezone()}
    if is_on and run.place:
        return _(
            "It is being sent from {folder}, in the mailing {mailing}. Send again when the run "
            "there has ended.",
            **places,
        )
    if is_on:
        return _(
            "It is being sent, in the mailing {mailing}. Send again when the run there has ended.",
            **places,
        )
    if run.place:
        return _("It went on {day:%Y-%m-%d} from {folder}, in the mailing {mailing}.", **places)
    return _("It went on {day:%Y-%m-%d}, in the mailing {mailing}.", **places)
