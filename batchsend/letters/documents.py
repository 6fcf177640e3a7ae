"""The documents that a letter has of its own: looked at before anything is sent, and part of what
it says. What looks at them is handed in; nothing here knows what they are.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from batchsend.letters.filling import rows_by_letter
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.snapshot import filled

__all__ = ["DocumentCheck", "Look"]

Look = Callable[[Letter], tuple[str, str]]
"""A hash of a letter's own documents, empty where it has none; and what is wrong with them."""


class DocumentCheck:
    """Shows every letter to `look`, and adds to its content what it was told."""

    def __init__(self, mapping: Mapping, look: Look) -> None:
        self._mapping, self._look = mapping, look
        self._paths = tuple(leaf.path for leaf in mapping.varying)
        self._skeleton = mapping.skeleton(self._paths)

    def __call__(
        self, letters: pl.DataFrame, members: pl.DataFrame, problems: Problems
    ) -> pl.DataFrame:
        """`letters` as they are drafted, `members` all their rows; errors go to `problems`."""
        facts = letters.select("identifier", "channel", "language", "content").iter_rows()
        texts = letters.select(self._paths).iter_rows()
        contents, wrong = [], []
        for fact, text, rows in zip(
            facts, texts, rows_by_letter(self._mapping, members), strict=True
        ):
            identifier, channel, language, content = fact
            fields = filled(self._skeleton, text)
            letter = Letter(identifier, channel, language, fields, tuple(rows), content)
            digest, why = self._look(letter)
            contents.append(f"{content}{OWN_DOCUMENTS}{digest}" if digest else content)
            wrong.append(why)
        told = letters.select("row", why=pl.Series(wrong, dtype=pl.String))
        problems.tell(told, pl.col("why") != "", pl.col("why"), column="")
        return letters.with_columns(content=pl.Series(contents, dtype=pl.String))
