"""The left edge: the zone of the inserting machine's marks, and the margin."""

from __future__ import annotations

from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.findings import Finding, and_more, named, worst
from batchsend.rendering.page_checks.subject import Sheet
from batchsend.rendering.pdf.boxes import Box, Mark

ROUNDING = 0.5
"""Millimetres that nobody sees."""


def left_edge(sheet: Sheet) -> Iterator[Finding]:
    """What stands in the barcode zone or the left margin; the zone's own rules come first."""
    page, rules = sheet.page, sheet.rules
    zone = rules.barcode.box if rules.barcode is not None else None
    margin = rules.left_margin or 0
    in_zone: dict[str, list[tuple[float, Mark]]] = {"barcode": [], "barcode_drawings": []}
    in_margin: list[tuple[float, Mark]] = []
    reach = max(zone.right if zone is not None else 0, margin - ROUNDING)
    for mark in [mark for mark in sheet.marks if mark[1][0] < reach]:
        if zone is not None and mark.box.touches(zone):
            box = page.visible(mark)
            if box is not None and box.touches(zone):
                rule = "barcode" if mark.is_text else "barcode_drawings"
                in_zone[rule].append((zone.right - max(zone.left, box.left), mark))
                continue
        if mark.box.left < margin - ROUNDING:
            box = page.visible(mark)
            if box is not None and box.left < margin - ROUNDING:
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
