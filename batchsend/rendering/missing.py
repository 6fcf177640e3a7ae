"""Files that a template names and does not have: told before anything is printed.

An engine leaves out a picture or style sheet that is not there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote

from batchsend.language import _
from batchsend.text import nearest

_QUOTED = r"""\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_NAMED = re.compile(
    rf"""<(?:img|image|source)\b[^>]*?\s(?:src|(?:xlink:)?href){_QUOTED}
      | <link\b(?=[^>]*stylesheet)[^>]*?\shref{_QUOTED}
      | \burl\(\s*["']?([^"')]+?)["']?\s*\)""",
    re.VERBOSE | re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", re.DOTALL)
_WINDOWS = re.compile(r"^(?:file:/*)?(?:[A-Za-z]:[\\/]|\\\\)|\\")


def missing(texts: Mapping[str, str], resources: Collection[str]) -> Iterator[str]:
    """A sentence for each file that `texts` (by file name) name and that is not among
    `resources`. Names that an expression makes are not known here."""
    for name, text in texts.items():
        bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
        for found in _NAMED.finditer(bare):
            said = next(part for part in found.groups() if part is not None).strip()
            why = _why_missing(name, said, resources)
            if why:
                line = bare.count("\n", 0, found.start()) + 1
                yield _("{name}, line {line}: {why}", name=name, line=line, why=why)


def _why_missing(within: str, said: str, resources: Collection[str]) -> str:
    if not said or "{{" in said or "{%" in said or said.startswith(("#", "data:")):
        return ""
    if re.match(r"(?:https?:)?//", said, re.IGNORECASE):
        return _(
            "{said} is on the web, which is not read. Put the file beside the template.", said=said
        )
    if _WINDOWS.search(said):
        return _("{said} is a path of one computer. Put the file beside the template.", said=said)
    folder = posixpath.dirname(within) if within.endswith(".css") else ""
    file = posixpath.normpath(posixpath.join(folder, unquote(re.split(r"[?#]", said)[0])))
    if file in resources:
        return ""
    near = nearest(file, resources, n=1)
    if near:
        return _(
            "there is no {said} among the template's files. Is it {meant}?",
            said=said,
            meant=near[0],
        )
    return _(
        "there is no {said} among the template's files. Put it beside the template.", said=said
    )
