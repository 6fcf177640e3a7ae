"""The paper: A4, as Digipost's printability validator measures it; what runs off it, or stands
where printers cannot print; and its left edge: the zone of the inserting machine's marks, and the
margin.
"""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import N_, _
from batchsend.rendering.page_checks.subject import SLACK, Finding, Sheet, and_more, named, worst
from batchsend.rendering.pdf.boxes import Box, Mark

A4_WIDTH, A4_HEIGHT = 210, 297
SHRUNK = 10
"""Digipost's validator: an A4 page may be this much smaller, not larger."""
ROUNDING = 0.5
"""The validator rounds to whole millimetres, half of one upwards."""


def paper(sheet: Sheet) -> Iterator[Finding]:
    """One, where the page is not A4, upright or landscape, or was not before it was cropped."""
    page = sheet.page
    if not _fits(page.width, page.height):
        width, height = page.width, page.height
        if page.landscape:
            width, height = height, width
        yield Finding(
            "paper",
            _("{width:.0f} x {height:.0f} mm is not A4 (210 x 297)", width=width, height=height),
            page.number,
        )
    elif not _fits(*(whole := page.whole())):
        width, height = whole
        text = _(
            "it is {width:.0f} x {height:.0f} mm before it is cropped to A4",
            width=width,
            height=height,
        )
        yield Finding("paper", text, page.number)


def _fits(width: float, height: float) -> bool:
    return (
        A4_WIDTH - SHRUNK - ROUNDING <= width < A4_WIDTH + ROUNDING
        and A4_HEIGHT - SHRUNK - ROUNDING <= height < A4_HEIGHT + ROUNDING
    )


UNSEEN = 0.5
"""Millimetres that nobody sees."""


def left_edge(sheet: Sheet) -> Iterator[Finding]:
    """What stands in the barcode zone or the left margin; the zone's own rules come first."""
    page, rules = sheet.page, sheet.rules
    zone = rules.barcode.box if rules.barcode is not None else None
    margin = rules.left_margin or 0
    in_zone: dict[str, list[tuple[float, Mark]]] = {"barcode": [], "barcode_drawings": []}
    in_margin: list[tuple[float, Mark]] = []
    reach = max(zone.right if zone is not None else 0, margin - UNSEEN)
    for mark in [mark for mark in sheet.marks if mark.box.left < reach]:
        if zone is not None and mark.box.touches(zone):
            box = page.visible(mark)
            if box is not None and box.touches(zone):
                rule = "barcode" if mark.is_text else "barcode_drawings"
                in_zone[rule].append((zone.right - max(zone.left, box.left), mark))
                continue
        if mark.box.left < margin - UNSEEN:
            box = page.visible(mark)
            if box is not None and box.left < margin - UNSEEN:
                in_margin.append((margin - box.left, mark))
    for rule, found in in_zone.items():
        if found and zone is not None:
            yield _in_zone(sheet, rule, found, zone)
    if in_margin:
        far, mark, more = worst(in_margin)
        yield Finding(
            "margin",
            and_more(
                _(
                    "{mark} starts {left:.1f} mm from the left edge, {margin:g} mm must stay free",
                    mark=named(page, mark),
                    left=margin - far,
                    margin=margin,
                ),
                more,
            ),
            page.number,
        )


def _in_zone(sheet: Sheet, rule: str, found: list[tuple[float, Mark]], zone: Box) -> Finding:
    far, mark, more = worst(found)
    return Finding(
        rule,
        and_more(
            _(
                "{mark} reaches {far:.1f} mm into the zone kept for the inserting machine "
                "({left:g} to {right:g} mm from the left, {top:g} to {bottom:g} from the top)",
                mark=named(sheet.page, mark),
                far=far,
                left=zone.left,
                right=zone.right,
                top=zone.top,
                bottom=zone.bottom,
            ),
            more,
        ),
        sheet.page.number,
    )


_RUNS_OFF = {
    "top": N_("{mark} runs {far:.1f} mm off the top edge of the page"),
    "bottom": N_("{mark} runs {far:.1f} mm off the bottom edge of the page"),
    "left": N_("{mark} runs {far:.1f} mm off the left edge of the page"),
    "right": N_("{mark} runs {far:.1f} mm off the right edge of the page"),
}
_NEAR = {
    "top": N_("{mark} is {distance:.1f} mm from the top edge, printers need {border:g} mm"),
    "bottom": N_("{mark} is {distance:.1f} mm from the bottom edge, printers need {border:g} mm"),
    "left": N_("{mark} is {distance:.1f} mm from the left edge, printers need {border:g} mm"),
    "right": N_("{mark} is {distance:.1f} mm from the right edge, printers need {border:g} mm"),
}


BLEED = 3.5
"""Millimetres by which a picture may pass the edge, so that no white line is left of it."""


def outside(sheet: Sheet) -> Iterator[Finding]:
    """The text that runs farthest off the page, and the one that goes deepest into its border.

    What lies wholly beside a page that is cropped is the printer's, such as crop marks.
    """
    page = sheet.page
    whole = Box(0, 0, page.width, page.height)
    inner = whole.grown(-sheet.rules.border)
    off: list[tuple[float, str, Mark]] = []
    drawn: list[tuple[float, str, Mark]] = []
    near: list[tuple[float, str, Mark]] = []
    left, top, right, bottom = inner
    beyond = [
        mark
        for mark in sheet.marks
        if not (
            left <= (box := mark.box).left
            and box.right <= right
            and top <= box.top
            and box.bottom <= bottom
        )
    ]
    cropped = bool(beyond) and page.whole()[0] - page.width > 1
    for mark in beyond:
        box = mark.box
        if mark.is_text and not box.is_empty and page.shows(mark):
            far, side = _beyond(box, whole)
            if far > SLACK and not (cropped and not box.touches(whole)):
                off.append((far, side, mark))
            elif (within := _beyond(box, inner))[0] > SLACK:
                near.append((*within, mark))
        elif not mark.is_text and not cropped and _beyond(box, whole)[0] > BLEED:
            far, side = _drawn_beyond(sheet, mark, whole)
            if far > BLEED:
                drawn.append((far, side, mark))
    if off:
        far, side, mark = max(off, key=lambda found: found[0])
        text = _(_RUNS_OFF[side], mark=named(page, mark), far=far)
        yield Finding("edge", and_more(text, len(off) - 1), page.number)
    if drawn:
        far, side, mark = max(drawn, key=lambda found: found[0])
        text = _(_RUNS_OFF[side], mark=named(page, mark), far=far)
        yield Finding("edge_drawings", and_more(text, len(drawn) - 1), page.number)
    if near:
        deep, side, mark = max(near, key=lambda found: found[0])
        border = sheet.rules.border
        text = _(_NEAR[side], mark=named(page, mark), distance=border - deep, border=border)
        yield Finding("border", and_more(text, len(near) - 1), page.number)


def _drawn_beyond(sheet: Sheet, mark: Mark, whole: Box) -> tuple[float, str]:
    """How far a picture, or a line that a letter of ours has wholly beside the paper, is off it.

    A shape that goes beyond the edge is there to go beyond it.
    """
    page = sheet.page
    box = mark.box.cut(page.clip(mark))
    lost = sheet.layout.own and not box.touches(whole)
    if box.is_empty or not (page.is_picture(mark) or lost) or page.is_white(mark):
        return 0, ""
    return _beyond(box, whole)


def _beyond(box: Box, limits: Box) -> tuple[float, str]:
    """How far a box reaches beyond the limits at most, and where."""
    return max(
        (limits.top - box.top, "top"),
        (box.bottom - limits.bottom, "bottom"),
        (limits.left - box.left, "left"),
        (box.right - limits.right, "right"),
    )
