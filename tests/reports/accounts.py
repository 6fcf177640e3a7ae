"""Accounts of mailings in which everything has happened that can, as large as wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
from reports.lists import FRAME, SENT_AT, List, listed, standing

from batchsend.ledger import ATTEMPTS, STANDING, Run, RunFacts
from batchsend.lists import Column
from batchsend.reports import About, Account, PriceSettings, RowsReport, rows_report

API = "https://letters.example.com"
STATES = ("accepted",) * 94 + ("rejected", "rejected", "failed", "unknown", "sending", "pending")
HEADINGS = ("Kundenr.", "Navn", "Poststed", "Beløp")


def a_run(number: int = 1, destination: str = API, end: Any = "complete") -> Run:
    """A run as the ledger has it."""
    facts = RunFacts(
        destination, Path("tenants.xlsx"), "digest", "digest", "plutoprint 0.23.0", Path("gone")
    )
    ended = SENT_AT + timedelta(minutes=5) if end else None
    return Run(number, facts, "7 on desk", SENT_AT, ended, end)


def account(
    rows: RowsReport,
    runs: Sequence[Run] = (),
    *,
    requests: pl.DataFrame | None = None,
    prices: PriceSettings | None = None,
    notes: tuple[str, ...] = (),
) -> Account:
    """An account of `rows`."""
    about = About(
        mailing="rent-notice-2026-11",
        runs=tuple(runs) or (a_run(),),
        template="letter/letter.html",
        made=SENT_AT + timedelta(hours=1),
        prices=prices,
        notes=notes,
    )
    return Account(rows, about, ATTEMPTS.to_frame() if requests is None else requests)


def of_cells(*cells: str, heading: str = "Navn", destination: str = API) -> Account:
    """An account of accepted letters, each with one cell of its own."""
    rows = listed(*({"c0": cell} for cell in cells), headings=(heading,))
    known = standing(**{f"letter_{row}": "accepted" for row in range(2, len(cells) + 2)})
    report = rows_report(rows, known, complete=True, destination=destination, run=1)
    return account(report, [a_run(destination=destination)])


def large(rows: int, *, destination: str = API) -> Account:
    """An account of so many rows, every fiftieth of them held back."""
    number = pl.col("row")
    held = number % 50 == 7
    frame = (
        pl.DataFrame({"row": pl.arange(2, rows + 2, eager=True)})
        .with_columns(
            letter="row",
            identifier=pl.format("rent-2026-11-{}", number),
            channel=pl.when(number % 3 == 0).then(pl.lit("DIGIPOST")).otherwise(pl.lit("PRINT")),
            content=pl.lit("content-1"),
            held=held,
            reasons=pl.when(held)
            .then(pl.lit("Postnr: A postcode in Norway has 4 digits."))
            .otherwise(pl.lit("")),
            c0=pl.format("{}", 100_000 + number),
            c1=pl.format(
                "{} Bjørk{}",
                number.replace_strict({2: "Åse", 3: "ola", 4: "Ærlig"}, default="Kari"),
                number % 977,
            ),
            c2=pl.lit("Oslo"),
            c3=pl.format("{},50", number * 7 % 9_999),
        )
        .cast(pl.Schema(FRAME))
    )
    columns = tuple(Column(at, heading, heading.lower()) for at, heading in enumerate(HEADINGS))
    whole = List(frame.lazy(), columns)
    state = pl.Series([STATES[row * 31 % len(STATES)] for row in range(rows)], dtype=pl.String)
    when = pl.lit(SENT_AT) + pl.duration(milliseconds=number * 20)
    known = (
        frame.select(
            "identifier",
            "content",
            "channel",
            "row",
            state=state,
            reason=pl.when(state == "rejected").then(pl.lit("City: unknown")).otherwise(pl.lit("")),
            request_id="identifier",
            http_status=pl.when(state == "accepted").then(202).otherwise(422),
            attempts=1 + (number % 40 == 0).cast(pl.Int32),
            pages=1 + number % 4,
            engine=pl.lit("plutoprint 0.23.0"),
            submitted_at=when,
            run=pl.lit(1),
            delivery=pl.lit(""),
        )
        .select(STANDING.names())
        .cast(STANDING)
    )
    requests = known.select(
        "run",
        "identifier",
        number=pl.lit(1),
        started="submitted_at",
        ended=pl.col("submitted_at") + pl.duration(milliseconds=30 + pl.col("row") * 37 % 400),
        http_status="http_status",
        message=pl.lit(""),
    ).cast(ATTEMPTS)
    report = rows_report(whole, known, complete=True, destination=destination, run=1)
    prices = PriceSettings.model_validate({"PRINT": 18.5, "DIGIPOST": 6.2, "extra_sheet": 1.25})
    return account(report, [a_run(destination=destination)], requests=requests, prices=prices)
