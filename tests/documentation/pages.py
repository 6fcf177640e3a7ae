"""The pages of the documentation as a test reads them: blocks of code, and what stands above them.

A comment in HTML says what a page's reader has done already, or how a block ends. It is not shown
on the page. `<!-- first: october -->` anywhere: what `prepared.py` knows under that name is there.
Right above a block:

    <!-- file: customers.csv -->          the block is this file
    <!-- change: october/mailing.toml --> its keys take the place of those in this file
    <!-- exits: 1 -->                     its last command ends so; otherwise every one with 0
    <!-- prints -->                       these lines are in what the last command printed
    <!-- not run: why -->                 it cannot be run here

The README's `main-job` and `tests` are run by `.ci/run`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Block", "blocks", "changed"]

_PARTS = re.compile(
    r"^<!-- *(?P<name>[a-z -]+?)(?:: *(?P<value>.*?))? *-->$"
    r"|^(?P<fence>```+)(?P<language>\w+)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code, or, without language, what was done before the page goes on."""

    line: int
    language: str = ""
    text: str = ""
    orders: dict[str, str] = field(default_factory=dict)
    """What the comments above it say."""

    def commands(self) -> Iterator[str]:
        """Its lines, as one types them."""
        return filter(None, map(str.strip, self.text.replace("\\\n", "").splitlines()))


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    orders: dict[str, str] = {}
    end = 0
    for part in _PARTS.finditer(text):
        line = text.count("\n", 0, part.start()) + 1
        if text[end : part.start()].strip():
            orders = {}
        end = part.end()
        if part["name"] == "first":
            yield Block(line, orders={"first": part["value"]})
        elif part["name"]:
            orders[part["name"]] = part["value"] or ""
        else:
            yield Block(line, part["language"], part["text"], orders)
            orders = {}


def changed(old: str, change: str) -> str:
    """A mailing.toml with the keys of `change` in it, in place of its own of the same name."""
    tables = _tables(old)
    for table, lines in _tables(change).items():
        tables.setdefault(table, {}).update(lines)
    return "\n".join(line for lines in tables.values() for line in lines.values()) + "\n"


def _tables(toml: str) -> dict[str, dict[str, str]]:
    """The lines by table and key."""
    lines: dict[str, str] = {}
    tables = {"": lines}
    for line in toml.splitlines():
        if line.startswith("["):
            lines = tables.setdefault(line.partition("]")[0], {})
            lines["["] = line
        else:
            key = re.match(r"[\w.]+(?= *=)", line)
            lines[key[0] if key else line] = line
    return tables
