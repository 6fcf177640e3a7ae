"""What a template, or a document's name, sees of a letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from batchsend.expressions import Names
from batchsend.letters import Letter
from batchsend.request import LetterBody


def context_of(letter: Letter, names: Names) -> Mapping[str, Any]:
    """Every column, `row` and `rows`, the request's `letter`, and its `language`."""
    return {
        **names.variables(letter.rows),
        # Complete: what a row leaves out is blank, what the API does not know is an error.
        "letter": LetterBody.model_validate(letter.fields).model_dump(exclude={"FreeText"}),
        "language": letter.language,
    }
