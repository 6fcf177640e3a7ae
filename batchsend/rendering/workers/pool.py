"""RenderPool: renders a mailing's letters in worker processes and hands over finished requests.

Bounded at both ends: memory stays the same however long the list is. Knows nothing of sending.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from batchsend.errors import BatchsendError, RenderingError
from batchsend.language import _
from batchsend.letters import Letter
from batchsend.lists import Column
from batchsend.outcome import Entry
from batchsend.rendering.document import Document
from batchsend.rendering.kept_documents import KeptDocuments
from batchsend.rendering.renderer import Renderer
from batchsend.rendering.templates import Templates
from batchsend.rendering.workers.executor import Workers, processors
from batchsend.request import Subscription, request_body

DEATHS = 3
"""How often the process of one letter may die before the letter is given up."""


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter ready to leave; or, where `error` is a sentence, one that could not be rendered."""

    entry: Entry
    """What the ledger notes of it."""
    body: bytes = b""
    """The finished request, JSON in UTF-8; empty where there is an error."""
    warnings: tuple[str, ...] = ()
    error: str = ""


class RenderPool:
    """A context manager around worker processes.

    `workers` is their number, one for each processor unless set. An `executor` of the standard
    library's interface (a cluster's, say) takes their place; where its number changes meanwhile,
    `workers` tells it when called. What they render is put into the folder `keep_in`; what
    the folder `take_from` has of the same letters is not rendered. Both are on their machine.
    """

    def __init__(  # noqa: PLR0913 - the parts of a pool, put together in one place
        self,
        templates: Templates,
        columns: Sequence[Column],
        subscription: Subscription,
        *,
        workers: int | Callable[[], int] | None = None,
        executor: Executor | None = None,
        keep_in: Path | None = None,
        take_from: Path | None = None,
    ) -> None:
        self._engine = templates.engine
        self._timeout = templates.time_limit
        self._at_once = templates.at_once
        # By these very templates and columns, whoever put documents there.
        keep, take = (
            KeptDocuments.at(folder, templates, tuple(columns)) if folder else None
            for folder in (keep_in, take_from)
        )
        job = _Job(templates, tuple(columns), subscription, keep, take)
        self._job = functools.partial(_prepare_all, job)
        number = workers or processors()
        self._count = number if callable(number) else lambda: number
        self._given = executor
        self._executor: Executor | None = executor

    def __enter__(self) -> Self:
        if self._given is None:
            self._executor = Workers(self._count(), timeout=self._timeout)
        return self

    def __exit__(self, *_: object) -> None:
        if self._given is None and self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    @property
    def pids(self) -> list[int]:
        """The worker processes as they are now; none of another executor's."""
        return self._executor.pids if isinstance(self._executor, Workers) else []

    async def prepare(self, letters: Iterator[Letter]) -> AsyncGenerator[RenderedLetter]:
        """Every letter, rendered, about in the order given; each has its error with it.

        Takes from `letters` only as fast as its results are taken.
        """
        tasks: set[asyncio.Task[list[RenderedLetter]]] = set()
        try:
            while True:
                # Two for each worker: one in work, the next at hand.
                while len(tasks) < 2 * self._count() and (
                    chunk := tuple(islice(letters, self._at_once))
                ):
                    tasks.add(asyncio.create_task(self._chunk(chunk)))
                if not tasks:
                    return
                done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    for prepared in task.result():
                        yield prepared
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def one(self, letter: Letter) -> RenderedLetter:
        """This letter by itself, beside whatever else is rendered."""
        [made] = await self._chunk((letter,))
        return made

    async def _chunk(self, letters: tuple[Letter, ...]) -> list[RenderedLetter]:
        try:
            return await self._submit(letters)
        except (BrokenExecutor, TimeoutError):
            # One of them ended the process: each by itself, to spare the others.
            return [await self._single(letter) for letter in letters]

    async def _single(self, letter: Letter) -> RenderedLetter:
        reason = ""
        for _other in range(DEATHS):
            try:
                return (await self._submit((letter,)))[0]
            except TimeoutError:
                reason = _(
                    "rendering took longer than {timeout:g} seconds and was ended. Look for "
                    "a loop without an end or a very large image, or raise [template] "
                    "timeout.",
                    timeout=self._timeout,
                )
                break
            except BrokenExecutor:
                reason = _(
                    "the program that makes the PDFs stopped at this letter each time it "
                    "was tried. Look for very large pictures in it, or for thousands of "
                    "pages."
                )
        return _failed(letter, self._engine, reason)

    async def _submit(self, letters: tuple[Letter, ...]) -> list[RenderedLetter]:
        if self._executor is None:
            raise RuntimeError("a RenderPool is a context manager: use it in a with statement")
        return await asyncio.wrap_future(self._executor.submit(self._job, letters))


@dataclass(frozen=True, eq=False)
class _Job:
    """What a worker needs besides the letters."""

    templates: Templates
    columns: tuple[Column, ...]
    subscription: Subscription
    keep: KeptDocuments | None
    take: KeptDocuments | None

    @functools.cached_property
    def renderer(self) -> Renderer:
        return Renderer(self.templates, self.columns)


def _prepare_all(job: _Job, letters: Sequence[Letter]) -> list[RenderedLetter]:
    """Runs in the worker."""
    try:
        documents = _documents(job, letters)
    except BatchsendError as error:
        documents = [RenderingError(error.message, hint=error.hint)] * len(letters)
    return [_prepare(job, *pair) for pair in zip(letters, documents, strict=True)]


def _documents(job: _Job, letters: Sequence[Letter]) -> list[Document | RenderingError]:
    """What was kept of them, and the others rendered."""
    taken = [job.take.of(letter) if job.take else None for letter in letters]
    missing = [letter for letter, found in zip(letters, taken, strict=True) if found is None]
    made = job.renderer.render_each(missing) if missing else []
    if job.keep:
        for letter, document in zip(missing, made, strict=True):
            if isinstance(document, Document):
                job.keep.keep(letter, document)
    rendered = iter(made)
    return [next(rendered) if found is None else found for found in taken]


def _prepare(job: _Job, letter: Letter, document: Document | RenderingError) -> RenderedLetter:
    if isinstance(document, RenderingError):
        # The row stands beside it, and one fault in many letters is to be one reason.
        reason = str(document).removeprefix(f"Row {letter.rows[0].number}: ")
        return _failed(letter, job.templates.engine, reason)
    try:
        body = request_body(letter.fields, document.pdf, job.subscription)
    except BatchsendError as error:
        return _failed(letter, job.templates.engine, str(error))
    warnings = document.warnings
    rules = job.templates.pages.for_channel(letter.channel)
    if (most := rules.max_request_kilobytes) is not None and len(body) > most * 1000:
        said = _(
            "size: the request has {number:.0f} kB, at most {most:g} kB are accepted",
            number=len(body) / 1000,
            most=most,
        )
        if rules.rules.size == "hold":
            return _failed(letter, job.templates.engine, f"{said}.")
        warnings += (said,) if rules.rules.size == "warn" else ()
    return RenderedLetter(_entry(letter, document.pages, document.engine), body, warnings)


def _failed(letter: Letter, engine: str, error: str) -> RenderedLetter:
    return RenderedLetter(_entry(letter, 0, engine), error=error)


def _entry(letter: Letter, pages: int, engine: str) -> Entry:
    row = letter.rows[0].number
    return Entry(letter.identifier, row, letter.channel, letter.content, pages, engine)
