"""Placeholders of other programs, left where a column's value was to stand: `{ navn }`, `«Navn»`.

Jinja2 takes them for text, so that every letter would show them. Knows nothing of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from batchsend.lists import Column, recipient_fields
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
_LOOSE_FORMS = re.compile(
    rf"__(?P<underlines>{_TOKEN})__"
    rf"|\*\|(?P<stars>{_TOKEN})\|\*|\|(?P<bars>{_TOKEN})\|"
    rf"|<%=?\s*(?P<erb>{_TOKEN})\s*%>|\[%\s*(?P<toolkit>{_TOKEN})\s*%\]"
    rf"|\[[@#*:]\s*(?P<marked>{_WORDS})\s*\*?\]"
    rf"|%\((?P<python>{_WORDS})\)s|\$\((?P<shell>{_TOKEN})\)"
    rf"|\{{\w+[.:](?P<field>{_TOKEN})\}}"
    rf"|‹\s*(?P<single>{_WORDS})\s*›|»\s*(?P<danish>{_WORDS})\s*«|＜\s*(?P<wide>{_WORDS})\s*＞"
    rf"|~(?P<tilde>{_TOKEN})~|\^(?P<caret>{_TOKEN})\^|(?<!\w)!(?P<mark>{_TOKEN})!"
    rf"|(?<![\w$])\$(?P<perl>{_TOKEN})|(?<![\w@])@(?P<bare>{_TOKEN})"
    rf"|(?<![\w:]):(?P<bound>{_TOKEN})|(?<![\w%])(?<!\d )%(?P<open>{_TOKEN})"
    rf"|(?<![\w#&])#(?P<number>{_TOKEN})|(?<!\w)_(?P<line>[^\W\d_](?:[\w.\-]*[^\W_])?)_(?!\w)"
    rf"|\(\(\s*(?P<rounds>{_WORDS})\s*\)\)"
)
"""Forms that stand in ordinary text, too: placeholders only with the very name of a column."""
_DOUBTFUL_FORMS = re.compile(
    rf"(?i:\b(?:hei|kjære|hej|kära?|hello|dear|hallo|liebe[r]?))\s+\(\s*(?P<round>{_WORDS})\s*\)"
    rf"|(?<![\w*])\*{{1,2}}(?P<star>{_TOKEN})\*{{1,2}}(?![\w*])"
    rf"|(?<![\w/])/(?P<stroke>{_TOKEN})/(?![\w/])"
    rf"|(?<![«<{{\[])[«<{{\[](?P<opened>{_TOKEN})(?![\w.\-]| ?[»>}}\]])"
    rf"|(?<![\w.\-«<{{\[])(?<![«<{{\[] )(?P<closed>{_TOKEN}) ?(?:[»}}\]]|>>)"
    rf"|&(?P<entity>{_TOKEN});"
)
"""Forms that people may mean as they stand: with the very name of a column they are told, and hold
nothing."""
_SAMPLE = re.compile(
    r"(?<!\w)(?:TODO|FIXME|TBD|TBA|X{3,}|x{3,})(?!\w)"
    r"|(?i:lorem ipsum)"
    r"|(?<!\w)(?:[Xx]{1,2}[./\- ]{1,2}[Xx]{1,2}|\d{1,2}[./\-][Xx]{2})"
    r"[./\- ]{1,2}(?:[Xx]{2,4}|\d{2,4})(?!\w)"
    r"|(?<!\w)(?:\d{4}|[Xx]{4})[./\-][Xx]{2}[./\-][Xx]{2}(?!\w)"
    r"|(?<!\w)(?i:dd[./\- ]mm[./\- ](?:åå|yy|jj|vv){1,2}|pp[./\- ]kk[./\- ]vv(?:vv)?"
    r"|(?:yy|åå){1,2}-mm-dd)(?!\w)"
    r"|(?<!\w)(?i:kr\.? ?)?[Xx][Xx ]*[., ][Xx]{2,3}(?:,[Xx]{2}|(?= kr))(?!\w)"
    r"|(?<!\w)(?i:(?:kr\.? |nok )x+(?!\w)|xx kr(?:oner|onor|\.)?)(?!\w)"
    r"|(?<!\w)(?i:navn navnesen|namn namnsson|navn etternavn"
    r"|(?:fornavn etter|förnamn efter|fornavn efter|first name last )na(?:vn|mn|me))(?!\w)"
    r"|(?<!\w)(?i:(?:ditt|dit|deres|firmaets?|your|insert|sett inn|skriv inn|ange|indsæt|infoga) "
    r"[^\W\d_]+(?: [^\W\d_]+)? (?:her|här|here)|click or tap (?:here )?to enter (?:text|a date)"
    r"|klikk (?:eller trykk )?her for å (?:skrive|angi) inn tekst"
    r"|klicka eller tryck här för att ange text|klik eller tryk her for at skrive tekst"
    r"|klicken oder tippen sie hier, um text einzugeben)(?!\w)"
)
"""What writers of letters put where the text is still to come."""
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
    *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
    *("ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
"""Elements that stand apart from the text before them."""
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
    plain = _plain(column_name(word))
    for name, column in called.items():
        if plain == _plain(name):
            return column
    near = nearest(word, called, n=1, like=_LIKE) if len(plain) > 3 else []
    return called[near[0]] if near else None


def _plain(name: str) -> str:
    return folded(name).replace("_", "")


def left_in(text: str, columns: Sequence[Column]) -> Iterator[tuple[str, Column | None]]:
    """Each bracketed word in `text`, with the column that is meant by it, if any; and what stands
    for text that is still to come, as "XX.XX.2026".

    >>> columns = [Column(0, "Navn", "navn")]
    >>> [written for written, _column in left_in("$navn til [vedlegg], $5, @ola, TODO", columns)]
    ['[vedlegg]', '$navn', 'TODO']
    """
    told = []
    for written, column in _in_marks(text, columns):
        told.append(written)
        yield written, column
    for found in _SAMPLE.finditer(text):
        if not any(found[0] in written for written in told):
            yield found[0], None


def _in_marks(text: str, columns: Sequence[Column]) -> Iterator[tuple[str, Column | None]]:
    for written, word in placeholders(text):
        yield written, column_meant(word, columns)
    called = {_plain(column.name): column for column in columns}
    for found in _LOOSE_FORMS.finditer(text):
        column = called.get(_plain(column_name(str(found[found.lastgroup or 0]))))
        if column is not None:
            yield found[0], column
    for found in _DOUBTFUL_FORMS.finditer(text):
        if _plain(column_name(str(found[found.lastgroup or 0]))) in called:
            yield found[0], None


def is_quotation(written: str) -> bool:
    """Whether a bracketed word that means no column is only quoted: Norwegian quotation marks are
    the brackets of Word's fields. A heading that lists of people have is a field all the same.

    >>> is_quotation("«Solbakken»"), is_quotation("«Fornavn»"), is_quotation("[vedlegg]")
    (True, False, False)
    """
    if not written.startswith("«"):
        return False
    word = written.strip("«» ")
    return not recipient_fields([Column(0, word, column_name(word))]).exact


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
        if tag in _BLOCKS:
            self.seen.append("\n")
        if tag in _UNSEEN:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.seen.append("\n")
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.seen.append(data)
