"""The shapes that the rows of one .xlsx sheet have had so far.

Programs write a sheet's rows alike. What stands around the values is then the same but for the
row's number, and a row is taken apart at once, without a look at each of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

_SHAPES = 24
"""Shapes that are known at a time; a sheet with many more is not written alike."""
_TRIED = 1_000
"""Rows without a known shape that may bring one."""
_NUMBER = "\0"
_BETWEEN = "\1"
_END = f"</{_BETWEEN}"
_FORMULA = re.compile(r"<f(?: [^>]*)?(?:/>|>[^<]*</f>)(?=<v>)")
_ALIKE = re.compile(f"(?:<<{_BETWEEN}</c>)+")
"""What is left of a shape without its tags: a cell is opened before each value and closed after."""
_TAG = re.compile(r'<c r="([A-Z]{1,3})(\d+)"(?: s="(\d+)")?(?: t="(\w+)")?(/?)>')


class ValueCell(NamedTuple):
    """How a cell with a value is written."""

    letters: str
    """Of its column."""
    style: str
    """Its number; empty where it names none."""
    type: str
    """As ECMA-376 has it; empty for a number."""


Made = TypeVar("Made")


@dataclass(slots=True)
class RowShapes(Generic[Made]):
    """Takes rows apart whose shape is known."""

    make: Callable[[ValueCell], Made]
    """What is handed out for a cell, with its value; made once in each shape."""
    _shapes: list[tuple[str, list[Made]]] = field(default_factory=list)
    """What stands around the values, with NUL for the row's number; the latest first."""
    _tried: int = 0
    _has_formulas: bool = False
    _has_inline: bool = False

    def take_apart(self, body: str, number: str) -> Iterable[tuple[Made, str]] | None:
        """The cells with a value in a row called `number`, `body` being the XML between its tags.

        None where its shape is not known, or a value is empty or has markup or entities in it.
        """
        if not self._shapes:
            return None
        pieces = self._pieces(body)
        around, inside = _BETWEEN.join(pieces[::2]), _BETWEEN.join(pieces[1::2])
        values = inside[:-2].split(_END)
        if inside.count("<") > len(values) or "&" in inside or "" in values:
            return None
        for place, (shape, cells) in enumerate(self._shapes):
            if shape.replace(_NUMBER, number) == around:
                if place:
                    self._shapes.insert(0, self._shapes.pop(place))
                return zip(cells, values, strict=True)
        return None

    def learn(self, body: str) -> None:
        """Know the shape of this row from now on, if it is one that can be known."""
        if self._tried == _TRIED:
            return
        self._tried += 1
        self._has_formulas |= "<f" in body
        self._has_inline |= "<is>" in body
        around = _BETWEEN.join(self._pieces(body)[::2])
        if _ALIKE.fullmatch(_TAG.sub(_ends_or_opens, around)):
            shape = _TAG.sub(_without_number, around)
            made = [
                self.make(ValueCell(letters, style, kind))
                for letters, _row, style, kind, ends in _TAG.findall(around)
                if not ends
            ]
            self._shapes = [(shape, made), *self._shapes[: _SHAPES - 1]]

    def _pieces(self, body: str) -> list[str]:
        """What stands around values, and values with `</` behind them, in turn.

        Formulas that have a value are left out.
        """
        if self._has_formulas:
            body = _FORMULA.sub("", body)
        if self._has_inline:
            body = body.replace('<is><t xml:space="preserve">', "<v>")
            body = body.replace("<is><t>", "<v>").replace("</t></is>", "</v>")
        return body.split("v>")


def _ends_or_opens(tag: re.Match[str]) -> str:
    return "" if tag[5] else "<"


def _without_number(tag: re.Match[str]) -> str:
    start, end = tag.span(2)
    return tag.string[tag.start() : start] + _NUMBER + tag.string[end : tag.end()]
