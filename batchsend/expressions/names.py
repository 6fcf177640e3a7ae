"""Names: how a list's columns are called in expressions, and a row's cells under those names.

Made once for a list; what it makes for each letter is cheap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from batchsend.errors import SettingsError
from batchsend.language import _, either, joined
from batchsend.lists import PERIOD, Column, Row
from batchsend.text import BLANKS, column_name, folded, nearest

FUNCTIONS = frozenset({"namespace", "range", "today"})
"""What every expression can call. A column of that name is reached as `row["Today"]`."""

LETTER_NAMES = frozenset({"letter", "language"})
"""What a template sees beside the columns: the request's `Letter`, and its LanguageID."""

_ROW_NAMES = frozenset({"row", "rows"})


class Names:
    """The names of a list's columns.

    A column is called by its name (`beløp`), by that name folded (`belop`) where no other column
    has it, and in `row[…]` by its heading as typed. A name that two columns share stands for
    neither of them.
    """

    __slots__ = ("_bare", "_keys", "_shared", "columns")

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        headings = _places((column.heading, column.index) for column in columns)
        names = _places((column.name, column.index) for column in columns)
        folds = _places((folded(column.name), column.index) for column in columns)
        # Nearer to what was typed wins: a heading before a name, a name before a folded one.
        called = {**folds, **names}
        keyed = {**called, **headings}
        self._shared = {name: places for name, places in called.items() if len(places) > 1} | {
            name: places for name, places in headings.items() if len(places) > 1
        }
        self._keys = {name: places[0] for name, places in keyed.items() if len(places) == 1}
        self._bare = [
            (name, places[0])
            for name, places in called.items()
            if len(places) == 1 and name not in FUNCTIONS
        ]

    def variables(self, rows: Sequence[Row]) -> dict[str, object]:
        """What an expression sees for a letter made from `rows`, of which there is at least one.

        Every column of the first row by its name, `row` (that row) and `rows` (all of them).
        Cells are text, trimmed of all blanks at their ends.
        """
        views = [RowView(self, tuple([cell.strip(BLANKS) for cell in row.cells])) for row in rows]
        cells = views[0].cells
        found: dict[str, object] = {name: cells[place] for name, place in self._bare}
        found["row"] = views[0]
        found["rows"] = views
        return found

    def place(self, key: str) -> int:
        """Where the column with this heading or name stands in a row; KeyError if none does."""
        return self._keys[key]

    @property
    def headings(self) -> list[str]:
        """The headings as typed, those that are empty or repeated left out."""
        return [
            column.heading
            for column in self.columns
            if self._keys.get(column.heading) == column.index
        ]

    def why_not(self, name: str) -> str:
        """Say why `name` stands for no column: two share it, or none has it."""
        places = self._shared.get(name)
        if places is not None:
            columns = joined(
                _(
                    "“{heading}” (column {number})",
                    heading=self.columns[place].heading,
                    number=place + 1,
                )
                for place in places
            )
            return _(
                "“{name}” can mean {columns}: rename one of them in the list",
                name=name,
                columns=columns,
            )
        near = nearest(column_name(name), [column.name for column in self.columns if column.name])
        if near:
            return _(
                "the list has no column “{name}”; did you mean {meant}?",
                name=name,
                meant=either(f"“{one}”" for one in near),
            )
        return _("the list has no column “{name}”", name=name)

    def check(
        self, used: Iterable[str], *, place: str, known: AbstractSet[str] = frozenset()
    ) -> None:
        """Raise SettingsError if a name in `used` is neither a column's nor in `known`.

        `place` says where it is used, as "payload.Letter.Identifier".
        """
        bare = {name for name, _other in self._bare}
        wrong = [name for name in sorted(used) if name not in bare | known | _ROW_NAMES]
        if wrong:
            said = "; ".join(self.why_not(name) for name in wrong)
            columns = ", ".join(column.name for column in self.columns if _is_own(column))
            said = said if said.endswith("?") else f"{said}."
            raise SettingsError(
                _("{place}: {said}", place=place, said=said),
                hint=_("The list's columns are: {columns}", columns=columns),
            )


class RowView(Mapping[str, str]):
    """A row as expressions see it: `row["E-post"]` and `row.e_post` are the same cell.

    Iterating gives the headings as typed, in the list's order.
    """

    __slots__ = ("_names", "cells")

    def __init__(self, names: Names, cells: tuple[str, ...]) -> None:
        self._names = names
        self.cells = cells

    def __getitem__(self, key: str) -> str:
        return self.cells[self._names.place(key)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.headings)

    def __len__(self) -> int:
        return len(self._names.headings)

    def why_not(self, name: str) -> str:
        """Say why this row has no cell called `name`."""
        return self._names.why_not(name)


def _is_own(column: Column) -> bool:
    """Whether a column is one of the list, and not the mailing's period beside them."""
    return bool(column.name) and column.heading != PERIOD


def _places(named: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Where each name stands, blank names left out."""
    found: dict[str, list[int]] = {}
    for name, place in named:
        if name:
            found.setdefault(name, []).append(place)
    return found
