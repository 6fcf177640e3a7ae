"""What an answer says of the letter: the table, and the cases it does not decide alone."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.sending.answers import Answer, Fate, NoAnswer, judge, retry_after


def answer(status: int, body: Any = b"", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, httpx.Headers(named), content, complete=True)


STATUSES = {
    Fate.TAKEN: [202, 409],
    Fate.REJECTED: [400, 413, 422],
    Fate.FORBIDDEN: [401, 403, 407],
    Fate.NOT_NOW: [408, 425, 429, 503],
    Fate.REFUSED: [300, 301, 302, 303, 307, 308, 402, 404, 405, 410, 415, 431, 451],
    Fate.IN_DOUBT: [200, 201, 204, 299, 500, 501, 502, 504, 505, 507, 520, 599],
}


@pytest.mark.parametrize(
    ("status", "fate"), [(status, fate) for fate, each in STATUSES.items() for status in each]
)
def test_statuses(status: int, fate: Fate) -> None:
    assert judge(answer(status), "x", ()).fate is fate


@given(st.integers(200, 599))
def test_every_status_has_a_fate_and_only_two_of_them_say_taken(status: int) -> None:
    verdict = judge(answer(status), "x", ())
    assert (verdict.fate is Fate.TAKEN) == (status in {202, 409})
    assert verdict.message or status == 202


@pytest.mark.parametrize(
    ("status", "body", "others", "fate", "request_id"),
    [
        (202, {"RequestId": "x", "Message": "x is accepted."}, (), Fate.TAKEN, "x"),
        (200, {"RequestId": "x"}, (), Fate.TAKEN, "x"),  # undocumented, but it names the letter
        (202, {"RequestId": "8f3c-11"}, (), Fate.TAKEN, "8f3c-11"),  # a number of the API's own
        (202, {"RequestId": 17}, (), Fate.TAKEN, "17"),
        (202, {"RequestId": "y"}, ("x", "y"), Fate.IN_DOUBT, "y"),  # crossed on the way
        (202, {"RequestId": True}, (), Fate.TAKEN, ""),
        (202, {"RequestId": ["x"]}, (), Fate.TAKEN, ""),
        (202, ["x"], (), Fate.TAKEN, ""),
        (202, b"", (), Fate.TAKEN, ""),
        (202, b"<html>", (), Fate.TAKEN, ""),
        (200, b"<html>Log in to the network</html>", (), Fate.IN_DOUBT, ""),
        (200, {"RequestId": "z"}, (), Fate.IN_DOUBT, "z"),
    ],
)
def test_successes(
    status: int, body: Any, others: tuple[str, ...], fate: Fate, request_id: str
) -> None:
    verdict = judge(answer(status, body), "x", others)
    assert (verdict.fate, verdict.request_id) == (fate, request_id)


def test_a_body_that_was_not_read_whole_names_nothing() -> None:
    cut = Answer(202, {}, b'{"RequestId": "x"}', complete=False)
    verdict = judge(cut, "x", ())
    assert (verdict.fate, verdict.request_id) == (Fate.TAKEN, "")


def test_a_rejection_says_why() -> None:
    verdict = judge(answer(400, {"errors": {"City": ["is required"]}}), "x", ())
    assert verdict.message == "The API answered 400 Bad Request: City: is required"


def test_without_an_answer_it_depends_on_whether_the_letter_left() -> None:
    assert judge(NoAnswer(left=True, message="lost"), "x", ()).fate is Fate.IN_DOUBT
    assert judge(NoAnswer(left=False, message="none"), "x", ()).fate is Fate.UNREACHED


NOW = "Sun, 15 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("99999999999999999999", 999_999_999),
        ("Sun, 15 Nov 2026 12:01:30 GMT", 90),
        ("Sunday, 15-Nov-26 12:01:30 GMT", 90),  # RFC 850's form
        ("Sun Nov 15 12:01:30 2026", 90),  # asctime's form
        ("Sun, 15 Nov 2026 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Sun, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=60), st.text(max_size=60))
def test_retry_after_never_crashes(header: str, date: str) -> None:
    wait = retry_after(header, date)
    assert wait is None or wait >= 0


def test_a_date_counts_from_the_apis_own_clock() -> None:
    verdict = judge(answer(429, retry_after="Sun, 15 Nov 2026 12:00:09 GMT", date=NOW), "x", ())
    assert verdict.retry_after == 9
