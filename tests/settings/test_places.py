"""Every key of a TOML text is found where it stands, however it is written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from thoroughness import examples

from batchsend.settings import Place, Places

BARE = st.from_regex(r"[a-z0-9_-]{1,5}", fullmatch=True)
KEYS = BARE | st.text("aå.#=[]{}\"' \\x", min_size=1, max_size=4)
SCALARS = st.sampled_from(
    [
        "1",
        "-0.5",
        "true",
        "1979-05-27 07:32:00",
        '"a # b = [c], {d}"',
        '"\\" = x"',
        "'[a]\\'",
        '""',
        "''",
        '"""\na = 1\n[b] \\""" ""\n"""',
        '"""x"""""',
        "'''\n[[c]]\n'' '''''",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3).map(list) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=5,
)
GAPS = st.sampled_from(["", "\n", "# a = 1 [b]\n", "  \t\n\n"])


class _Writer:
    """Writes a document, and notes where each key of it begins."""

    def __init__(self, data: st.DataObject) -> None:
        self.text = ""
        self.starts: dict[tuple[str | int, ...], int] = {}
        self._draw = data.draw

    def write(self, text: str) -> None:
        self.text += text

    def key(self, path: tuple[str | int, ...]) -> None:
        self.starts.setdefault(path, len(self.text))
        self.write(self._spelt(str(path[-1])))

    def _spelt(self, key: str) -> str:
        plain = key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
        spellings = [json.dumps(key, ensure_ascii=False), *([key] if plain else [])]
        if "'" not in key and key.isprintable():
            spellings.append(f"'{key}'")
        return str(self._draw(st.sampled_from(spellings)))

    def value(self, path: tuple[str | int, ...], value: Any) -> None:
        match value:
            case str():
                self.write(value)
            case list():
                self.write("[")
                for number, item in enumerate(value):
                    self.write(self._draw(GAPS))
                    self.starts[*path, number] = len(self.text)
                    self.value((*path, number), item)
                    self.write(" ,")
                self.write(self._draw(GAPS) + "]")
            case dict():
                self.write("{ ")
                for number, (key, item) in enumerate(value.items()):
                    self.write(", " if number else "")
                    self.pair((*path, key), item)
                self.write(" }")

    def pair(self, path: tuple[str | int, ...], value: Any) -> None:
        self.key(path)
        self.write(self._draw(st.sampled_from([" = ", "=", "\t= "])))
        self.value(path, value)

    def header(self, path: tuple[str, ...], brackets: int) -> int:
        """Write the header of a table; where its last key begins."""
        self.write("[" * brackets)
        begins = 0
        for depth in range(1, len(path) + 1):
            self.write(" . " if depth > 1 else " ")
            begins = len(self.text)
            self.key(path[:depth])
        self.write(" " + "]" * brackets + self._draw(GAPS).rstrip(" \t") + "\n")
        return begins


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_every_key_is_found_where_it_was_written(data: st.DataObject) -> None:
    writer = _Writer(data)
    tables = st.dictionaries(KEYS, VALUES, max_size=3)
    _pairs(writer, data, (), data.draw(tables))
    for number, name in enumerate(data.draw(st.lists(KEYS, max_size=3))):
        top = f"{name}{number}-table"
        deep = (top, *data.draw(st.lists(KEYS, max_size=2)))
        if data.draw(st.booleans()):
            writer.header(deep, 1)
            _pairs(writer, data, deep, data.draw(tables))
            continue
        for item in range(data.draw(st.integers(1, 3))):
            writer.starts[*deep, item] = writer.header(deep, 2)
            _pairs(writer, data, (*deep, item), data.draw(tables))
    _compare(writer)


def _pairs(
    writer: _Writer, data: st.DataObject, table: tuple[str | int, ...], pairs: dict[str, Any]
) -> None:
    for key, value in pairs.items():
        writer.write(data.draw(GAPS))
        writer.pair((*table, key), value)
        writer.write(" # end\n")


def _compare(writer: _Writer) -> None:
    parsed = tomllib.loads(writer.text)
    places = Places(writer.text)
    assert set(places) == set(_paths(parsed))
    for path in places:
        before = writer.text[: writer.starts[path]]
        expected = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        assert places.of(path) == expected


def _paths(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if above:
        yield above
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(inner, (*above, key))


def test_dotted_keys_and_tables_in_arrays() -> None:
    text = "a . 'b.c'.d = 1\r\n[[x]]\r\ny.z=[ {k=1},\r\n{ k = 2 } ]\r\n[[x]]\r\n[x.w]\r\nv=0\r\n"
    places = Places(text)
    assert places.of(("a", "b.c", "d")) == Place(1, 11)
    assert places.of(("x", 0, "y", "z", 1, "k")) == Place(4, 3)
    assert places.of(("x", 1, "w", "v")) == Place(7, 1)


def test_of_what_is_not_there_the_place_above_it_is_told() -> None:
    places = Places("[send]\n[send.auth]\nkind = 'x'\n")
    assert places.of(("send", "auth", "token_url")) == Place(2, 7)
    assert places.of(("send", "auth", "str", "kind")) == Place(3, 1)
    assert places.of(("list",)) is None
