"""list -> check -> letter -> render, for a few rows, to be looked at before sending: once, again
whenever a file is saved that the letters come from, or the pages of one letter as pictures."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from base64 import b64decode
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

import orjson
import polars as pl

from batchsend.errors import BatchsendError
from batchsend.language import current_face, current_language
from batchsend.letters import Checked, Letter, RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.planning.selection import Selection
from batchsend.previews import Preview, PreviewFolder, PreviewWriter, page_pictures, worth_seeing
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

    def __exit__(self, *_: object) -> None:
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


LOOKS = 0.5
"""Seconds between two looks at whether a file was saved."""


def watch(
    load: Callable[[], Mailing], *, out: Path, rows: RowSet | None = None, marks: bool = False
) -> Generator[Preview | BatchsendError]:
    """The same at once and whenever mailing.toml, the list or the template is saved, without end.

    `load` reads the mailing again each time. What is wrong later is handed over in place of a
    preview, and watching goes on.
    """
    mailing = load()
    with Proofs(out, rows, marks) as proofs:
        shown: object = None
        while True:
            before = _stamps(mailing, out)
            try:
                mailing = load()
                # It may name other files now. As it was before it was read: it may change again.
                before = _stamps(mailing, out) | {mailing.path: before[mailing.path]}
                templates = templates_of(mailing)
                # Other files come and go beside a template; most of them mean nothing to it.
                now = mailing, last_saved(mailing.folder / mailing.list.path), templates.digest
                if now != shown:
                    yield proofs.of(mailing, templates)
                shown = now
            except BatchsendError as error:
                shown = None
                yield error
            while _stamps(mailing, out) == before:
                time.sleep(LOOKS)


def _stamps(mailing: Mailing, out: Path) -> dict[Path, Stamp]:
    """When each file that a preview may come from was last saved; not what previews write."""
    settings = mailing.template.path if mailing.template else {}
    templates = settings.values() if isinstance(settings, dict) else [settings]
    found = {path: last_saved(path) for path in (mailing.path, mailing.folder / mailing.list.path)}
    for folder in {(mailing.folder / template).parent.resolve() for template in templates}:
        for here, folders, names in os.walk(folder):
            inside = Path(here)
            folders[:] = [
                name
                for name in folders
                if not name.startswith(".") and inside / name != out.resolve()
            ]
            found |= {inside / name: last_saved(inside / name) for name in names}
    return found


PAGES = 20
"""So many pages of a letter are pictured."""
KEPT = 30
"""Letters whose pages are kept, as somebody turns them there and back."""


@dataclass(frozen=True, slots=True)
class LetterPages:
    """One letter as it would be printed."""

    pictures: tuple[bytes, ...]
    """PNG, a page each; empty where it could not be rendered."""
    warnings: tuple[str, ...]
    error: str
    """Why it is not sent as it is; empty where it is."""


class Looking:
    """Renders letters of checked lists one at a time; its process is kept from one to the next, and
    so are the pages of the last: a letter that says the same in a list that is checked again is
    there already.

    May be called from several threads: they wait for each other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: Workers | None = None
        self._kept: OrderedDict[tuple[object, ...], LetterPages] = OrderedDict()

    def at(self, checked: Checked, templates: Templates, row: int) -> LetterPages | None:
        """The letter that a row goes into; None where it goes into none.

        Raises TemplateError where the template as a whole cannot be used.
        """
        snapshot = checked.snapshot
        rows = snapshot.beginnings(RowSet.of(pl.Series([row], dtype=pl.UInt32)))
        letter = next(snapshot.letters(rows), None)
        if letter is None:
            return None
        fitted = templates.fitted(snapshot.columns)
        key = (
            *(letter.rows[0].number, letter.identifier, letter.content, fitted.digest),
            *(fitted.pages.model_dump_json(), current_language(), current_face()),
        )
        with self._lock:
            found = self._kept.pop(key, None) or self._printed(fitted, letter, snapshot)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def _printed(self, templates: Templates, letter: Letter, snapshot: Snapshot) -> LetterPages:
        if self._workers is None:
            self._workers = Workers(1, timeout=templates.time_limit)
        softened = asyncio.run(self._render(templates.for_preview(), letter, snapshot))
        strict = softened
        if softened.warnings and not softened.error:
            strict = asyncio.run(self._render(templates, letter, snapshot))
        pdf = b""
        if softened.body:
            pdf = b64decode(orjson.loads(softened.body)["Letter"].get("FreeText", ""))
        pictures = tuple(islice(page_pictures(pdf), PAGES)) if pdf else ()
        return LetterPages(pictures, softened.warnings, strict.error)

    async def _render(
        self, templates: Templates, letter: Letter, snapshot: Snapshot
    ) -> RenderedLetter:
        pool = RenderPool(templates, snapshot.columns, UNSEEN, workers=1, executor=self._workers)
        with pool as press:
            [printed] = [each async for each in press.prepare(iter([letter]))]
        return printed

    def close(self) -> None:
        """End its process."""
        with self._lock:
            if self._workers is not None:
                self._workers.shutdown(cancel_futures=True)
                self._workers = None
