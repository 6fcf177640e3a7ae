"""ApiAccount, RegisteredRun and what else of plain data the register takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl

from batchsend.errors import BatchsendError


class RegisterError(BatchsendError):
    """The register cannot be read or written. No run ends for that: it is said, and goes on."""


@dataclass(frozen=True, slots=True)
class ApiAccount:
    """Where letters go, and who pays: among these, one identifier is one letter."""

    destination: str
    """The API, as `sending.destination` writes it."""
    subscription: str = field(repr=False)
    """The subscription's id with the API; only a keyed hash of it is stored."""


@dataclass(frozen=True, slots=True)
class RegisteredRun:
    """A run, as it entered itself."""

    ledger: str
    """The identity of its ledger, which a copy of the ledger has, too."""
    number: int
    """Its number in that ledger."""
    started: datetime
    """In UTC; with the two above it is one run's, even where a copied ledger counted on."""
    mailing: str
    """The mailing's name."""
    place: str
    """The file that its ledger was in when it was last opened; empty once purged."""
    ended: bool = False
    """Whether all its letters are entered."""

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it from every other run."""
        return self.ledger, self.number, written(self.started)


def written(moment: datetime) -> str:
    """A time as it is stored, to the millisecond as in ledgers: as sortable as the times are."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


FOUND = pl.Schema(
    [
        ("alike", pl.String()),  # what was asked for
        ("identifier", pl.String()),  # as it went
        ("run", pl.UInt32()),  # the place of its run in the list that comes with it
        ("recipient", pl.Binary()),  # the keyed hash; null where there was none, or once purged
    ]
)
"""The shape of what is found of letters: one line for each run that one is entered for."""
