"""What is found on a finished page, in sentences without the names of rules."""

from __future__ import annotations

import re
from typing import Final

from batchsend.language import _

RULE: Final = re.compile(r"(?:page (?P<page>\d+), )?(?P<rule>[a-z_]+): (?P<said>.+)", re.DOTALL)
"""How a warning of a finished page names the rule that it breaks."""


def finding(warning: str) -> str:
    """A rule that the page breaks, without the rule's name."""
    found = RULE.fullmatch(warning)
    said = found["said"] if found else warning
    said = said[:1].upper() + said[1:].rstrip(".")
    if found and found["page"]:
        return _("Page {page}: {said}.", page=int(found["page"]), said=said)
    return f"{said}."
