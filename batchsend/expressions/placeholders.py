"""Placeholders of other programs, left where a column's value was to stand: `{ navn }`, `«Navn»`.

Jinja2 takes them for text, so that every letter would show them. Knows nothing of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from batchsend.lists import Column
from batchsend.text import column_name, folded, nearest

_TOKEN = r"[^\W\d_](?:[\w.\-]*\w)?"  # noqa: S105 - no password
_WORDS = r"[^\W\d_](?:[\w .\-]{0,60}\w)?"
_FORMS = re.compile(
    rf"\$?\{{\s*(?:MERGEFIELD\s+)?\"?(?P<curly>{_WORDS})\"?\s*(?:\\[^{{}}]{{0,60}})?\}}"
    rf"|«\s*(?P<guillemets>{_WORDS})\s*»"
    rf"|<<\s*(?P<angles>{_WORDS})\s*>>"
    rf"|<(?P<angle>{_TOKEN})>"
    rf"|\[\s*(?P<square>{_WORDS})\s*\]"
    rf"|%(?P<percent>{_TOKEN})%"
    rf"|##?(?P<hash>{_TOKEN})##?"
    rf"|@@?(?P<at>{_TOKEN})@@?"
    rf"|\$(?P<dollar>{_TOKEN})\$"
)
_LIKE = 0.75
_UNSEEN = {"style", "script", "template", "head"}


def placeholders(text: str) -> Iterator[tuple[str, str]]:
    """Each bracketed word in `text`, as it is written and without its brackets.

    >>> list(placeholders("Hei, [navn], du skylder 5 % av «Beløp»."))
    [('[navn]', 'navn'), ('«Beløp»', 'Beløp')]
    """
    for found in _FORMS.finditer(text):
        yield found[0], str(found[found.lastgroup or 0])


def column_meant(word: str, columns: Sequence[Column]) -> Column | None:
    """The column whose name or heading `word` is, or nearly is.

    >>> column_meant("Kunde nr.", [Column(0, "Kundenr", "kundenr")]).name
    'kundenr'
    """
    called = {column.name: column for column in columns}
    plain = folded(column_name(word)).replace("_", "")
    for name, column in called.items():
        if plain == folded(name).replace("_", ""):
            return column
    near = nearest(word, called, n=1, like=_LIKE) if len(plain) > 3 else []
    return called[near[0]] if near else None


def visible_text(html: str) -> str:
    """What a reader sees of HTML: no tags, style sheets, scripts or comments."""
    # No tag begins like this, and the parser would take a word out of it.
    reader = _Reader()
    reader.feed(re.sub(rf"<<\s*({_WORDS})\s*>>", r"&lt;&lt;\1&gt;&gt;", html))
    reader.close()
    return "".join(reader.seen)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser's
        if tag in _UNSEEN:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.seen.append(data)
