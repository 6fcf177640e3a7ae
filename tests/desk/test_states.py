"""Every state of a screen that is neither empty nor right, as anybody can use it.

What is wrong, what was refused, what is still to be decided: axe-core finds nothing on any of them,
and none is wider than its window, in both languages, on a desk and on a phone, light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from browser import Tabs, arrived, drop_file, leave, ready, settle
from desks import Desk
from mailings import TEMPLATE, Api, MailingFolder, row

from batchsend.language import _, speaking
from batchsend.sandbox import Fault
from batchsend.word.office_process import office

AT = "/mailing/rent/mailing.toml"
FACES = [("en", 1280, "dark"), ("nb-NO", 390, "light")]
OUTSIDE_THE_WINDOW = TEMPLATE.replace("left: 5mm; top: 30mm", "left: 5mm; top: 200mm")


@pytest.fixture
def rent(desk: Desk) -> MailingFolder:
    place = desk.folder / "rent"
    place.mkdir()
    return MailingFolder(place)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, api: Api) -> Api:
    """An API that the desk sends real letters to."""
    monkeypatch.setenv("BATCHSEND_BASE_URL", api.base_url)
    monkeypatch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
    monkeypatch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
    return api


class Visitor:
    """Somebody who goes from state to state, and says which was seen."""

    def __init__(self, tabs: Tabs, desk: Desk, face: tuple[str, int, str]) -> None:
        locale, width, scheme = face
        self._tabs, self.base = tabs, desk.base
        self.page: Any = tabs.open(desk.link(), width=width, scheme=scheme, locale=locale)
        ready(self.page)

    def sees(self, address: str, words: str | None = None) -> None:
        """A state that has an address."""
        self.page.goto(f"{self.base}{address}")
        self.sees_now(words)

    def sees_now(self, words: str | None = None) -> None:
        """What an answer has made of the page."""
        ready(self.page)
        if words is not None:
            self.page.get_by_text(words).first.wait_for()
        settle(self.page)
        # A page that says what is wrong has a status that says so, which the console repeats.
        self._tabs.faults[:] = [each for each in self._tabs.faults if "status of 4" not in each]

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()


@pytest.fixture(params=FACES, ids=str)
def visitor(request: pytest.FixtureRequest, tabs: Tabs, desk: Desk) -> Iterator[Visitor]:
    """Somebody at the desk, whose language the test speaks."""
    with speaking(request.param[0][:2]):
        yield Visitor(tabs, desk, request.param)


@pytest.mark.slow
def test_before_anything_is_sent(
    visitor: Visitor, desk: Desk, rent: MailingFolder, tmp_path: Path
) -> None:
    broken = desk.folder / "broken"
    broken.mkdir()
    (broken / "mailing.toml").write_text("no settings", encoding="utf-8")
    no_list = tmp_path / "list.xlsx"
    no_list.write_bytes(b"no workbook")
    page = visitor.page
    visitor.sees("/", _("cannot be opened"))
    visitor.sees("/?q=nobody", _("No mailing is called like that."))
    drop_file(page, "#list-file", no_list)
    page.locator("[role=alert]").filter(has_text="list.xlsx").wait_for()
    visitor.sees_now()
    visitor.sees(f"{AT}/tidy")
    visitor.sees(f"{AT}/send?to=real", _("Before real letters can be sent"))
    visitor.sees(f"{AT}/look?q=nobody")
    rent.write(row(1, postnr="x"), row(2, postnr="0099"), row(3), row(3), row(4, postnr="150"))
    visitor.sees(f"{AT}/check", _("Worth a look"))
    page.locator("form.cure button").first.click()
    visitor.sees_now(_("Undo the last correction"))
    rent.write(row(1, postnr="x"))
    visitor.sees(f"{AT}/look", _("No letter is ready yet."))
    rent.write(row(1))
    letter = rent.folder / "letter.html"
    letter.write_text(OUTSIDE_THE_WINDOW, encoding="utf-8")
    visitor.sees(f"{AT}/check", _("The letter cannot be posted like this"))
    visitor.sees(f"{AT}/look", _("This letter cannot be sent as it is."))
    visitor.sees(f"{AT}/send")
    letter.write_text("<p>{{ telefon }}</p>", encoding="utf-8")
    visitor.sees(f"{AT}/check", _("The list cannot be checked yet"))
    visitor.sees(f"{AT}/send", _("Nothing can be sent yet"))
    visitor.sees(f"{AT}/letter")
    page.locator("#unfit").wait_for()
    visitor.sees_now()
    page.locator("summary", has_text=_("Begin with another letter")).click()
    visitor.sees_now()
    leave(page)
    visitor.presses(_("Begin with this letter"))
    arrived(page, _("Use another letter?"))
    visitor.sees_now()
    (rent.folder / "list.csv").write_bytes(b"")
    visitor.sees(f"{AT}/list")
    visitor.sees("/mailing/none/mailing.toml/list")
    visitor.sees("/none")


@pytest.mark.slow
def test_of_real_letters(visitor: Visitor, rent: MailingFolder, real: Api, tmp_path: Path) -> None:
    real.misbehave(letters={"test-1002": (Fault.DROP_AFTER,)})
    rent.edit('files = ["csv"]', 'files = ["csv", "xlsx"]')
    page = visitor.page
    visitor.sees(f"{AT}/send?to=real")
    page.locator("details summary").first.click()
    visitor.sees_now(_("Send one real letter to me"))
    for name in ("Name", "Address1", "PostCode", "City"):
        page.locator(f"#me-{name}").fill("0150")
    visitor.presses(_("Send one real letter to me"))
    visitor.sees_now()
    visitor.sees(f"{AT}/send?to=real")
    page.locator("#typed").fill("77")
    page.locator("button.real").first.click()
    page.locator("[role=alert]").filter(has_text="77").wait_for()
    visitor.sees_now()
    page.locator("#typed").fill("6")
    page.locator("button.real").first.click()
    page.locator("[data-events]").wait_for(state="detached")
    visitor.sees_now()
    visitor.sees(f"{AT}/receipt?status=unknown")
    page.locator("td summary").click()
    visitor.sees_now(_("It was not taken: it goes when you send again"))
    visitor.sees(f"{AT}/receipt?q=nobody", _("No row is like that."))
    visitor.sees(f"{AT}/send?to=real", _("There is nothing left to send."))
    page.get_by_role("link", name=_("Decide")).click()
    visitor.sees_now(_("I have asked the provider"))
    visitor.sees(f"{AT}/next")
    drop_file(page, "#list-file", rent.folder / "list.csv")
    visitor.sees_now(_("This is the same list as before."))
    before = (rent.folder / "list.csv").read_bytes()
    rent.write(row(1), row(2, beløp="9"), row(9))
    new = (rent.folder / "list.csv").rename(tmp_path / "new.csv")
    (rent.folder / "list.csv").write_bytes(before)
    drop_file(page, "#list-file", new)
    page.get_by_label(_("Which month is it for?")).wait_for()
    visitor.sees_now()
    visitor.presses(_("Check the new list"))
    visitor.sees_now()
    visitor.sees(f"{AT}/receipt", _("Other periods"))
    rent.edit("rate = 500", "rate = 500\napproval = true")
    visitor.sees(f"{AT}/send?to=real", _("To the approval"))
    visitor.sees(f"{AT}/approve")
    (rent.folder / "ledger.sqlite").write_bytes(b"no database" * 100)
    visitor.sees(f"{AT}/receipt")


@pytest.mark.slow
@pytest.mark.skipif(office() is None, reason="LibreOffice is not installed")
def test_of_a_letter_from_word(visitor: Visitor, rent: MailingFolder, tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Borettslaget"
    document.add_paragraph("Hei {{ fornavn }}. Ring «Mobil» eller [navn].")
    document.save(str(tmp_path / "brev.docx"))
    visitor.sees(f"{AT}/letter")
    drop_file(visitor.page, "#word-file", tmp_path / "brev.docx")
    arrived(visitor.page, _("A letter from Word"))
    visitor.sees_now(_("This does not come along"))
    visitor.presses(_("Use its text on our letterhead"))
    visitor.sees_now(_("Tick that you have seen what is lost, and go on."))
    visitor.presses(_("Print it as it is in Word, nothing lost"))
    visitor.sees_now(_("This letter cannot be sent as it is."))
