"""LetterSource: one letter.html, read for the editor and written back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from batchsend.desk.editing.document import Json, document
from batchsend.desk.editing.pieces import Piece, pieces
from batchsend.desk.editing.saying import Label
from batchsend.desk.editing.spans import NotUnderstoodError
from batchsend.desk.editing.tree import tree
from batchsend.desk.editing.writing import written


@dataclass(frozen=True, slots=True)
class LetterSource:
    """A letter's source, with the pieces that can be edited."""

    text: str
    letter: Piece | None
    """None where it can only be edited as text."""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a source. Never fails: what is not understood is edited as text."""
        try:
            letter = pieces(tree(text), text)
        except (NotUnderstoodError, RecursionError):
            return cls(text, None)
        return cls(text, letter if any(each.runs for each in letter.within()) else None)

    def document(self, heading: Label = str) -> Json | None:
        """The editor's document; `heading` says how a column is called. None: edit it as text."""
        return document(self.letter, self.text, heading) if self.letter is not None else None

    def written(self, doc: Any) -> str:
        """The source with the text of a document that `document` made and somebody changed.

        Raises NotADocumentError where it is another's, or none.
        """
        return self.text if self.letter is None else written(self.letter, self.text, doc)
