"""Settling: what only the whole list can tell, as that a PDF comes after another's letter, and the
fate of every row.

Repeats are found through hashes, so that memory stays small however long the list is.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.duplicates import (
    Drafted,
    likely_duplicates,
    repeated_identifiers,
    shared_files,
)
from batchsend.letters.grouping import must_be_aligned
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.snapshot import FATES, PROBLEMS_TOLD, Contents, Origin
from batchsend.masking import masked_in_text

BETWEEN_REASONS = " · "
"""Between what is wrong with one column of a row and with the next."""


def settle(
    drafted: Drafted, mapping: Mapping, problems: Problems, origin: Origin, snapshot: Path
) -> None:
    """Find repeats, hold rows with errors back, and write that beside the drafts in `snapshot`."""
    repeated_identifiers(drafted, mapping, problems)
    shared_files(drafted, problems)
    strange_appendices(drafted, problems)
    likely_duplicates(drafted, mapping, problems)
    told = problems.frame
    varying = tuple(leaf.path for leaf in mapping.varying)
    contents = Contents(
        columns=mapping.names.columns,
        sensitive=mapping.sensitive,
        fields=mapping.skeleton(varying),
        varying=varying,
        portions=drafted.portions,
        windows=drafted.windows,
        origin=replace(origin, notes=origin.notes + problems.notes),
    )
    told.write_parquet(snapshot / PROBLEMS_TOLD, compression="lz4")
    _fates(drafted, told).sink_parquet(
        snapshot / FATES, compression="lz4", metadata=contents.to_metadata()
    )
    beside = pl.scan_parquet(snapshot / FATES, glob=False).select(fate_of="row")
    must_be_aligned(pl.concat([drafted.drafts.select("row"), beside], how="horizontal"), "fate_of")


def _fates(drafted: Drafted, problems: pl.DataFrame) -> pl.LazyFrame:
    """What FATES holds."""
    said = (
        pl.when(pl.col("column") == "")
        .then("message")
        .otherwise(pl.format("{}: {}", "column", "message"))
    )
    reasons = (
        problems.filter(pl.col("severity") == "error")
        .select("row", said=said)
        .group_by("row", maintain_order=True)
        .agg(reasons=pl.col("said").str.join(BETWEEN_REASONS))
        .lazy()
    )
    rows = drafted.drafts.select("row", "letter")
    rows = rows.join(reasons, on="row", how="left", maintain_order="left")
    if drafted.windows:
        return _as_letters(rows, drafted)
    return rows.with_columns(
        held=pl.col("reasons").is_not_null(), reasons=pl.col("reasons").fill_null("")
    )


def _as_letters(rows: pl.LazyFrame, drafted: Drafted) -> pl.LazyFrame:
    """One row's error keeps its whole letter back; each row knows its letter's identifier."""
    letters = drafted.letters.select("letter", "identifier", "channel", "content").collect(
        engine="streaming"
    )
    held = (
        rows.filter(pl.col("reasons").is_not_null())
        .group_by("letter")
        .agg(at=pl.min("row"))
        .collect(engine="streaming")
    )
    facts = letters.join(held, on="letter", how="left").lazy()
    return (
        rows.join(facts, on="letter", how="left", maintain_order="left")
        .with_columns(
            held=pl.col("at").is_not_null(),
            reasons=pl.coalesce(
                "reasons",
                filled(_("Its letter is held back because of row {at}."), at="at"),
                pl.lit(""),
            ),
        )
        .drop("at")
    )


_PAIR = 2


def strange_appendices(drafted: Drafted, problems: Problems) -> None:
    """An error or a warning for each letter after which comes what seems to be another's."""
    if drafted.appended is None:
        return
    suspects = drafted.appended.filter(pl.col("missing") != "").collect(engine="streaming")
    if suspects.is_empty():
        return
    users = (
        drafted.appended.join(suspects.select("contents").lazy(), on="contents", how="semi")
        .group_by("contents")
        .agg(letters=pl.n_unique("row"), names_one=pl.col("named").any())
        .collect(engine="streaming")
    )
    file = pl.col("file").map_elements(masked_in_text, return_dtype=pl.String)
    strange = suspects.join(users, on="contents", maintain_order="left").with_columns(file=file)
    strange = strange.unique(["row", "contents"], maintain_order=True)
    _tell(
        strange.filter(pl.col("letters") == 1),
        _("[document]: {file}, which comes after this letter alone: {missing}"),
        problems,
    )
    _tell(
        strange.filter(pl.col("letters") == _PAIR, "names_one"),
        _(
            "[document]: {file}, which comes after this letter and one more: it names the other "
            "letter's recipient, and not this one's."
        ),
        problems,
    )


def _tell(strange: pl.DataFrame, message: str, problems: Problems) -> None:
    said = filled(message, file="file", missing="missing")
    held = pl.col("advice") != ""
    told = strange.select("row", "advice", said=said)
    problems.tell(told, held, pl.format("{} {}", "said", "advice"), column="")
    problems.tell(told, ~held, pl.col("said"), column="", severity="warning")
