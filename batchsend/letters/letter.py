"""Letter: one recipient's letter as it leaves the checks, ready to be rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from batchsend.lists.recipients import Row

OWN_DOCUMENTS = "-"
"""Stands in `content` before the hash of the documents that a letter has of its own, if any."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, checked: rendering turns it into a document, sending hands both to the API."""

    identifier: str
    channel: str
    language: str
    fields: dict[str, Any]
    """The request's `Letter` object under the API's names, without `FreeText`."""
    rows: tuple[Row, ...]
    """The rows it was made from, in list order; one unless the list is grouped."""
    content: str
    """A hash of all that the letter says: the same identifier with another is another letter."""
