"""`[list]` of mailing.toml: where the recipient list is and how to read it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from batchsend.settings import Section

__all__ = ["ListSettings"]


class ListSettings(Section):
    """Where the list is. All but `path` is found by itself and set only to overrule that."""

    path: Path
    """The CSV file or workbook, from the mailing's folder; `-` reads text from standard input."""
    sheet: str | None = None
    """The sheet's name; otherwise the first visible one."""
    header_row: Annotated[int, Field(ge=1)] | None = None
    """The row of the headings, as the spreadsheet numbers it."""
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    group_by: tuple[str, ...] = ()
    """Column names; all rows that agree on them make one letter."""
