"""The faults' form: it shows what is ahead, takes what is meant, and says what is wrong."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.sandbox import Fault, Faults
from batchsend.sandbox.faults import GROUPS, FaultSchedule, told, values_of


def test_every_fault_stands_in_it() -> None:
    assert {fault for group in GROUPS.values() for fault in group} == {*Fault} - {Fault.OK}


FAULTS = st.builds(
    Faults,
    rates=st.dictionaries(
        st.sampled_from([*Fault][1:]), st.integers(1, 52).map(lambda n: n / 1000)
    ),
    script=st.lists(st.sampled_from(Fault)).map(tuple),
    letters=st.dictionaries(
        st.from_regex(r"[A-Za-z0-9=/-]{1,9}", fullmatch=True),
        st.lists(st.sampled_from(Fault), min_size=1).map(tuple),
    ),
    seed=st.integers(-1000, 1000),
    retry_after=st.sampled_from(["", "7", "Sun, 15 Nov 2026 12:00:00 GMT"]),
    delay=st.sampled_from([0, 0.25, 3600]),
    refuse_repeats=st.booleans(),
)


@given(FAULTS)
def test_what_it_shows_means_what_it_was(faults: Faults) -> None:
    assert told(values_of(faults)).faults == faults


def test_an_empty_form_behaves() -> None:
    assert told({}).faults == Faults()
    assert told({"rate 503": " ", "delay": "", "seed": "", "script": " , "}).faults == Faults()
    assert told({"retry_after": ""}).faults == Faults(retry_after="")


def test_a_percentage_may_have_a_comma() -> None:
    assert told({"rate 503": "2,5"}).faults == Faults(rates={Fault.UNAVAILABLE: 0.025})


@pytest.mark.parametrize(
    ("field", "text", "complaint"),
    [
        ("rate 503", "many", "is a number"),
        ("rate 503", "101", "0 to 100"),
        ("rate 503", "-1", "0 to 100"),
        ("rate 503", "nan", "0 to 100"),
        ("delay", "soon", "0 to 3600 seconds"),
        ("delay", "9999", "0 to 3600 seconds"),
        ("seed", "1.5", "whole number"),
        ("retry_after", "1\r\nSet-Cookie: x", "HTTP date"),
        ("script", "503, sulk", "“sulk” is not a fault"),
        ("letters", "rent-1: 503", "not an identifier"),
        ("letters", "rent-1 = sulk", "“sulk” is not a fault"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, text: str, complaint: str) -> None:
    said = told({field: text})
    assert said.faults is None
    assert list(said.wrong) == [field]
    assert complaint in said.wrong[field]


def test_more_than_everything_cannot_go_wrong() -> None:
    assert "more than 100" in told({"rate 503": "60", "rate 500": "60"}).wrong["rates"]


def test_what_has_struck_is_no_longer_ahead() -> None:
    course = FaultSchedule(Faults(script=(Fault.ERROR, Fault.BUSY), letters={"a": (Fault.SLOW,)}))
    assert course.for_letter("a", course.next()) is Fault.SLOW
    assert course.ahead() == Faults(script=(Fault.BUSY,))
    assert course.for_letter("b", course.next()) is Fault.BUSY
    assert course.ahead() == Faults()
    assert course.for_letter("a", course.next()) is Fault.OK


@pytest.fixture
def own(api: httpx.Client) -> dict[str, str]:
    return {"Origin": str(api.base_url).rstrip("/")}


def test_setting_and_taking_back(api: httpx.Client, body: Any, own: dict[str, str]) -> None:
    answer = api.post("/faults", data={"rate 503": "100", "retry_after": "9"}, headers=own)
    assert (answer.status_code, answer.headers["location"]) == (303, "/faults?done=1")
    refused = api.post("/send/letter", content=body("x"))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "9")
    page = api.get("/faults?done=1").text
    assert "The faults are set" in page
    assert 'name="rate 503" value="100"' in page
    assert ">on</b>" in page
    assert api.post("/faults/none", headers=own).status_code == 303
    assert api.get("/sandbox/faults").json() == Faults().model_dump(mode="json")
    assert api.post("/send/letter", content=body("x")).status_code == 202


def test_a_wrong_form_comes_back_as_it_was_filled_in(
    api: httpx.Client, own: dict[str, str]
) -> None:
    form = {"rate 503": '7"><script>', "script": "503"}
    answer = api.post("/faults", data=form, headers=own)
    assert answer.status_code == 400
    assert "is a number" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<script>" not in answer.text
    assert 'value="7&#34;&gt;&lt;script&gt;"' in answer.text
    assert api.get("/sandbox/faults").json() == Faults().model_dump(mode="json")


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example.com", "http://127.0.0.1:1", "http://localhost"],
)
def test_a_form_elsewhere_changes_nothing(api: httpx.Client, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    for address in ("/faults", "/faults/none"):
        answer = api.post(address, data={"rate 503": "100"}, headers=headers)
        assert answer.status_code == 403
    assert api.get("/sandbox/faults").json() == Faults().model_dump(mode="json")


def test_a_name_pointed_at_this_machine_changes_nothing(api: httpx.Client) -> None:
    headers = {"Host": "evil.example.com", "Origin": "http://evil.example.com"}
    answer = api.post("/faults", data={"rate 503": "100"}, headers=headers)
    assert answer.status_code == 403
    assert api.get("/sandbox/faults").json() == Faults().model_dump(mode="json")
