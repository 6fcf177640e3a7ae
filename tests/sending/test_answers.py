"""What an answer says of the letter: the table, and the cases it does not decide alone."""

from __future__ import annotations

from typing import Any

import httpx
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from batchsend.sending.responses import Answer, AnswerKind, NoAnswer, judge, retry_after


def answer(status: int, body: Any = b"", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, httpx.Headers(named), content, complete=True)


REFUSALS = {
    **dict.fromkeys([400, 413, 422], AnswerKind.REJECTED),
    **dict.fromkeys([401, 403, 407], AnswerKind.FORBIDDEN),
    **dict.fromkeys([408, 425, 429, 503], AnswerKind.NOT_NOW),
}


@given(st.integers(0, 999))
@example(101)
@example(303)
@example(404)
@example(409)
@example(499)
@example(500)
def test_a_status_is_a_refusal_by_its_meaning_or_a_doubt_with_its_words(status: int) -> None:
    verdict = judge(answer(status, {"Message": "as the API said it"}), "x", ())
    assert verdict.message.endswith(": as the API said it")
    assert verdict.leaves_doubt == (status not in REFUSALS)
    assert verdict.kind is REFUSALS.get(status, verdict.kind)
    trouble = status >= 500 or status == 409
    assert verdict.kind is AnswerKind.STRANGE or status in REFUSALS or trouble


@given(st.integers(0, 999))
def test_a_repeat_that_is_refused_was_taken_and_no_other_status_says_so(status: int) -> None:
    verdict = judge(answer(status), "x", (), repeated=True)
    assert (verdict.kind is AnswerKind.TAKEN) == (status == 409)
    assert verdict.message


def test_a_repeat_refused_by_another_letters_name_is_in_doubt() -> None:
    assert judge(answer(409, {"RequestId": "y"}), "x", ("y",), repeated=True).leaves_doubt
    assert judge(answer(409, {"RequestId": "x"}), "x", (), repeated=True).kind is AnswerKind.TAKEN


@pytest.mark.parametrize(
    ("status", "body", "others", "kind", "request_id"),
    [
        (202, {"RequestId": "x", "Message": "x is accepted."}, (), AnswerKind.TAKEN, "x"),
        (202, {"RequestId": "x", "Success": True, "Errors": []}, (), AnswerKind.TAKEN, "x"),
        (202, {"RequestId": "8f3c-11"}, (), AnswerKind.STRANGE, "8f3c-11"),
        (202, {"RequestId": "y"}, ("x", "y"), AnswerKind.STRANGE, "y"),  # crossed on the way
        (202, {"RequestId": True}, (), AnswerKind.STRANGE, ""),
        (202, {"RequestId": ["x"]}, (), AnswerKind.STRANGE, ""),
        (202, ["x"], (), AnswerKind.STRANGE, ""),
        (202, b"", (), AnswerKind.STRANGE, ""),
        (202, b"<html>Down for maintenance</html>", (), AnswerKind.STRANGE, ""),
        (200, {"RequestId": "x"}, (), AnswerKind.STRANGE, ""),  # it names the letter, undocumented
        (200, b"<html>Log in to the network</html>", (), AnswerKind.STRANGE, ""),
        (201, {"RequestId": "z"}, (), AnswerKind.STRANGE, ""),
    ],
)
def test_successes(
    status: int, body: Any, others: tuple[str, ...], kind: AnswerKind, request_id: str
) -> None:
    verdict = judge(answer(status, body), "x", others)
    assert (verdict.kind, verdict.request_id) == (kind, request_id)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (202, {"Success": False, "RequestId": None, "Message": "Invalid id"}, "Invalid id"),
        (202, {"Success": False, "RequestId": "x", "Message": "Invalid id"}, "Invalid id"),
        (202, {"success": False, "RequestId": "x"}, "and that it failed"),
        (202, {"RequestId": "x", "Error": "Quota used up"}, "Quota used up"),
        (202, {"RequestId": "x", "ErrorMessage": "Quota used up"}, "Quota used up"),
        (202, {"RequestId": "x", "error_code": 17}, "and that it failed"),
        (202, {"RequestId": "x", "Accepted": False}, "and that it failed"),
        (202, {"RequestId": "x", "success": "false"}, "and that it failed"),
        (202, {"RequestId": "x", "Status": "Rejected", "Message": "Unknown"}, "Unknown"),
        (202, {"RequestId": "x", "state": "delivery failed"}, "and that it failed"),
        (202, {"RequestId": "x", "Result": {"error": "Quota used up"}}, "Quota used up"),
        (202, {"RequestId": "x", "Letters": [{"isSuccess": 0}]}, "and that it failed"),
        (202, {"RequestId": "x", "errors": {"City": ["is required"]}}, "City: is required"),
        (202, b"<html><title>Maintenance</title></html>", "Maintenance"),
        (200, {"error": {"code": "QUOTA", "message": "Quota used up"}}, "QUOTA: Quota used up"),
        (200, b"<!DOCTYPE html><title>Log in</title>", "Log in"),
        (402, {"Message": "Credit used up"}, "Credit used up"),
    ],
)
def test_a_doubt_keeps_the_words_of_the_answer(status: int, body: Any, says: str) -> None:
    verdict = judge(answer(status, body), "x", ("w", "x"))
    assert verdict.leaves_doubt
    assert "another letter" not in verdict.message
    assert says in " ".join(verdict.message.split())


@pytest.mark.parametrize(
    "more",
    [
        {"Errors": [], "Error": None, "ErrorMessage": "", "ErrorCode": 0, "Success": True},
        {"Status": "Accepted", "Result": "ok", "error": "None", "accepted": "true"},
        {"status": "Accepted without errors", "state": "no error", "Message": "Nothing failed"},
        {"Success": None, "Status": 202, "Warnings": ["Rejected once before"]},
    ],
)
def test_a_202_that_tells_of_no_failure_is_taken(more: dict[str, Any]) -> None:
    assert judge(answer(202, {"RequestId": "x", **more}), "x", ("x",)).kind is AnswerKind.TAKEN


def test_an_answer_that_names_a_letter_sent_lately_is_told_as_that_ones() -> None:
    said = judge(answer(202, {"RequestId": "y"}), "x", ("x", "y")).message
    assert said == "The API answered 202 for another letter, “y”."


def test_a_network_that_wants_a_login_is_not_the_api() -> None:
    assert judge(answer(511, b"<html>Log in</html>"), "x", ()).kind is AnswerKind.STRANGE


def test_a_number_that_is_an_identifier_names_it() -> None:
    assert judge(answer(202, {"RequestId": 17}), "17", ()).kind is AnswerKind.TAKEN


def test_a_202_that_was_not_read_whole_is_in_doubt() -> None:
    cut = Answer(202, {}, b'{"RequestId": "x"}', complete=False)
    verdict = judge(cut, "x", ())
    assert (verdict.kind, verdict.request_id) == (AnswerKind.IN_DOUBT, "")


def test_a_rejection_says_why() -> None:
    verdict = judge(answer(400, {"errors": {"City": ["is required"]}}), "x", ())
    assert verdict.message == "The API answered 400 Bad Request: City: is required"


def test_without_an_answer_it_depends_on_whether_the_letter_left() -> None:
    assert judge(NoAnswer(left=True, message="lost"), "x", ()).kind is AnswerKind.IN_DOUBT
    assert judge(NoAnswer(left=False, message="none"), "x", ()).kind is AnswerKind.UNREACHED


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
        ("1.5", 1.5),
        ("30, 120", 120),
        ("30,soon", None),
        ("1.", None),
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
