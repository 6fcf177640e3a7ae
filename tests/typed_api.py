"""The public API as a user with a type checker writes it, right and wrong; it is never run.

`# type: ignore[...]` stands where a checker must object: one that is not needed is an error, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import assert_type

import polars as pl

from batchsend import (
    BatchsendError,
    Cell,
    Checked,
    Corrected,
    LedgerError,
    Listed,
    ListError,
    Mailing,
    Plan,
    Preview,
    ProgressReport,
    RenderingError,
    Report,
    ReportError,
    RowSet,
    Selection,
    SendingError,
    Sent,
    SettingsError,
    Taken,
    Target,
    TemplateError,
    UnreportedError,
    __version__,
    certain_cures,
    check,
    correct_cells,
    corrections_of,
    execute,
    plan,
    preview,
    report,
    send,
    take_workbook,
    take_workbooks,
    undo,
)

ERRORS: tuple[type[BatchsendError], ...] = (
    *(LedgerError, ListError, RenderingError, ReportError),
    *(SendingError, SettingsError, TemplateError, UnreportedError),
)


def show(progress: ProgressReport) -> None:
    assert_type(progress.done, int)


def right() -> None:
    assert_type(__version__, str)
    mailing = assert_type(Mailing.load("october/mailing.toml"), Mailing)
    slower = assert_type(mailing.sending(rate=2.5), Mailing)
    assert_type(slower.of_list(Path("list.csv")), Mailing)
    assert_type(mailing.send.rate, float)

    checked = assert_type(check(mailing), Checked)
    assert_type(checked.problems, pl.DataFrame)
    assert_type((checked.letters, checked.held), tuple[int, int])
    assert_type(corrections_of(mailing), tuple[Listed, ...])
    cures = assert_type(certain_cures(mailing), tuple[Corrected, ...])
    cells = [Cell(each.row, each.column, each.now) for each in cures]
    assert_type(correct_cells(mailing, cells), Taken)
    assert_type(
        take_workbook(mailing, Path("needs-attention.xlsx")).corrected, tuple[Corrected, ...]
    )
    assert_type(take_workbooks(mailing), tuple[Taken, ...])
    assert_type(undo(mailing, row=12), Taken)
    shown = assert_type(preview(mailing, out=Path("shown"), rows=RowSet.parse("2")), Preview)
    assert_type(shown.index, Path)

    selection = Selection(rows=RowSet.parse("2-3"), limit=10)
    with plan(mailing, Target.sandbox(), selection=selection) as planned:
        assert_type(planned, Plan)
        assert_type(planned.to_send, pl.DataFrame)
        sent = assert_type(execute(planned, progress=show, notice=print), Sent)
    assert_type(sent.all_accepted, bool)
    assert_type(sent.report.summary.by_status, Mapping[str, int])
    assert_type(sent.report.path, Path)
    assert_type(send(mailing, Target.sandbox(), selection=selection), Sent)
    assert_type(Target.api(mailing).is_sandbox, bool)
    assert_type(report(mailing), Report)


def wrong(mailing: Mailing, target: Target) -> None:
    Mailing.load(2)  # type: ignore[arg-type]
    mailing.sending(rate="fast")  # type: ignore[arg-type]
    check("october/mailing.toml")  # type: ignore[arg-type]
    check(mailing).letter  # type: ignore[attr-defined]  # noqa: B018
    correct_cells(mailing, [(12, "Postnr", "0581")])  # type: ignore[list-item]
    undo(mailing, 12)  # type: ignore[call-arg]
    preview(mailing)  # type: ignore[call-arg]
    send(mailing)  # type: ignore[call-arg]
    send(mailing, "https://api.example.com")  # type: ignore[arg-type]
    send(mailing, target, Selection())  # type: ignore[call-arg]
    send(mailing, target, selection=RowSet.parse("2"))  # type: ignore[arg-type]
    send(mailing, target, agreed=lambda plan: True)  # type: ignore[call-arg]
    plan(mailing)  # type: ignore[call-arg]
    execute(mailing)  # type: ignore[arg-type]
    Selection(rows="2-3")  # type: ignore[arg-type]
    report(mailing, Path("report.csv"))  # type: ignore[call-arg]
