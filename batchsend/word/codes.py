"""Codes: pieces of Jinja2 on their way through a document's XML.

An expression may hold `<` and quotation marks, which a tree of XML would escape, and Word's own
elements may come between its characters. So it is kept here, and a mark that is one unbroken piece
of text stands for it meanwhile.
"""

from __future__ import annotations

import re

_BEGIN, _END = "\U0010fff0", "\U0010fff1"
"""Of a private plane of Unicode: no font has them, and no letter."""
_MARK = re.compile(f"{_BEGIN}(\\d+){_END}")
_STATEMENT = re.compile(r"\{%[-+]?\s*(?P<word>\w+)(?:(?!%\}).)*%\}", re.DOTALL)


class Codes:
    """Those of one template."""

    def __init__(self) -> None:
        self._codes: list[str] = []

    def mark(self, code: str) -> str:
        """What stands for a piece of Jinja2 from now on."""
        self._codes.append(code)
        return f"{_BEGIN}{len(self._codes) - 1}{_END}"

    def restored(self, text: str) -> str:
        """The text with every piece of Jinja2 in its place."""
        while _MARK.search(text):  # one may stand within another
            text = _MARK.sub(lambda found: self._codes[int(found[1])], text)
        return text

    def statement(self, mark: str) -> str:
        """The word a statement begins with, as `if` or `endfor`; empty for anything that shows a
        text, be it between two statements of its own.
        """
        found = _STATEMENT.fullmatch(self.restored(mark))
        return found["word"] if found else ""

    @staticmethod
    def split(text: str) -> list[str]:
        """Marks and the texts between them, in order, empty ones left out."""
        return [part for part in re.split(f"({_BEGIN}\\d+{_END})", text) if part]

    @staticmethod
    def is_mark(text: str) -> bool:
        """Whether it is a mark and nothing else."""
        return _MARK.fullmatch(text) is not None

    @staticmethod
    def cleaned(text: str) -> str:
        """A text that nobody can take for a mark."""
        return text.replace(_BEGIN, "").replace(_END, "")
