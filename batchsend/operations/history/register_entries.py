"""What a run tells this user's register of sent letters, and what it takes back; and the runs from
other folders that have begun and not ended: what they sent so far, and what they may still send.

The register is a second witness: whatever is wrong with it is said, and no run ends for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.ledger import MAY_BE_THERE, REHEARSAL, Ledger, LetterState, Run, taken_from
from batchsend.letters import KNOWN_BY, RowSet, Snapshot, recipients, roughly_folded
from batchsend.mailing import Mailing
from batchsend.operations.target import Target
from batchsend.register import BETWEEN, FOUND, ApiAccount, Register, RegisteredRun, RegisterError

FORMERLY = "formerly"
"""Under the options of a run: identifiers of its letters, by the hash of each other name that they
had before a correction."""
NOTED = "was:"
"""What such a hash begins with in the register, where it stands in the place of a name."""


def is_kept(mailing: Mailing, target: Target, book: Ledger) -> bool:
    """Whether this mailing's letters to this target are entered: not those of a rehearsal, and
    not where the ledger is a database, which is such a register itself."""
    return isinstance(book.place, Path) and is_asked(mailing, target)


def is_asked(mailing: Mailing, target: Target) -> bool:
    """Whether what went from this machine with ledgers in files counts for this mailing."""
    return mailing.ledger.keep_register and not target.is_sandbox


@contextmanager
def register_of(book: Ledger) -> Iterator[Register | None]:
    """This user's register within the block, as it knows a ledger in a file; None where nothing was
    ever entered, or the ledger is a database. Raises RegisterError."""
    if isinstance(book.place, Path):
        with Register.if_there() as register:
            yield register
    else:
        yield None


def account_of(target: Target) -> ApiAccount:
    """Where letters go, and who pays, in whatever case their id is written."""
    payer = target.subscription.SubscriptionId.get_secret_value()
    return ApiAccount(target.destination, payer.casefold())


def without_it(error: RegisterError) -> str:
    """What to say where the register cannot be used."""
    return _(
        "{error} What went from other folders of this machine cannot be looked up; this "
        "mailing's own ledger is used as always.",
        error=error,
    )


def own_runs(mailing: Mailing, book: Ledger) -> dict[RegisteredRun, Run]:
    """The runs that this ledger knows, as the register has them, those that a database took along
    from a file among them; but for rehearsals."""
    runs = (run for run in book.runs() if run.facts.destination != REHEARSAL)
    return {_registered(mailing, book, run): run for run in runs}


def enter_begun(mailing: Mailing, target: Target, book: Ledger, run: Run) -> str:
    """Enter a run as it begins; why it could not be, in a sentence, or empty."""
    return _told(
        mailing,
        target,
        book,
        lambda register: register.begin(account_of(target), _registered(mailing, book, run)),
    )


def enter_ended(mailing: Mailing, target: Target, book: Ledger, run: Run) -> str:
    """Enter what went in a run; why it could not be, in a sentence, or empty."""

    def enter(register: Register) -> None:
        entry = _registered(mailing, book, run)
        register.begin(account_of(target), entry)
        note(register, entry, run, book, book.outline(run.facts.destination))
        register.end(entry)

    return _told(mailing, target, book, enter)


def catch_up(
    own: Mapping[RegisteredRun, Run], book: Ledger, register: Register, account: ApiAccount
) -> None:
    """Enter those of a ledger's `own` runs to an account that have not entered what went in them:
    as after a crash, or where they were sent by 0.1 or without a register."""
    here = begun_here(own, book, register)
    for entry, run in here.items():
        if run.facts.destination == account.destination:
            register.begin(account, entry)
    _enter_left_over(here, book, register)


def enter_left_over(mailing: Mailing, book: Ledger) -> None:
    """Enter what went in runs that began, and ended without entering it, as after a crash."""
    if mailing.ledger.keep_register:
        # The next run says what is wrong with it.
        with suppress(RegisterError), register_of(book) as register:
            if register is not None:
                own = own_runs(mailing, book)
                _enter_left_over(begun_here(own, book, register), book, register)


def withdraw(
    mailing: Mailing, book: Ledger, destination: str, settled: Mapping[str, LetterState]
) -> None:
    """Take out those of the settled letters that did not go, or may go again."""
    gone = [identifier for identifier, state in settled.items() if state not in MAY_BE_THERE]
    if mailing.ledger.keep_register and gone:
        # Where they stay in it they are held in other folders, and can be released there.
        with suppress(RegisterError), register_of(book) as register:
            if register is not None:
                own = [_registered(mailing, book, run) for run in book.runs()]
                register.withdraw(own, destination, gone)


def forget_purged(book: Ledger, before: datetime) -> tuple[int, str]:
    """Clear what is personal of this ledger's runs begun before: of how many letters, and why it
    could not be, in a sentence, or empty."""
    try:
        with register_of(book) as register:
            return (register.purge(book.identity, before) if register else 0), ""
    except RegisterError as error:
        return 0, _("{error} What it has of these recipients is still there.", error=error)


def registered_of(book: Ledger, identifier: str) -> list[dict[str, object]]:
    """What this user's register has under an identifier; empty where it cannot be read."""
    with suppress(RegisterError), register_of(book) as register:
        if register is not None:
            names = ("destination", "mailing", "started", "recipient_hash")
            return [
                dict(zip(names, entry, strict=True)) for entry in register.entries_of(identifier)
            ]
    return []


def register_if_kept(mailing: Mailing) -> Path | None:
    """Where this user's register is; None where there is none, or the mailing keeps none."""
    if not mailing.ledger.keep_register:
        return None
    with suppress(RegisterError), Register.if_there() as register:
        return register.place if register else None
    return None


def alike(identifier: pl.Expr) -> pl.Expr:
    """An identifier without all that programs may change of it unseen: by this the register finds
    what may be the same one, and whoever asks looks closer."""
    return roughly_folded(identifier)


def recipients_in_one(snapshot: Snapshot, identifiers: pl.Series) -> pl.DataFrame:
    """`identifier` and `recipient`: all that they are known by in one text, as the register takes
    it."""
    known_by = pl.concat_str(pl.col(KNOWN_BY).fill_null(""), separator=BETWEEN)
    found = recipients(snapshot, identifiers)
    return found.select("identifier", recipient=known_by).unique("identifier")


def _told(mailing: Mailing, target: Target, book: Ledger, enter: Callable[[Register], None]) -> str:
    if not is_kept(mailing, target, book):
        return ""
    try:
        with Register.open() as register:
            enter(register)
    except RegisterError as error:
        return without_it(error)
    return ""


def _registered(mailing: Mailing, book: Ledger, run: Run) -> RegisteredRun:
    of = run.facts.options
    # 0.1 noted only where the mailing lay; several may share the ledger.
    ours = mailing.name if of.get("mailing") == str(mailing.path.resolve()) else ""
    name = str(of.get("name") or ours)
    ledger, number = taken_from(run) or (book.identity, run.number)
    return RegisteredRun(ledger, number, run.started, name, str(book.place))


def registered_as(entry: RegisteredRun, book: Ledger, run: Run) -> bool:
    """Whether an entry is that of a run of a ledger."""
    return replace(entry, ledger=book.identity, number=run.number, started=run.started) == entry


def begun_here(
    own: Mapping[RegisteredRun, Run], book: Ledger, register: Register
) -> dict[RegisteredRun, Run]:
    """All but those that a ledger has as unfinished because it was copied while they were on: they
    are the original's, which ended them since, or is still where it was."""
    entered = {run.key: run for run in register.runs_of(book.identity)}

    def is_another_s(entry: RegisteredRun) -> bool:
        was = entered.get(entry.key)
        return was is not None and not lies_at(book, was) and (was.ended or is_there(was))

    return {
        entry: run for entry, run in own.items() if run.end is not None or not is_another_s(entry)
    }


def is_there(entry: RegisteredRun) -> bool:
    """Whether there still is a ledger in the place from which a run was sent."""
    return bool(entry.place) and Path(entry.place).is_file()


def lies_at(book: Ledger, entry: RegisteredRun) -> bool:
    """Whether a ledger is in the place from which a run was sent."""
    with suppress(OSError):
        return Path(entry.place).samefile(str(book.place))
    return False


def _enter_left_over(own: Mapping[RegisteredRun, Run], book: Ledger, register: Register) -> None:
    open_ones = {run.key for run in register.runs_of(book.identity) if not run.ended}
    last = max((run.number for run in own.values()), default=0)
    outlines: dict[str, pl.DataFrame] = {}
    for entry, run in own.items():
        if entry.key in open_ones:
            to = run.facts.destination
            if to not in outlines:
                outlines[to] = book.outline(to)
            note(register, entry, run, book, outlines[to])
            # The last one may be going on: what it still sends it enters itself, or the next to
            # open the ledger does.
            if run.end is not None or run.number < last:
                register.end(entry)


def note(
    register: Register, entry: RegisteredRun, run: Run, book: Ledger, outline: pl.DataFrame
) -> None:
    """Enter what the API has, or may have, of a run."""
    state = pl.col("state").cast(pl.String)
    went = outline.filter(pl.col("run") == run.number, state.is_in(list(MAY_BE_THERE)))
    try:
        snapshot = Snapshot.open(book.list_of(run))
        whom = recipients_in_one(snapshot, went["identifier"])
    except BatchsendError:  # the checked list is gone
        whom = pl.DataFrame(schema={"identifier": pl.String, "recipient": pl.String})
    register.note(entry, _names(went, run).join(whom, on="identifier", how="left"))


def noted_names(run: Run) -> Iterator[tuple[str, str]]:
    """The hashes of other names that letters of a run had before a correction, each with the
    identifier under which its letter went."""
    noted = run.facts.options.get(FORMERLY)
    for other, identifiers in noted.items() if isinstance(noted, Mapping) else ():
        for identifier in identifiers:
            yield other, identifier


def _names(letters: pl.DataFrame, run: Run) -> pl.DataFrame:
    """By what letters of a run are looked up: `identifier` and `alike`, and once more for each name
    that one had before a correction."""
    others = [(identifier, NOTED + other) for other, identifier in noted_names(run)]
    names = letters.select("identifier", alike=alike(pl.col("identifier")))
    before = pl.DataFrame(others, schema=names.schema, orient="row")
    return pl.concat([names, before.join(letters, on="identifier", how="semi")])


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run from another folder that has not entered its end."""

    entry: RegisteredRun
    known: bool = False
    """Whether its ledger is where it was: what it sent is in the register by now, or it is on."""
    snapshot: Snapshot | None = None
    """The list that it is sending; None where it was broken off."""
    run: Run | None = None
    """As its ledger has it; None where it was broken off."""

    @property
    def is_on(self) -> bool:
        """Whether it may be sending at this moment."""
        return self.snapshot is not None

    @property
    def notes_names(self) -> bool:
        """Whether letters of it had other names before a correction."""
        return self.run is not None and FORMERLY in self.run.facts.options

    def may_send(self, asked: pl.Series, register: Register, *, number: int) -> pl.DataFrame:
        """What it may send of what is `asked` for, as FOUND, where it is run `number`."""
        if self.snapshot is None or self.run is None:
            return FOUND.to_frame()
        letters = self.snapshot.identities()
        if rows := self.run.facts.options.get("rows"):  # it was told to send only these
            begin = self.snapshot.beginnings(RowSet.parse(str(rows)))
            letters = letters.filter(begin.contains(pl.col("row")))
        names = _names(letters.select("identifier").collect(engine="streaming"), self.run)
        some = names.filter(pl.col("alike").is_in(asked.implode()))
        whom = recipients_in_one(self.snapshot, some["identifier"])
        found = some.join(whom, on="identifier", how="left")
        hashed = [register.hashed(text) for text in found["recipient"]]
        return found.with_columns(
            run=pl.lit(number, pl.UInt32), recipient=pl.Series(hashed, dtype=pl.Binary)
        ).select(FOUND.names())


def unfinished_elsewhere(register: Register, account: ApiAccount, book: Ledger) -> list[Unfinished]:
    """Those with an account, in the order in which they were entered.

    Once this ledger has a run on, only those that were entered before it: of two that begin at the
    same moment each asks after it was entered, so the later one sees the other, and gives way.
    """
    return [_asked(register, entry) for entry in _before_us(register, account, book)]


def _before_us(register: Register, account: ApiAccount, book: Ledger) -> Iterator[RegisteredRun]:
    for entry in register.unfinished(account):
        if not lies_at(book, entry):
            yield entry
        elif (entry.ledger, entry.number) == (book.identity, book.run_on):
            break


def _asked(register: Register, entry: RegisteredRun) -> Unfinished:
    """Look into the ledger of a run: enter what has gone, and see whether it is still going on."""
    if is_there(entry):
        with suppress(BatchsendError), Ledger.open(Path(entry.place)) as other:
            runs = other.runs()
            for run in runs:
                if registered_as(entry, other, run):
                    if run is runs[-1] and other.is_in_use():
                        return _going_on(entry, run, other)
                    note(register, entry, run, other, other.outline(run.facts.destination))
                    return Unfinished(entry, known=True)
    return Unfinished(entry)


def _going_on(entry: RegisteredRun, run: Run, book: Ledger) -> Unfinished:
    return Unfinished(entry, known=True, snapshot=Snapshot.open(book.list_of(run)), run=run)
