"""Letters whose fate is unknown: which they are, and what a person has found out about them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import polars as pl

from batchsend.errors import SettingsError
from batchsend.ledger import Ledger, LetterState
from batchsend.mailing import Mailing
from batchsend.pipeline.reporting import last_run, open_ledger

__all__ = ["Decision", "Unknown", "decisions_from", "settle", "unknown_letters"]

Decision = Literal["accepted", "resend", "failed"]
"""The API has it; send it again; it was not taken, and the next run sends it."""

_STATES: Mapping[Decision, LetterState] = {
    "accepted": "accepted",
    "resend": "pending",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """The letters of a mailing's last destination that may or may not have been taken."""

    destination: str
    letters: pl.DataFrame
    """`row`, `identifier`, `submitted_at`, `reason`, in list order."""


def unknown_letters(mailing: Mailing, *, ledger: Path | None = None) -> Unknown:
    """The letters to be settled, where the mailing was last sent.

    Raises LedgerError where it was never sent.
    """
    with open_ledger(mailing, ledger) as book:
        return _unknown(mailing, book)


def settle(
    mailing: Mailing, decisions: Mapping[str, Decision], *, ledger: Path | None = None
) -> int:
    """Write down what became of letters, by identifier; how many were settled.

    All or none. Raises LedgerError naming those that cannot be settled, or where another run is
    using the ledger.
    """
    with open_ledger(mailing, ledger) as book:
        destination = last_run(mailing, book).facts.destination
        states = {identifier: _STATES[decision] for identifier, decision in decisions.items()}
        return book.settle(destination, states, because="Settled by the operator.")


def decisions_from(path: Path) -> dict[str, Decision]:
    """Read decisions from a CSV file with the columns `identifier` and `decision`.

    Raises SettingsError naming the line that cannot be understood.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return dict(_decisions(path, csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error


def _decisions(
    path: Path, lines: Iterable[dict[str, str | None]]
) -> Iterable[tuple[str, Decision]]:
    known: Mapping[str, Decision] = {each: each for each in get_args(Decision)}
    for number, line in enumerate(lines, start=2):
        identifier = (line.get("identifier") or "").strip()
        decision = known.get((line.get("decision") or "").strip().lower())
        if not identifier or decision is None:
            raise SettingsError(
                f"{path}, line {number} does not say what to do with which letter.",
                hint="It needs the columns identifier and decision; a decision is accepted, "
                "resend or failed.",
            )
        yield identifier, decision


def _unknown(mailing: Mailing, book: Ledger) -> Unknown:
    destination = last_run(mailing, book).facts.destination
    in_doubt = pl.col("state").cast(pl.String).is_in(["unknown", "sending"])
    letters = book.standing(destination).filter(in_doubt).sort("row")
    return Unknown(destination, letters.select("row", "identifier", "submitted_at", "reason"))
