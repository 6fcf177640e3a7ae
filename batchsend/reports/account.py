"""Account: what became of every row of a run's list, or of several runs' lists, as of now; and
what the report is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import polars as pl

from batchsend.language import _
from batchsend.ledger import REHEARSAL, Run
from batchsend.reports.attention import Attention, attention, only_attention
from batchsend.reports.figures import Figures, figures
from batchsend.reports.rows import RowsReport
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
        """The whole of it in numbers, but for rehearsals where there is anything real."""
        requests = self.requests
        if self.about.partly_rehearsed:
            real = [run.number for run in self.about.runs if run.facts.destination != REHEARSAL]
            requests = requests.filter(pl.col("run").is_in(real))
        return figures(self._counted(self.whole or self.rows), requests, self.about.prices)

    @cached_property
    def attention(self) -> Attention:
        """Which rows somebody must do something about; those of rehearsals likewise."""
        return attention(self._counted(self.rows))

    def only_attention(self) -> Account:
        """The same, but of the rows only those that somebody must do something about."""
        return replace(
            self,
            rows=only_attention(self._counted(self.rows)),
            whole=self.whole or self.rows,
            part=_("only the rows that need attention"),
        )

    def at_most(self, rows: int) -> Account:
        """The same; where there are more rows than that, only those that need attention."""
        return self if self.part or self.figures.rows <= rows else self.only_attention()

    def _counted(self, report: RowsReport) -> RowsReport:
        if not self.about.partly_rehearsed:
            return report
        real = pl.col("destination") != REHEARSAL
        return replace(report, frame=report.frame.filter(real), letters=report.letters.filter(real))
