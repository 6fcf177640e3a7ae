"""The mailbox page: what arrived, newest first, and nothing of it can do harm."""

from __future__ import annotations

import re
from typing import Any

import httpx


def test_newest_first_with_the_recipient(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("older"))
    api.post("/send/letter", content=body("newer"))
    page = api.get("/").text
    assert page.index("newer") < page.index("older")
    assert "Kari Nordmann, 0150 Oslo" in page
    assert "2 letters taken" in page


def test_an_empty_mailbox_says_so(api: httpx.Client) -> None:
    assert "No letter has arrived yet" in api.get("/").text


def test_a_letter_shows_its_fields_and_its_pdf(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("rent-1", Note="ring the bell"))
    link = re.search(r'href="(/letters/\d+)"', api.get("/").text)
    assert link
    page = api.get(link[1]).text
    assert "ring the bell" in page
    shown = re.search(r'<object data="([^"]+)"', page)
    assert shown
    assert api.get(shown[1]).content.startswith(b"%PDF-")


def test_what_a_letter_says_stays_text(api: httpx.Client, body: Any) -> None:
    nasty = '"><script>alert(1)</script>'
    name = {"Name": nasty, "PostCode": nasty, "City": nasty}
    api.post("/send/letter", content=body(nasty, Channel=nasty, Note=nasty, Invoicee=name))
    number = api.get("/sandbox/letters").json()[0]["id"]
    for page in (api.get("/").text, api.get(f"/letters/{number}").text):
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_the_page_needs_and_may_do_nothing_else(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("rent-1"))
    answer = api.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert not re.search(r'(?:src|href)="(?!/)', answer.text)


def test_national_ids_are_masked(api: httpx.Client, body: Any) -> None:
    person = {"Name": "Kari", "NationalId": "01857212345"}
    api.post("/send/letter", content=body("rent-1", Invoicee=person))
    number = api.get("/sandbox/letters").json()[0]["id"]
    page = api.get(f"/letters/{number}").text
    assert "018572*****" in page
    assert "01857212345" not in page


def test_repeated_identifiers_stand_out(api: httpx.Client, body: Any) -> None:
    api.post("/send/letter", content=body("twice"))
    api.post("/send/letter", content=body("twice"))
    page = api.get("/").text
    assert "identifiers taken more than once: 1" in page
    assert "×2" in page
