"""list -> check -> letter -> render, for a few rows, to be looked at before sending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from batchsend.letters import Checked, Letter, RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into
from batchsend.operations.planning.selection import Selection
from batchsend.operations.templates import templates_of
from batchsend.previews import Preview, PreviewFolder, PreviewWriter, worth_seeing
from batchsend.rendering import RenderedLetter, RenderPool, Templates, Workers
from batchsend.request import Subscription
from batchsend.scratch import ScratchFolder

UNSEEN = Subscription.model_validate({"SubscriptionId": "********", "StorageId": "********"})
"""Stands in for the credentials, which a preview never reads."""
Stamp = tuple[int, int] | None


def preview(
    mailing: Mailing, *, out: Path, rows: RowSet | None = None, marks: bool = False
) -> Preview:
    """Write the letters of `rows` to the folder `out`: PDF, request, pictures, a contact sheet.

    Without `rows`, about a dozen letters that are worth looking at. The request is written without
    the PDF, secrets and national ids masked. With `marks`, the limits the pages are checked against
    are drawn over the pictures. Files of an earlier preview are replaced, others never.

    Raises SettingsError, ListError, TemplateError, or ReportError where a file cannot be written.
    """
    with Proofs(out, rows, marks) as proofs:
        return proofs.of(mailing, templates_of(mailing))


class Proofs:
    """Previews of one mailing; the checked list and the worker are kept from one to the next."""

    def __init__(self, out: Path, rows: RowSet | None, marks: bool) -> None:
        self._out, self._rows, self._marks = out, rows, marks
        self._checked: Checked | None = None
        self._checked_as: object = None
        self._workers: Workers | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._snapshot = self._open.enter_context(ScratchFolder()) / "snapshot"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._workers is not None:
            self._workers.shutdown(cancel_futures=True)
        self._open.close()

    def of(self, mailing: Mailing, templates: Templates) -> Preview:
        """Render and write the letters."""
        checked = self._check(mailing, templates)
        if self._rows is not None:
            Selection(rows=self._rows).must_name_rows_of(checked)
        if self._workers is None:
            self._workers = Workers(1, timeout=templates.time_limit)
        why = {} if self._rows is not None else worth_seeing(checked.snapshot)
        rows = (
            RowSet.of(pl.Series(list(why), dtype=pl.UInt32))
            if self._rows is None
            else checked.snapshot.beginnings(self._rows)
        )
        pages = templates.pages if self._marks else None
        shelf = PreviewWriter(PreviewFolder(self._out), checked, why=why, marks=pages)
        asyncio.run(self._fill(shelf, checked.snapshot, rows, templates))
        if self._rows is not None:
            shelf.keep_back(rows)
        return shelf.finish(mailing.name)

    async def _fill(
        self, shelf: PreviewWriter, snapshot: Snapshot, rows: RowSet, templates: Templates
    ) -> None:
        """Put each letter on the shelf, also those that will not be sent because of their pages."""
        doubtful: list[int] = []
        softened = self._rendered(templates.for_preview(), snapshot, rows)
        async for letter, prepared in softened:
            shelf.put(letter, prepared)
            if prepared.warnings:
                doubtful.append(prepared.entry.row)
        doubted = RowSet.of(pl.Series(doubtful, dtype=pl.UInt32))
        async for letter, prepared in self._rendered(templates, snapshot, doubted):
            if prepared.error:
                shelf.refuse(letter, prepared.error)

    async def _rendered(
        self, templates: Templates, snapshot: Snapshot, rows: RowSet
    ) -> AsyncIterator[tuple[Letter, RenderedLetter]]:
        rendering: dict[int, Letter] = {}

        def taken() -> Iterator[Letter]:
            for letter in snapshot.letters(rows):
                rendering[letter.rows[0].number] = letter
                yield letter

        with RenderPool(
            templates, snapshot.columns, UNSEEN, workers=1, executor=self._workers
        ) as press:
            async for prepared in press.prepare(taken()):
                yield rendering.pop(prepared.entry.row), prepared

    def _check(self, mailing: Mailing, templates: Templates) -> Checked:
        """The checked list: anew only where something else than a template's look has changed."""
        checked_as = mailing, last_saved(mailing.folder / mailing.list.path), templates.uses
        own = templates.ready_made.names_data  # documents that may have been saved since
        if self._checked is None or checked_as != self._checked_as or own:
            self._checked = None
            self._checked = check_into(self._snapshot, mailing, templates)
            self._checked_as = checked_as
        return self._checked


def last_saved(path: Path) -> Stamp:
    """When a file was saved last; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
