"""What an envelope's window shows of a letter's first page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from batchsend.rendering.page_checks import bare
from batchsend.rendering.page_settings import Area
from batchsend.rendering.pdf.opened import open_pdf

_SHOWN = ("Name", "Address1", "PostCode", "City")


def missing_in_window(pdf: bytes, window: Area, recipient: Mapping[str, Any]) -> list[str]:
    """Those of the recipient's name, street, postcode and town that the window does not show.

    Raises RenderingError where it is no readable PDF.
    """
    box = window.box
    inside = ""
    with open_pdf(pdf) as document:
        for page in document.pages():
            for mark in page.marks():
                across, along = mark.box.left + mark.box.right, mark.box.top + mark.box.bottom
                within = box.left < across / 2 < box.right and box.top < along / 2 < box.bottom
                if mark.is_text and within and page.shows(mark):
                    inside += page.text(mark)
            break
    seen = bare(inside)
    wanted = [str(recipient.get(name) or "") for name in _SHOWN]
    return [text for text in wanted if bare(text) not in seen]
