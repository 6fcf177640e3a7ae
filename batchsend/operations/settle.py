"""Letters whose fate is unknown: which they are, and what a person has found out about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import polars as pl

from batchsend.errors import LedgerError, SettingsError
from batchsend.expressions import Names
from batchsend.language import N_, _
from batchsend.ledger import Ledger, LetterState, Place
from batchsend.lists import ListSettings, read_list
from batchsend.mailing import Mailing
from batchsend.operations.history.register_entries import withdraw
from batchsend.operations.history.runs import letters_of, open_ledger, period_of, runs_to_apis
from batchsend.scratch import ScratchFolder
from batchsend.system_user import system_user
from batchsend.text import trimmed

Decision = Literal["accepted", "resend", "failed"]
"""The API has it; send it again; it was not taken, and the next run sends it."""

_COLUMNS_NEEDED = N_(
    "It needs the columns identifier and decision; a decision is accepted, resend or failed."
)
_STATES: Mapping[Decision, LetterState] = {
    "accepted": "accepted",
    "resend": "pending",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """The letters of a mailing that an API may or may not have taken."""

    destinations: tuple[str, ...]
    """Every API the mailing was sent to; the last one last."""
    letters: pl.DataFrame
    """`destination`, `row`, `identifier`, `submitted_at`, `reason`, `period` (null where the
    mailing had none), in list order."""

    def at(self, destination: str) -> Unknown:
        """Those at one destination."""
        return Unknown((destination,), self.letters.filter(destination=destination))


def unknown_letters(
    mailing: Mailing, *, ledger: Place | None = None, period: str | None = None
) -> Unknown:
    """The letters to be settled, of one period or of all, wherever the mailing was sent but for the
    sandbox.

    Raises LedgerError where it was never sent, or another run is using the ledger: what that is
    sending is in no doubt yet.
    """
    with open_ledger(mailing, ledger) as book, book.settling():
        return _unknown(mailing, book, period)


def settle(
    mailing: Mailing,
    decisions: Mapping[str, Decision],
    *,
    destination: str | None = None,
    ledger: Place | None = None,
) -> int:
    """Write down what became of letters, by identifier; how many were settled.

    `destination` is needed only for letters that are unknown at several. All or none. Raises
    LedgerError naming those that cannot be settled, or where another run is using the ledger.
    """
    with open_ledger(mailing, ledger) as book, book.settling() as settle_at:
        places = _places(mailing, book, decisions, destination)
        settled = 0
        # Where the mailing went last comes first: only a letter that is not unknown can be
        # refused, and those are all looked for there.
        for place in reversed(_destinations(mailing, book)):
            states = {
                identifier: _STATES[decision]
                for identifier, decision in decisions.items()
                if places[identifier] == place
            }
            settled += settle_at(place, states, because=f"Settled by {system_user()}.")
            withdraw(mailing, book, place, states)
        return settled


def decisions_from(path: Path) -> dict[str, Decision]:
    """Read decisions from a list with the columns `identifier` and `decision`: CSV or a workbook,
    read as recipient lists are.

    Raises ListError where it cannot be read, SettingsError naming the row that cannot be
    understood, or the two that contradict each other.
    """
    with ScratchFolder() as workspace:
        # Its last row may look like a footer, and is a decision all the same.
        settings = ListSettings(path=path.absolute(), footer_rows=0)
        found = read_list(settings, folder=Path(), workspace=workspace)
        names = Names(found.columns)
        try:
            keys = [found.columns[names.place(name)].key for name in ("identifier", "decision")]
        except KeyError as error:
            said = names.why_not(str(error.args[0]))
            raise SettingsError(f"{path}: {said}.", hint=_(_COLUMNS_NEEDED)) from None
        return _decisions(path, found.rows.select("row", *keys).collect().rows())


def _decisions(path: Path, lines: Iterable[tuple[int, str, str]]) -> dict[str, Decision]:
    known: Mapping[str, Decision] = {each: each for each in get_args(Decision)}
    decisions: dict[str, Decision] = {}
    first_said: dict[str, int] = {}
    for number, named, said in lines:
        identifier, word = trimmed(named), trimmed(said)
        decision = known.get(word.lower())
        if not identifier and not word:
            continue
        if not identifier or decision is None:
            raise SettingsError(
                _(
                    "{path}, row {number} does not say what to do with which letter.",
                    path=path,
                    number=number,
                ),
                hint=_(_COLUMNS_NEEDED),
            )
        if decisions.setdefault(identifier, decision) != decision:
            raise SettingsError(
                _(
                    "{path} decides twice about {identifier}: {decision} in row "
                    "{first_said}, {decision_2} in row {number}.",
                    path=path,
                    identifier=identifier,
                    decision=decisions[identifier],
                    first_said=first_said[identifier],
                    decision_2=decision,
                    number=number,
                ),
                hint=_("Take out the wrong one."),
            )
        first_said.setdefault(identifier, number)
    return decisions


def _destinations(mailing: Mailing, book: Ledger) -> tuple[str, ...]:
    """Every API the mailing was sent to, once; the last one last."""
    runs = runs_to_apis(mailing, book)
    return tuple(reversed(dict.fromkeys(run.facts.destination for run in reversed(runs))))


def _unknown(mailing: Mailing, book: Ledger, period: str | None = None) -> Unknown:
    destinations = _destinations(mailing, book)
    periods = pl.DataFrame(
        [(run.number, period_of(run)) for run in runs_to_apis(mailing, book)],
        schema={"run": pl.UInt32, "period": pl.String},
        orient="row",
    )
    letters = pl.concat(
        letters_of(mailing, book, place, period)
        .filter(state="unknown")
        .with_columns(pl.col("run").cast(pl.UInt32))
        .join(periods, on="run", how="left")
        .sort("row")
        .select(pl.lit(place).alias("destination"), *_SHOWN)
        for place in destinations
    )
    return Unknown(destinations, letters)


_SHOWN = ("row", "identifier", "submitted_at", "reason", "period")


def _places(
    mailing: Mailing, book: Ledger, identifiers: Iterable[str], only: str | None
) -> dict[str, str]:
    """At which destination each letter is to be settled: where it is unknown, else `only` or
    the last one.

    Raises LedgerError for letters of other mailings, and those unknown at several.
    """
    unknown = _unknown(mailing, book)
    otherwise = only or unknown.destinations[-1]
    ours = set(letters_of(mailing, book, otherwise)["identifier"])
    found: dict[str, list[str]] = {}
    for place, identifier in unknown.letters.select("destination", "identifier").iter_rows():
        if only in {None, place}:
            found.setdefault(identifier, []).append(place)
    places: dict[str, str] = {}
    for identifier in identifiers:
        candidates = found.get(identifier) or ([otherwise] if identifier in ours else [])
        if not candidates:
            raise LedgerError(
                _(
                    "Nothing was settled: {mailing} has sent no letter {identifier}.",
                    mailing=mailing.name,
                    identifier=identifier,
                )
            )
        if len(candidates) > 1:
            raise LedgerError(
                _(
                    "Nothing was settled: {identifier} is unknown at {destinations}.",
                    identifier=identifier,
                    destinations=_all(candidates),
                ),
                hint=_("Say with --destination which of them you mean."),
            )
        places[identifier] = candidates[0]
    return places


def _all(destinations: Sequence[str]) -> str:
    said = destinations[0]
    for more in destinations[1:]:
        said = _("{first} and at {last}", first=said, last=more)
    return said
