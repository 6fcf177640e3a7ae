"""Document: the rendered PDF of one letter; and what the template, or its name, sees of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batchsend.expressions import Names
from batchsend.letters import Letter
from batchsend.request import LetterBody


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered PDF and what is known of it."""

    pdf: bytes
    pages: int
    engine: str
    """The engine and its version, as `plutoprint 0.23.0`."""
    warnings: tuple[str, ...] = ()


def context_of(letter: Letter, names: Names) -> Mapping[str, Any]:
    """Every column, `row` and `rows`, the request's `letter`, and its `language`."""
    return {
        **names.variables(letter.rows),
        # Complete: what a row leaves out is blank, what the API does not know is an error.
        "letter": LetterBody.model_validate(letter.fields).model_dump(exclude={"FreeText"}),
        "language": letter.language,
    }
