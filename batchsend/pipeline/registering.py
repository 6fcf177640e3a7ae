"""What this user's register of sent letters says of a plan, and what a run tells it.

The register is a second witness: whatever is wrong with it is said, and no run ends for it. Only
where it proves that the ledger is an old one nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from batchsend.errors import BatchsendError, LedgerError
from batchsend.ledger import REHEARSAL, Ledger, Run
from batchsend.letters import REPEATS, Snapshot, folded_identifier, recipients
from batchsend.mailing import Mailing
from batchsend.pipeline.accounting import snapshot_of
from batchsend.pipeline.target import Target
from batchsend.register import Account, Register, RegisteredRun, RegisterError

__all__ = ["Registered", "enter_begun", "enter_ended", "forget_purged", "look_up", "withdraw"]

_MAY_BE_THERE = ("accepted", "sending", "unknown")
_LETTERS = pl.Schema({"alike": pl.String(), "identifier": pl.String(), "recipient": pl.String()})


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register knows of the letters of a plan."""

    repeats: pl.DataFrame = field(default_factory=REPEATS.to_frame)
    """REPEATS: letters that went from another folder."""
    told: tuple[str, ...] = ()
    """What else it knows, or why it cannot be asked, in sentences."""


def look_up(
    mailing: Mailing, target: Target, snapshot: Snapshot, letters: pl.DataFrame, book: Ledger
) -> Registered:
    """Ask the register about letters (`identifier`) that are to be sent; first this ledger's runs
    are entered that are not yet.

    Raises LedgerError where the register has a run of this very ledger that the ledger lacks.
    """
    if not _is_kept(mailing, target, book):
        return Registered()
    account = _account(target)
    try:
        with Register.open() as register:
            own = _own_runs(mailing, book)
            _must_have_all(register, own, book)
            _catch_up(register, account, own, target.destination, book)
            return _found(register, account, own, mailing, snapshot, letters)
    except RegisterError as error:
        return Registered(told=(_not_asked(error),))


def enter_begun(mailing: Mailing, target: Target, book: Ledger, run: Run) -> str:
    """Enter a run as it begins; why it could not be, in a sentence, or empty."""
    if not _is_kept(mailing, target, book):
        return ""
    try:
        with Register.open() as register:
            register.begin(_account(target), _as_registered(mailing, book, run))
    except RegisterError as error:
        return _not_asked(error)
    return ""


def enter_ended(mailing: Mailing, target: Target, book: Ledger, run: Run) -> str:
    """Enter what went in a run; why it could not be, in a sentence, or empty."""
    if not _is_kept(mailing, target, book):
        return ""
    try:
        with Register.open() as register:
            registered = _as_registered(mailing, book, run)
            register.enter(_account(target), registered, _letters_of(run, book))
    except RegisterError as error:
        return _not_asked(error)
    return ""


def withdraw(mailing: Mailing, book: Ledger, destination: str, identifiers: Sequence[str]) -> None:
    """Take out letters of which somebody has decided that they did not go, or may go again."""
    if mailing.ledger.keep_register and isinstance(book.place, Path):
        with suppress(RegisterError), Register.open() as register:
            register.withdraw(book.identity, destination, identifiers)


def forget_purged(mailing: Mailing, book: Ledger, before: datetime) -> None:
    """Clear what is personal of this ledger's runs begun before."""
    if mailing.ledger.keep_register and isinstance(book.place, Path):
        with suppress(RegisterError), Register.open() as register:
            register.purge(book.identity, before)


def _is_kept(mailing: Mailing, target: Target, book: Ledger) -> bool:
    return mailing.ledger.keep_register and isinstance(book.place, Path) and not target.is_sandbox


def _account(target: Target) -> Account:
    return Account(target.destination, target.subscription.SubscriptionId.get_secret_value())


def _not_asked(error: RegisterError) -> str:
    return (
        f"{error} What went from other folders of this machine cannot be looked up; this "
        "mailing's own ledger is used as always."
    )


def _own_runs(mailing: Mailing, book: Ledger) -> dict[tuple[str, int, str], Run]:
    """The runs that this ledger knows, by the register's key."""
    runs = (run for run in book.runs() if run.facts.destination != REHEARSAL)
    return {_as_registered(mailing, book, run).key: run for run in runs}


def _as_registered(mailing: Mailing, book: Ledger, run: Run) -> RegisteredRun:
    return RegisteredRun(book.identity, run.number, run.started, mailing.name, _place(book))


def _place(book: Ledger) -> str:
    return str(Path(str(book.place)).resolve())


def _must_have_all(register: Register, own: dict[tuple[str, int, str], Run], book: Ledger) -> None:
    """A copy of a ledger counts on under the same identity; but one in this place was this one."""
    here = _place(book)
    for run in register.runs_of(book.identity):
        if run.key not in own and run.place == here:
            raise LedgerError(
                f"The ledger {book.place} is an old one: it does not know of the run that began "
                f"{run.started.astimezone():%Y-%m-%d %H:%M} and was sent with it.",
                hint="Put the newest one back, together with its -wal file if there is one. If "
                "there is none, only the provider knows which letters went.",
            )


def _catch_up(
    register: Register,
    account: Account,
    own: dict[tuple[str, int, str], Run],
    destination: str,
    book: Ledger,
) -> None:
    """Enter the runs to this destination that ended without doing so, as after a crash."""
    ended = {run.key for run in register.runs_of(book.identity) if run.ended}
    for key, run in own.items():
        if key not in ended and run.facts.destination == destination:
            name = str(run.facts.options.get("name") or "")
            entry = RegisteredRun(book.identity, run.number, run.started, name, _place(book))
            register.enter(account, entry, _letters_of(run, book))


def _letters_of(run: Run, book: Ledger) -> pl.DataFrame:
    """What the API has, or may have, of a run, as the register takes it."""
    state = pl.col("state").cast(pl.String)
    sent = book.standing(run.facts.destination).filter(
        pl.col("run") == run.number, state.is_in(_MAY_BE_THERE)
    )
    try:
        whom = _recipients(Snapshot.open(snapshot_of(run, book)), sent["identifier"])
    except BatchsendError:  # the checked list is gone
        whom = pl.DataFrame(schema={"identifier": pl.String, "recipient": pl.String})
    return (
        sent.select("identifier")
        .join(whom.unique("identifier"), on="identifier", how="left")
        .with_columns(alike=_alike())
        .select(_LETTERS.names())
    )


def _alike() -> pl.Expr:
    """An identifier without what programs change of it unseen."""
    apart, _ = folded_identifier(pl.col("identifier"))
    return apart.fill_null(pl.col("identifier"))


def _recipients(snapshot: Snapshot, identifiers: pl.Series) -> pl.DataFrame:
    """`identifier` and `recipient`: name and address in one text, folded; null without a name."""
    found = recipients(snapshot, identifiers)
    text = pl.concat_str("Name", pl.col("address").fill_null(""), separator="\n")
    return found.select("identifier", recipient=text)


def _found(  # noqa: PLR0913, PLR0917 - what a plan knows
    register: Register,
    account: Account,
    own: dict[tuple[str, int, str], Run],
    mailing: Mailing,
    snapshot: Snapshot,
    letters: pl.DataFrame,
) -> Registered:
    told = list(_oddities(register, account, own, mailing))
    asked = letters.select("identifier").with_columns(alike=_alike())
    mine = [
        RegisteredRun(ledger, number, run.started, mailing.name, "")
        for (ledger, number, _), run in own.items()
    ]
    runs, found = register.found(account, asked["alike"].unique(), but_for=mine)
    if found.is_empty():
        return Registered(told=tuple(told))
    pairs = asked.join(found.rename({"identifier": "earlier"}), on="alike")
    hashed = _hashed(register, snapshot, pairs["identifier"])
    named = pl.Series([run.mailing == mailing.name for run in runs])
    pairs = pairs.join(hashed, on="identifier", how="left").with_columns(
        whom=(pl.col("recipient") == pl.col("now")).fill_null(value=False),
        same=pl.col("identifier") == pl.col("earlier"),
        named=named.gather(pairs["run"]),
    )
    listed = snapshot.frame.select(earlier="identifier").collect(engine="streaming")
    other = pairs.filter(~pl.col("same")).join(listed, on="earlier", how="anti")
    held = pl.concat([pairs.filter("same"), other])
    held = held.filter(pl.col("whom") | (pl.col("same") & pl.col("named")))
    held = held.unique("identifier", keep="last", maintain_order=True)
    rest = pairs.filter("same").join(held, on="identifier", how="anti")["identifier"].n_unique()
    if rest:
        told.append(
            f"Other mailings of this machine sent {rest:,} of these identifiers, to other "
            "recipients. They are sent here, too."
        )
    why = [
        _why(runs[run], "" if same else earlier)
        for run, same, earlier in held.select("run", "same", "earlier").iter_rows()
    ]
    repeats = held.select("identifier").with_columns(why=pl.Series(why, dtype=pl.String))
    return Registered(repeats, tuple(told))


def _hashed(register: Register, snapshot: Snapshot, identifiers: pl.Series) -> pl.DataFrame:
    whom = _recipients(snapshot, identifiers).unique("identifier")
    hashed = [register.hashed(text) for text in whom["recipient"]]
    return whom.select("identifier", now=pl.Series(hashed, dtype=pl.Binary))


def _why(run: RegisteredRun, earlier: str) -> str:
    place = f" from {Path(run.place).parent}" if run.place else ""
    written = f" as {earlier}, which is the same identifier written another way" if earlier else ""
    return (
        f"It went on {run.started.astimezone():%Y-%m-%d}{place}, in the mailing "
        f"{run.mailing or '(unnamed)'}{written}."
    )


def _oddities(
    register: Register,
    account: Account,
    own: dict[tuple[str, int, str], Run],
    mailing: Mailing,
) -> Iterator[str]:
    if register.lost:
        yield (
            f"The register {register.place} was lost and is a new one: what went from other "
            "folders before is not known."
        )
    for run in register.unfinished(account, mailing.name):
        if run.key not in own:
            place = f" from {Path(run.place).parent}" if run.place else ""
            yield (
                f"A run of {mailing.name} began {run.started.astimezone():%Y-%m-%d %H:%M}{place} "
                "and is still going on, or was broken off: what it sent is not known here. Run "
                "`batchsend send` or `batchsend report` there first."
            )
