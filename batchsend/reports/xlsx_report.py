"""write_xlsx: report.xlsx, the report as a workbook: a summary, and every row to be filtered.

A column whose every cell is an amount is written as numbers; where there is a doubt it stays text.
Written as a stream, so that memory does not grow with the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from batchsend.language import _
from batchsend.ledger import REHEARSAL
from batchsend.lists import Column, recipient_fields
from batchsend.reports.account import About, Account, Figures
from batchsend.reports.rows import SYSTEM_COLUMNS, RowsReport
from batchsend.reports.statuses import BY_NAME, STATUSES
from batchsend.reports.summary import Attention
from batchsend.reports.workbook import MOST_COLUMNS, MOST_ROWS, TEXT, new_workbook, put_text

MARK = "batchsend report"
"""A property of the workbook, which spreadsheet programs keep; it may be written over."""
_WARNING = {"bg_color": "#FFEDC2", "font_color": "#7A4A00", "bold": True}
_HEAD = {"bold": True, "bg_color": "#E7E6E6", "valign": "top"}
_WIDTHS = {"identifier": 26, "reason": 60, "request_id": 26, "submitted_at": 19, "engine": 18}
_USUAL_WIDTH = 14
_WIDE = (24, 25, 38, 70, 50)
"""Widths of the summary's columns, in signs."""
_LINE, _HIGHEST = 15, 409
"""Points: a line of text, and the highest row there can be."""
_ROWS_AT_ONCE = 5_000

Write = Callable[[Worksheet, int, int, Any], None]


def write_xlsx(path: Path, account: Account) -> None:
    """Write the workbook to `path`, whole or not at all. Raises ReportError."""
    shown = account.at_most(MOST_ROWS - 1)
    with new_workbook(path) as book:
        book.set_custom_property("Made by", MARK)
        book.set_properties({"title": f"{shown.about.mailing}, report"})
        _Summary(book, shown.part).write(shown.about, shown.figures, shown.attention)
        _write_rows(book, shown.rows, shown.about.made.astimezone())


class _Summary:
    """The first sheet, written from the top."""

    def __init__(self, book: Workbook, part: str) -> None:
        self._book = book
        self._sheet = book.add_worksheet(_("Summary"))
        self._sheet.hide_gridlines(2)
        _lay_out(self._sheet)
        for column, width in enumerate(_WIDE):
            self._sheet.set_column(column, column, width)
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._head = book.add_format(_HEAD)
        self._number = book.add_format({"num_format": "#,##0", "valign": "top", "align": "left"})
        self._money = book.add_format({"num_format": "#,##0.00", "valign": "top", "align": "left"})
        self._part = part
        self._row = 0

    def write(self, about: About, figures: Figures, urgent: Attention) -> None:
        title = self._book.add_format({"bold": True, "font_size": 16})
        put_text(self._sheet, 0, 0, about.mailing, title)
        self._row = 1
        if about.rehearsed:
            self._rehearsal()
        self._facts(about, figures)
        self._outcomes(figures)
        self._reasons(urgent)
        self._channels(figures, about)

    def _rehearsal(self) -> None:
        looks = self._book.add_format(_WARNING)
        said = _("REHEARSAL: nothing was posted, these letters went to the sandbox only.")
        self._sheet.set_row(self._row, None, looks)
        put_text(self._sheet, self._row, 0, said, looks)
        self._row += 1

    def _facts(self, about: About, figures: Figures) -> None:
        self._row += 1
        if about.period is not None:
            self._line((_("Period"), about.period))
        self._line((_("Report made"), _clock(about.made)))
        self._line((_("Template"), about.template or _("ready-made PDFs")))
        for run in about.runs:
            to = _("the sandbox (rehearsal)") if run.facts.destination == REHEARSAL else None
            ended = {"complete": _("complete"), "stopped": _("stopped half-way")}.get(run.end or "")
            number = _("Run {number}", number=run.number)
            self._line((number, _clock(run.started), ended or _("not ended")))
            self._line(("", _("to"), to or run.facts.destination))
            self._line(("", _("list"), str(run.facts.list_path)))
            if run.user:
                self._line(("", _("sent by"), run.user))
            if run.approved_by:
                self._line(("", _("approved by"), run.approved_by))
        self._line((_("Rows"), figures.rows))
        if self._part:
            self._line((_("In the sheet Rows"), "", self._part))
        for note in about.notes:
            self._line((_("Note"), "", note))

    def _outcomes(self, figures: Figures) -> None:
        """Letters and rows: what is left out is rows alone, and with it they are all there are."""
        means, to_do = _("what it means"), _("what to do")
        self._heading(_("Outcome"), _("letters"), _("rows"), means, to_do)
        for status, rows in figures.rows_by_status.items():
            known = BY_NAME[status]
            self._line(
                (
                    known.label,
                    figures.by_status.get(status, 0),
                    rows,
                    _(known.means),
                    _(known.to_do) if known.to_do else _("nothing"),
                ),
                looks=self._book.add_format(_status_look(status)),
            )
        self._line((_("together"), figures.letters, figures.rows))

    def _reasons(self, urgent: Attention) -> None:
        if not urgent.concerns:
            return
        self._heading(_("Needs attention"), _("rows"), _("first rows"), _("reason"))
        for concern in urgent.concerns:
            rows = ", ".join(row for _severity, row, *_more in concern.first[:5])
            self._line(
                (_(concern.status), concern.rows, rows, concern.reason),
                looks=self._book.add_format(_status_look(concern.status)),
            )
        if urgent.left_out:
            self._line(
                (
                    "",
                    "",
                    _("{left_out:,} more reasons are in the sheet Rows.", left_out=urgent.left_out),
                )
            )

    def _channels(self, figures: Figures, about: About) -> None:
        if not figures.charges:
            return
        currency = about.prices.currency if about.prices else ""
        self._heading(
            _("Accepted by channel"),
            _("letters"),
            _("sheets"),
            _("cost, {currency}", currency=currency) if currency else "",
        )
        for charge in figures.charges:
            money = float(charge.cost) if charge.cost is not None else ""
            self._line((charge.channel, charge.letters, charge.sheets, money))

    def _heading(self, *texts: str) -> None:
        self._row += 1
        for column, text in enumerate(texts):
            put_text(self._sheet, self._row, column, text, self._head)
        self._row += 1

    def _line(self, cells: Sequence[str | int | float], looks: object = None) -> None:
        self._make_room(cells)
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                first = looks or self._bold
                put_text(self._sheet, self._row, column, cell, self._wrapped if column else first)
            else:
                form = self._money if isinstance(cell, float) else self._number
                self._sheet.write_number(self._row, column, cell, form)
        self._row += 1

    def _make_room(self, cells: Sequence[str | int | float]) -> None:
        """For wrapped text, as LibreOffice does not by itself; before its cells: it is a stream."""
        lines = [len(wrap(str(text), width)) for text, width in zip(cells, _WIDE, strict=False)]
        if max(lines) > 1:
            self._sheet.set_row(self._row, min(max(lines) * _LINE, _HIGHEST))


def _write_rows(book: Workbook, report: RowsReport, here: datetime) -> None:
    """The second sheet: the report's lines, with filters, typed and coloured; times by the clock
    that `here` is of."""
    headings = [
        f"submitted_at ({here.tzname()})" if heading == "submitted_at" else heading
        for heading in report.headings[:MOST_COLUMNS]
    ]
    sheet = book.add_worksheet(_("Rows"))
    text = book.add_format({"num_format": TEXT})
    head = book.add_format({**_HEAD, "num_format": TEXT})
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    _lay_out(sheet)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})
    for column, heading in enumerate(headings):
        name = SYSTEM_COLUMNS[column] if column < len(SYSTEM_COLUMNS) else ""
        sheet.set_column(column, column, _WIDTHS.get(name, _USUAL_WIDTH))
        put_text(sheet, 0, column, heading, head)
    writers = _writers(book, report, text, here)[: len(headings)]
    row = 0
    frame = report.frame.head(MOST_ROWS - 1)
    for batch in frame.collect_batches(chunk_size=_ROWS_AT_ONCE, maintain_order=True):
        for cells in batch.iter_rows():
            row += 1
            for column, (write, cell) in enumerate(zip(writers, cells, strict=False)):
                if cell is not None and cell != "":
                    write(sheet, row, column, cell)
    if row:
        sheet.autofilter(0, 0, row, len(headings) - 1)


def _writers(book: Workbook, report: RowsReport, text: object, here: datetime) -> list[Write]:
    """How the cells of each column are written."""
    looks = {status: book.add_format(_status_look(status)) for status in STATUSES}
    moment = book.add_format({"num_format": _("yyyy-mm-dd hh:mm:ss")})
    rehearsed = book.add_format(_WARNING)

    def number(sheet: Worksheet, row: int, column: int, cell: int) -> None:
        sheet.write_number(row, column, cell)

    def words(sheet: Worksheet, row: int, column: int, cell: str) -> None:
        put_text(sheet, row, column, cell, text)

    def status(sheet: Worksheet, row: int, column: int, cell: str) -> None:
        sheet.write_string(row, column, _(cell), looks[cell])

    def time(sheet: Worksheet, row: int, column: int, cell: datetime) -> None:
        sheet.write_datetime(row, column, cell.astimezone(here.tzinfo).replace(tzinfo=None), moment)

    def destination(sheet: Worksheet, row: int, column: int, cell: str) -> None:
        put_text(sheet, row, column, cell, rehearsed if cell == REHEARSAL else text)

    special: dict[str, Write] = {
        "status": status,
        "submitted_at": time,
        "destination": destination,
    }
    special |= {
        key: _amount(kind, book.add_format({"num_format": kind.code}))
        for key, kind in amount_columns(report).items()
    }
    kinds = report.frame.collect_schema()
    return [
        special.get(name) or (number if kind.is_integer() else words)
        for name, kind in kinds.items()
    ]


def _amount(kind: AmountColumn, look: object) -> Write:
    def write(sheet: Worksheet, row: int, column: int, cell: str) -> None:
        if cell.strip():
            sheet.write_number(row, column, kind.value(cell), look)

    return write


def _lay_out(sheet: Worksheet) -> None:
    """For whoever prints it: as wide as a sheet of paper on its side."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _status_look(status: str) -> dict[str, object]:
    paper, ink = BY_NAME[status].cell
    return {"bg_color": paper, "font_color": ink, "bold": True, "valign": "top"}


def _clock(moment: datetime) -> str:
    return _("{moment:%Y-%m-%d %H:%M:%S %Z}", moment=moment.astimezone())


_BLANKS = " \u00a0\u202f"
_WHOLE = rf"-?(?:0|[1-9]\d{{0,2}}(?:[{_BLANKS}]\d{{3}}){{1,3}}|[1-9]\d{{0,8}})"
_COMMA = rf"-?(?:0|[1-9]\d{{0,2}}(?:[{_BLANKS}.]?\d{{3}}){{0,3}}),\d{{1,2}}"
_POINT = rf"-?(?:0|[1-9]\d{{0,2}}(?:[{_BLANKS},]?\d{{3}}){{0,3}})\.\d{{1,2}}"
_LARGE = r"\d{3}\.\d{1,2}$"
"""With a point only where one is larger than any day or hour: 15.11 may be either."""
_GROUPED = rf"[{_BLANKS}]"
_NAMES_AN_AMOUNT = re.compile(
    r"bel[øo]p|sum\b|total|saldo|pris\b|gebyr\b|avgift\b|leie\b|\bkr\b|kroner|kostnad|antall|"
    r"amount|price|\bfee\b|\brent\b|\bcost\b|balance|quantity",
    re.IGNORECASE,
)
_NAMES_SOMETHING = re.compile(
    r"(?:nr|nummer|\bno|number|\bid|ref|kode|code|kid|konto)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """How the cells of a column are read, and shown."""

    decimal: str
    """The sign before its decimals; empty where it has none."""
    code: str
    """The number format."""

    def value(self, text: str) -> float:
        """The number that a cell says."""
        plain = text.strip()
        if self.decimal:
            whole, _, rest = plain.partition(self.decimal)
            return float(f"{re.sub(r'[^0-9-]', '', whole)}.{rest or 0}")
        return float(re.sub(r"[^0-9-]", "", plain))


def amount_columns(report: RowsReport) -> Mapping[str, AmountColumn]:
    """The columns of amounts of a report, by their keys."""
    guess = recipient_fields(report.columns)
    of_people = {*guess.exact.values(), *guess.proposals.values()}
    asked = [
        column
        for column in report.columns
        if column not in of_people and not _NAMES_SOMETHING.search(column.heading)
    ]
    if not asked:
        return {}
    told = report.frame.select(
        expression.alias(f"{column.key} {name}")
        for column in asked
        for name, expression in _facts(column).items()
    ).collect(engine="streaming")
    facts = told.row(0, named=True)
    found = {column.key: _kind(column, facts) for column in asked}
    return {key: kind for key, kind in found.items() if kind is not None}


def _facts(column: Column) -> dict[str, pl.Expr]:
    cell = pl.col(column.key).str.strip_chars()
    cells = cell.filter(cell != "")
    return {
        "whole": cells.str.contains(f"^{_WHOLE}$").all(),
        "comma": cells.str.contains(f"^(?:{_WHOLE}|{_COMMA})$").all(),
        "point": cells.str.contains(f"^(?:{_WHOLE}|{_POINT})$").all(),
        "large": cells.str.contains(_LARGE).any(),
        "grouped": cells.str.contains(_GROUPED).any(),
        "cells": cells.len(),
    }


def _kind(column: Column, facts: Mapping[str, bool]) -> AmountColumn | None:
    def is_so(name: str) -> bool:
        return bool(facts[f"{column.key} {name}"])

    if not is_so("cells"):
        return None
    if is_so("whole"):
        is_amount = is_so("grouped") or _NAMES_AN_AMOUNT.search(column.heading)
        return AmountColumn("", "#,##0" if is_so("grouped") else "0") if is_amount else None
    if is_so("comma"):
        return AmountColumn(",", "#,##0.00")
    return AmountColumn(".", "#,##0.00") if is_so("point") and is_so("large") else None
