"""Strange appendices: a PDF after a letter that is somebody else's, as only the whole list tells.

What many letters have is meant for many. What one letter alone has is its own, and must name its
recipient; what two have, and names one of them, is not the other's.
"""

from __future__ import annotations

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.drafts import Drafted
from batchsend.letters.problems import Problems
from batchsend.masking import masked_in_text

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
