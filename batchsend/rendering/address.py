"""The address block: within the envelope's window, alone there, and as sorting machines read it.

Which text is the address is told by its words: those of the request's `Invoicee`. Knows nothing of
how the page was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from babel import Locale

from batchsend.rendering.findings import Finding, and_more, named, worst
from batchsend.rendering.page_settings import PageRules
from batchsend.rendering.pdf import Box, Mark, Page

SLACK = 0.3
"""Millimetres by which ink may pass a line before anybody could see it."""
POINTS = (10, 12)
"""Letter sizes that sorting machines read (Norwegian envelope guides)."""
BLANK_LINE = 1.7
"""A line this many times as far from the last one as the nearest two are has a blank before it."""
_LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en")
_ADDRESS = ("Name", "Address1", "Address2", "Address3", "PostCode", "City")


@dataclass(slots=True)
class _Line:
    """Texts of one baseline that stand close together."""

    text: str
    box: Box
    base: float
    points: float


def address_findings(
    page: Page, marks: list[Mark], rules: PageRules, fields: Mapping[str, Any]
) -> Iterator[Finding]:
    """What is wrong in and around the window of the first page, of which little is left then."""
    if rules.window is None:
        return
    area = rules.window
    window = Box(area.left, area.top, area.left + area.width, area.top + area.height)
    recipient = fields.get("Invoicee") or {}
    words = _words_of(recipient)
    surroundings = window.grown(max(rules.clear, 1))
    surroundings = surroundings._replace(bottom=max(surroundings.bottom, rules.body_from or 0))
    near = [mark for mark in marks if mark.box.touches(surroundings)]
    page.keep(near, marks)
    lines = _lines(page, [mark for mark in near if mark.is_text])
    address = [line for line in lines if _words(line.text) <= words]
    others = [line for line in lines if line not in address and _words(line.text)]

    yield from _in_window(page, address, window)
    yield from _alone(page, others, [mark for mark in near if not mark.is_text], window, rules)
    if address:
        yield from _readable(page, address, str(recipient.get("PostCode") or ""))
    yield from _missing(page, address, window, str(recipient.get("Name") or ""))


def _in_window(page: Page, address: list[_Line], window: Box) -> Iterator[Finding]:
    reaching = [(*_outside(line.box, window), line.text) for line in address]
    out = [found for found in reaching if found[0] > SLACK]
    if out:
        far, side, text = max(out)
        words = f"“{text}” reaches {far:.1f} mm {side} the address window{and_more(len(out) - 1)}"
        yield Finding("window", words, page.number)


def _outside(box: Box, window: Box) -> tuple[float, str]:
    """How far a box reaches out of the window at most, and where."""
    return max(
        (window.top - box.top, "above"),
        (box.bottom - window.bottom, "below"),
        (window.left - box.left, "to the left of"),
        (box.right - window.right, "to the right of"),
    )


def _missing(page: Page, address: list[_Line], window: Box, name: str) -> Iterator[Finding]:
    """Say so when the recipient's name is not there, and where it is instead."""
    wanted = _words(name)
    seen = set[str]().union(*(_words(line.text) for line in address))
    if not wanted or wanted <= seen:
        return
    page.load()
    elsewhere = [
        line
        for line in _lines(page, [mark for mark in page.marks() if mark.is_text])
        if wanted <= _words(line.text) and _outside(line.box, window)[0] > SLACK
    ]
    where = ""
    if elsewhere:
        far, side = min(_outside(line.box, window) for line in elsewhere)
        where = f"; the nearest place it stands reaches {far:.1f} mm {side} it"
    yield Finding("window", f"the name “{name}” is not in the address window{where}", page.number)


def _alone(
    page: Page, others: list[_Line], drawings: list[Mark], window: Box, rules: PageRules
) -> Iterator[Finding]:
    """Nothing else in the window, around it, or where the letter's text must not have begun."""
    around = window.grown(rules.clear)
    above_body = Box(window.left, window.top, window.right, rules.body_from or 0)
    for line in others:
        if line.box.touches(window):
            depth = _overlap(line.box, window)
            text = f"“{line.text}” reaches {depth:.1f} mm into the address window"
            yield Finding("window", text, page.number)
        elif line.box.touches(above_body):
            yield Finding(
                "body",
                f"“{line.text}” starts {line.box.top:.1f} mm from the top, the text of a letter "
                f"{rules.body_from:g} mm or lower",
                page.number,
            )
        elif rules.clear and line.box.touches(around.grown(-SLACK)):
            yield Finding(
                "clear",
                f"“{line.text}” is {_distance(line.box, window):.1f} mm from the address window, "
                f"{rules.clear:g} mm must stay clear",
                page.number,
            )
    touching = [
        (_overlap(box, window), mark)
        for mark in drawings
        if (box := page.visible(mark)) is not None and box.touches(window)
    ]
    if touching:
        far, mark, more = worst(touching)
        text = f"{named(page, mark)} reaches {far:.1f} mm into the address window{more}"
        yield Finding("window", text, page.number)


def _overlap(box: Box, window: Box) -> float:
    both = box.cut(window)
    return min(both.right - both.left, both.bottom - both.top)


def _distance(box: Box, window: Box) -> float:
    across = max(window.left - box.right, box.left - window.right, 0)
    along = max(window.top - box.bottom, box.top - window.bottom, 0)
    return float((across**2 + along**2) ** 0.5)


def _readable(page: Page, address: list[_Line], postcode: str) -> Iterator[Finding]:
    for line in address:
        if not POINTS[0] - 0.1 <= line.points <= POINTS[1] + 0.1:
            text = f"“{line.text}” is set in {line.points:.1f} points; 10 to 12 can be read"
            yield Finding("address", text, page.number)
            break
    steps = [after.base - before.base for before, after in pairwise(address)]
    for step, line in zip(steps, address[1:], strict=True):
        if step > BLANK_LINE * min(steps):
            yield Finding("address", f"there is a blank line before “{line.text}”", page.number)
    last = address[-1].text
    if postcode and any(postcode in line.text for line in address[:-1]):
        after = [line for line in address if postcode in line.text][-1]
        if after is not address[-1] and not _words(last) & _country_words():
            text = f"“{last}” follows the line of the postcode, which must be the last"
            yield Finding("address", text, page.number)


def _lines(page: Page, texts: list[Mark]) -> list[_Line]:
    """Texts put together to lines, from top to bottom: a word may be drawn in several pieces."""
    pieces = []
    for mark in texts:
        base, points = page.baseline(mark)
        pieces.append(_Line(page.text(mark), mark.box, base, points))
    pieces.sort(key=lambda line: (round(line.base, 1), line.box.left))
    lines: list[_Line] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        gap = piece.box.left - last.box.right if last else 0
        # In mm for points: half a letter's width is a blank, columns stand further apart than two.
        if last and abs(piece.base - last.base) < 0.2 and gap < 0.2 * piece.points:
            space = " " if gap > 0.05 * piece.points and not last.text.endswith(" ") else ""
            last.text += space + piece.text
            last.box = Box(
                last.box.left,
                min(last.box.top, piece.box.top),
                max(last.box.right, piece.box.right),
                max(last.box.bottom, piece.box.bottom),
            )
        else:
            lines.append(piece)
    for line in lines:
        line.text = " ".join(line.text.split())
    return lines


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _words_of(recipient: Mapping[str, Any]) -> set[str]:
    """Every word that belongs in the address: the fields', the country's in our languages."""
    words = set[str]().union(*(_words(str(recipient.get(key) or "")) for key in _ADDRESS))
    country = str(recipient.get("CountryCode") or "").upper()
    return words | ({country.casefold()} | _country(country) if country else set())


@cache
def _country(code: str) -> frozenset[str]:
    names = (Locale(language).territories.get(code, "") for language in _LANGUAGES)
    return frozenset[str]().union(*(_words(name) for name in names))


@cache
def _country_words() -> frozenset[str]:
    codes = Locale("en").territories
    return frozenset[str]().union(*(_country(str(code)) for code in codes if str(code).isalpha()))
