"""The tutorial is walked on a desk that runs: its buttons are there, and its pictures are of it.

`BATCHSEND_PICTURES=1 python -m pytest -n 0 -m slow tests/desk/test_tutorial.py` takes the pictures.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from browser import Tabs, arrived, drop_file, leave
from desks import running_desk
from PIL import Image
from tenants import TenantList
from waiting import PATIENCE
from word_documents import rent_letter

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "static" / "desk"
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
WIDTH = 900
NO_PLACE = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const place = /\\/\\S+(?=\\/Mailings)/;
  while (texts.nextNode())
    if (place.test(texts.currentNode.data))
      texts.currentNode.data = texts.currentNode.data.replace(place, "Documents");
}"""
"""Pictures do not say in which folder of which machine they were taken. No other text is touched:
the letter that is being written would be another one."""
DRAWN = "() => document.getElementById('pages').dataset.drawn > {times}"


@dataclass
class Walk:
    """Somebody who does what the tutorial says: what they pressed, and what they did by hand."""

    page: Any
    named: set[str] = field(default_factory=set)
    """The headings and buttons that were there."""
    steps: list[str] = field(default_factory=list)
    pictured: list[str] = field(default_factory=list)

    def at(self, heading: str) -> None:
        """A screen is there, and the desk has nothing left to read."""
        self.named.add(arrived(self.page, re.compile(heading), PATIENCE * 4).inner_text())

    def press(self, name: str) -> None:
        """A button, or a link that looks like one."""
        button = self.page.get_by_role("button", name=name, exact=True)
        either = button.or_(self.page.get_by_role("link", name=name, exact=True)).first
        either.wait_for()
        self.named.add(name)
        self.steps.append(name)
        leave(self.page)
        either.click()

    def drop(self, where: str, file: Path) -> None:
        self.steps.append(f"drop {file.name}")
        drop_file(self.page, where, file)

    def write(self, label: str, text: str) -> None:
        self.steps.append(f"write {label}")
        self.page.get_by_label(label, exact=True).fill(text)
        self.named.add(label)

    def choose(self, label: str, option: str) -> None:
        self.steps.append(f"choose {option}")
        self.page.get_by_label(label).select_option(label=option)
        self.named |= {label, option}

    def picture(self, name: str, part: str = "body") -> None:
        """Take or compare: a picture of the window, from where `part` begins."""
        self.pictured.append(f"{name}.png")
        self.page.locator(part).first.evaluate("part => part.scrollIntoView()")
        self.page.evaluate(NO_PLACE)
        taken = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        if os.environ.get("BATCHSEND_PICTURES"):
            PICTURES.mkdir(exist_ok=True)
            small = taken.resize(
                (WIDTH, WIDTH * taken.height // taken.width), Image.Resampling.LANCZOS
            )
            small.quantize(64).save(PICTURES / f"{name}.png", optimize=True)


@pytest.fixture
def walk(tmp_path: Path, tabs: Tabs) -> Iterator[Walk]:
    folder = tmp_path / "Mailings"
    folder.mkdir()
    with running_desk(folder) as desk:
        yield Walk(tabs.open(desk.link(), width=1280, height=860))


def without_numbers(name: str) -> str:
    return re.sub(r"\d+ (?=letters|ready|to look)", "", name)


def take_the_list(walk: Walk, workbook: Path) -> None:
    walk.at("Send a letter")
    walk.picture("start")
    walk.drop("input[type=file]", workbook)
    walk.at("Your list")
    walk.picture("list")
    walk.press("These are the right rows")
    walk.at("Who gets it")
    walk.picture("people")
    walk.press("The addresses are right")
    walk.at("The letter")


def write_the_letter(walk: Walk, letter: Path) -> None:
    page = walk.page
    walk.drop("#word-file", letter)
    walk.at("A letter from Word")
    walk.press("Use its text on our letterhead")
    walk.at("The letter")
    walk.write("Name", "Solbakken borettslag")
    walk.write("Street and number", "Solbakken 1")
    walk.write("Postcode", "0581")
    walk.write("Town", "Oslo")
    walk.write("Country, two letters", "NO")
    walk.press("Save the sender")
    walk.at("The letter")
    page.wait_for_function(DRAWN.format(times=0))
    drawn = page.locator("#pages").get_attribute("data-drawn")
    page.locator("#paper-text .chip", has_text="Husleie").click()
    walk.choose("Show the field as", "an amount: 1 234,50")
    page.wait_for_function(DRAWN.format(times=drawn))
    page.get_by_text("Nothing is wrong with this page.").wait_for()
    walk.press("Save the letter")
    page.get_by_text("The letter is saved.").wait_for()
    walk.picture("letter", "#letter")


def mend_and_rehearse(walk: Walk) -> None:
    page = walk.page
    walk.press("Go on to Check")
    walk.at("ready")
    walk.picture("check")
    page.get_by_label(re.compile(r"^Row 8, ")).fill("0581")
    walk.press("Correct")
    walk.at("ready")
    walk.press("Look at the letters")
    walk.at("Look at the letters")
    page.get_by_role("img", name="Page 1 of").evaluate("image => image.decode()")
    walk.picture("look")
    walk.press("Go on to sending")
    walk.at("Send")
    button = page.get_by_role("button", name=re.compile(r"^Rehearse \d+ letters$"))
    walk.picture("send")
    walk.press(button.inner_text())
    walk.at("The rehearsal is done")
    walk.press("See the receipt")
    walk.at("The receipt of a rehearsal")
    walk.picture("receipt")


@pytest.mark.slow
def test_the_tutorial_can_be_followed(walk: Walk, tmp_path: Path) -> None:
    take_the_list(walk, TenantList.made().write(tmp_path / "Beboere.xlsx", "desember"))
    write_the_letter(walk, rent_letter(tmp_path / "Ny husleie.docx"))
    mend_and_rehearse(walk)
    assert len(walk.steps) <= 20, walk.steps
    told = set(map(without_numbers, re.findall(r"\*\*(.+?)\*\*", TUTORIAL)))
    named = set(map(without_numbers, walk.named))
    assert named == told
    assert re.findall(r"\(static/desk/(.+?)\)", TUTORIAL) == walk.pictured


def test_every_picture_of_the_tutorial_is_small_and_there() -> None:
    shown = set(re.findall(r"\(static/desk/(.+?)\)", TUTORIAL))
    assert shown == {path.name for path in PICTURES.iterdir()}
    for name in shown:
        assert (PICTURES / name).stat().st_size < 150_000
        with Image.open(PICTURES / name) as picture:
            assert picture.width == WIDTH
