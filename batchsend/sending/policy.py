"""When the same request goes again, and when a run gives up: all the numbers, and the decision;
and what is remembered for it from letter to letter.

`responses.py` says what an answer means; what follows from that is decided here and acted on
elsewhere. That a letter is never repeated in doubt is decided here, too. Waits for nothing.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from batchsend.language import _
from batchsend.outcome import Outcome, State
from batchsend.sending.responses import AnswerKind, Verdict
from batchsend.sending.settings import SendSettings

FIRST_DELAY = 0.5
"""Seconds before a request is repeated for the first time; doubled each time after."""
LONGEST_DELAY = 30.0
"""Seconds between two looks at an API that takes no letters, unless it asks for more."""
RETRIES_AT_LEAST = 100
"""Requests a run may repeat, however short it is."""
SEVERAL = 3
"""Troubles in a row that are no longer one letter's bad luck: everybody waits."""
FIRST_PATIENCE = 15.0
"""Seconds to wait for the first answer of a run."""
DOUBTS_AT_FIRST = 3
"""Letters in doubt that stop a run in which the API has not answered as documented yet."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a letter's kind means for another request of the same."""

    again: bool = False
    """It could end otherwise another time."""
    counts: bool = True
    """It is one of the letter's `attempts`. Where nothing has left, no letter is to blame."""
    waits: bool = True
    """The next one waits by itself, longer each time."""


POLICIES: Mapping[AnswerKind, Policy] = {
    AnswerKind.TAKEN: Policy(),
    AnswerKind.REJECTED: Policy(),
    AnswerKind.FORBIDDEN: Policy(),
    AnswerKind.UNREACHED: Policy(again=True, counts=False),
    AnswerKind.NOT_SENT: Policy(again=True, counts=False, waits=False),
    AnswerKind.TOKEN_EXPIRED: Policy(again=True, waits=False),
    AnswerKind.NOT_NOW: Policy(again=True),
    AnswerKind.IN_DOUBT: Policy(again=True),
    AnswerKind.STRANGE: Policy(again=True),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What lies behind a letter and behind its run."""

    attempts: int
    """Requests of this letter that left."""
    in_doubt: bool
    """Whether one of them, or of an earlier run's, may have been taken."""
    begun: int
    """Letters of the run."""
    retries: int
    """Requests that the run has repeated."""


def wait_before_another(verdict: Verdict, tried: Tried, settings: SendSettings) -> float | None:
    """The seconds until a letter's next request, from its last verdict; None: it has no other."""
    policy = POLICIES[verdict.kind]
    if not policy.again or (tried.in_doubt and not settings.repeats_are_refused):
        return None
    if policy.counts:
        budget = RETRIES_AT_LEAST + settings.retry_share * tried.begun
        if tried.attempts >= settings.attempts or tried.retries >= budget:
            return None
    return growing(max(tried.attempts, 1)) if policy.waits else 0.0


def growing(times: int) -> float:
    """Exponential backoff with jitter: between half of the doubled delay and all of it."""
    delay = min(FIRST_DELAY * 2.0 ** min(times - 1, 10), LONGEST_DELAY)
    return delay * random.uniform(0.5, 1)  # noqa: S311 - spreads load, guards nothing


def patience(settings: SendSettings, *, answered: bool) -> float:
    """Seconds for which an API may take no letters. One that has never answered in this run is
    more likely misspelt than down."""
    return min(settings.max_wait, math.inf if answered else FIRST_PATIENCE)


def most_alike(state: State, settings: SendSettings, *, proven: bool) -> int:
    """Letters in a row that may end alike in a bad `state` before the run stops. `proven`: the API
    has answered as documented."""
    at_first = state == "unknown" and not proven
    return min(DOUBTS_AT_FIRST, settings.stop_after) if at_first else settings.stop_after


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
