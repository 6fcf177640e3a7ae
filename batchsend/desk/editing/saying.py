"""What the editor shows of a piece that it cannot edit, and of a field."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from batchsend.desk.editing.spans import spans
from batchsend.desk.editing.tree import Node
from batchsend.expressions import visible_text
from batchsend.language import N_, _

_COLUMN: Final = re.compile(r"(?:\w+\.)*(\w+)\s*(?:\|.*)?", re.DOTALL)
_IN_ROW: Final = re.compile(r"\w+\[(['\"])([^'\"]*)\1\]\s*(?:\|.*)?", re.DOTALL)
_EITHER: Final = re.compile(r"(['\"])([^'\"]*)\1 if .* else (['\"])([^'\"]*)\3")
_MOST: Final = 300

Label = Callable[[str], str]
"""From a column's name to its heading; what is no column comes back as it is."""


def label(source: str, heading: Label) -> str:
    """A field as a person reads it: the heading of its column, or what it is made with.

    >>> label("{{ navn }}", str.title), label("{{ sum | money }}", str.title)
    ('Navn', 'Sum')
    """
    inner = " ".join(source.strip("{}+- \n\t\r").split())
    if known := _KNOWN.get(inner.partition("|")[0].strip()):
        return _(known)
    for pattern, group in ((_COLUMN, 1), (_IN_ROW, 2)):
        if found := pattern.fullmatch(inner):
            return heading(found[group])
    if either := _EITHER.fullmatch(inner):
        return f"{either[2]} / {either[4]}"
    return _("Calculated")


_KNOWN: Final = {
    "letter.Invoicee.Name": N_("Recipient's name"),
    "letter.Invoicer.Name": N_("Sender's name"),
    "letter.Invoicee.CustomerNo": N_("Customer number"),
    "letter.Identifier": N_("The letter's reference"),
    "today()": N_("Today's date"),
}


def words(source: str, heading: Label) -> str:
    """What a reader sees of a part of the source, its fields by their names."""
    parts, at = [], 0
    for span in spans(source):
        parts.append(source[at : span.start])
        if span.kind == "variable":
            parts.append(f"[{label(source[span.start : span.end], heading)}]")
        at = span.end
    seen = visible_text("".join([*parts, source[at:]]).replace("</t", " </t"))
    return " ".join(seen.split())[:_MOST]


def note(node: Node | None, source: str) -> str:
    """Why a piece is locked, in a sentence."""
    kind, name = (node.kind, node.name) if node is not None else ("", "")
    if kind == "comment" or source.startswith(("{#", "<!--")):
        return _("A note that is not printed.")
    if source.startswith("{%"):
        name = re.match(r"\{%[-+]?\s*(\w*)", source)[1]  # type: ignore[index] # just seen
    if name == "for":
        return _("This part is repeated in the letter. It can be changed in the letter's file.")
    if name == "if":
        return _("This part is only in some letters. It can be changed in the letter's file.")
    if name == "set":
        return _("This part calculates something. It can be changed in the letter's file.")
    if name == "img" or source.startswith("<img"):
        return _("A picture. It can be changed in the letter's file.")
    return _("This part can be changed in the letter's file.")
