"""What the sandbox takes, what it refuses, and what it remembers."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchsend.sandbox.request_check import RefusedLetter, TakenLetter, checked


def test_a_letter_is_answered_as_documented(api: httpx.Client, body: Any) -> None:
    answer = api.post("/send/letter", content=body("rent-1"))
    assert answer.status_code == 202
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"RequestId": "rent-1", "Message": "rent-1 is accepted."}


def test_what_it_took_is_on_record_with_its_fields(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("rent-1"))
    api.post("/send/letter", content=body("rent-2"))
    first, second = api.get("/sandbox/letters").json()
    assert [first["identifier"], second["identifier"]] == ["rent-1", "rent-2"]
    assert first["monotonic"] <= second["monotonic"]
    assert first["fields"]["Invoicee"]["Name"] == "Kari Nordmann"
    assert "FreeText" not in first["fields"]


def test_the_subscription_is_not_kept(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("rent-1"))
    for path in ("/", "/sandbox/letters", "/sandbox/requests"):
        assert "the-subscription" not in api.get(path).text


def test_the_pdf_comes_back_as_it_was(api: httpx.Client, body: Any) -> None:
    pdf = b"%PDF-1.4\n\x00\xff\xfe binary \n%%EOF"
    api.post("/send/letter", content=body("rent-1", pdf=pdf))
    number = api.get("/sandbox/letters").json()[0]["id"]
    answer = api.get(f"/sandbox/letters/{number}/pdf")
    assert answer.content == pdf
    assert answer.headers["content-type"] == "application/pdf"


def changed(body: bytes, *path: str, to: Any) -> bytes:
    whole = orjson.loads(body)
    part = whole
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    return orjson.dumps(whole)


PDF_TEXT = b"%PDF-1.7 \xfb\xff " + b"?" * 40 + b" %%EOF"


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("Letter", "Identifier"), "", "Letter.Identifier"),
        (("Letter", "Channel"), " ", "Letter.Channel"),
        (("Letter", "Invoicee", "Name"), "", "Letter.Invoicee.Name"),
        (("Letter", "Invoicee", "PostCode"), 150, "Letter.Invoicee.PostCode"),
        (("Letter", "Invoicee", "Shoesize"), "44", "Letter.Invoicee.Shoesize"),
        (("Letter", "Invoicer"), None, "Letter.Invoicer"),
        (("Letter", "FreeText"), "", "Letter.FreeText"),
        (("Letter", "FreeText"), b64encode(b"not a pdf").decode(), "Letter.FreeText"),
        (("Letter", "FreeText"), urlsafe_b64encode(PDF_TEXT).decode(), "Letter.FreeText"),
        (("Letter", "FreeText"), b64encode(PDF_TEXT).decode()[:-1], "Letter.FreeText"),
        (("Letter", "FreeText"), "æ" + b64encode(PDF_TEXT).decode()[1:], "Letter.FreeText"),
        (("Letter", "FreeText"), b64encode(PDF_TEXT[:-5]).decode(), "Letter.FreeText"),
        (("Subscription", "SubscriptionId"), "", "Subscription.SubscriptionId"),
        (("Subscription",), None, "Subscription"),
    ],
)
def test_a_wrong_letter_is_refused_by_field(
    body: Any, path: tuple[str, ...], value: Any, field: str
) -> None:
    read = checked(changed(body(), *path, to=value))
    assert isinstance(read, RefusedLetter)
    assert list(read.errors) == [field]


def test_a_refusal_is_a_400_that_says_why_and_takes_nothing(api: httpx.Client, body: Any) -> None:
    answer = api.post("/send/letter", content=changed(body(), "Letter", "Identifier", to=""))
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"Letter.Identifier": ["is required"]}
    assert api.get("/sandbox/letters").json() == []
    assert [request["status"] for request in api.get("/sandbox/requests").json()] == [400]


@given(st.binary(max_size=200))
def test_no_body_upsets_it(content: bytes) -> None:
    assert isinstance(checked(content), RefusedLetter)


@given(st.binary(max_size=3000))
def test_any_pdf_is_taken_whole(inside: bytes) -> None:
    fields = {
        "Channel": "PRINT",
        "Identifier": "x",
        "FreeText": b64encode(b"%PDF-1.7\n" + inside + b"%%EOF\n").decode(),
        "Invoicee": {"Name": "K"},
        "Invoicer": {"Name": "U"},
    }
    subscription = {"SubscriptionId": "s", "StorageId": "1"}
    read = checked(orjson.dumps({"Letter": fields, "Subscription": subscription}))
    assert isinstance(read, TakenLetter)
    assert read.free_text.decode() == fields["FreeText"]


def test_repeats_are_counted_and_refused_only_when_told(
    api: httpx.Client, body: Any, tell: Any
) -> None:
    assert api.post("/send/letter", content=body("twice")).status_code == 202
    assert api.post("/send/letter", content=body("twice")).status_code == 202
    assert len(api.get("/sandbox/letters").json()) == 2
    tell(refuse_repeats=True)
    assert api.post("/send/letter", content=body("twice")).status_code == 409
    assert len(api.get("/sandbox/letters").json()) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/send/letter", 404),
        ("PUT", "/send/letter", 404),
        ("POST", "/send/invoice", 404),
        ("POST", "/sandbox/requests", 405),
        ("GET", "/elsewhere", 404),
        ("GET", "/sandbox/letters/999999/pdf", 404),
        ("GET", "/sandbox/letters/../../etc/passwd/pdf", 404),
        ("GET", "/letters/²", 404),
    ],
)
def test_other_addresses(api: httpx.Client, method: str, path: str, status: int) -> None:
    assert api.request(method, path).status_code == status


def test_a_web_page_elsewhere_learns_nothing(api: httpx.Client) -> None:
    assert api.get("/", headers={"Host": "evil.example.com"}).status_code == 403
    assert api.get("/sandbox/letters", headers={"Host": "evil.example.com:80"}).status_code == 403
    plain = {"Content-Type": "text/plain"}
    assert api.post("/sandbox/faults", content=b"{}", headers=plain).status_code == 415
