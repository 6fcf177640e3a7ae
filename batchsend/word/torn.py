"""`{{ … }}`, `{% … %}` and `«…»` in a paragraph's text, put together again.

Word cuts a text into runs wherever it was corrected, and makes quotation marks curly. Each becomes
one mark in the run it begins in.
"""

from __future__ import annotations

import re

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.word.codes import Codes
from batchsend.word.columns import EACH, FIELD, TYPED
from batchsend.word.markup import (
    BREAKS,
    FORMULA,
    FORMULA_TEXT,
    PRESERVE,
    Element,
    described,
    owner,
    w,
)

_WRITTEN = re.compile(
    r"(?P<jinja>\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})"
    r"|«\s*(?P<typed>[^\W\d_](?:[\w .\-]{0,60}\w)?)\s*»",
    re.DOTALL,
)
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_UNCLOSED = re.compile("|".join(map(re.escape, _ENDS)))
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile("[\u00a0\u2002-\u200a\u202f\t\n]")
_FOR_ROWS = re.compile(r"\{%(-?)\s*(?:tr|tc|p|r)\s+")
"""Words that templates of other programs put before a statement; where it goes is found here."""


def healed(root: Element, codes: Codes) -> None:
    """Change a part's tree in place."""
    for paragraph in root.iter(w("p")):
        healed_pieces(
            [
                (element, BREAKS.get(element.tag, element.text or ""))
                for element in paragraph.iter(w("t"), *BREAKS)
                if owner(element, w("p")) is paragraph and element.getparent().tag == w("r")
            ],
            codes,
        )
    for formula in root.iter(FORMULA):
        healed_pieces([(text, text.text or "") for text in formula.iter(FORMULA_TEXT)], codes)


def healed_pieces(pieces: list[tuple[Element, str]], codes: Codes) -> None:
    """The same for the pieces of one paragraph: elements, and the text that each has or stands for.

    Raises TemplateError where something is not closed.
    """
    text = "".join(said for _other, said in pieces)
    if "{" not in text and "«" not in text:
        return
    for found in reversed(list(_WRITTEN.finditer(text))):
        code = _code(found)
        pieces = _replaced(pieces, found.start(), found.end(), codes.mark(code))
    rest = "".join(said for _other, said in pieces)
    if unclosed := _UNCLOSED.search(rest):
        raise TemplateError(
            _(
                "{described}: {unclosed} is not closed by {end}.",
                described=described(text),
                unclosed=unclosed[0],
                end=_ENDS[unclosed[0]],
            ),
            hint=_("Both stand in one paragraph."),
        )


def _code(found: re.Match[str]) -> str:
    """The Jinja2 of what is written."""
    if found["jinja"] is not None:
        return _straight(found["jinja"])
    word = found["typed"]
    if word.lower().startswith("rows."):
        return f"{{{{ {FIELD.named(word[len('rows.') :], owner=f'{EACH}.')} }}}}"
    return f"{{{{ {TYPED.named(word)} }}}}"


def _straight(code: str) -> str:
    """An expression as it was typed, before Word made it look nice.

    >>> _straight("{{ row[«E-post»] | default(“–”) }}")
    '{{ row["E-post"] | default("-") }}'
    """
    code = _BLANKS.sub(" ", _UNSEEN.sub("", code)).replace("\u2011", "-").replace("–", "-")
    if '"' not in code:
        code = re.sub("[“”„«»″]", '"', code)
    if "'" not in code:
        code = re.sub("[‘’‚′]", "'", code)
    return _FOR_ROWS.sub(r"{%\1 ", code)


def _replaced(
    pieces: list[tuple[Element, str]], start: int, end: int, mark: str
) -> list[tuple[Element, str]]:
    """The pieces with a mark in place of the characters from `start` to `end`."""
    kept, at, put = [], 0, False
    for element, said in pieces:
        first, last = max(start - at, 0), min(end - at, len(said))
        at += len(said)
        if first >= last:
            kept.append((element, said))
            continue
        if element.tag in BREAKS:  # a tab or a line's end within an expression
            if put:
                element.getparent().remove(element)
                continue
            element.tag = w("t")
            element.attrib.clear()
        rest = said[:first] + ("" if put else mark) + said[last:]
        put = True
        element.text = rest
        element.set(PRESERVE, "preserve")
        kept.append((element, rest))
    return kept
