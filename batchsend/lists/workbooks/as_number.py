"""A number and its format for a cell, so that the sheet shows a text again as it was shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from batchsend.lists.recipients import Figure
from batchsend.lists.workbooks.number_formats import Shown, formatter


def as_number(figure: Figure) -> tuple[float, str] | None:
    """The number, and the format code by which a workbook shows the figure and knows its number.

    None where no such format is found.

    >>> as_number(Figure("96.91", "96.9109400479616")), as_number(Figure("0150", "150"))
    ((96.9109400479616, '0.00'), (150.0, '[>=0]0000;General'))
    """
    bare = figure.stored.removesuffix("%")
    try:
        number = float(Decimal(bare) / (100 if bare != figure.stored else 1))
    except (InvalidOperation, OverflowError):
        return None
    for code in _codes(figure):
        read = formatter(code)(f"{number:.16G}")  # as it is written to the file
        if (
            isinstance(read, Shown)
            and not read.told
            and (read, read.as_shown) == (figure.stored, str(figure))
        ):
            return number, code
    return None


def _codes(figure: Figure) -> Iterator[str]:
    percent = "%" if figure.endswith("%") else ""
    decimals = len(figure.removesuffix("%").partition(".")[2])
    yield f"0.{'0' * decimals}{percent}" if decimals else f"0{percent}"
    yield f"[>=0]{_places(figure, list(figure.stored))};General"


def _places(figure: Figure, digits: list[str]) -> str:
    """A place for each of the number's digits and for zeros before them; all else as it stands."""
    code: list[str] = []
    for character in reversed(figure):
        if character == (digits[-1] if digits else "0"):
            code.append("0")
            del digits[-1:]
        else:
            code.append(f"\\{character}")
    return "".join(reversed(code))
