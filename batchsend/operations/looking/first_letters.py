"""The first letters of a checked list as they are printed.

A list may be right in every row, and its letter one that nobody can post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from batchsend.letters import Checked
from batchsend.operations.looking.drawing import finding
from batchsend.operations.preview import LetterPages, Looking
from batchsend.rendering import Templates

MOST: Final = 6
"""So many are rendered."""


@dataclass(frozen=True, slots=True)
class FirstLetter:
    """The first letter of those that are made from one template and sent by one channel."""

    row: int
    """The row that it begins."""
    printed: LetterPages


def first_letters(
    checked: Checked, templates: Templates, looking: Looking
) -> Sequence[FirstLetter]:
    """Render the first letter of each language and channel, in list order; none where no letter
    is ready. Raises TemplateError where the template as a whole cannot be used."""
    begun = checked.snapshot.texts().group_by("language", "channel").agg(pl.min("row"))
    rows = begun.sort("row").head(MOST).collect(engine="streaming")["row"]
    found = ((row, looking.at(checked, templates, row)) for row in rows)
    return [FirstLetter(row, printed) for row, printed in found if printed is not None]


def troubles_of(printed: LetterPages) -> list[str]:
    """What is unusual about a letter's pages, without what keeps it from being sent."""
    return [finding(warning) for warning in printed.warnings if warning not in printed.error]
