"""Lists that a style sheet leaves no room for their numbers: beyond the page's margin PlutoPrint
prints nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from batchsend.language import _

_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", re.DOTALL)
_LIST = re.compile(r"<[ou]l\b", re.IGNORECASE)
_RULE = re.compile(r"(?P<selector>[^{};<>]*)\{(?P<said>[^{}]*)\}")
_BARE = re.compile(r"(?:^|[\s,>])(?:\*|ol|ul)\s*(?:,|$)", re.IGNORECASE)
_OF_LISTS = re.compile(r"(?:^|[\s,>])(?:ol|ul|li)\b", re.IGNORECASE)
_NO_ROOM = re.compile(
    r"(?<![\w-])padding(?:-left|-inline(?:-start)?)?\s*:\s*0[a-z]*\s*(?:!important\s*)?(?:;|$)"
)
_ROOM = re.compile(
    r"(?<![\w-])(?:padding|margin)(?:-left|-inline(?:-start)?)?\s*:(?!\s*0[a-z]*\s*(?:;|$))"
    r"|(?<![\w-])list-style(?:-position|-type)?\s*:[^;]*\b(?:none|inside)\b"
)


def lists_without_room(texts: Mapping[str, str]) -> Iterator[str]:
    """A sentence on the last rule in `texts` (by file name) that takes all room from lists, where
    there are lists and none that gives them some.
    """
    bare = {
        name: _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
        for name, text in texts.items()
    }
    if not any(map(_LIST.search, bare.values())):
        return
    said = ""
    for name, text in bare.items():
        for rule in _RULE.finditer(text):
            selector, says = rule["selector"].strip(), rule["said"].strip()
            if _OF_LISTS.search(selector) and _ROOM.search(says):
                return
            if _BARE.search(selector) and _NO_ROOM.search(says):
                line = text.count("\n", 0, rule.start("said")) + 1
                said = _(
                    "{name}, line {line}: lists have no padding here, and PlutoPrint prints no "
                    "numbers beyond the page's margin. Write ol, ul {{ padding-left: 8mm }}.",
                    name=name,
                    line=line,
                )
    if said:
        yield said
