"""Quotation marks of other kinds than "…" around cells: '…', and "…" around whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from batchsend.errors import ListError
from batchsend.language import _
from batchsend.lists.csv_lines import LineBatch

_WRAPPED = r'^\s*"(?:[^"]|"")*"\s*$'
_LINE = re.compile(r'\s*"((?:[^"]|"")*)"\s*')
_SEPARATORS = re.compile(r"[;,\t|~]")
_TYPOGRAPHIC = re.compile(r"\s*[“”„«»‘’‚`´].+[“”«»‘’`´]\s*", re.DOTALL)
_NEARLY_ALL = 0.9


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether whole lines stand in quotation marks, as after a list of one column was saved again.

    All cells of the first line must be within one pair of them; or, where a program wrote the
    headings by itself, in none, and those of every other line in one.
    """
    filled = [line for line in lines if line.strip()]
    whole = [line for line in filled if _LINE.fullmatch(line)]
    if len(filled) < 2 or len(whole) < _NEARLY_ALL * len(filled) or whole[0] is not filled[0]:
        return len(whole) == len(filled) - 1 > 0 and _below_bare_headings(filled)
    counts = [len(_SEPARATORS.findall(unwrapped(line))) for line in whole]
    # A list of one column, whose cells have commas in them, has no comma in its heading.
    return counts[0] > 0 and sum(n >= counts[0] for n in counts) >= _NEARLY_ALL * len(counts)


def _below_bare_headings(filled: Sequence[str]) -> bool:
    """Whether each line but the first has as many separators in its marks as that one without."""
    if '"' in filled[0]:
        return False
    inner = [unwrapped(line) for line in filled[1:]]
    marks = dict.fromkeys(_SEPARATORS.findall(filled[0]))
    return any({line.count(mark) for line in inner} == {filled[0].count(mark)} for mark in marks)


def refuse_typographic_marks(records: Sequence[Sequence[str]], name: str) -> None:
    """ListError where cells stand in “…” or «…», which no program takes for quotation marks.

    All headings do then, and nearly all cells that have anything in them.
    """
    filled = [[cell for cell in cells if cell.strip()] for cells in records]
    filled = [cells for cells in filled if cells]
    inside = [cell for cells in filled for cell in cells if _TYPOGRAPHIC.fullmatch(cell)]
    if len(filled) < 2 or not all(map(_TYPOGRAPHIC.fullmatch, filled[0])):
        return
    if len(inside) >= _NEARLY_ALL * sum(map(len, filled)):
        first = inside[0].strip()
        raise ListError(
            _(
                "The cells of {name} stand in the marks {first} and {first_2}, which "
                "programs take for a part of the text.",
                name=name,
                first=first[0],
                first_2=first[-1],
            ),
            hint=_('Replace both by " in a text editor, or export the list again.'),
        )


def unwrapped(line: str) -> str:
    """What stands in the quotation marks around a line."""
    found = _LINE.fullmatch(line)
    return found[1].replace('""', '"') if found else line


def unwrapped_batches(batches: Iterable[LineBatch]) -> Iterator[LineBatch]:
    """The same batches of lines without the quotation marks around them."""
    for batch in batches:
        lines = batch.lines
        inner = lines.str.strip_chars().str.slice(1).str.head(-1).str.replace_all('""', '"')
        bare = pl.select(
            pl.when(lines.str.contains(_WRAPPED)).then(inner).otherwise(lines)
        ).to_series()
        text = bare.str.join("\n").cast(pl.Binary).item() if batch.count else b""
        yield replace(batch, text=text)


def single_quotes(records: Sequence[Sequence[str]]) -> bool:
    """Whether cells stand in '…', as LibreOffice writes them where it is told to.

    All headings do then, and no cell has but one of the two marks. `records` are cells cut at the
    separator alone.
    """
    cells = [cell.strip() for record in records for cell in record]
    first = [cell.strip() for cell in records[0]] if records else []
    opened = [cell for cell in cells if cell.startswith("'")]
    closed = [cell for cell in opened if len(cell) > 1 and cell.endswith("'")]
    all_headings = bool(first) and all(len(c) > 2 and c[0] == c[-1] == "'" for c in first)
    return all_headings and len(closed) >= _NEARLY_ALL * len(opened) and len(opened) > len(first)
