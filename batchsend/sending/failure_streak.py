"""What is remembered from letter to letter: the identifiers of late, and ends that repeat.

Knows nothing of requests.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator

from batchsend.language import _
from batchsend.outcome import Outcome
from batchsend.sending.policy import most_alike
from batchsend.sending.settings import SendSettings

REMEMBERED = 4096
"""Identifiers: far more than can be under way, far fewer than a list can have."""


class Recent(Collection[str]):
    """The identifiers sent of late."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._order: deque[str] = deque()

    def add(self, identifier: str) -> None:
        """Remember one more, and forget the oldest when there are too many."""
        if identifier in self._known:
            return
        self._known.add(identifier)
        self._order.append(identifier)
        if len(self._order) > REMEMBERED:
            self._known.discard(self._order.popleft())

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)


class FailureStreak:
    """Letters that end badly in the same way, one after the other."""

    def __init__(self, settings: SendSettings) -> None:
        self._settings = settings
        self._proven = False
        self._kind: tuple[str, ...] = ()
        self._length = 0

    def broken_by(self, outcome: Outcome) -> str:
        """Count an outcome in; a sentence once there are too many alike, else empty."""
        kind = _kind(outcome)
        if outcome.state == "accepted":
            self._length = 0
        elif kind == self._kind:
            self._length += 1
        else:
            self._length = 1
        self._kind = kind
        self._proven = self._proven or outcome.state in {"accepted", "rejected"}
        if self._length < most_alike(outcome.state, self._settings, proven=self._proven):
            return ""
        return _(
            "{length} letters in a row ended {state}. The last: {reason}",
            length=self._length,
            state=_(outcome.state),
            reason=outcome.reason,
        )


def _kind(outcome: Outcome) -> tuple[str, ...]:
    if outcome.state == "unknown":
        return (outcome.state,)  # a letter in doubt is one, whatever left it so
    if outcome.state != "rejected":
        return outcome.state, str(outcome.http_status)
    # One bad address after the other is the list's affair; one sentence for all of them is not.
    return outcome.state, outcome.reason.replace(outcome.identifier, "")
