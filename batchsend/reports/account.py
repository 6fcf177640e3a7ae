"""Account: what became of every row of a period, or of one run's list, as of now; what the report
is about; and Figures, the same in numbers for charts: channels, pace, attempts, answers, pages and
cost.

Figures count letters, not rows: several rows may make one letter. Knows nothing of how they are
drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import polars as pl

from batchsend.language import _
from batchsend.ledger import REHEARSAL, Run
from batchsend.reports.rows import RowsReport, visible
from batchsend.reports.settings import PriceSettings
from batchsend.reports.statuses import LEFT_OUT, STATUSES
from batchsend.reports.summary import Attention, attention, only_attention

NO_CHANNEL = "no channel"
COURSES = 3
"""Runs whose course is drawn, the newest of those that made requests."""
SHORT = 10
"""Seconds: of a run that took less there is no course to be drawn."""
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400)
_MOST_STEPS = 40
_MOST_CHANNELS = 10
_BOUNDS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Milliseconds that answers are sorted by; the last group is open."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """How a run went, in steps of equal length."""

    run: int
    began: datetime
    step: timedelta
    accepted: tuple[int, ...]
    other: tuple[int, ...]
    """Requests that ended otherwise."""


@dataclass(frozen=True, slots=True)
class Answers:
    """How long the API took for its answers, in milliseconds."""

    requests: int
    """Those that were answered."""
    unanswered: int
    groups: tuple[tuple[str, int], ...]
    median: int
    p95: int
    slowest: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What letters of a channel take, and cost."""

    channel: str
    letters: int
    pages: int
    sheets: int
    """Of paper, two pages to a sheet: 0 but for PRINT."""
    cost: Decimal | None
    """None where no prices are set."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A report in numbers."""

    rows: int
    letters: int
    by_status: Mapping[str, int]
    """Letters; in the order of STATUSES, only those that occur."""
    rows_by_status: Mapping[str, int]
    """The same in rows, those among them that are left out and in no letter."""
    by_channel: Mapping[str, Mapping[str, int]]
    """The same for each channel, by its name."""
    attempts: tuple[tuple[int, int], ...]
    """Numbers of requests, and of how many accepted letters each is."""
    pages: tuple[tuple[int, int], ...]
    """Numbers of pages, and of how many accepted letters each is."""
    charges: tuple[Charge, ...]
    answers: Answers | None
    """None where no request was answered."""
    courses: tuple[Throughput, ...]

    @property
    def left_out(self) -> int:
        """Rows that are no recipients on purpose."""
        return self.rows_by_status.get(LEFT_OUT, 0)


def figures(
    report: RowsReport, requests: pl.DataFrame, prices: PriceSettings | None = None
) -> Figures:
    """Count a report's letters; `requests` (ledger.ATTEMPTS) may be of other letters too."""
    letters = report.letters.select(
        "status",
        "attempts",
        "pages",
        "identifier",
        visible(pl.col("channel")).replace("", None).fill_null(NO_CHANNEL),
    ).collect(engine="streaming")
    # Not those of a letter that went under the identifier of a row which did not go.
    sent = letters.filter(pl.col("attempts").is_not_null())
    made = requests.join(sent, on="identifier", how="semi").select(
        "run", "started", "ended", "http_status"
    )
    accepted = letters.filter(pl.col("status") == "accepted")
    rows_by_status = _statuses(report.frame.select("status").collect(engine="streaming"))
    return Figures(
        rows=sum(rows_by_status.values()),
        letters=letters.height,
        by_status=_statuses(letters),
        rows_by_status=rows_by_status,
        by_channel=_channels(letters),
        attempts=_counted(accepted.filter(pl.col("attempts") > 0), "attempts"),
        pages=_counted(accepted, "pages"),
        charges=_charges(accepted, prices),
        answers=_answers(made),
        courses=tuple(
            _course(run, of_run)
            for (run,), of_run in sorted(made.group_by("run"), key=_run)[-COURSES:]
            if _length(of_run) >= SHORT
        ),
    )


def _channels(letters: pl.DataFrame) -> dict[str, dict[str, int]]:
    """The largest channels; a list may name one in every row, by mistake."""
    sizes = letters["channel"].value_counts().sort("count", "channel", descending=[True, False])
    names = sizes["channel"].to_list()
    shown = names if len(names) <= _MOST_CHANNELS else names[: _MOST_CHANNELS - 1]
    found = {name: _statuses(letters.filter(pl.col("channel") == name)) for name in shown}
    others = letters.filter(~pl.col("channel").is_in(shown))
    if others.height:
        found[f"{len(names) - len(shown)} others"] = _statuses(others)
    return found


def _run(group: tuple[tuple[object, ...], pl.DataFrame]) -> int:
    return int(str(group[0][0]))


def _statuses(letters: pl.DataFrame) -> dict[str, int]:
    counts: dict[str, int] = dict(letters["status"].cast(pl.String).value_counts().iter_rows())
    return {status: counts[status] for status in STATUSES if status in counts}


def _counted(letters: pl.DataFrame, column: str) -> tuple[tuple[int, int], ...]:
    known = letters.filter(pl.col(column).is_not_null())
    return tuple(known.group_by(column).len().sort(column).iter_rows())


def _charges(accepted: pl.DataFrame, prices: PriceSettings | None) -> tuple[Charge, ...]:
    totals = accepted.group_by("channel").agg(
        letters=pl.len(),
        pages=pl.col("pages").cast(pl.Int64).sum(),
        # Only what is printed is on paper; where its pages are not known any more, on one sheet at
        # least.
        sheets=((pl.col("pages").fill_null(1).cast(pl.Int64) + 1) // 2)
        .filter(pl.col("channel") == "PRINT")
        .sum(),
    )
    lines = totals.sort("letters", "channel", descending=[True, False]).iter_rows()
    return tuple(
        Charge(
            channel, letters, pages, sheets, prices.of(channel, letters, sheets) if prices else None
        )
        for channel, letters, pages, sheets in lines
    )


def _answers(made: pl.DataFrame) -> Answers | None:
    answered = made.filter(pl.col("http_status").is_not_null())
    if answered.is_empty():
        return None
    took = (answered["ended"] - answered["started"]).dt.total_milliseconds()
    labels = [_duration(bound) for bound in _BOUNDS]
    names = [_("under {bound}", bound=labels[0])]
    names += [_("{low} to {high}", low=low, high=high) for low, high in pairwise(labels)]
    names += [_("{bound} or more", bound=labels[-1])]
    group = took.to_frame("ms").select(
        sum((pl.col("ms") >= bound).cast(pl.Int32) for bound in _BOUNDS)
    )
    counts = dict(group.to_series().value_counts().iter_rows())
    last = max(counts)
    return Answers(
        requests=answered.height,
        unanswered=made.height - answered.height,
        groups=tuple((names[at], counts.get(at, 0)) for at in range(last + 1)),
        median=_at(took, 0.5),
        p95=_at(took, 0.95),
        slowest=_at(took, 1),
    )


def _at(took: pl.Series, share: float) -> int:
    return round(took.quantile(share, "nearest") or 0)


def _duration(milliseconds: int) -> str:
    if milliseconds < 1_000:
        return _("{number} ms", number=milliseconds)
    return _("{seconds} s", seconds=milliseconds // 1_000)


def _length(made: pl.DataFrame) -> float:
    """Seconds from the first of some requests to the end of the last."""
    length = made.select((pl.col("ended").max() - pl.col("started").min()).dt.total_milliseconds())
    return float(length.item()) / 1_000


def _course(run: object, made: pl.DataFrame) -> Throughput:
    """The course of a run, from its requests (one at least)."""
    began: datetime = made.select(pl.col("started").min()).item()
    length = _length(made) + 0.001
    step = next((each for each in _STEPS if length / each <= _MOST_STEPS), length / _MOST_STEPS)
    place = ((made["ended"] - began).dt.total_milliseconds() / (1_000 * step)).cast(pl.UInt32)
    steps = int(length / step) + 1
    taken = (made["http_status"] < 300).fill_null(value=False)
    return Throughput(
        run=int(str(run)),
        began=began,
        step=timedelta(seconds=step),
        accepted=_filled(place.filter(taken), steps),
        other=_filled(place.filter(~taken), steps),
    )


def _filled(places: pl.Series, steps: int) -> tuple[int, ...]:
    counts = dict(places.value_counts().iter_rows())
    return tuple(counts.get(at, 0) for at in range(steps))


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
