"""What went from other folders of this machine, as this user's register has it: of a plan's
letters those that are repeats of it, and what else is to be told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from batchsend.errors import LedgerError
from batchsend.ledger import Ledger, Run
from batchsend.letters import REPEATS, Snapshot
from batchsend.mailing import Mailing
from batchsend.masking import masked_where_valid
from batchsend.operations.registering import (
    account_of,
    alike,
    catch_up,
    is_kept,
    note_so_far,
    own_runs,
    recipients_in_one,
    without_it,
)
from batchsend.operations.target import Target
from batchsend.register import Account, Register, RegisteredRun, RegisterError


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register knows of the letters of a plan."""

    repeats: pl.DataFrame = field(default_factory=REPEATS.to_frame)
    """REPEATS: letters that went from another folder."""
    told: tuple[str, ...] = ()
    """What else it knows, or why it cannot be asked, in sentences."""
    stamp: object = None
    """What `registered_since` compares; None where it was not asked."""


def look_up(
    mailing: Mailing, target: Target, snapshot: Snapshot, letters: pl.DataFrame, book: Ledger
) -> Registered:
    """Ask the register about letters (`identifier`) that are to be sent; first this ledger's runs
    are entered that are not yet.

    Raises LedgerError where the register has what went with this very ledger, and the ledger lacks
    it.
    """
    if not is_kept(mailing, target, book):
        return Registered()
    account = account_of(target)
    try:
        with Register.open() as register:
            _must_have_all(register, mailing, book)
            catch_up(mailing, book, register, account)
            stamp = register.stamp()
            own = own_runs(mailing, book)
            told = tuple(_oddities(register, account, own, mailing))
            pairs, runs = _pairs(register, account, own, snapshot, letters)
            held = _held(pairs, runs, mailing, snapshot)
            chance = pairs.filter("same").join(held, on="identifier", how="anti")
            return Registered(_with_reasons(held, runs), (*told, *_by_chance(chance, runs)), stamp)
    except RegisterError as error:
        return Registered(told=(without_it(error),))


def registered_since(before: Registered, mailing: Mailing, book: Ledger, run: Run) -> bool:
    """Whether another run began or ended since `before` was asked; `run` is one's own."""
    if before.stamp is None:
        return False
    own = next(
        entry for entry, each in own_runs(mailing, book).items() if each.number == run.number
    )
    try:
        with Register.open() as register:
            return register.stamp(but_for=own) != before.stamp
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
                f"The ledger {book.place} is an old one: it lacks what went in the run that began "
                f"{run.started.astimezone():%Y-%m-%d %H:%M} and was sent with it. With it, "
                "letters would go out twice.",
                hint="Put the newest one back, together with its -wal file if there is one. If it "
                "is lost, or this folder is a copy in the place of another one, move the ledger "
                "and its .snapshots folder away to begin again: what went from this machine since "
                "it keeps a register is not sent again then.",
            )


def _has_all(book: Ledger, run: Run | None, register: Register, entered: RegisteredRun) -> bool:
    """Whether a ledger has what went in a run; where it has the run's end it has all of it."""
    if run is None or run.end is not None:
        return run is not None
    went = register.entered(entered)
    return went.is_in(book.outline(run.facts.destination)["identifier"].implode()).all()


def _oddities(
    register: Register, account: Account, own: dict[RegisteredRun, Run], mailing: Mailing
) -> Iterator[str]:
    if register.lost:
        yield (
            f"The register {register.place} was lost and is a new one: what went from other "
            "folders before is not known."
        )
    ours = {entry.key for entry in own}
    for run in register.unfinished(account, mailing.name):
        if run.key not in ours:
            sofar = (
                "What it has sent so far is known; see that it does not go on beside this one."
                if note_so_far(register, run)
                else "What it sent is not known here: run `batchsend report` there first."
            )
            yield (
                f"A run of {mailing.name} began {run.started.astimezone():%Y-%m-%d %H:%M}"
                f"{_from(run)} and is still going on, or was broken off. {sofar}"
            )


def _pairs(
    register: Register,
    account: Account,
    own: dict[RegisteredRun, Run],
    snapshot: Snapshot,
    letters: pl.DataFrame,
) -> tuple[pl.DataFrame, list[RegisteredRun]]:
    """Each letter beside every one like it that went from elsewhere: `identifier`, `earlier`,
    `run` (its place in the list), whether they are the `same`, and whether `whom` they go to is."""
    asked = letters.select("identifier", alike=alike(pl.col("identifier")))
    runs, found = register.found(account, asked["alike"].unique(), but_for=own)
    pairs = asked.join(found.rename({"identifier": "earlier"}), on="alike")
    whom = recipients_in_one(snapshot, pairs["identifier"])
    hashed = [register.hashed(text) for text in whom["recipient"]]
    now = whom.select("identifier", now=pl.Series(hashed, dtype=pl.Binary))
    pairs = pairs.join(now, on="identifier", how="left", maintain_order="left").select(
        "identifier",
        "earlier",
        "run",
        same=pl.col("identifier") == pl.col("earlier"),
        whom=(pl.col("recipient") == pl.col("now")).fill_null(value=False),
    )
    return pairs, runs


def _held(
    pairs: pl.DataFrame, runs: list[RegisteredRun], mailing: Mailing, snapshot: Snapshot
) -> pl.DataFrame:
    """The pairs of which the second is the first again, each letter once with the last such one.

    An identifier written another way, of which the list has both, is another letter.
    """
    named = [number for number, run in enumerate(runs) if run.mailing == mailing.name]
    same, is_named = pl.col("same"), pl.col("run").is_in(named)
    listed = snapshot.frame.select(earlier="identifier").collect(engine="streaming")
    again = pairs.filter(same & (pl.col("whom") | is_named))
    in_other_clothes = pairs.filter(~same & pl.col("whom")).join(listed, on="earlier", how="anti")
    found = pl.concat([in_other_clothes, again])
    return found.unique("identifier", keep="last", maintain_order=True)


def _with_reasons(held: pl.DataFrame, runs: list[RegisteredRun]) -> pl.DataFrame:
    why = [
        f"It went on {runs[run].started.astimezone():%Y-%m-%d}{_from(runs[run])}, in the mailing "
        f"{runs[run].mailing or '(unnamed)'}{'' if same else _written(earlier)}."
        for run, same, earlier in held.select("run", "same", "earlier").iter_rows()
    ]
    return held.select("identifier").with_columns(why=pl.Series(why, dtype=pl.String))


def _by_chance(pairs: pl.DataFrame, runs: list[RegisteredRun]) -> Iterator[str]:
    """Identifiers that other mailings used for others, which is nothing to hold a letter for."""
    if pairs.height:
        names = sorted({runs[run].mailing or "(unnamed)" for run in pairs["run"].unique()})
        yield (
            f"{pairs['identifier'].n_unique():,} of these identifiers went to other recipients, "
            f"in {', '.join(names[:3])}{' and others' if len(names) > 3 else ''}. As neither the "
            "mailing's name nor the recipients agree, the letters are sent."
        )


def _written(earlier: str) -> str:
    return f" as {masked_where_valid(earlier)}, which is the same identifier written another way"


def _from(run: RegisteredRun) -> str:
    return f" from {Path(run.place).parent}" if run.place else ""
