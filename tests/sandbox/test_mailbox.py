"""The mailbox's pages: what arrived, newest first, and nothing of it can do harm."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from batchsend.sandbox import Fault
from batchsend.web import legible


def address_of(api: httpx.Client, identifier: str = "") -> str:
    """Where the newest request is shown, or the newest with this identifier."""
    requests = api.get("/sandbox/requests").json()
    return next(
        f"/letters/{request['id']}"
        for request in reversed(requests)
        if not identifier or request["identifier"] == identifier
    )


def test_newest_first_with_the_recipient(api: httpx.Client, body: Any, pdf: bytes) -> None:
    api.post("/send/letter", content=body("older"))
    api.post("/send/letter", content=body("newer", pdf=pdf))
    page = api.get("/").text
    assert page.index(">newer<") < page.index(">older<")
    assert "Kari Nordmann" in page
    assert "0150 Oslo" in page
    assert "2 pages" in page
    assert "<b>2</b> letters taken" in page


def test_an_empty_mailbox_says_so_and_how_to_send(api: httpx.Client) -> None:
    page = api.get("/").text
    assert "No letter has arrived yet" in page
    assert f"--base-url {str(api.base_url).rstrip('/')}" in page


def test_a_letter_shows_its_fields_and_its_pages(api: httpx.Client, body: Any, pdf: bytes) -> None:
    api.post("/send/letter", content=body("rent-1", pdf=pdf, Note="ring the bell"))
    page = api.get(address_of(api)).text
    assert "ring the bell" in page
    pictures = re.findall(r'<img src="(/letters/[^"]+)"', page)
    assert len(pictures) == 2
    for address in pictures:
        picture = Image.open(BytesIO(api.get(address).content))
        assert picture.format == "PNG"
        assert picture.size == (992, 1404)
    link = re.search(r'href="(/sandbox/letters/\d+/pdf)"', page)
    assert link
    assert api.get(link[1]).content == pdf


def test_a_pdf_that_nobody_can_read_is_said_in_words(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("rent-1"))
    address = address_of(api)
    assert "No picture can be made of this PDF" in api.get(address).text
    assert api.get(f"{address}/pages/1.png").status_code == 404


@pytest.mark.parametrize("page", [0, 3])
def test_pages_there_are_not(api: httpx.Client, body: Any, pdf: bytes, page: int) -> None:
    api.post("/send/letter", content=body("rent-1", pdf=pdf))
    assert api.get(f"{address_of(api)}/pages/{page}.png").status_code == 404


def test_a_page_as_large_as_a_house_gives_a_small_picture(
    api: httpx.Client, body: Any, pdf: bytes
) -> None:
    large = pdf.replace(b"[ 0 0 595 842]", b"[ 0 0 14400 9000]")
    api.post("/send/letter", content=body("rent-1", pdf=large))
    picture = Image.open(BytesIO(api.get(f"{address_of(api)}/pages/1.png").content))
    assert picture.size == (2400, 1500)


def test_a_refusal_is_shown_with_its_reason(api: httpx.Client, body: Any) -> None:
    wrong = body("rent-1", pdf=b"not a PDF")
    assert api.post("/send/letter", content=wrong).status_code == 400
    assert "<b>1</b> not taken" in api.get("/").text
    page = api.get(address_of(api)).text
    assert "The letter was not taken" in page
    assert "Letter.FreeText is not a PDF" in page


def test_what_a_fault_did_is_said(api: httpx.Client, body: Any, tell: Any) -> None:
    tell(script=[Fault.UNAVAILABLE, Fault.ERROR_AFTER])
    for _ in range(3):
        api.post("/send/letter", content=body("rent-1"))
    page = api.get("/").text
    assert re.findall(r'class="tag (\w+)">([^<]+)<', page) == [
        ("good", "202"),
        ("wary", "500 · taken"),
        ("bad", "503"),
    ]
    numbers = re.findall(r'href="(/letters/\d+)"', page)
    assert "503, not available" in api.get(numbers[2]).text
    assert "500, although it was taken" in api.get(numbers[1]).text
    assert "All requests with this identifier" in api.get(numbers[0]).text


def test_repeated_identifiers_stand_out(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("twice"))
    api.post("/send/letter", content=body("twice"))
    page = api.get("/").text
    assert "<b>1</b> taken more than once" in page
    assert "taken 2 times" in page


def test_only_what_is_asked_for_is_listed(api: httpx.Client, body: Any, tell: Any) -> None:
    tell(script=[Fault.OK, Fault.BUSY])
    for identifier, name in (("one", "Åse Berg"), ("two", "Per Å. Moe"), ("three", "Liv Berg")):
        letter = body(identifier, Invoicee={"Name": name, "NationalId": "01857212345"})
        api.post("/send/letter", content=letter)

    def found(**asked: str) -> list[str]:
        return re.findall(r"<bdi>([a-z]+)</bdi>", api.get("/", params=asked).text)

    assert found() == ["three", "two", "one"]
    assert found(q="berg") == ["three", "one"]
    assert found(q="BERG åse") == ["one"]
    assert found(q="t", show="taken") == ["three", "one"]
    assert found(show="refused") == ["two"]
    assert found(show="again") == []
    assert found(q="01857212345") == []
    assert found(q="invoicee") == []
    assert "Nothing here is like that" in api.get("/", params={"q": "nobody"}).text


def test_older_letters_are_a_page_further(api: httpx.Client, body: Any) -> None:
    for number in range(203):
        api.post("/send/letter", content=body(f"letter-{number}"))
    page = api.get("/").text
    assert page.count("<li data-place") == 200
    (older,) = re.findall(r'id="older" href="([^"]+)"', page)
    page = api.get(older).text
    assert re.findall(r"<bdi>(letter-\d+)</bdi>", page) == ["letter-2", "letter-1", "letter-0"]


def test_what_a_letter_says_stays_text(api: httpx.Client, body: Any) -> None:
    nasty = '"><script>alert(1)</script>\x1b[31m\u202e'
    name = {"Name": nasty, "PostCode": nasty, "City": nasty}
    api.post("/send/letter", content=body(nasty, Channel=nasty, Note=nasty, Invoicee=name))
    for page in (api.get("/", params={"q": nasty}).text, api.get(address_of(api)).text):
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
        assert not set("\x1b\u202e") & set(page)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Åse\xa0Berg\nOslo", "Åse\xa0Berg\nOslo"),
        ("a\x00b\x07", "a�b�"),
        ("\u202egnp.exe\u2066", "�gnp.exe�"),
        ("\ud800", "�"),
    ],
)
def test_control_characters_are_seen_and_not_obeyed(text: str, shown: str) -> None:
    assert legible(text) == shown


def test_national_ids_are_masked(api: httpx.Client, body: Any) -> None:
    person = {"Name": "Kari", "NationalId": "01857212345"}
    api.post("/send/letter", content=body("rent-1", Invoicee=person))
    page = api.get(address_of(api)).text
    assert "018572*****" in page
    assert "01857212345" not in page


def test_what_is_shown_is_for_no_other_page(api: httpx.Client, body: Any, pdf: bytes) -> None:
    api.post("/send/letter", content=body("../rent 1", pdf=pdf))
    letter = address_of(api)
    for address in (
        "/",
        letter,
        f"{letter}/pages/1.png",
        f"/sandbox{letter}/pdf",
        "/static/mailbox.js",
    ):
        answer = api.get(address)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert address.endswith("pdf") or "require-trusted-types-for 'script'" in policy
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    name = api.get(f"/sandbox{letter}/pdf").headers["content-disposition"]
    assert re.fullmatch(r'inline; filename="\d+-rent-1.pdf"', name)


def test_it_can_be_emptied_from_its_own_page_only(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("rent-1"))
    for origin in ({}, {"Origin": "null"}, {"Origin": "http://evil.example.com"}):
        assert api.post("/empty", headers=origin).status_code == 403
    assert len(api.get("/sandbox/letters").json()) == 1
    own = {"Origin": str(api.base_url).rstrip("/")}
    assert api.post("/empty", headers=own).status_code == 303
    assert api.get("/sandbox/letters").json() == []
    assert "<b>0</b> letters taken" in api.get("/").text
