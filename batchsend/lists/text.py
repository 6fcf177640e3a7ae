"""Text files: CSV in all the dialects that spreadsheets and business systems write."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

from batchsend.errors import ListError
from batchsend.lists.assembly import Source, assemble
from batchsend.lists.cutting import Cutter
from batchsend.lists.encodings import Encoding, Evidence, find_encoding
from batchsend.lists.header import SEARCHED, Header, find_header
from batchsend.lists.lines import line_batches
from batchsend.lists.parts import write_parts
from batchsend.lists.quoting import Dialect, Record
from batchsend.lists.recipients import RecipientList
from batchsend.lists.records import RecordReader
from batchsend.lists.separators import (
    ONE_COLUMN,
    find_separator,
    sample_records,
    stated_separator,
)
from batchsend.lists.settings import ListSettings
from batchsend.text import INVISIBLE, blank

__all__ = ["read_text"]

_SAYING_NOTHING = " \t;,|\"'\u00a0" + INVISIBLE
_MOST_COLUMNS = 16_384  # as many as Excel has
_SAMPLE = 1 << 18
_SEPARATOR_NAMES = {"\t": "tab", ONE_COLUMN: "none, one column"}


def read_text(
    path: Path, evidence: Evidence, settings: ListSettings, folder: Path
) -> RecipientList:
    """Read a text file. ListError if it holds no list."""
    encoding = find_encoding(path, evidence, settings.encoding)
    sample = next(line_batches(path, encoding, chunk=_SAMPLE)).lines.to_list()
    if not any(line.strip(_SAYING_NOTHING) for line in sample):
        raise ListError(f"{path.name} is empty.", hint="Export the list again.")
    stated = stated_separator(sample[0])
    dialect = _dialect(sample[1:] if stated else sample, stated, settings)
    records = sample_records(sample[1:] if stated else sample, dialect)
    header = _header(records, settings, path)
    width = _width(records, header)
    if width > _MOST_COLUMNS:
        raise ListError(
            f"{path.name} has {width:,} columns, more than any spreadsheet.",
            hint="Set `separator` under [list] if the cells are separated by something else.",
        )
    reader = RecordReader(
        Cutter(dialect, width),
        after=header.row,
        doubt=f"this row is not in {encoding.label.split(' mixed ')[0]} as others are, and was "
        "read in another encoding; see that its letters are right",
    )
    batches = line_batches(path, encoding)
    if stated:
        first = next(batches)
        batches = chain([first.following(1)], batches)
    rows = write_parts(reader.frames(batches), folder, width)
    return assemble(
        Source(path, "text", evidence.digest, rows, width, reader.sightings),
        header,
        settings,
        findings={
            "kind": "text",
            "encoding": encoding.label + (" (as set)" if settings.encoding else ""),
            "separator": _SEPARATOR_NAMES.get(dialect.separator, dialect.separator)
            + (" (stated by the file)" if stated and not settings.separator else ""),
            "quote": (dialect.quote or "none") if settings.quote or evidence.has_quotes else "none",
        },
        notes=_notes(encoding),
    )


def _dialect(lines: list[str], stated: str, settings: ListSettings) -> Dialect:
    quote = "" if settings.quote == "none" else settings.quote or '"'
    return Dialect(settings.separator or stated or find_separator(lines, quote), quote)


def _header(records: list[Record], settings: ListSettings, path: Path) -> Header:
    if settings.headings:
        return Header(settings.header_row or 0, settings.headings)
    if settings.header_row is not None:
        if settings.header_row > len(records):
            raise ListError(
                f"The headings of {path.name} cannot be in row {settings.header_row}; they have to "
                f"be in one of the first {len(records)} rows.",
                hint="Set `header_row` under [list] to the row of the headings.",
            )
        return Header(settings.header_row, tuple(records[settings.header_row - 1].cells))
    return find_header([(row, r.cells) for row, r in enumerate(records[:SEARCHED], start=1)])


def _width(records: list[Record], header: Header) -> int:
    """As many columns as there are headings; without them, as most rows have cells."""
    widths = Counter(len(r.cells) for r in records if not all(map(blank, r.cells)))
    return len(header.headings) or max(widths, key=lambda width: (widths[width], width), default=1)


def _notes(encoding: Encoding) -> list[str]:
    if not encoding.mixed_with:
        return []
    return [f"The file is {encoding.label}; the rows in the other encoding are listed as warnings."]
