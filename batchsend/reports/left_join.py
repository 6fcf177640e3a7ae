"""beside: an ordered left join in flat memory.

Polars' own keeps the whole result in memory when the order matters (1 GB for a million rows); this
one keeps four bytes a row.
"""

from __future__ import annotations

import polars as pl

_POSITION = "position in the frame"


def beside(frame: pl.LazyFrame, known: pl.DataFrame, *, on: str) -> pl.LazyFrame:
    """`frame` with the columns that `known` has for its `on`, null where it has none.

    `known` has each value of `on` once.
    """
    places = (
        frame.select(on)
        .join(
            known.lazy().select(on).with_row_index("place"),
            on=on,
            how="left",
            maintain_order="left",
            build_side="force_right",
        )
        .select("place")
        .collect(engine="streaming")
        .to_series()
    )
    facts = known.drop(on)

    def with_facts(batch: pl.DataFrame) -> pl.DataFrame:
        found = facts.select(pl.all().gather(places.gather(batch[_POSITION])))
        return batch.drop(_POSITION).hstack(found)

    return frame.with_row_index(_POSITION).map_batches(
        with_facts, schema={**frame.collect_schema(), **facts.schema}, streamable=True
    )
