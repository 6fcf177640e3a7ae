"""`[reports]` and `[prices]` of mailing.toml: which reports are written, and what letters cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from batchsend.settings import Section

WORKBOOK_ROWS = 25_000
"""A workbook of more rows is only written when it is asked for: it takes longer than it pleases."""
PAGES_ON_A_SHEET = 2
"""Letters are printed on both sides; the letter API documents nothing of it."""
REPORT_KINDS = ("csv", "xlsx", "html")
"""The files that a report may lie in beside its mailing."""
Price = Annotated[Decimal, Field(ge=0, max_digits=12)]


class ReportSettings(Section):
    """Which reports are written beside the mailing."""

    files: Annotated[tuple[Literal["csv", "xlsx", "html"], ...], Field(min_length=1)] | None = None
    """Their kinds: `report.csv` for programs, `report.xlsx` and `report.html` for people. Unless
    set, all of them; but `report.xlsx`, which takes a third of a millisecond for each row, only of
    lists of up to 25,000 rows."""

    separator: Literal[",", ";"] | None = None
    """What separates the cells of `report.csv`. Unless set, as Excel does where the letters are
    read: `;` where `LanguageID` is NO, NN, SE, DK or FI for all letters, else `,`."""

    def kinds(self, rows: int) -> tuple[str, ...]:
        """Which are written of a list of so many rows."""
        if self.files is not None:
            return self.files
        return REPORT_KINDS if rows <= WORKBOOK_ROWS else ("csv", "html")


def sheets_of(channel: str, pages: int) -> int:
    """The sheets of paper that a letter takes: none where it is not printed."""
    return -(-pages // PAGES_ON_A_SHEET) if channel == "PRINT" else 0


class PriceSettings(Section):
    """What the provider charges, so that plan and report say what a mailing costs."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "NOK"
    """The code of the currency, as `NOK` or `EUR`."""
    PRINT: Price | None = None
    """A letter by PRINT, its first sheet included. A channel without a price counts as free."""
    DIGIPOST: Price | None = None
    KIVRA: Price | None = None
    EMAIL: Price | None = None
    extra_sheet: Price = Decimal(0)
    """Each further sheet of a PRINT letter; a sheet takes two pages."""

    def of(self, channel: str, letters: int, sheets: int) -> Decimal:
        """What so many letters on so many sheets cost."""
        each: Decimal = getattr(self, channel, None) or Decimal(0)
        extra = self.extra_sheet * (sheets - letters) if channel == "PRINT" else Decimal(0)
        return each * letters + extra
