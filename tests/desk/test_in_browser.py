"""The desk as a person uses it, in Chromium: the whole walk, and what axe-core finds on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import Tabs, drop_file, ready, settle
from desks import Desk, workbook
from mailings import MailingFolder, row

NASTY = '<img src="//evil.example.com/x" onerror="alert(1)">'
SCREENS = (
    *("list", "people", "letter", "check", "look", "send", "approve", "under-way", "receipt"),
    *("next", "tidy"),
)


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    place = desk.folder / "rent"
    place.mkdir()
    mailing = MailingFolder(place)
    mailing.write(*(row(number) for number in range(1, 8)), row(9, postnr="150", poststed="Ås"))
    return mailing


@pytest.mark.slow
def test_the_whole_walk(tabs: Tabs, desk: Desk, tmp_path: Path) -> None:
    page = tabs.open(desk.link())
    page.get_by_role("heading", name="Your mailings").wait_for()
    settle(page)
    drop_file(page, "input[type=file]", workbook(tmp_path / "leietakere.xlsx", 40))
    page.get_by_role("link", name="These are the right rows").click()
    page.get_by_text("Kari Nordmannb").first.wait_for()
    settle(page)
    path = desk.folder / "leietakere" / "mailing.toml"
    text = path.read_text(encoding="utf-8").replace('Name = ""', 'Name = "Utleier AS"')
    slow = text.replace("rate = 10 ", "rate = 1 ")
    assert slow != text
    path.write_text(slow, encoding="utf-8")
    page.get_by_role("link", name="Check", exact=False).first.click()
    page.get_by_role("heading", name="All 39 letters are ready").wait_for()
    page.get_by_role("link", name="Look at the letters").click()
    ready(page)
    sheet = page.get_by_role("img", name="Page 1 of")
    assert sheet.evaluate("image => image.decode().then(() => image.naturalWidth)") > 900
    page.keyboard.press("ArrowRight")
    page.get_by_text("Letter 2 of 39").wait_for()
    page.get_by_label("Find by name or row").fill("nordmannc")
    page.get_by_role("heading", name="Found").wait_for()
    page.get_by_role("link", name="Go on to sending").click()
    ready(page)
    page.get_by_role("button", name="Rehearse 39 letters").click()
    page.get_by_role("heading", name=re.compile(r"^[1-9]\d* of")).wait_for()
    settle(page)
    page.get_by_role("button", name="Pause here").click()
    page.get_by_role("heading", name="Stopped on the way").wait_for()
    settle(page)
    path.write_text(text, encoding="utf-8")
    page.get_by_role("link", name="Go on").click()
    ready(page)
    page.get_by_role("button", name="Rehearse").click()
    page.get_by_role("heading", name="The rehearsal is done").wait_for()
    settle(page)
    page.get_by_role("link", name="See the receipt").click()
    page.get_by_text("rehearsed", exact=True).first.wait_for()
    settle(page)
    page.get_by_role("button", name="Norsk bokmål").click()
    page.locator("html[lang=nb]").wait_for()


@pytest.mark.slow
def test_a_desk_that_is_gone_is_said_to_be(tabs: Tabs, desk: Desk, rent: MailingFolder) -> None:
    """The numbers of a run would stand there for good, and nobody would know."""
    rent.write(*(row(number) for number in range(1, 60)))
    rent.edit("rate = 500", "rate = 1")
    page = tabs.open(desk.link())
    page.get_by_role("heading", name="Your mailings").wait_for()
    page.goto(f"{desk.base}/mailing/rent/mailing.toml/send")
    ready(page)
    page.get_by_role("button", name="Rehearse 59 letters").click()
    page.get_by_role("heading", name=re.compile(r"^[1-9]\d* of")).wait_for()
    said = page.locator("#said")
    page.context.set_offline(True)
    page.get_by_role("button", name="Pause here").click()
    page.get_by_text("The desk does not answer. Start it again.").wait_for()
    assert said.bounding_box()["height"] > 20, "for everybody to see"
    tabs.faults.clear()
    settle(page)
    page.context.set_offline(False)
    page.get_by_role("button", name="Pause here").click()
    page.get_by_role("heading", name="Stopped on the way").wait_for()
    assert said.inner_text() == ""


@pytest.mark.slow
def test_a_screen_that_was_waited_for_takes_what_is_dropped(
    tabs: Tabs, desk: Desk, rent: MailingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchsend.desk.work.SOON", 0.0)
    page = tabs.open(desk.link())
    page.get_by_role("heading", name="Your mailings").wait_for()
    page.goto(f"{desk.base}/mailing/rent/mailing.toml/check")
    page.get_by_role("heading", name="7 ready, 1 to look at").wait_for()
    page.locator("[data-ready] input[type=file]").wait_for(state="attached", timeout=5000)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_screen_is_for_everybody(
    tabs: Tabs, desk: Desk, rent: MailingFolder, width: int, scheme: str
) -> None:
    assert rent.run("send", "--sandbox").exit_code == 1
    page = tabs.open(desk.link(), width=width, scheme=scheme)
    page.get_by_role("heading", name="Your mailings").wait_for()
    settle(page)
    for screen in SCREENS:
        page.goto(f"{desk.base}/mailing/rent/mailing.toml/{screen}")
        settle(page)


LONG = "Gjennomføringsavtalekontoansvarligsammenslutningen" * 2


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en", "nb-NO"])
def test_no_screen_is_wider_than_a_phone(
    tabs: Tabs, desk: Desk, rent: MailingFolder, locale: str
) -> None:
    rent.write(row(1, adresse=LONG), row(2, etternavn=LONG), row(3, poststed=LONG, postnr="15"))
    assert rent.run("send", "--sandbox").exit_code == 1
    page = tabs.open(desk.link(), width=390, locale=locale)
    ready(page)
    wide: dict[str, int] = {}
    for screen in ("", *(f"mailing/rent/mailing.toml/{screen}" for screen in SCREENS)):
        page.goto(f"{desk.base}/{screen}")
        ready(page)
        if screen.endswith("letter"):
            page.locator("#troubles :is(li, p)").first.wait_for()
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate("document.documentElement.scrollWidth")
            wide |= {(screen, width): found} if found > width else {}
    assert wide == {}


@pytest.mark.slow
def test_markup_in_a_list_is_text(tabs: Tabs, desk: Desk, rent: MailingFolder) -> None:
    rent.write(f"1;{NASTY};Nordmann;Storgata 1;150;Oslo;;1", f"2;{NASTY};Moe;Gata 2;0150;Oslo;;9")
    page = tabs.open(desk.link())
    page.get_by_role("heading", name="Your mailings").wait_for()
    for screen in ("list", "people", "check", "look", "send"):
        page.goto(f"{desk.base}/mailing/rent/mailing.toml/{screen}")
        ready(page)
        assert page.locator("img:not(.sheet)").count() == 0


@pytest.mark.slow
def test_by_keyboard_alone_a_rehearsal_is_begun(
    tabs: Tabs, desk: Desk, rent: MailingFolder
) -> None:
    page = tabs.open(desk.link())
    page.get_by_role("link", name="rent").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your list").wait_for()
    page.get_by_role("link", name="6 Send").focus()
    page.keyboard.press("Enter")
    ready(page)
    page.get_by_role("button", name="Rehearse 7 letters").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="The rehearsal is done").wait_for()
