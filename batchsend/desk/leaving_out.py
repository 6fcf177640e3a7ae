"""Rows that somebody leaves out or takes in with a click, as `skip` under [list] says it.

The command line and next month's list hold to the same. A row is known by the cell that no other
row has, as its customer number:

>>> without_one(["{{ 'ikke send' in merknad }}"], "kundenr", "1051")
["{{ 'ikke send' in merknad }}", '{{ kundenr in ["1051"] }}']
>>> with_one(["{{ 'ikke send' in merknad }}"], "kundenr", "1051")
["{{ ('ikke send' in merknad) and kundenr not in ['1051'] }}"]
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_EXCEPTED = re.compile(r"\(.*\)( and \S+ not in \[[^\]]*\])+")
_EXPRESSION = re.compile(r"\{\{\s*(?P<said>[^{}]+?)\s*\}\}")


def without_one(skips: Sequence[str], name: str, cell: str) -> list[str]:
    """What `skip` says with one row more left out; `name` is what an expression calls the column.

    >>> without_one(['{{ kundenr in ["1051"] }}'], "kundenr", "7")
    ['{{ kundenr in ["1051", "7"] }}']
    """
    kept, own = [_without_exception(skip, name, cell) for skip in skips], _Own(name)
    if kept != list(skips):
        return kept
    for at, skip in enumerate(kept):
        if (cells := own.cells(skip)) is not None:
            kept[at] = own.said([*cells, cell])
            return kept
    return [*kept, own.said([cell])]


def with_one(skips: Sequence[str], name: str, cell: str) -> list[str]:
    """What `skip` says with one row taken in, whatever leaves it out.

    >>> with_one(['{{ kundenr in ["1051", "7"] }}'], "kundenr", "7")
    ['{{ kundenr in ["1051"] }}']
    """
    own = _Own(name)
    if not any(cell in (own.cells(skip) or ()) for skip in skips):
        return [
            skip if own.cells(skip) is not None else _with_exception(skip, name, cell)
            for skip in skips
        ]
    kept: list[str] = []
    for skip in skips:
        cells = own.cells(skip)
        if cells is None:
            kept.append(skip)
        elif left := [each for each in cells if each != cell]:
            kept.append(own.said(left))
    return kept


def only_row(cells: Sequence[tuple[str, str]]) -> str:
    """What leaves out the rows that have all these cells; each with what an expression calls its
    column.

    >>> only_row([("kundenr", "1051"), ("merknad", "betaler «kontant»")])
    '{{ kundenr == "1051" and merknad == "betaler «kontant»" }}'
    """
    said = " and ".join(f"{name} == {json.dumps(cell, ensure_ascii=False)}" for name, cell in cells)
    return f"{{{{ {said} }}}}"


def cells_named(skip: str) -> list[tuple[str, str]]:
    """The reverse of `only_row`; nothing where `skip` is another expression.

    >>> cells_named('{{ kundenr == "1051" and merknad == "a and b" }}')
    [('kundenr', '1051'), ('merknad', 'a and b')]
    >>> cells_named("{{ kundenr == merknad }}")
    []
    """
    rest = skip.removeprefix("{{ ").removesuffix(" }}")
    found: list[tuple[str, str]] = []
    while rest:
        name, _is, value = rest.removeprefix(" and ").partition(" == ")
        try:
            cell, end = json.JSONDecoder().raw_decode(value)
        except ValueError:
            return []
        found.append((name, cell))
        rest = value[end:]
    return found if only_row(found) == skip else []


class _Own:
    """The one expression that names the rows which were left out with a click."""

    def __init__(self, name: str) -> None:
        self._before, self._after = f"{{{{ {name} in ", " }}"

    def cells(self, skip: str) -> list[str] | None:
        """The cells that it names; None where it is another expression."""
        if not skip.startswith(self._before) or not skip.endswith(self._after):
            return None
        try:
            cells = json.loads(skip[len(self._before) : -len(self._after)])
        except ValueError:
            return None
        return cells if isinstance(cells, list) else None

    def said(self, cells: Sequence[str]) -> str:
        """The expression."""
        return f"{self._before}{json.dumps(list(cells), ensure_ascii=False)}{self._after}"


def _exception(name: str, cell: str) -> str:
    return f" and {name} not in [{cell!r}]"


def _with_exception(skip: str, name: str, cell: str) -> str:
    """An expression that no longer holds for one row."""
    found, exception = _EXPRESSION.fullmatch(skip), _exception(name, cell)
    if found is None or exception in skip:
        return skip
    said = found["said"]
    return f"{{{{ {said if _EXCEPTED.fullmatch(said) else f'({said})'}{exception} }}}}"


def _without_exception(skip: str, name: str, cell: str) -> str:
    """One that holds for it again.

    >>> _without_exception("{{ (merknad) and no not in ['1'] }}", "no", "1")
    '{{ merknad }}'
    """
    shorter = skip.replace(_exception(name, cell), "")
    if shorter == skip:
        return skip
    found = _EXPRESSION.fullmatch(shorter)
    said = found["said"] if found else ""
    whole = None if _EXCEPTED.fullmatch(said) else re.fullmatch(r"\((.*)\)", said)
    return f"{{{{ {whole[1]} }}}}" if whole else shorter
