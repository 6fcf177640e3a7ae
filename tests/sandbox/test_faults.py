"""The sandbox misbehaves exactly as told, and its record says what it took all the same."""

from __future__ import annotations

import socket
from itertools import islice
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from waiting import PATIENCE, until

from batchsend.sandbox import Fault, Faults
from batchsend.sandbox.faults import plan

TAKES_NOTHING = {
    Fault.BUSY: 429,
    Fault.UNAVAILABLE: 503,
    Fault.ERROR: 500,
    Fault.UNAUTHORISED: 401,
    Fault.FORBIDDEN: 403,
    Fault.REDIRECT: 307,
    Fault.NOT_FOUND: 404,
    Fault.CONFLICT: 409,
    Fault.PAGE: 200,
    Fault.REFUSED: 400,
    Fault.ESCAPES: 400,
}
TAKES_AND_ANSWERS = {
    Fault.OK: 202,
    Fault.ERROR_AFTER: 500,
    Fault.SLOW: 202,
    Fault.INTERIM: 202,
    Fault.DRIP: 202,
    Fault.GARBAGE: 202,
    Fault.OTHER_ID: 202,
}
LOSES_THE_CONNECTION = {
    Fault.DROP_BEFORE: False,
    Fault.DROP_AFTER: True,
    Fault.NOT_HTTP: True,
    Fault.CUT_OFF: True,
}
GIVES_NO_END = {Fault.SILENCE: True, Fault.SILENCE_BEFORE: False}


def test_every_fault_is_tried_here() -> None:
    tried = {*TAKES_NOTHING, *TAKES_AND_ANSWERS, *LOSES_THE_CONNECTION, *GIVES_NO_END, Fault.HUGE}
    assert tried == set(Fault)


def taken(api: httpx.Client) -> list[str]:
    return [letter["identifier"] for letter in api.get("/sandbox/letters").json()]


@pytest.mark.parametrize(("fault", "status"), TAKES_NOTHING.items())
def test_refusing(api: httpx.Client, body: Any, tell: Any, fault: Fault, status: int) -> None:
    tell(script=[fault])
    assert api.post("/send/letter", content=body("x")).status_code == status
    assert taken(api) == []
    assert api.get("/sandbox/requests").json()[0]["fault"] == fault.value
    assert api.post("/send/letter", content=body("x")).status_code == 202


@pytest.mark.parametrize(("fault", "status"), TAKES_AND_ANSWERS.items())
def test_taking(api: httpx.Client, body: Any, tell: Any, fault: Fault, status: int) -> None:
    tell(script=[fault], delay=0.05)
    assert api.post("/send/letter", content=body("x")).status_code == status
    assert taken(api) == ["x"]
    assert api.get("/sandbox/requests").json()[0]["status"] == status


@pytest.mark.parametrize(("fault", "takes"), LOSES_THE_CONNECTION.items())
def test_losing_the_connection(
    api: httpx.Client, body: Any, tell: Any, fault: Fault, takes: bool
) -> None:
    tell(script=[fault])
    with pytest.raises(httpx.TransportError):
        api.post("/send/letter", content=body("x"))
    assert taken(api) == (["x"] if takes else [])
    assert api.get("/sandbox/requests").json()[0]["taken"] == takes


@pytest.mark.parametrize(("fault", "takes"), GIVES_NO_END.items())
def test_saying_nothing(api: httpx.Client, body: Any, tell: Any, fault: Fault, takes: bool) -> None:
    tell(script=[fault])
    with pytest.raises(httpx.ReadTimeout):
        api.post("/send/letter", content=body("x"), timeout=httpx.Timeout(PATIENCE, read=0.2))
    until(lambda: taken(api) == (["x"] if takes else []), "the letter in the record")


def test_an_answer_without_end(api: httpx.Client, body: Any, tell: Any) -> None:
    tell(script=[Fault.HUGE])
    read = 0
    with api.stream("POST", "/send/letter", content=body("x")) as answer:
        assert answer.status_code == 202
        for piece in answer.iter_raw():
            read += len(piece)
            if read > 1_000_000:
                break
    assert read > 1_000_000
    assert taken(api) == ["x"]


@pytest.mark.parametrize("value", ["7", "Sun, 15 Nov 2026 12:00:00 GMT", ""])
def test_retry_after_is_as_told(api: httpx.Client, body: Any, tell: Any, value: str) -> None:
    tell(script=[Fault.BUSY], retry_after=value)
    answer = api.post("/send/letter", content=body("x"))
    assert answer.headers.get("retry-after", "") == value


def test_a_letter_can_have_a_script_of_its_own(api: httpx.Client, body: Any, tell: Any) -> None:
    tell(letters={"unlucky": [Fault.ERROR, Fault.UNAVAILABLE]})
    statuses = [
        api.post("/send/letter", content=body(identifier)).status_code
        for identifier in ("unlucky", "lucky", "unlucky", "unlucky")
    ]
    assert statuses == [500, 202, 503, 202]


def test_a_seed_gives_the_same_faults_again() -> None:
    faults = Faults(rates={Fault.ERROR: 0.2, Fault.BUSY: 0.1}, seed=5)
    first = list(islice(plan(faults), 2000))
    assert first == list(islice(plan(faults), 2000))
    assert first != list(islice(plan(faults.model_copy(update={"seed": 6})), 2000))
    assert 300 < first.count(Fault.ERROR) < 500
    assert 120 < first.count(Fault.BUSY) < 280


def test_the_script_comes_before_the_rates() -> None:
    faults = Faults(script=(Fault.OK, Fault.BUSY), rates={Fault.ERROR: 1})
    assert list(islice(plan(faults), 4)) == [Fault.OK, Fault.BUSY, Fault.ERROR, Fault.ERROR]


@pytest.mark.parametrize(
    "wrong",
    [{"rates": {"500": 0.6, "429": 0.6}}, {"rates": {"500": 2}}, {"script": ["x"]}, {"sed": 1}],
)
def test_faults_there_are_not(api: httpx.Client, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Faults.model_validate(wrong)
    assert api.post("/sandbox/faults", json=wrong).status_code == 400


def test_a_client_that_goes_away_in_mid_letter_leaves_none(api: httpx.Client, body: Any) -> None:
    whole = body("x")
    address = (str(api.base_url.host), int(api.base_url.port or 0))
    with socket.create_connection(address) as half:
        head = f"POST /send/letter HTTP/1.1\r\nHost: x\r\nContent-Length: {len(whole)}\r\n\r\n"
        half.sendall(head.encode() + whole[:-1])
        half.shutdown(socket.SHUT_WR)
        half.settimeout(PATIENCE)
        while half.recv(4096):
            """The sandbox has not noticed yet."""
    assert taken(api) == []
