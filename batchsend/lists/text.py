"""Text files: CSV in all the dialects that spreadsheets and business systems write."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

import polars as pl

from batchsend.errors import ListError
from batchsend.language import N_, _
from batchsend.lists.assembly import MOST_COLUMNS, Source, assemble, too_wide
from batchsend.lists.csv_fast import Cutter
from batchsend.lists.csv_lines import line_batches
from batchsend.lists.csv_strict import Dialect, Record
from batchsend.lists.encodings import Encoding, Evidence, find_encoding
from batchsend.lists.header import SEARCHED, Header, find_header
from batchsend.lists.parts import write_parts
from batchsend.lists.problems import Problem
from batchsend.lists.recipients import RecipientList
from batchsend.lists.records import RecordReader
from batchsend.lists.rulers import refuse_fixed_width, without_rulers
from batchsend.lists.separators import (
    ONE_COLUMN,
    find_separator,
    other_separator,
    sample_records,
    stated_separator,
)
from batchsend.lists.settings import ListSettings
from batchsend.lists.short_rows import ShortRows
from batchsend.lists.telling_bytes import refuse_one_line
from batchsend.lists.wrapping import (
    is_wrapped,
    refuse_typographic_marks,
    single_quotes,
    unwrapped,
    unwrapped_batches,
)
from batchsend.text import INVISIBLE, blank

_SAYING_NOTHING = " \t;,|\"'\u00a0" + INVISIBLE
_SAMPLE = 1 << 18
_SEPARATOR_NAMES = {"\t": "tab", ONE_COLUMN: N_("none, one column")}


def read_text(
    path: Path, evidence: Evidence, settings: ListSettings, folder: Path
) -> RecipientList:
    """Read a text file. ListError if it holds no list."""
    encoding = find_encoding(path, evidence, settings.encoding)
    sample = without_rulers(next(line_batches(path, encoding, chunk=_SAMPLE)).lines.to_list())
    wrapped = settings.quote is None and is_wrapped(sample)
    sample = [unwrapped(line) for line in sample] if wrapped else sample
    if not any(line.strip(_SAYING_NOTHING) for line in sample):
        raise ListError(_("{name} is empty.", name=path.name), hint=_("Export the list again."))
    refuse_one_line(sample, path.name)
    stated = stated_separator(sample[0])
    dialect = _dialect(sample[1:] if stated else sample, stated, settings, path)
    records = sample_records(sample[1:] if stated else sample, dialect)
    refuse_typographic_marks([record.cells for record in records[:SEARCHED]], path.name)
    header = _header(records, settings, path)
    width = _width(records, header)
    if width > MOST_COLUMNS:
        raise too_wide(path, width)
    reader = RecordReader(
        Cutter(dialect, width),
        after=header.row,
        usual=_usual(records, width),
        doubt=_(
            "this row is not in {encoding} as others are, and was read in another encoding; see "
            "that its letters are right",
            encoding=encoding.label.partition(" mixed ")[0],
        ),
    )
    batches = line_batches(path, encoding)
    batches = unwrapped_batches(batches) if wrapped else batches
    if stated:
        first = next(batches)
        batches = chain([first.following(1)], batches)
    rows = write_parts(reader.frames(batches), folder, width)
    if evidence.ends_open and (cut := cut_short(rows, width, reader.sightings.short)):
        reader.sightings.problems.append(cut)
    separator = _(_SEPARATOR_NAMES.get(dialect.separator, dialect.separator))
    return assemble(
        Source(path, "text", evidence.digest, rows, width, reader.sightings),
        header,
        settings,
        findings={
            "kind": _("text"),
            "encoding": _("{encoding} (as set)", encoding=encoding.label)
            if settings.encoding
            else encoding.label,
            "separator": _("{separator} (stated by the file)", separator=separator)
            if stated and not settings.separator
            else separator,
            "quote": (dialect.quote or _("none"))
            if settings.quote or evidence.has_quotes or dialect.quote == "'"
            else _("none"),
        },
        notes=_notes(
            encoding,
            wrapped,
            "" if width > 1 else other_separator(sample[bool(stated) :][:SEARCHED]),
        ),
    )


def _dialect(lines: list[str], stated: str, settings: ListSettings, path: Path) -> Dialect:
    quote = "" if settings.quote == "none" else settings.quote or '"'
    separator = settings.separator or stated or find_separator(lines, quote)
    if separator == ONE_COLUMN:
        refuse_fixed_width(lines[:SEARCHED], path.name)
    if settings.quote is None and _opens_singly(lines):
        for mark in dict.fromkeys((separator, find_separator(lines, "'"))):
            cut = [line.split(mark) for line in lines[:SEARCHED] if not blank(line)]
            if single_quotes(cut):
                return Dialect(settings.separator or stated or mark, "'")
    return Dialect(separator, quote)


def _opens_singly(lines: list[str]) -> bool:
    """Whether the first cell of all opens with the quotation mark that programs rarely write."""
    return next((line for line in lines if not blank(line)), "").lstrip().startswith("'")


def _header(records: list[Record], settings: ListSettings, path: Path) -> Header:
    if settings.headings:
        return Header(settings.header_row or 0, settings.headings)
    if settings.header_row is not None:
        if settings.header_row > len(records):
            raise ListError(
                _(
                    "The headings of {name} cannot be in row {header_row}; they have to be "
                    "in one of the first {number} rows.",
                    name=path.name,
                    header_row=settings.header_row,
                    number=len(records),
                ),
                hint=_("Set `header_row` under [list] to the row of the headings."),
            )
        return Header(settings.header_row, tuple(records[settings.header_row - 1].cells))
    return find_header([(row, r.cells) for row, r in enumerate(records[:SEARCHED], start=1)])


def _width(records: list[Record], header: Header) -> int:
    """As many columns as there are headings; without them, as most rows have cells."""
    widths = Counter(len(r.cells) for r in records if not all(map(blank, r.cells)))
    return len(header.headings) or max(widths, key=lambda width: (widths[width], width), default=1)


def _usual(records: list[Record], width: int) -> int:
    """How many cells most rows have, if that is more than there are headings."""
    widths = Counter(len(r.cells) for r in records if not all(map(blank, r.cells)))
    usual, times = max(widths.items(), key=lambda found: found[1], default=(width, 0))
    return usual if usual > width and 2 * times > sum(widths.values()) else width


def _notes(encoding: Encoding, wrapped: bool, perhaps: str) -> list[str]:
    notes = []
    if encoding.mixed_with:
        notes.append(
            _(
                "The file is {label}; the rows in the other encoding are listed as warnings.",
                label=encoding.label,
            )
        )
    if encoding.told_by:
        notes.append(
            _(
                "The encoding was found by hardly more than one word, “{word}”, which would be "
                "another one in another encoding. If its letters are wrong, set `encoding` under "
                "[list].",
                word=encoding.told_by,
            )
        )
    if wrapped:
        notes.append(_("The quotation marks around whole lines were taken off."))
    if perhaps:
        notes.append(
            _(
                "The list was read as one column, but every line has as many of the "
                "character {perhaps}. If it separates cells, set separator = '{perhaps}' "
                "under [list].",
                perhaps=perhaps,
            )
        )
    return notes


_ENOUGH = 3
"""Rows above the last one, from which their last cells tell anything."""


def cut_short(rows: pl.LazyFrame, width: int, short: ShortRows) -> Problem | None:
    """What may be wrong with the last row of a file that does not end with a line end.

    Many programs leave out the last line end; then its last row is as long as the others are.
    """
    cell = pl.col(f"c{width - 1}")
    ends = rows.select("row", size=cell.str.strip_chars().str.len_chars()).collect()
    if not ends.height:
        return None
    last, size = ends.row(-1)
    if width > 1 and short.rows and short.rows[-1] == last and len(short.rows) == 1:
        return Problem(
            last,
            None,
            "",
            _(
                "the file ends in the middle of this row, which has fewer cells than all "
                "others: it seems to be cut short, and rows may be missing; export or copy "
                "it again"
            ),
        )
    above = ends["size"].head(-1)
    if above.len() >= _ENOUGH and size < above.min():
        text = rows.select(cell.last()).collect().item()
        return Problem(
            last,
            width - 1,
            text,
            _(
                "the file ends here without a line end, and this cell is shorter than all "
                "above it: if the file is cut short, it is not whole, and rows may be "
                "missing"
            ),
            "warning",
        )
    return None
