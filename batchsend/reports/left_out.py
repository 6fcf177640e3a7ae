"""Rows that are left out, in a report: no recipients, unless a letter of theirs is in doubt.

Knows nothing of the list's other rows but their identifiers.
"""

from __future__ import annotations

import polars as pl

from batchsend.language import _, filled
from batchsend.ledger import IN_DOUBT
from batchsend.reports.statuses import LEFT_OUT


def left_out_lines(
    rows: pl.DataFrame, known: pl.DataFrame, listed: pl.LazyFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows`, each with its `status` and `reason`; and of letters in doubt each one's first row.

    `known` is the ledger's standing. Where other rows have the identifier of a letter (of `listed`,
    `identifier`), the report says it in their lines.
    """
    if "identifier" not in rows.columns:
        rows = rows.with_columns(identifier=pl.lit("", pl.String))
    doubt = known.filter(pl.col("state").cast(pl.String).is_in(list(IN_DOUBT))).select(
        "identifier",
        "request_id",
        "http_status",
        "attempts",
        "channel",
        "pages",
        "submitted_at",
        pl.col("engine").cast(pl.String),
        "delivery",
        went_in="run",
    )
    wanted = rows.select("identifier").filter(pl.col("identifier") != "")
    here = listed.join(wanted.lazy(), on="identifier", how="semi").select("identifier").unique()
    doubt = doubt.join(here.collect(engine="streaming"), on="identifier", how="anti")
    told = rows.join(doubt, on="identifier", how="left", maintain_order="left")
    is_known = pl.col("went_in").is_not_null()
    said = _(
        "{reason} But before it was left out, its letter may have been taken in run {run}: "
        "ask the provider, then settle it with batchsend settle."
    )
    told = told.with_columns(
        status=pl.when(is_known).then(pl.lit("unknown")).otherwise(pl.lit(LEFT_OUT)),
        reason=pl.when(is_known)
        .then(filled(said, reason="reason", run=pl.col("went_in").cast(pl.String)))
        .otherwise("reason"),
        identifier=pl.when(is_known).then("identifier"),
    )
    letters = told.filter(is_known).unique("identifier", keep="first", maintain_order=True)
    return told.drop("went_in"), letters.drop("went_in")
