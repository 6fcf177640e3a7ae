"""Links between the pages lead somewhere on a code host, too, which makes anchors of headings."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def _without_code(page: Path) -> str:
    return re.sub(r"^ *```.*?^ *```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each).lower().replace(" ", "-") for each in headings}


def test_links_and_their_anchors_are_there() -> None:
    faults = []
    for page in PAGES:
        prose = re.sub(r"`[^`]*`", "", _without_code(page))
        for to in re.findall(r'\]\(([^)\s]+)\)|src="([^"]+)"', prose):
            link = "".join(to)
            name, _, anchor = link.partition("#")
            if ":" in name:
                continue
            there = page.parent / name if name else page
            if not there.exists() or (anchor and anchor not in _anchors(there)):
                faults.append(f"{page.name}: {link}")
    assert faults == []
