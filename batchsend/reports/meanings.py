"""What each status means and what to do about it, for the reports that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["MEANINGS", "NEEDS_ATTENTION", "Meaning"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A status in words."""

    says: str
    to_do: str
    """Empty where nothing is to be done."""


MEANINGS: Mapping[str, Meaning] = {
    "accepted": Meaning("The letter API has the letter.", ""),
    "unknown": Meaning(
        "The letter may have been taken: the answer was lost.",
        "Ask the provider about it, then settle it with batchsend settle. It is never sent again "
        "without that decision.",
    ),
    "conflict": Meaning(
        "Another letter went, or may have gone, under this identifier. This one was not sent.",
        "Leave it alone if it is that letter. If it is meant to be another one, give it an "
        "identifier of its own and send again.",
    ),
    "repeat": Meaning(
        "The same letter went, or may have gone, in another way: the reason says which. This one "
        "was not sent.",
        "Leave it alone if it is that letter. If it is meant to be another one, send it with "
        "batchsend send --again and its row.",
    ),
    "rejected": Meaning(
        "The letter API refused the letter.", "Correct the row by the reason, and send again."
    ),
    "invalid": Meaning(
        "The row, or its letter, cannot be sent as it is.", "Correct the row, and send again."
    ),
    "failed": Meaning("The letter was certainly not taken.", "Send again."),
    "pending": Meaning("The letter has not been sent yet.", "Send again to go on."),
    "skipped": Meaning("Left out of the run on purpose.", ""),
    "left out": Meaning("The row is no recipient: it is hidden, or below the list.", ""),
}
"""What needs somebody most comes first, after `accepted`."""

NEEDS_ATTENTION = tuple(status for status, meaning in MEANINGS.items() if meaning.to_do)
"""The statuses that somebody has to do something about, the most urgent first."""
