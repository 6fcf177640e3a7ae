"""The period of a mailing as a column of its list, so that mapping and template know it as one."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.recipients import Column, RecipientList

PERIOD = "period"
"""The column's heading and name."""


def with_period(recipients: RecipientList, period: str | None) -> RecipientList:
    """The list with a column `period` that says the same in every row; as it is without a period.

    Raises ListError where the list has such a column of its own that says something else: which of
    them a letter means, nobody can tell.
    """
    if period is None:
        return recipients
    own = next((column for column in recipients.columns if column.name == PERIOD), None)
    if own is not None:
        _must_agree(recipients, own, period)
        return recipients
    column = Column(index=len(recipients.columns), heading=PERIOD, name=PERIOD)
    cell = pl.lit(period).alias(column.key)
    return replace(
        recipients,
        columns=(*recipients.columns, column),
        rows=recipients.rows.with_columns(cell),
        left_out=recipients.left_out.with_columns(pl.lit("").alias(column.key)),
    )


def _must_agree(recipients: RecipientList, own: Column, period: str) -> None:
    said = pl.col(own.key).str.strip_chars()
    other = recipients.rows.filter(said != period).select("row", said).head(1).collect()
    if other.height:
        row, text = other.row(0)
        raise ListError(
            _(
                "{path}, row {row}, column “{heading}” says “{text}”, and the mailing is of "
                "the period {period}.",
                path=recipients.path,
                row=row,
                heading=own.heading,
                text=text,
                period=period,
            ),
            hint=_(
                "Take the setting period out of mailing.toml to go by the list, or rename "
                "the column."
            ),
        )
