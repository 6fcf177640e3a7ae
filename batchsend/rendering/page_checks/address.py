"""The address block: within the envelope's window, alone there, and as sorting machines read it.

Which text is the address is told by its words: those of the request's `Invoicee`. Knows nothing of
how the page was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from babel import Locale

from batchsend.language import N_, _
from batchsend.rendering.page_checks.overprinted import over_each_other
from batchsend.rendering.page_checks.subject import SLACK, Finding, Sheet, and_more, named, worst
from batchsend.rendering.pdf.boxes import Box, Mark
from batchsend.rendering.pdf.page import Page
from batchsend.rendering.pdf.text import bare, made_of, page_text, words
from batchsend.rendering.settings import PageRules

POINTS = (10, 12)
"""Letter sizes that sorting machines read (Norwegian envelope guides)."""
BLANK_LINE = 1.7
"""A line this many times as far from the last one as the nearest two are has a blank before it."""
SAME_LINE = 0.2
"""Millimetres between two baselines that are one."""
_LONG = 5
"""Letters and digits of a name or address line that are in no other line by chance."""
_LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en")
_ADDRESS = ("Name", "Address1", "Address2", "Address3", "PostCode", "City")


@dataclass(slots=True)
class _Line:
    """Texts of one baseline that stand close together."""

    text: str
    box: Box
    base: float
    points: float
    bare: str = ""
    """Its letters and digits alone."""


def address(sheet: Sheet) -> Iterator[Finding]:
    """What is wrong in and around the window of the first page, of which little is read then."""
    page, rules = sheet.page, sheet.rules
    if rules.window is None or page.number != 1:
        return
    window = rules.window.box
    recipient = sheet.fields.get("Invoicee") or {}
    parts = _words_of(recipient)
    surroundings = window.grown(max(rules.clear, 1))
    surroundings = surroundings._replace(bottom=max(surroundings.bottom, rules.body_from or 0))
    near = [mark for mark in sheet.marks if mark.box.touches(surroundings)]
    near = _seen(sheet, near)
    # What a text says may depend on the texts beside it, so those that are asked for later stay.
    page.keep(near, sheet.marks)
    lines = _lines(page, [mark for mark in near if mark.is_text and not mark.box.is_empty])
    lines = [line for line in lines if line.text]
    block = [line for line in lines if made_of(line.bare, parts)]
    others = [line for line in lines if line not in block]
    drawings = [mark for mark in near if not mark.is_text]

    if parts:
        shown = [*block, *(line for line in others if _shows(line, recipient))]
        yield from _nobody(sheet, shown, window, recipient)
    if not sheet.layout.own:  # `overprinted` looks at every page of our own
        in_window = [mark for mark in near if mark.is_text and mark.box.touches(window)]
        yield from over_each_other(page, in_window)
    yield from _in_window(page, block, window)
    yield from _alone(page, others, drawings, window, rules)
    if block:
        yield from _readable(page, block, bare(str(recipient.get("PostCode") or "")))
    name = str(recipient.get("Name") or "")
    yield from _missing(page, block, window, name)


def _seen(sheet: Sheet, near: list[Mark]) -> list[Mark]:
    """Those of the marks near the window that are printed; of texts, also those that are there to
    be searched only, behind a picture of them.
    """
    page = sheet.page
    texts = [mark for mark in near if mark.is_text and not mark.box.is_empty]
    if sheet.layout.own and not _may_be_unseen(page, near, texts):
        return near
    shown = set(map(id, page.seen(texts)))
    has_picture = any(not mark.is_text and page.is_picture(mark) for mark in sheet.marks)
    return [
        mark
        for at, mark in enumerate(near)
        if not mark.is_text
        or id(mark) in shown
        or (has_picture and not page.shows(mark))
        or any(_is_scan(page, other) for other in near[at + 1 :])
    ]


def _is_scan(page: Page, mark: Mark) -> bool:
    """Whether it is a picture of more than half of the page."""
    across, along = mark.box.right - mark.box.left, mark.box.bottom - mark.box.top
    large = across * along > page.width * page.height / 2
    return large and not mark.is_text and page.is_picture(mark)


def _may_be_unseen(page: Page, near: list[Mark], texts: list[Mark]) -> bool:
    """Whether something is drawn over a text of a letter that was made just now, or a text is
    there without being painted.
    """
    behind = list[Box]()
    for mark in near:
        if mark.is_text:
            behind.append(mark.box)
        elif any(mark.box.touches(box) for box in behind):
            return True
    return not all(map(page.shows, texts))


def _nobody(
    sheet: Sheet, shown: list[_Line], window: Box, recipient: Mapping[str, Any]
) -> Iterator[Finding]:
    """Say so when the post cannot see whom the letter is for, or where it goes."""
    page = sheet.page
    postcode = bare(str(recipient.get("PostCode") or ""))
    inside = [line for line in shown if _middle_in(line.box, window)]
    if not inside and page_text(page) is not None:
        text = _("neither the recipient's name nor a line of the address is in the address window")
        yield Finding("addressee", text, page.number)
    elif postcode and inside and not any(postcode in line.bare for line in inside):
        for line in shown:
            if postcode in line.bare and _middle(line.box)[1] > window.bottom:
                text = _(
                    "“{text}” stands below the address window, with the postcode", text=line.text
                )
                yield Finding("addressee", text, page.number)
                return
        text = _(
            "the postcode {postcode} is not in the address window", postcode=recipient["PostCode"]
        )
        yield Finding("window", text, page.number)


def _shows(line: _Line, recipient: Mapping[str, Any]) -> bool:
    """Whether the name or a line of the address is in it, as in “Att. Kari Hansen”."""
    fields = (bare(str(recipient.get(key) or "")) for key in _ADDRESS[:-2])
    return any(len(field) >= _LONG and field in line.bare for field in fields)


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _middle_in(box: Box, window: Box) -> bool:
    across, along = _middle(box)
    return window.left < across < window.right and window.top < along < window.bottom


_REACHES = {
    "above": N_("“{text}” reaches {far:.1f} mm above the address window"),
    "below": N_("“{text}” reaches {far:.1f} mm below the address window"),
    "to the left of": N_("“{text}” reaches {far:.1f} mm to the left of the address window"),
    "to the right of": N_("“{text}” reaches {far:.1f} mm to the right of the address window"),
}
_NOT_IN_WINDOW = {
    "above": N_(
        "the name “{name}” is not in the address window; the nearest place it stands reaches "
        "{far:.1f} mm above it"
    ),
    "below": N_(
        "the name “{name}” is not in the address window; the nearest place it stands reaches "
        "{far:.1f} mm below it"
    ),
    "to the left of": N_(
        "the name “{name}” is not in the address window; the nearest place it stands reaches "
        "{far:.1f} mm to the left of it"
    ),
    "to the right of": N_(
        "the name “{name}” is not in the address window; the nearest place it stands reaches "
        "{far:.1f} mm to the right of it"
    ),
}


def _in_window(page: Page, address: list[_Line], window: Box) -> Iterator[Finding]:
    reaching = [(*_outside(line.box, window), line.text) for line in address]
    out = [found for found in reaching if found[0] > SLACK]
    if out:
        far, side, text = max(out)
        said = _(_REACHES[side], text=text, far=far)
        yield Finding("window", and_more(said, len(out) - 1), page.number)


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
    wanted = words(name)
    seen = "".join(line.bare for line in address)
    if all(word in seen for word in wanted):
        return
    if page_text(page) is None:
        text = _("the page is a picture, so nobody can tell what the address window shows")
        yield Finding("window", text, page.number)
        return
    page.load()
    texts = [mark for mark in page.marks() if mark.is_text and not mark.box.is_empty]
    elsewhere = [
        line
        for line in _lines(page, texts)
        if all(word in line.bare for word in wanted) and _outside(line.box, window)[0] > SLACK
    ]
    if elsewhere:
        far, side = min(_outside(line.box, window) for line in elsewhere)
        said = _(_NOT_IN_WINDOW[side], name=name, far=far)
    else:
        said = _("the name “{name}” is not in the address window", name=name)
    yield Finding("window", said, page.number)


def _alone(
    page: Page, others: list[_Line], drawings: list[Mark], window: Box, rules: PageRules
) -> Iterator[Finding]:
    """Nothing else in the window, around it, or where the letter's text must not have begun."""
    around = window.grown(rules.clear)
    above_body = Box(window.left, window.top, window.right, rules.body_from or 0)
    for line in others:
        if line.box.touches(window):
            depth = _overlap(line.box, window)
            text = _(
                "“{text}” reaches {depth:.1f} mm into the address window",
                text=line.text,
                depth=depth,
            )
            yield Finding("window", text, page.number)
        elif line.box.touches(above_body):
            yield Finding(
                "body",
                _(
                    "“{text}” starts {top:.1f} mm from the top, the text of a letter "
                    "{body_from:g} mm or lower",
                    text=line.text,
                    top=line.box.top,
                    body_from=rules.body_from,
                ),
                page.number,
            )
        elif rules.clear and line.box.touches(around.grown(-SLACK)):
            yield Finding(
                "clear",
                _(
                    "“{text}” is {distance:.1f} mm from the address window, {clear:g} mm "
                    "must stay clear",
                    text=line.text,
                    distance=_distance(line.box, window),
                    clear=rules.clear,
                ),
                page.number,
            )
    touching = [
        (_overlap(box, window), mark)
        for mark in drawings
        if (box := page.visible(mark)) is not None and box.touches(window)
    ]
    if touching:
        far, mark, more = worst(touching)
        text = _(
            "{mark} reaches {far:.1f} mm into the address window", mark=named(page, mark), far=far
        )
        yield Finding("window", and_more(text, more), page.number)


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
            text = _(
                "“{text}” is set in {points:.1f} points; 10 to 12 can be read",
                text=line.text,
                points=line.points,
            )
            yield Finding("address", text, page.number)
            break
    # Words of one line may stand too far apart to be one text.
    firsts = [b for a, b in pairwise(address) if b.base - a.base > SAME_LINE]
    steps = [after.base - before.base for before, after in pairwise([address[0], *firsts])]
    for step, line in zip(steps, firsts, strict=True):
        if step > BLANK_LINE * min(steps):
            yield Finding(
                "address", _("there is a blank line before “{text}”", text=line.text), page.number
            )
    last = address[-1].text
    if postcode and any(postcode in line.bare for line in address[:-1]):
        after = [line for line in address if postcode in line.bare][-1]
        if after is not address[-1] and not made_of(address[-1].bare, _country_words()):
            text = _("“{last}” follows the line of the postcode, which must be the last", last=last)
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
        if last and abs(piece.base - last.base) < SAME_LINE and gap < 0.2 * piece.points:
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
        line.bare = bare(line.text)
    return lines


def _words_of(recipient: Mapping[str, Any]) -> set[str]:
    """Every word that belongs in the address: the fields', the country's in our languages."""
    found = set[str]().union(*(words(str(recipient.get(key) or "")) for key in _ADDRESS))
    country = str(recipient.get("CountryCode") or "").upper()
    return found | ({country.casefold()} | _country(country) if country else set())


@cache
def _country(code: str) -> frozenset[str]:
    names = (Locale(language).territories.get(code, "") for language in _LANGUAGES)
    return frozenset[str]().union(*(words(name) for name in names))


@cache
def _country_words() -> frozenset[str]:
    codes = Locale("en").territories
    return frozenset[str]().union(*(_country(str(code)) for code in codes if str(code).isalpha()))
