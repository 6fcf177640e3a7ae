"""What came of one request (Answer or NoAnswer), and what that says of the letter (Verdict).

An answer that says yes by its status may say no in its body; nothing is concluded of that but
doubt. The table of `judge` is the only place that knows what a status means. Opens no connection.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import Any

import orjson

from batchsend.language import _
from batchsend.sending.texts_from_outside import explanation


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose status line arrived; the body as far as it was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool
    """Whether all of the body arrived and was small enough to be read."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The request ended without one."""

    left: bool
    """Whether anything of the request may have reached the API as a whole letter."""
    message: str


class AnswerKind(Enum):
    """What is known of a letter after one request."""

    TAKEN = "taken"
    REJECTED = "rejected"
    """The API read it and will never take it as it is."""
    UNREACHED = "unreached"
    """It never left: there was no connection."""
    NOT_SENT = "withheld"
    """We did not let it go: there was a pause."""
    NOT_NOW = "not now"
    """Refused for now; the same request may be taken later."""
    TOKEN_EXPIRED = "stale"  # noqa: S105 - no password
    """Refused for a token that had ended: another is worth trying at once."""
    FORBIDDEN = "forbidden"
    """Refused because of who we are: the same for every letter."""
    IN_DOUBT = "in doubt"
    """It may have been taken."""
    STRANGE = "strange"
    """The same, by an answer that the API does not document: perhaps it is another's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a letter after one request, and the sentence that goes with it."""

    kind: AnswerKind
    message: str
    status: int | None = None
    request_id: str = ""
    retry_after: float | None = None
    """Seconds the API asked us to wait."""

    @property
    def leaves_doubt(self) -> bool:
        """Whether the letter may have been taken, and nobody can tell."""
        return self.kind in {AnswerKind.IN_DOUBT, AnswerKind.STRANGE}


# 202 and 400 are documented; the rest as RFC 9110, RFC 6585 and RFC 8470 define them. A refusal is
# what means one. All else leaves us in doubt: 5xx and 409 as answers of an API in trouble, what is
# not here as an answer that need not be the API's.
KINDS = {
    400: AnswerKind.REJECTED,
    401: AnswerKind.FORBIDDEN,
    403: AnswerKind.FORBIDDEN,
    407: AnswerKind.FORBIDDEN,
    408: AnswerKind.NOT_NOW,
    409: AnswerKind.IN_DOUBT,
    413: AnswerKind.REJECTED,
    422: AnswerKind.REJECTED,
    425: AnswerKind.NOT_NOW,
    429: AnswerKind.NOT_NOW,
    503: AnswerKind.NOT_NOW,
    # Of a network that wants somebody to log in, never of an API (RFC 6585, 6).
    511: AnswerKind.STRANGE,
}


def judge(
    reply: Answer | NoAnswer, identifier: str, others: Collection[str], *, repeated: bool = False
) -> Verdict:
    """What `reply` says of the letter. `others`: identifiers sent lately, on any connection.

    `repeated`: an earlier request may have had this letter taken, and the API refuses repeats.
    """
    if isinstance(reply, NoAnswer):
        kind = AnswerKind.IN_DOUBT if reply.left else AnswerKind.UNREACHED
        return Verdict(kind, reply.message)
    status = reply.status
    if status == HTTPStatus.ACCEPTED:
        return _of_success(reply, identifier, others)
    said = explanation(reply.body)
    if status == HTTPStatus.CONFLICT and repeated and _request_id(reply) in {"", identifier}:
        message = _("The API has this letter from an earlier request (409).")
        return Verdict(AnswerKind.TAKEN, message, status, _request_id(reply))
    kind = KINDS.get(status, AnswerKind.IN_DOUBT if status >= 500 else AnswerKind.STRANGE)
    if kind is AnswerKind.STRANGE:
        named = _("The API answered {status}, which it does not document", status=_named(status))
    else:
        named = _("The API answered {status}", status=_named(status))
    wait = retry_after(reply.headers.get("retry-after", ""), reply.headers.get("date", ""))
    return Verdict(kind, f"{named}: {said}" if said else f"{named}.", status, "", wait)


def _of_success(answer: Answer, identifier: str, others: Collection[str]) -> Verdict:
    """Of a 202: documented is one whose RequestId is the identifier sent, and no failure."""
    status, request_id = answer.status, _request_id(answer)
    if request_id == identifier and not tells_of_failure(_fields(answer)):
        return Verdict(AnswerKind.TAKEN, "", status, request_id)
    if request_id != identifier and request_id in others:
        # Answers have been crossed on the way: this one may belong to that other letter.
        message = _(
            "The API answered {status} for another letter, “{request_id}”.",
            status=status,
            request_id=request_id,
        )
        return Verdict(AnswerKind.STRANGE, message, status, request_id)
    kind = AnswerKind.STRANGE if answer.complete else AnswerKind.IN_DOUBT
    if not answer.complete:
        why = _("but not all of its answer came, or could be read")
    elif request_id == identifier:
        why = _("and that it failed")
    elif request_id:
        why = _(
            "but named “{request_id}” where it documents the identifier of this letter",
            request_id=request_id,
        )
    else:
        why = _("but named no letter where it documents the identifier of this one")
    named = _("The API answered {status}, {why}", status=_named(status), why=why)
    said = explanation(answer.body)
    return Verdict(kind, f"{named}: {said}" if said else f"{named}.", status, request_id)


def _request_id(answer: Answer) -> str:
    """The answer's RequestId; empty where there is none that can be read."""
    found = _fields(answer).get("RequestId")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _fields(answer: Answer) -> Mapping[str, Any]:
    """Those of the object that an answer is; none where it is anything else, or not complete."""
    if not answer.complete:
        return {}
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")
_LONGEST = 999_999_999.0
"""Seconds: three decades, which a date can still be counted with."""


def retry_after(header: str, date: str = "") -> float | None:
    """The seconds to wait that a Retry-After header asks for (RFC 9110, 10.2.3).

    It holds seconds or an HTTP date, counted from the answer's own `date` where it has one: our
    clock may be wrong. Some send parts of a second, or the header twice, which comes as
    `30, 120`: the longest counts. None for anything else, and never below 0.

    >>> retry_after("120")
    120.0
    >>> retry_after("Sun, 15 Nov 2026 12:00:30 GMT", "Sun, 15 Nov 2026 12:00:00 GMT")
    30.0
    """
    header = header.strip()
    parts = re.split(r"\s*,\s*", header)
    if all(map(_SECONDS.fullmatch, parts)):
        return min(max(map(float, parts)), _LONGEST)
    until = _moment(header)
    if until is None:
        return None
    now = _moment(date) or datetime.now(UTC)
    return max((until - now).total_seconds(), 0.0)


def _moment(http_date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # asctime's form has no zone


_DEEPEST = 4
_WRONG = re.compile(
    r"(is)?(error|fault|exception|failure|failed)(s|code|message|text|description)?"
)
"""Fields that have something in them only where something went wrong."""
_RIGHT = re.compile(r"(is)?(success(ful)?|succeeded|ok|accepted)")
"""Fields that are true only where nothing did."""
_TURNED_OUT = re.compile(r"(request|letter)?(status|state|result|outcome)")
_NOTHING = {"", "0", "false", "no", "none", "null", "ok"}
_NO = {"0", "false", "no"}
_FAILED = re.compile(
    r"(?<!\bno )(?<!\bnot )(?<!\b0 )(?<!\bwithout )"
    r"\b(fail(ed|ure)?|errors?|reject(ed|ion)?|refused|denied|declined)\b"
)


def tells_of_failure(answer: Any) -> bool:
    """Whether an answer, as JSON gave it, tells of a failure in one of the fields by which APIs do.

    >>> tells_of_failure({"RequestId": "a-1", "Status": "Rejected"})
    True
    >>> tells_of_failure({"RequestId": "a-1", "Success": True, "Errors": [], "ErrorCode": 0})
    False
    """
    return any(_tells(name, value) for name, value in _all_fields(answer, _DEEPEST))


def _all_fields(value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Every field, with its name in small letters alone."""
    if depth and isinstance(value, dict):
        for name, inner in value.items():
            yield re.sub(r"[^a-z]", "", name.casefold()), inner
            yield from _all_fields(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _all_fields(inner, depth - 1)


def _tells(name: str, value: Any) -> bool:
    said = str(value).strip().casefold()
    if _WRONG.fullmatch(name):
        return bool(value) and said not in _NOTHING
    if _RIGHT.fullmatch(name):
        return value is not None and said in _NO
    return (
        isinstance(value, str)
        and _TURNED_OUT.fullmatch(name) is not None
        and _FAILED.search(said) is not None
    )
