"""Places: the line and column of every key of a TOML text, which TOML's readers do not tell.

Reads only what `tomllib` has accepted already, and so need not judge it: it follows keys, strings
and brackets, and takes any other value as it comes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[^\s=.\]"']+)[ \t]*(?P<dot>\.)?""")
_PLAIN_VALUE = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'"
    r"|[^,\]}#\n]+",
    re.DOTALL,
)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a key or a value begins, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Places:
    """Where each key, and each item of a list, stands in a text that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._starts = dict(_Scanner(self._text).all())

    def of(self, path: Sequence[str | int]) -> Place | None:
        """The place of what `path` leads to, or of what is nearest above it; None if nothing is.

        What the path has besides keys and positions is passed over.
        """
        found: Path = ()
        for part in path:
            if (*found, part) in self._starts:
                found = (*found, part)
        if not found:
            return None
        start = self._starts[found]
        line = self._text.count("\n", 0, start) + 1
        return Place(line, start - self._text.rfind("\n", 0, start))

    def __iter__(self) -> Iterator[Path]:
        return iter(self._starts)


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tables: dict[Path, int] = {}
        """How many tables each array of tables has so far."""

    def all(self) -> Mapping[Path, int]:
        """Where everything begins, by its path; of tables opened in parts, the first one."""
        starts: dict[Path, int] = {}
        for path, start in self._document():
            starts.setdefault(path, start)
        return starts

    def _document(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        while self._next():
            if self._text.startswith("[", self._at):
                places, table = self._header()
                yield from places
            else:
                yield from self._pair(table)

    def _next(self) -> str:
        """The next sign that means something; empty at the end."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _header(self) -> tuple[list[tuple[Path, int]], Path]:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        path: Path = ()
        places: list[tuple[Path, int]] = []
        keys = list(self._keys())
        for number, (key, start) in enumerate(keys, 1):
            path = (*path, key)
            places.append((path, start))
            if number == len(keys) and brackets == 2:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
                places.append((path, start))
        self._at += brackets
        return places, path

    def _keys(self) -> Iterator[tuple[str, int]]:
        """The parts of a key, and where each begins."""
        more = True
        while more and (found := _KEY.match(self._text, self._at)):
            self._at = found.end()
            key = found["key"]
            yield tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key, found.start(1)
            more = bool(found["dot"])

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        path = table
        for key, start in self._keys():
            path = (*path, key)
            yield path, start
        self._at += 1  # the sign =
        yield from self._value(path)

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        match self._next():
            case "[":
                yield from self._array(path)
            case "{":
                yield from self._inline_table(path)
            case _:
                value = _PLAIN_VALUE.match(self._text, self._at)
                self._at = value.end() if value else len(self._text)

    def _array(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._at += 1
        number = 0
        while self._next() not in {"]", ""}:
            yield (*path, number), self._at
            yield from self._value((*path, number))
            number += 1
            self._comma()
        self._at += 1

    def _inline_table(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._at += 1
        while self._next() not in {"}", ""}:
            yield from self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._next() == ",":
            self._at += 1
