"""The whole way at the desk in a browser, in both languages, and by the keyboard in one of them.

From a workbook as people keep it and a Word letter to a rehearsal, and then to real letters.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import Tabs, accessibility_faults, arrived, drop_file, leave
from desks import Desk
from mailings import Api
from tenants import TenantList
from word_documents import rent_letter

from batchsend.language import _, speaking
from batchsend.mailing import Mailing

SENDER = {
    "Name": "Solbakken borettslag",
    "Address1": "Solbakken 1",
    "PostCode": "0581",
    "City": "Oslo",
    "CountryCode": "NO",
}


class Walker:
    """Somebody who knows the words of one language only, and may have no mouse."""

    def __init__(self, page: Any, keyboard: bool) -> None:
        self.page, self.keyboard = page, keyboard

    def at(self, heading: str | re.Pattern[str]) -> None:
        """A screen is there and still, no wider than the window, and nothing is wrong with it."""
        arrived(self.page, heading)
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, self.page.url
        assert accessibility_faults(self.page) == [], self.page.url

    def press(self, name: str | re.Pattern[str], at: int = 0) -> None:
        """A button, or a link that looks like one."""
        exact = isinstance(name, str)
        button = self.page.get_by_role("button", name=name, exact=exact)
        found = button.or_(self.page.get_by_role("link", name=name, exact=exact)).nth(at)
        found.wait_for()
        leave(self.page)
        if not self.keyboard:
            found.click()
            return
        self.tab_to(found)
        self.page.keyboard.press("Enter")

    def tab_to(self, element: Any) -> None:
        """Go there as somebody without a mouse does."""
        here = "element => element === document.activeElement"
        for _key in range(400):
            if element.evaluate(here):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{element} cannot be reached with the keyboard")

    def until_fewer(self, parts: str, left: int) -> None:
        """Wait until the desk has taken what was pressed, and is not busy with it."""
        fewer = f"document.querySelectorAll('{parts}').length < {left}"
        self.page.wait_for_function(f"() => !document.querySelector('[data-again]') && {fewer}")

    def write(self, name: str, text: str) -> None:
        field = self.page.locator(f"[name={name}]").first
        if self.keyboard:
            self.tab_to(field)
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)
        else:
            field.fill(text)

    def choose(self, name: str, begins: str) -> None:
        field = self.page.locator(f"#{name}")
        if self.keyboard:
            self.tab_to(field)
            self.page.keyboard.type(begins)
        else:
            options = field.locator("option").all_inner_texts()
            field.select_option(label=next(each for each in options if each.startswith(begins)))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The tenants of December; one is in it twice, and one once more with a remark."""
    tenants = TenantList.made()
    tenants.twice(1010, "")
    tenants.twice(1005, "ny kontrakt")
    return tenants.write(tmp_path / "Beboere.xlsx", "desember")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "keyboard", "width", "scheme"),
    [("en", True, 1280, "light"), ("nb-NO", False, 390, "dark")],
)
def test_the_whole_way(  # noqa: PLR0917 - who walks, where, and with what
    tabs: Tabs,
    desk: Desk,
    api: Api,
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    keyboard: bool,
    width: int,
    scheme: str,
) -> None:
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
    page = tabs.open(desk.link(), width=width, scheme=scheme, locale=locale)
    walker = Walker(page, keyboard)
    with speaking(locale[:2]):
        walker.at(_("Send a letter to everybody in a list"))
        drop_file(page, "#list-file", workbook)
        choose_the_rows(walker)
        write_the_letter(walker, rent_letter(tmp_path / "Brev.docx"))
        mend(walker)
        rehearse(walker)
        send(walker, 175)
    assert len(set(api.identifiers())) == len(api.identifiers()) == 175
    assert Mailing.load(desk.folder / "Beboere" / "mailing.toml").list.copies == "skip"


def choose_the_rows(walker: Walker) -> None:
    walker.at(_("Your list"))
    walker.press(_("These are the right rows"))
    walker.at(_("Who gets it"))
    walker.choose("Identifier", "Kundenr")
    walker.press(_("The addresses are right"))
    walker.at(_("The letter"))


def write_the_letter(walker: Walker, letter: Path) -> None:
    drop_file(walker.page, "#word-file", letter)
    walker.at(_("A letter from Word"))
    walker.press(_("Use its text on our letterhead"))
    walker.at(_("The letter"))
    for name, text in SENDER.items():
        walker.write(name, text)
    walker.press(_("Save the sender"))
    walker.at(_("The letter"))
    walker.page.wait_for_function("() => document.getElementById('pages').dataset.drawn > 0")
    walker.press(_("Go on to Check"))


def mend(walker: Walker) -> None:
    ready = re.compile(re.escape(_("%(letters)s ready, %(rows)s to look at")).replace(
        re.escape("%(letters)s"), r"\d+").replace(re.escape("%(rows)s"), r"\d+"))  # fmt: skip
    walker.at(ready)
    cures = walker.page.locator("form.cure")
    while left := cures.count():
        walker.press(cures.first.locator("button").inner_text())
        walker.until_fewer("form.cure", left)
    left = walker.page.locator("section.note.bad").count()
    walker.press(_("Leave row %(row)s out").replace("%(row)s", "185"))
    walker.until_fewer("section.note.bad", left)
    walker.press(_("Leave row %(row)s out").replace("%(row)s", "186"))
    walker.at(_("All %(letters)s letters are ready").replace("%(letters)s", "175"))
    here = walker.page.locator("nav.steps [aria-current=step] .done")
    assert here.count() == 1, "the check is ticked while one looks at it"
    walker.press(_("Look at the letters"))
    walker.at(_("Look at the letters"))
    walker.press(_("Go on to sending"))
    walker.at(_("Send"))


def rehearse(walker: Walker) -> None:
    page = walker.page
    assert page.get_by_text("38, 39, 126").count(), "the hidden rows stay behind"
    walker.press(page.locator(".banner form button").inner_text())
    walker.at(_("The rehearsal is done"))
    walker.press(_("See the receipt"))
    walker.at(_("The receipt of a rehearsal"))
    walker.press(_("Send real letters"))
    walker.at(_("Send"))


def send(walker: Walker, number: int) -> None:
    walker.write("typed", str(number))
    walker.press(walker.page.locator("button.real").first.inner_text())
    walker.at(_("All letters are handed over"))
    walker.press(_("See the receipt"))
    walker.at(_("The receipt"))
    walker.page.get_by_text(re.compile(rf"^\s*{number}\b")).first.wait_for()
    done = walker.page.locator("nav.steps .which.done")
    assert done.count() == 7, "every step is done"
