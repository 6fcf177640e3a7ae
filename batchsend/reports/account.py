"""Account: what became of every row of a period, or of one run's list, as of now; and what the
report is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import polars as pl

from batchsend.language import _
from batchsend.ledger import REHEARSAL, Run
from batchsend.reports.figures import Figures, figures
from batchsend.reports.rows import RowsReport
from batchsend.reports.settings import PriceSettings
from batchsend.reports.summary import Attention, attention, only_attention


@dataclass(frozen=True, slots=True)
class About:
    """Which mailing, which runs, when; for the head of a report."""

    mailing: str
    runs: tuple[Run, ...]
    """Those that it is of, all to one destination, oldest first."""
    template: str
    """What the letters are made from, as mailing.toml names it."""
    made: datetime
    period: str | None = None
    """Which sending of the mailing it is; None where it has no periods."""
    prices: PriceSettings | None = None
    separator: str = ","
    """Of the cells in CSV."""
    notes: tuple[str, ...] = ()
    """What a reader must know of it, in sentences."""

    @property
    def sent_by(self) -> tuple[str, ...]:
        """The system's users who ran it, each once."""
        return tuple(dict.fromkeys(run.user for run in self.runs if run.user))

    @property
    def approved_by(self) -> tuple[str, ...]:
        """The second persons who approved any of its runs, each once."""
        return tuple(dict.fromkeys(run.approved_by for run in self.runs if run.approved_by))

    @property
    def rehearsed(self) -> bool:
        """Whether nothing of it was real: the runs of one account are of one kind."""
        return all(run.facts.destination == REHEARSAL for run in self.runs)


@dataclass(frozen=True)
class Account:
    """All that a report says, whatever kind of report."""

    rows: RowsReport
    about: About
    requests: pl.DataFrame
    """Those made for its letters, and perhaps for others, as ledger.ATTEMPTS."""
    whole: RowsReport | None = None
    """The rows that `rows` are a part of; None where they are all there are."""
    part: str = ""
    """Which part of them `rows` are, in words."""

    @cached_property
    def figures(self) -> Figures:
        """The whole of it in numbers."""
        return figures(self.whole or self.rows, self.requests, self.about.prices)

    @cached_property
    def attention(self) -> Attention:
        """Which rows somebody must do something about."""
        return attention(self.rows)

    def only_attention(self) -> Account:
        """The same, but of the rows only those that somebody must do something about."""
        return replace(
            self,
            rows=only_attention(self.rows),
            whole=self.whole or self.rows,
            part=_("only the rows that need attention"),
        )

    def at_most(self, rows: int) -> Account:
        """The same; where there are more rows than that, only those that need attention."""
        return self if self.part or self.figures.rows <= rows else self.only_attention()
