"""Writing a workbook as a stream: its texts are what was put in, and never run.

Knows nothing of what is in it.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from batchsend.errors import ReportError
from batchsend.language import _
from batchsend.lists import Figure, as_number
from batchsend.reports.atomic_files import replacing

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet can hold ("Excel specifications and limits", support.microsoft.com)."""
_LONGEST = 32_767
"""UTF-16 units in a cell, from the same page."""

_NARROWEST, _WIDEST = 8, 60
_FAULT = "#FFC7CE"  # the red that Excel itself gives bad cells
_HEAD = "#E7E6E6"
_PLAIN_NUMBER = re.compile(r"-?[1-9]\d{0,8}|-?(?:0|[1-9]\d{0,6})\.\d?[1-9]|0")
"""So short that a cell of text shows all of it."""
_ISO_DAY, _DAY = re.compile(r"\d{4}-\d\d-\d\d"), "yyyy-mm-dd"
_DAY_ZERO = date(1899, 12, 30)
"""Excel's, for days from March 1900 on."""
TEXT = "@"  # the number format that keeps what is typed into a cell: 0150 stays 0150


def fits(text: str) -> bool:
    """Whether a cell can hold `text`; otherwise it is cut."""
    return 2 * len(text) <= _LONGEST or len(text.encode("utf-16-le")) <= 2 * _LONGEST


def put_text(sheet: Worksheet, row: int, column: int, text: str, look: object) -> str:
    """Write a text cell, whatever is in it; the text as it was written."""
    text = text.replace("\r\n", "\n")
    if text.startswith("<r>") and text.endswith("</r>") and fits(text):
        # xlsxwriter would take it for runs of its own making, and write it as it is.
        runs = (text[:1], text[1:2], text[2:])  # it wants three at least
        sheet.write_rich_string(row, column, *runs, look)
    else:
        sheet.write_string(row, column, text, look)
    return text


class TextSheet:
    """A sheet that is written row by row from the top; its first row stays in sight, and so do as
    many columns as are `kept`."""

    def __init__(
        self,
        book: Workbook,
        sheet: Worksheet,
        headings: Sequence[str],
        *,
        kept: int = 0,
        with_values: bool = False,
    ) -> None:
        """With `with_values`, a text that is a plain number or an ISO date is put in as one, but in
        a cell at fault, where somebody will type."""
        self._book, self._sheet = book, sheet
        self._kept, self._with_values = kept, with_values
        self._looks: dict[tuple[str, bool], object] = {}
        self._text = book.add_format({"num_format": TEXT, "valign": "top"})
        self._wrapped = book.add_format({"num_format": TEXT, "valign": "top", "text_wrap": True})
        self._fault = book.add_format({"num_format": TEXT, "valign": "top", "bg_color": _FAULT})
        head = book.add_format({"num_format": TEXT, "bold": True, "bg_color": _HEAD})
        self._widths = [_NARROWEST] * len(headings)
        self._rows = 0
        sheet.freeze_panes(1, kept)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})
        for column, heading in enumerate(headings):
            self._write(column, heading, head)
        self._rows = 1

    def add(self, cells: Sequence[str | int], faults: Collection[int] = ()) -> None:
        """Write the next row; the cells at the places in `faults` are coloured, empty or not."""
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._rows, column, cell)
            elif isinstance(cell, Figure) and (pair := as_number(cell)):
                number, code = pair
                self._sheet.write_number(
                    self._rows, column, number, self._look(code, column in faults)
                )
            elif self._with_values and column not in faults and (pair := plain_value(cell)):
                self._sheet.write_number(self._rows, column, pair[0], self._look(pair[1], False))
                self._widths[column] = max(self._widths[column], len(cell))
            elif cell:
                self._write(column, cell, self._look_of(column, faults))
            elif column in faults:
                self._sheet.write_blank(self._rows, column, None, self._fault)
        self._rows += 1

    def _look_of(self, column: int, faults: Collection[int]) -> object:
        """The look of a text; what is kept in sight is to be read in full."""
        if column in faults:
            return self._fault
        return self._wrapped if column < self._kept else self._text

    def _look(self, code: str, is_fault: bool) -> object:
        """The look of a number that is shown by a format of its own."""
        if (code, is_fault) not in self._looks:
            colour = {"bg_color": _FAULT} if is_fault else {}
            self._looks[code, is_fault] = self._book.add_format(
                {"num_format": code, "valign": "top", "align": "left", **colour}
            )
        return self._looks[code, is_fault]

    def _write(self, column: int, cell: str, look: object) -> None:
        text = put_text(self._sheet, self._rows, column, cell, look)
        longest = max(map(len, text.split("\n"))) if "\n" in text else len(text)
        self._widths[column] = max(self._widths[column], longest)

    def finish(self) -> None:
        """Make the columns as wide as what is in them, within reason."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(width + 2, _WIDEST), self._text)


def plain_value(text: str) -> tuple[float, str] | None:
    """The number that a text is, or the day, and a format by which it is read as the same text.

    A number has the format of a text, so that a zero that somebody types in front of it stays.

    >>> plain_value("1234.5"), plain_value("2026-11-01"), plain_value("0150")
    ((1234.5, '@'), (46327.0, 'yyyy-mm-dd'), None)
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return float(text), TEXT
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (float((day - _DAY_ZERO).days), _DAY) if day.year > _DAY_ZERO.year + 1 else None


@contextmanager
def text_workbook(
    path: Path, headings: Sequence[str], *, sheet: str, comment: bytes = b""
) -> Iterator[TextSheet]:
    """A new workbook of one sheet at `path`, there once the block has ended without an error.

    `comment` goes into the file where no program that saves it will keep it. Readable by its owner
    only; memory does not grow with the rows. Raises ReportError.
    """
    with new_workbook(path, comment=comment) as book:
        texts = TextSheet(book, book.add_worksheet(sheet), headings)
        yield texts
        texts.finish()


@contextmanager
def new_workbook(path: Path, *, comment: bytes = b"") -> Iterator[Workbook]:
    """As `text_workbook`, but empty: each sheet is to be written row by row from the top."""
    try:
        with (
            replacing(path) as file,
            TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder,
        ):
            made = Path(folder) / "new.xlsx"
            book = Workbook(made, {"constant_memory": True, "tmpdir": folder})
            book.use_zip64()
            try:
                yield book
            finally:
                _close(book)
            with zipfile.ZipFile(made, "a") as archive:
                archive.comment = comment
            with made.open("rb") as whole:
                shutil.copyfileobj(whole, file)
    except ReportError as error:
        raise ReportError(
            error.message,
            hint=_(
                "Close it where it is open, make room, or name another file; then run the "
                "same command again."
            ),
        ) from error


def _close(book: Workbook) -> None:
    try:
        book.close()
    except FileCreateError as error:
        # It hides the error of the file in its own.
        raise error.args[0] from None
