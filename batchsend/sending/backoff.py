"""Conditions: what each verdict means for the letters that are still to leave.

Slower, fewer at once, a pause for everybody, or the end of the run. Knows nothing of letters.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

from batchsend.errors import SendingError
from batchsend.language import _
from batchsend.sending.pace import AdaptiveLimiter, Pacer
from batchsend.sending.policy import SEVERAL, growing, patience
from batchsend.sending.responses import AnswerKind, Verdict
from batchsend.sending.settings import SendSettings
from batchsend.sending.texts_from_outside import ended, time_in_words

WORTH_SAYING = 1.0
"""Seconds of a pause that a person would notice."""


class Conditions:
    """How the API has been doing in one run."""

    def __init__(
        self,
        settings: SendSettings,
        pacer: Pacer,
        slots: AdaptiveLimiter,
        notice: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._pacer = pacer
        self._slots = slots
        self._notice = notice
        self._ever_answered = False
        self._troubles = 0
        self._pauses = 0
        self._strange = 0
        self._proven = False
        """Whether it has answered as its documentation says."""
        self._none_taken_since: float | None = None

    def after(self, verdict: Verdict) -> SendingError | None:
        """Act on a verdict: pace, slots and pauses. An error is why the run must end."""
        if verdict.status is not None:
            self._ever_answered = True
        match verdict.kind:
            case AnswerKind.TAKEN | AnswerKind.REJECTED:
                self._troubles = self._pauses = self._strange = 0
                self._proven = True
                self._none_taken_since = None
                self._pacer.speed_up()
                self._slots.grow()
            case AnswerKind.FORBIDDEN:
                return _forbidden(verdict)
            case AnswerKind.STRANGE:
                self._strange += 1
                self._slots.shrink()
                if not self._proven or self._strange >= SEVERAL:
                    return _not_the_api(verdict)
            case AnswerKind.NOT_NOW | AnswerKind.UNREACHED | AnswerKind.IN_DOUBT:
                self._troubles += 1
                if verdict.kind is AnswerKind.NOT_NOW:
                    self._pacer.slow_down()
                if verdict.kind is not AnswerKind.IN_DOUBT or self._troubles >= SEVERAL:
                    self._slots.shrink()
                return self._pause(verdict)
        return None

    def _pause(self, verdict: Verdict) -> SendingError | None:
        """Hold everybody back if the API asks for it or takes nothing; give up after max_wait."""
        wished = verdict.retry_after or 0.0
        asked = min(wished, self._settings.max_retry_after)
        seconds = asked
        alone = verdict.kind is not AnswerKind.UNREACHED and self._troubles < SEVERAL
        # Those who were under way together fail together: that is one pause, not several.
        if not alone and not self._pacer.held:
            self._pauses += 1
            seconds = max(seconds, growing(self._pauses))
        if verdict.kind is not AnswerKind.IN_DOUBT:
            now = time.monotonic()
            self._none_taken_since = self._none_taken_since or now
            most = patience(self._settings, answered=self._ever_answered)
            remaining = self._none_taken_since + most - now
            if remaining <= 0 or asked > remaining:
                return _given_up(verdict, now - self._none_taken_since)
            seconds = min(seconds, remaining)
        if seconds > self._pacer.held:
            self._pacer.hold(seconds)
            if seconds >= WORTH_SAYING:
                pause = time_in_words(seconds)
                if wished > asked:
                    said = _(
                        "Pausing for {pause}. {message} It asks for {wished}.",
                        pause=pause,
                        message=ended(verdict.message),
                        wished=time_in_words(wished),
                    )
                else:
                    said = _("Pausing for {pause}. {message}", pause=pause, message=verdict.message)
                self._notice(said)
        return None


async def rest(seconds: float, *, unless: asyncio.Event) -> None:
    """Wait so long, but no longer than until `unless` is set."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await unless.wait()


def _forbidden(verdict: Verdict) -> SendingError:
    return SendingError(
        _(
            "{message} It would answer every letter in the same way.",
            message=ended(verdict.message),
        ),
        hint=_("Check the credentials and the base_url, then send again: nothing is lost."),
    )


def _not_the_api(verdict: Verdict) -> SendingError:
    return SendingError(
        _(
            "The run stopped, so that no more letters are in doubt. {message}",
            message=verdict.message,
        ),
        hint=_(
            "Check the base_url, and whether a proxy or a login page on the way answers in "
            "the API's place."
        ),
    )


def _given_up(verdict: Verdict, waited: float) -> SendingError:
    if verdict.status is None:
        return SendingError(
            _(
                "The API has been out of reach for {time_in_words}. {message}",
                time_in_words=time_in_words(waited),
                message=verdict.message,
            ),
            hint=_("Check the base_url and the network, then send again: nothing is lost."),
        )
    asked = verdict.retry_after
    places = {
        "wish": time_in_words(asked or 0),
        "since": time_in_words(waited),
        "message": verdict.message,
    }
    if asked and waited >= 1:
        said = _(
            "The API asks us to wait {wish}, and has taken none for {since}. {message}", **places
        )
    elif asked:
        said = _("The API asks us to wait {wish}. {message}", **places)
    elif waited >= 1:
        said = _("The API takes no letters, and has taken none for {since}. {message}", **places)
    else:
        said = _("The API takes no letters. {message}", **places)
    return SendingError(
        said,
        hint=_("Nothing is lost: send again later, and the rest will go."),
    )
