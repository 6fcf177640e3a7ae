"""Lines that only draw a table: those of mysql, psql, SQL Server, SAP and Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from batchsend.errors import ListError
from batchsend.language import _

_FRAME = r"\s|+:;,~\u2500-\u257f"
RULER = rf"^[{_FRAME}]*[-=_\u2500-\u257f]{{3}}[-=_{_FRAME}]*$"
"""The pattern of such a line, as polars has it."""
_RULER = re.compile(RULER)
_FEWEST = 3
_NEARLY_ALL = 0.9


def without_rulers(lines: Sequence[str]) -> list[str]:
    """The lines, blank where they only draw."""
    return ["" if _RULER.fullmatch(line) else line for line in lines]


def refuse_fixed_width(lines: Sequence[str], name: str) -> None:
    """ListError if the cells of the lines are set apart by blanks alone.

    All lines then have blanks where one column ends, and text where the next begins.
    """
    filled = [line.expandtabs().rstrip() for line in lines if line.strip()]
    if len(filled) < _FEWEST - 1:
        return
    longest = max(map(len, filled))
    enough = _NEARLY_ALL * len(filled)
    for at in range(2, longest):
        begins = sum(
            1 for line in filled if line[at - 1 : at + 1].strip() == line[at : at + 1] != ""
        )
        if begins < enough:
            continue
        if sum(1 for line in filled if line[at - 2 : at] == "  ") > len(filled) / 2:
            raise ListError(
                _(
                    "{name} has columns of a fixed width, separated by blanks, and where "
                    "each begins is not certain.",
                    name=name,
                ),
                hint=_(
                    "Export it again with a separator such as ; between the cells, or as an "
                    "Excel workbook."
                ),
            )
