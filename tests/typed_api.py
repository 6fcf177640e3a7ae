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
    Checked,
    LedgerError,
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
    Target,
    TemplateError,
    UnreportedError,
    __version__,
    check,
    preview,
    report,
    send,
)

ERRORS: tuple[type[BatchsendError], ...] = (
    *(LedgerError, ListError, RenderingError, ReportError),
    *(SendingError, SettingsError, TemplateError, UnreportedError),
)


def few(plan: Plan) -> bool:
    assert_type(plan.to_send, pl.DataFrame)
    return plan.to_send.height <= 100


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
    shown = assert_type(preview(mailing, out=Path("shown"), rows=RowSet.parse("2")), Preview)
    assert_type(shown.index, Path)

    selection = Selection(rows=RowSet.parse("2-3"), limit=10)
    sent = send(
        mailing,
        Target.sandbox(),
        selection=selection,
        agreed=few,
        progress=show,
        notice=print,
    )
    assert_type(sent, Sent | None)
    if sent is not None:
        assert_type(sent.all_accepted, bool)
        assert_type(sent.report.summary.by_status, Mapping[str, int])
        assert_type(sent.report.path, Path)
    assert_type(Target.api(mailing).is_sandbox, bool)
    assert_type(report(mailing), Report)


def wrong(mailing: Mailing, target: Target) -> None:
    Mailing.load(2)  # type: ignore[arg-type]
    mailing.sending(rate="fast")  # type: ignore[arg-type]
    check("october/mailing.toml")  # type: ignore[arg-type]
    check(mailing).letter  # type: ignore[attr-defined]  # noqa: B018
    preview(mailing)  # type: ignore[call-arg]
    send(mailing)  # type: ignore[call-arg]
    send(mailing, "https://api.example.com")  # type: ignore[arg-type]
    send(mailing, target, Selection())  # type: ignore[call-arg]
    send(mailing, target, selection=RowSet.parse("2"))  # type: ignore[arg-type]
    send(mailing, target, agreed=lambda: True)  # type: ignore[arg-type, misc]
    send(mailing, target).report  # type: ignore[union-attr]  # noqa: B018
    Selection(rows="2-3")  # type: ignore[arg-type]
    report(mailing, Path("report.csv"))  # type: ignore[call-arg]
