"""A letter's pieces as the editor's document, which is ProseMirror's JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from batchsend.desk.editing.pieces import HEADINGS, Piece, TextRun
from batchsend.desk.editing.saying import Label, label, note, words

Json = dict[str, Any]
LOCKED: Final = frozenset({"locked", "locked_item", "locked_row", "locked_cell"})
TEXTS: Final = frozenset({"paragraph", "heading"})
_CLASS: Final = re.compile(r"\bclass\s*=\s*[\"']?([\w -]+)", re.IGNORECASE)
_SPAN: Final = re.compile(r"\bcolspan\s*=\s*[\"']?(\d{1,2})\b", re.IGNORECASE)


def document(piece: Piece, source: str, heading: Label) -> Json:
    """A piece and all that is in it as the editor has it; `heading` names a column."""
    if piece.kind in LOCKED:
        there = source[piece.start : piece.end]
        said = {"words": words(there, heading), "note": note(None, there)}
        return {"type": piece.kind, "attrs": {"id": piece.number, **said}}
    node: Json = {"type": piece.kind, "attrs": {"id": piece.number, **_looks(piece, source)}}
    if piece.kind in TEXTS:
        content = [_inline(run, source, heading) for run in piece.runs]
    else:
        content = [document(child, source, heading) for child in piece.children]
    if piece.kind in {"table_cell", "doc"} and not content:
        content = [{"type": "paragraph", "attrs": {"id": None}}]
    return {**node, "content": content} if content else node


def _looks(piece: Piece, source: str) -> Json:
    """What of its look the editor shows."""
    tag = source[piece.start : piece.open_end]
    classes = found[1].split() if (found := _CLASS.search(tag)) else []
    if piece.kind == "heading":
        return {"level": HEADINGS[piece.tag]}
    if piece.kind == "table_section":
        return {"head": piece.tag == "thead"}
    if piece.kind == "table_cell":
        span = _SPAN.search(tag)
        return {
            "head": piece.tag == "th",
            "colspan": int(span[1]) if span else 1,
            "right": "number" in classes,
        }
    return {}


def _inline(run: TextRun, source: str, heading: Label) -> Json:
    node: Json = {"type": run.kind}
    if run.kind == "text":
        node["text"] = run.text
    elif run.kind == "field":
        node["attrs"] = {"source": run.text, "label": label(run.text, heading)}
    elif run.node is not None:
        there = source[run.node.start : run.node.end]
        node["attrs"] = {
            "id": int(run.text),
            "words": words(there, heading),
            "note": note(run.node, there),
        }
    if run.marks:
        node["marks"] = [{"type": name} for name in sorted(run.marks, reverse=True)]
    return node


def locked_runs(piece: Piece) -> Iterator[tuple[int, TextRun]]:
    """The locked pieces in the texts of a letter, by their numbers."""
    for each in piece.within():
        for run in each.runs:
            if run.kind == "locked_inline":
                yield int(run.text), run
