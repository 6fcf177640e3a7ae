"""Fonts: what is not in the document, the printer replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from batchsend.language import _
from batchsend.rendering.page_checks.subject import Finding, Sheet, named

_STANDARD = re.compile("TIMES|COURIER|HELVETICA|SYMBOL|ZAPFDINGBATS|ARIAL")
"""Parts of the names of fonts that Digipost's printability validator takes as they are."""


def fonts(sheet: Sheet) -> Iterator[Finding]:
    """The first text in a font that is not embedded, and in a standard one that is not."""
    page = sheet.page
    said: set[str] = set()
    for mark in sheet.marks:
        if not mark.is_text or page.embedded(mark) or mark.box.is_empty:
            continue
        name = page.font_name(mark)
        standard = _STANDARD.search(re.sub(r"[\s-]", "", name).upper())
        rule = "standard_fonts" if standard else "fonts"
        if rule not in said:
            said.add(rule)
            if standard:
                text = _(
                    "{mark} is in the standard font {name}, which is not embedded",
                    mark=named(page, mark),
                    name=name,
                )
            else:
                text = _("{mark} is in a font that is not embedded", mark=named(page, mark))
            yield Finding(rule, text, page.number)
        if "fonts" in said:
            return
