"""`[list]` of mailing.toml: where the recipient list is and how to read it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from batchsend.language import _
from batchsend.settings import Section

_SEPARATOR_NAMES = {"tab": "\t", "\\t": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}


def _separator(value: object) -> object:
    """A tab is hard to type on a command line, so separators also go by their names."""
    if not isinstance(value, str):
        return value
    mark = _SEPARATOR_NAMES.get(value.lower(), value)
    if len(mark) != 1 or not mark.isascii() or mark.isalnum() or mark in "\"'\r\n\0":
        raise ValueError(_("must be one character such as ; or , or the word tab"))
    return mark


class ReadingSettings(Section):
    """Where a list is. All but `path` is found by itself and set only to overrule that."""

    path: Path
    """The CSV file or workbook, from the mailing's folder; `-` reads text from standard input."""
    sheet: str | None = None
    """The sheet's name, or that of a table in a web page (`Table 2`); otherwise the first visible
    one that holds anything."""
    header_row: Annotated[int, Field(ge=1)] | None = None
    """The row of the headings, as the spreadsheet numbers it."""
    headings: tuple[str, ...] = ()
    """The headings of a list that has none; the rows below `header_row`, or else all rows, are
    then recipients."""
    footer_rows: Annotated[int, Field(ge=0)] | None = None
    """How many rows at the end, such as "Antall: 18", are not recipients."""
    hidden: Literal["skip", "read"] = "skip"
    """What to do with the hidden rows and columns of a sheet."""
    encoding: str | None = None
    """A text file's encoding, by the name Python knows it by: `utf-8`, `cp1252`, `cp850`."""
    separator: Annotated[str, BeforeValidator(_separator)] | None = None
    """The character between the cells of a text file; `tab` may be written out."""
    quote: Literal['"', "'", "none"] | None = None
    """The quotation mark around the cells of a text file; `none` takes them all literally."""


class ExcludeSettings(ReadingSettings):
    """A list of people who get no letter, or are to be looked at: who has paid since, has moved,
    has died, has said no. It is read as recipient lists are."""

    path: Path
    """The CSV file or workbook, from the mailing's folder."""
    match: str | Annotated[tuple[str, ...], Field(min_length=1)] | dict[str, str]
    """The column by which its rows name rows of the recipient list, as `"kundenr"`; several, as
    `["navn", "postnr"]`, all have to agree; `{ kundenr = "Customer no" }` where it is called
    otherwise there. Case, blanks, zeros in front and `.0` behind make no difference, nor does the
    order of words without digits, as in a name."""
    as_: Annotated[Literal["skip", "warn"], Field(alias="as")] = "skip"
    """`skip` leaves the row out; `warn` sends its letter, with a warning."""
    reason: str = ""
    """What to say of such a row, as "returned last time"."""
    must_match: bool = True
    """Whether a list that names no row of the recipient list stops the mailing, as it does where
    the two lists write the column differently."""

    @property
    def columns(self) -> dict[str, str]:
        """The columns of the recipient list, and what each is called in this one."""
        if isinstance(self.match, dict):
            return self.match
        names = (self.match,) if isinstance(self.match, str) else self.match
        return {name: name for name in names}


class ListSettings(ReadingSettings):
    """Where the list is. All but `path` is found by itself and set only to overrule that."""

    group_by: tuple[str, ...] = ()
    """Column names; all rows that agree on them make one letter."""
    fill_down: tuple[str, ...] = ()
    """Column names: a row that has nothing in any of them takes their cells from the row above it,
    as in a list where a customer stands in the first of his rows only. Where `group_by` names
    other columns, only from a row that agrees with it on them."""
    skip: str | tuple[str, ...] = ()
    """Which rows are left out on purpose: an expression as in [payload], or several, as
    `"{{ 'ikke send' in merknad }}"`. A row is left out where one of them gives a text, but for
    `False`, `0`, `None`, `-` and "no" in the Nordic languages, German and English."""
    copies: Literal["hold", "skip"] = "hold"
    """What to do with a row that says in every column what a row above it says: `skip` leaves it
    out, and otherwise the check holds both back where they would be one letter twice."""
    exclude: tuple[ExcludeSettings, ...] = ()
    """Other lists, of people who get no letter."""

    @property
    def skips(self) -> tuple[str, ...]:
        """The expressions that leave rows out."""
        return (self.skip,) if isinstance(self.skip, str) else self.skip
