"""submit: every letter of a stream to the API, once, at the set pace, and each fate told.

The order of things here is the promise: the journal knows of a letter before it leaves and of its
fate before the next one takes its place. Knows nothing of ledgers, lists or terminals.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

import httpx

from batchsend.errors import SendingError
from batchsend.language import _
from batchsend.outcome import AlreadyTakenError, Attempt, Journal, Outcome, State, Submission
from batchsend.sending.authorization import Unreachable, authorization
from batchsend.sending.backoff import Conditions, rest
from batchsend.sending.client import Client
from batchsend.sending.credentials import LetterApi
from batchsend.sending.pace import AdaptiveLimiter, Pacer
from batchsend.sending.policy import POLICIES, FailureStreak, Recent, Tried, wait_before_another
from batchsend.sending.responses import AnswerKind, Verdict, judge
from batchsend.sending.settings import SendSettings
from batchsend.sending.texts_from_outside import fit_to_show
from batchsend.sending.timetable import Timetable

LOOK_AT_THE_CLOCK = 20.0
"""Seconds between two looks while waiting for the hour: computers sleep and clocks are set."""
NextStep = Callable[[Submission, Outcome], Awaitable[Submission | Outcome]]
"""What follows for a letter that the API refused for good: how it ends, or the same letter in
another way, its refusal noted and the journal told of it."""
DRAINING = 2.0
"""Seconds in which letters that wait for their turn may still leave when the run closes."""


def _silent(_sentence: str) -> None:
    """Tell nobody."""


async def submit(  # noqa: PLR0913 - a run has so many parts; all but two are named
    submissions: AsyncIterator[Submission],
    api: LetterApi,
    *,
    journal: Journal,
    stop: asyncio.Event,
    notice: Callable[[str], None] = _silent,
    begun_today: int = 0,
    refused: NextStep | None = None,
) -> None:
    """Send each submission to `/send/letter` of the API and tell `journal` how it went.

    At most `api.settings.concurrency` letters are between `journal.leaving` and `journal.ended`.
    When `stop` is set no more are taken and those under way are finished. Cancelling the task ends
    at once; letters under way then have no outcome. `notice` gets a sentence about each pause.
    `begun_today` is what earlier runs have used of `per_day`. `refused` is asked about
    each letter that the API refused for good: what it gives is how that ends, or goes instead.

    Raises SettingsError before anything is sent; SendingError, after those under way have ended,
    when the API refuses us (401, 403, 407), answers as it does not document, ends
    `stop_after` letters in a row in the same bad way, or has taken none for
    `max_wait` seconds. What `submissions` or `journal` raise
    stops the run in the same orderly way and is raised again.
    """
    url = httpx.URL(f"{api.address}/send/letter")
    async with Client(api.settings, api.credentials) as client:
        run = _Run(url, api, client, journal, notice, refused)
        await run.all(submissions, stop, _timetable(api.settings, begun_today))


class _Run:
    def __init__(  # noqa: PLR0913, PLR0917 - the parts of one run, put together in one place
        self,
        url: httpx.URL,
        api: LetterApi,
        client: Client,
        journal: Journal,
        notice: Callable[[str], None],
        refused: NextStep | None,
    ) -> None:
        settings = api.settings
        self._url = url
        self._refused = refused
        self._settings = settings
        self._secrets = api.credentials.texts()
        self._client = client
        self._authorization = authorization(settings, api.credentials, client)
        self._journal = journal
        self._notice = notice
        self._pacer = Pacer(settings.rate)
        self._slots = AdaptiveLimiter(settings.concurrency)
        self._conditions = Conditions(settings, self._pacer, self._slots, notice)
        self._streak = FailureStreak(settings)
        self._recent = Recent()
        self._begun = 0
        self._retries = 0
        self._closing = asyncio.Event()
        self._feeding: asyncio.Task[None] | None = None
        self._error: Exception | None = None

    async def all(
        self,
        submissions: AsyncIterator[Submission],
        stop: asyncio.Event,
        timetable: Timetable,
    ) -> None:
        watching = asyncio.create_task(self._close_on(stop))
        try:
            async with asyncio.TaskGroup() as letters:
                self._feeding = letters.create_task(
                    self._feed(submissions, letters, stop, timetable)
                )
        finally:
            watching.cancel()
        if self._error is not None:
            raise self._error

    async def _feed(
        self,
        submissions: AsyncIterator[Submission],
        letters: asyncio.TaskGroup,
        stop: asyncio.Event,
        timetable: Timetable,
    ) -> None:
        """Start letters, each when its time is near. Cancelled to stop: what it then holds has
        not been told to the journal and is simply still to be sent."""
        try:
            async for submission in submissions:
                await self._slots.acquire()
                await self._opened(timetable)
                await self._pacer.near()
                if stop.is_set():  # only just, and we have not been cancelled yet
                    return
                timetable.count()
                letters.create_task(self._deliver(submission))
        except Exception as error:  # whatever it is, those under way end first
            self._halt(error)

    async def _opened(self, timetable: Timetable) -> None:
        """Wait for the hours in which letters may leave."""
        told = False
        while opening := timetable.next_opening():
            if not told:
                self._notice(
                    _("Waiting until {opening:%Y-%m-%d %H:%M}, as [send] says.", opening=opening)
                )
                told = True
            await asyncio.sleep(LOOK_AT_THE_CLOCK)

    async def _close_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._close()

    def _close(self) -> None:
        self._closing.set()
        self._pacer.end(DRAINING)
        if self._feeding is not None and self._feeding is not asyncio.current_task():
            self._feeding.cancel()

    def _halt(self, error: Exception) -> None:
        self._error = self._error or error
        self._close()

    async def _deliver(self, submission: Submission) -> None:
        self._begun += 1
        try:
            await self._journal.queued(submission.identifier)
            self._recent.add(submission.identifier)
            outcome = await self._by_any_channel(submission)
            await self._journal.finished(outcome)
            if sentence := self._streak.broken_by(outcome):
                self._halt(_stopped(sentence, outcome.state))
        except AlreadyTakenError:
            self._pacer.not_needed()
        except Exception as error:  # whatever it is, the others end first
            self._halt(error)
        finally:
            self._slots.release()

    async def _by_any_channel(self, submission: Submission) -> Outcome:
        """To an end, and where it is refused by its next channel, if there is one."""
        outcome = await self._to_an_end(submission)
        while outcome.state == "rejected" and self._refused and not self._closing.is_set():
            step = await self._refused(submission, outcome)
            if isinstance(step, Outcome):
                return step
            submission = step
            await self._journal.queued(submission.identifier)
            outcome = await self._to_an_end(submission)
        return outcome

    async def _to_an_end(self, submission: Submission) -> Outcome:
        """Request after request until the letter's fate is settled for this run."""
        left = 0
        doubt = None
        if submission.in_doubt:
            said = _("An earlier run may have sent this letter.")
            doubt = Verdict(AnswerKind.IN_DOUBT, said)
        repeated = submission.in_doubt
        while True:
            started = datetime.now(UTC)
            verdict = await self._request(submission, repeated=repeated)
            if POLICIES[verdict.kind].counts:
                left += 1
                await self._tell(_attempt(submission, submission.earlier + left, started, verdict))
            if verdict.leaves_doubt:
                doubt = verdict
                # A 409 that was no repeat makes none of the next request.
                repeated = repeated or verdict.status != HTTPStatus.CONFLICT
            if error := self._conditions.after(verdict):
                self._halt(error)
            tried = Tried(left, doubt is not None, self._begun, self._retries)
            wait = wait_before_another(verdict, tried, self._settings)
            if wait is not None:
                await rest(max(wait, self._pacer.held), unless=self._closing)
            if wait is None or self._closing.is_set():
                return _outcome(submission, left, verdict, doubt)
            if left:
                self._retries += 1

    async def _tell(self, attempt: Attempt) -> None:
        try:
            await self._journal.attempted(attempt)
        except Exception as error:  # no other request, but what this one came to is told
            self._halt(error)

    async def _request(self, submission: Submission, *, repeated: bool) -> Verdict:
        """One request, once the pace lets it go. `repeated`: one before it may have been taken."""
        try:
            header = await self._authorization.header()
            headers = {"Content-Type": "application/json", **header}
            departure = partial(self._depart, submission.identifier)
            reply = await self._client.request(
                "POST", self._url, submission.body, headers, departure
            )
        except Unreachable as error:
            return self._shown(Verdict(AnswerKind.UNREACHED, str(error)))
        except Exception as error:  # it has not left, and would not for any other letter
            self._halt(error)
            return self._shown(Verdict(AnswerKind.NOT_SENT, str(error)))
        if reply is None:
            return Verdict(AnswerKind.NOT_SENT, _("The run ended before this letter's turn came."))
        known = repeated and self._settings.repeats_are_refused
        verdict = judge(reply, submission.identifier, self._recent, repeated=known)
        if verdict.status == 401 and self._authorization.refused(header):
            verdict = replace(verdict, kind=AnswerKind.TOKEN_EXPIRED)
        return self._shown(verdict)

    async def _depart(self, identifier: str) -> bool:
        """Wait for a request's turn; False when it may not leave in this run."""
        if not await self._pacer.depart():
            return False
        await self._journal.before_write(identifier)
        return True

    def _shown(self, verdict: Verdict) -> Verdict:
        """The verdict with its texts fit to be kept and shown."""
        return replace(
            verdict,
            message=fit_to_show(verdict.message, self._secrets),
            request_id=fit_to_show(verdict.request_id, self._secrets, longest=100),
        )


def _timetable(settings: SendSettings, begun_today: int) -> Timetable:
    return Timetable(
        hours=settings.hours,
        per_day=settings.per_day,
        zone=ZoneInfo(settings.time_zone) if settings.time_zone else None,
        begun_today=begun_today,
    )


def _stopped(sentence: str, state: State) -> SendingError:
    ask = _("Ask the provider what that means, then send again: accepted letters are left out.")
    correct = _("Correct what the API objects to, then send again: accepted letters are left out.")
    return SendingError(sentence, hint=ask if state == "unknown" else correct)


def _attempt(submission: Submission, number: int, started: datetime, verdict: Verdict) -> Attempt:
    return Attempt(
        submission.identifier,
        number,
        started,
        datetime.now(UTC),
        verdict.status,
        verdict.message,
    )


def _outcome(submission: Submission, left: int, verdict: Verdict, doubt: Verdict | None) -> Outcome:
    """Once a letter was in doubt, only its being taken ends that: no later refusal does."""
    state: State
    if verdict.kind is AnswerKind.TAKEN:
        state = "accepted"
    elif doubt is not None:
        state = "unknown"
    elif verdict.kind is AnswerKind.REJECTED:
        state = "rejected"
    else:
        state = "failed"
    said = doubt.message if doubt is not None and state == "unknown" else verdict.message
    return Outcome(
        submission.identifier,
        state,
        f"{submission.before} {said}".strip(),
        verdict.request_id if state == "accepted" else "",
        verdict.status,
        left,
        datetime.now(UTC),
    )
