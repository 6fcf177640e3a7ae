"""About: what a report is about, beside its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from batchsend.ledger import REHEARSAL, Run
from batchsend.reports.settings import PriceSettings


@dataclass(frozen=True, slots=True)
class About:
    """Which mailing, which runs, when; for the head of a report."""

    mailing: str
    runs: tuple[Run, ...]
    """Those whose lists the rows are of, oldest first."""
    template: str
    """What the letters are made from, as mailing.toml names it."""
    made: datetime
    prices: PriceSettings | None = None
    separator: str = ","
    """Of the cells in CSV."""
    notes: tuple[str, ...] = ()
    """What a reader must know of it, in sentences."""

    @property
    def only_rehearsed(self) -> bool:
        """Whether nothing of it was real."""
        return all(run.facts.destination == REHEARSAL for run in self.runs)

    @property
    def partly_rehearsed(self) -> bool:
        """Whether some of it was real, and some was not."""
        rehearsed = any(run.facts.destination == REHEARSAL for run in self.runs)
        return rehearsed and not self.only_rehearsed
