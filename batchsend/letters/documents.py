"""The documents that a letter has of its own: looked at before anything is sent, and part of what
it says. What looks at them is handed in; nothing here knows what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import polars as pl

from batchsend.letters.filling import rows_by_letter
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.snapshot import filled


@dataclass(frozen=True, slots=True)
class Appended:
    """A document after the letter whose name the row decides: perhaps this letter's own."""

    file: str
    contents: str
    """A hash of it."""
    missing: str = ""
    """What of the recipient it does not have, as a sentence; empty where it names them."""
    named: bool = False
    """Whether it names the recipient by more than a postcode."""
    advice: str = ""
    """What to do about one that is missing something, where that holds the letter back; otherwise
    it warns."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What there is to a letter's own documents; each text is empty where there is none."""

    digest: str = ""
    """A hash of them all."""
    file: str = ""
    """The name of the one that may be no other letter's."""
    contents: str = ""
    """A hash of that one."""
    wrong: str = ""
    """What is wrong with them, as a sentence."""
    appended: tuple[Appended, ...] = ()
    """Those after the letter that may be its own."""


Look = Callable[[Letter], Looked]

APPENDED = pl.Schema(
    {
        "file": pl.String(),
        "contents": pl.String(),
        "missing": pl.String(),
        "named": pl.Boolean(),
        "advice": pl.String(),
    }
)
"""What a frame holds of each Appended."""


class DocumentCheck:
    """Shows every letter to `look`, and adds to its content what it was told, its `file`, the
    `file_contents`, and what was `appended` (a list of APPENDED)."""

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
        contents, files, file_contents, wrong, appended = [], [], [], [], []
        for fact, text, rows in zip(
            facts, texts, rows_by_letter(self._mapping, members), strict=True
        ):
            identifier, channel, language, content = fact
            fields = filled(self._skeleton, text)
            letter = Letter(identifier, channel, language, fields, tuple(rows), content)
            looked = self._look(letter)
            mark = f"{OWN_DOCUMENTS}{looked.digest}" if looked.digest else ""
            contents.append(f"{content}{mark}")
            files.append(looked.file)
            file_contents.append(looked.contents)
            wrong.append(looked.wrong)
            appended.append([asdict(each) for each in looked.appended])
        told = letters.select("row", why=pl.Series(wrong, dtype=pl.String))
        problems.tell(told, pl.col("why") != "", pl.col("why"), column="")
        return letters.with_columns(
            content=pl.Series(contents, dtype=pl.String),
            file=pl.Series(files, dtype=pl.String),
            file_contents=pl.Series(file_contents, dtype=pl.String),
            appended=pl.Series(appended, dtype=pl.List(pl.Struct(APPENDED))),
        )
