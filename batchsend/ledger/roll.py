"""The roll: what the folder of checked lists remembers of the runs that were sent with its ledger.

A ledger that lacks one of them is lost, old, cut short or another one, and is refused. A run is
entered once the ledger has it on disk, and before its first letter leaves; rehearsals are not. The
roll holds nothing personal, and `purge` leaves it. Folders of 0.1 have none: their checked lists'
names carry the time, and the ledger's runs name them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from batchsend.errors import LedgerError, in_short
from batchsend.language import _
from batchsend.ledger.schema import written
from batchsend.ledger.settings import Place

ROLL = "runs.txt"
_COPIES = "runs?*.txt"
_HEAD = (
    "# The runs that were sent with the ledger of this folder: ledger, run, when it began.\n"
    "# batchsend finds out by them when the ledger is lost, or an old one. Keep this file.\n"
)
_LINE = re.compile(r"([0-9a-f]{32}) (\d+) (\d{4}-\S+Z)")
_NAMED_BY_TIME = re.compile(r"-(\d{8}T\d{6}\.\d+Z)$")


@dataclass(frozen=True, slots=True)
class Entered:
    """A run, as it is told from every other."""

    identity: str
    """Of the ledger that it was begun with."""
    number: int
    started: str
    """As `schema.written` writes it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a ledger knows of its runs."""

    identity: str
    runs: frozenset[Entered]
    """Its own, and those that it took along from others; rehearsals are not among them."""
    snapshots: frozenset[str]
    """The names of its runs' checked lists."""
    moved_to: str = ""
    """The identity of the ledger that took its entries along; empty where none did."""


NOTHING = Known("", frozenset(), frozenset())
"""What a ledger knows that is not there."""


def open_roll(snapshots: Path, runs: Sequence[Entered]) -> None:
    """Make the folder and its roll, with these runs in it, where there is none yet.

    Raises LedgerError where that cannot be.
    """
    try:
        snapshots.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            _(
                "There must be a folder {snapshots} for checked lists, and it cannot be "
                "made: {reason}.",
                snapshots=snapshots,
                reason=in_short(error),
            ),
            hint=_("Move away what is in its place, or ask for the right to write there."),
        ) from error
    if _entered(snapshots / ROLL) is None:
        _append(snapshots, _HEAD + "".join(map(_line, runs)))


def enter(snapshots: Path, run: Entered) -> None:
    """Note that a run has begun, on disk when this returns; LedgerError where that cannot be."""
    open_roll(snapshots, ())
    _append(snapshots, _line(run))


def must_be_known(snapshots: Path, place: Place, known: Callable[[], Known]) -> None:
    """Raise LedgerError where the ledger at `place` is not the newest that was sent with: the
    folder remembers a run that it lacks, or what it knew was taken along into another.

    `known` is asked after the roll was read: a run that somebody begins is in the ledger first.
    """
    entered = _entered(snapshots / ROLL) if snapshots.is_dir() else None
    found = known()
    _must_not_have_moved(place, found.moved_to)
    if not snapshots.is_dir():
        return
    if entered is not None:
        lacking = [run.started for run in entered if run not in found.runs]
        another = all(run.identity != found.identity for run in entered)
    else:
        lacking, another = _lists_unknown(snapshots, found)
    if lacking:
        raise _refused(snapshots, place, max(lacking), found, another=another)
    _must_know_the_copies(snapshots, place, found)


def _must_know_the_copies(snapshots: Path, place: Place, known: Known) -> None:
    """What a synchronising program kept beside the roll, as `runs (1).txt`, where two machines
    wrote to it, counts like the roll."""
    for path in sorted(snapshots.glob(_COPIES)):
        lacking = [run.started for run in _entered(path) or () if run not in known.runs]
        if lacking:
            raise LedgerError(
                _(
                    "The ledger {place} does not know of the run begun {in_words}, and {copy} "
                    "does, which a program that synchronises folders keeps where two machines "
                    "wrote. With it, letters would go out twice.",
                    place=place,
                    in_words=_in_words(max(lacking)),
                    copy=path,
                ),
                hint=_(
                    "Look for the other ledger, such as “ledger (1).sqlite”. If it is the newer "
                    "one, put it in the place of this one. If both were sent with, see what it "
                    "sent with batchsend report and --ledger, leave those rows out, and delete "
                    "{copy} after that.",
                    copy=path.name,
                ),
            )


def _must_not_have_moved(place: Place, moved_to: str) -> None:
    if moved_to:
        raise LedgerError(
            _(
                "What the ledger {place} knew was copied into a database, and the mailing "
                "has been sent with that since. With the file, letters would go out twice.",
                place=place,
            ),
            hint=_(
                "Name the database in mailing.toml under [ledger], or as "
                "BATCHSEND_LEDGER_URL, and leave --ledger out."
            ),
        )


def _refused(
    snapshots: Path, place: Place, last: str, known: Known, *, another: bool
) -> LedgerError:
    beside = (
        _("{folder} beside it", folder=snapshots.name)
        if isinstance(place, Path)
        else f"{snapshots}"
    )
    if isinstance(place, Path) and not place.exists():
        said = _(
            "There is no ledger {place}, but {beside} has lists that were sent with one. "
            "Without it, letters would go out twice.",
            place=place,
            beside=beside,
        )
    elif not known.runs:
        said = _(
            "The ledger {place} is empty, but {beside} has lists that were sent with one. "
            "With an empty ledger, letters would go out twice.",
            place=place,
            beside=beside,
        )
    elif another:
        said = _(
            "The ledger {place} is not the one of the runs in {beside}, the last of them "
            "begun {in_words}. With it, letters would go out twice.",
            place=place,
            beside=beside,
            in_words=_in_words(last),
        )
    else:
        said = _(
            "The ledger {place} is not the newest: it does not know of the run begun "
            "{in_words}, and {beside} does. With it, letters would go out twice.",
            place=place,
            in_words=_in_words(last),
            beside=beside,
        )
    newest = _(
        "Put the newest one back, together with its -wal file if there is one, or name it with"
    )
    return LedgerError(
        said,
        hint=_(
            "{newest} --ledger. If there is none, only the provider knows which letters "
            "went: move {place} and {snapshots} away to begin again; letters that this "
            "machine's register does not have are sent then.",
            newest=newest,
            place=place.name,
            snapshots=snapshots.name,
        )
        if isinstance(place, Path)
        else _(
            "Name the database that was used before, or have it restored as it was last. If "
            "it is lost, only the provider knows which letters went: move {snapshots} away "
            "to begin again; letters that this ledger does not have are sent then.",
            snapshots=snapshots.name,
        ),
    )


def _in_words(started: str) -> str:
    with suppress(ValueError):
        return f"{datetime.fromisoformat(started).astimezone():%Y-%m-%d %H:%M}"
    return started


def _lists_unknown(snapshots: Path, known: Known) -> tuple[list[str], bool]:
    """The times in the names of checked lists that a run of 0.1 must have left, and whether the
    ledger knows no list that is here. If it knows one, only those made after the last that it
    knows: an earlier one may be of a run that never began."""
    times = {path.name: _time_in(path.name) for path in snapshots.iterdir() if path.is_dir()}
    lists = {name: time for name, time in times.items() if time}
    named = [time for name, time in lists.items() if name in known.snapshots]
    last = max(named, default="")
    return [time for time in lists.values() if time > last], not named


def _time_in(name: str) -> str:
    found = _NAMED_BY_TIME.search(name)
    with suppress(ValueError):
        return written(datetime.strptime(found[1], "%Y%m%dT%H%M%S.%f%z")) if found else ""
    return ""


def _line(run: Entered) -> str:
    return f"{run.identity} {run.number} {run.started}\n"


def _entered(roll: Path) -> list[Entered] | None:
    """The runs on a roll; None where there is no roll, or nothing left of it."""
    try:
        text = roll.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(
            _(
                "{snapshots}, which says what was sent, cannot be read: {reason}.",
                snapshots=roll,
                reason=in_short(error),
            ),
            hint=_("Give yourself the right to read it."),
        ) from error
    runs = list(_runs_in(text))
    return runs if runs or text.startswith("#") else None


def _runs_in(text: str) -> Iterator[Entered]:
    for identity, number, started in _LINE.findall(text):
        yield Entered(identity, int(number), started)


def _append(snapshots: Path, text: str) -> None:
    path = snapshots / ROLL
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, text.encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise LedgerError(
            _(
                "{path} cannot be written, and nothing is sent without it: {reason}.",
                path=path,
                reason=in_short(error),
            ),
            hint=_("Make room on the disk, or ask for the right to write there."),
        ) from error
