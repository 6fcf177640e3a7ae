"""Looking: the pages of one letter as pictures, when somebody asks for it."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice

import orjson
import polars as pl

from batchsend.letters import Checked, RowSet
from batchsend.previews import page_pictures
from batchsend.rendering import RenderedLetter, RenderPool, Templates, Workers
from batchsend.request import Subscription

PAGES = 20
"""So many pages of a letter are pictured."""
_UNSEEN = Subscription.model_validate({"SubscriptionId": "********", "StorageId": "********"})


@dataclass(frozen=True, slots=True)
class LetterPages:
    """One letter as it would be printed."""

    pictures: tuple[bytes, ...]
    """PNG, a page each; empty where it could not be rendered."""
    warnings: tuple[str, ...]
    error: str
    """Why it is not sent as it is; empty where it is."""


class Looking:
    """Renders letters of checked lists one at a time; its process is kept from one to the next.

    May be called from several threads: they wait for each other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: Workers | None = None

    def at(self, checked: Checked, templates: Templates, row: int) -> LetterPages | None:
        """The letter that a row goes into; None where it goes into none.

        Raises TemplateError where the template as a whole cannot be used.
        """
        snapshot = checked.snapshot
        rows = snapshot.beginnings(RowSet.of(pl.Series([row], dtype=pl.UInt32)))
        fitted = templates.fitted(snapshot.columns)
        with self._lock:
            if self._workers is None:
                self._workers = Workers(1, timeout=templates.time_limit)
            softened = asyncio.run(self._render(fitted.for_preview(), checked, rows))
            if softened is None:
                return None
            strict = softened
            if softened.warnings and not softened.error:
                strict = asyncio.run(self._render(fitted, checked, rows)) or softened
            pdf = b""
            if softened.body:
                pdf = b64decode(orjson.loads(softened.body)["Letter"].get("FreeText", ""))
            pictures = tuple(islice(page_pictures(pdf), PAGES)) if pdf else ()
        return LetterPages(pictures, softened.warnings, strict.error)

    async def _render(
        self, templates: Templates, checked: Checked, rows: RowSet
    ) -> RenderedLetter | None:
        snapshot = checked.snapshot
        pool = RenderPool(templates, snapshot.columns, _UNSEEN, workers=1, executor=self._workers)
        with pool as press:
            found: AsyncIterator[RenderedLetter] = press.prepare(snapshot.letters(rows))
            async for prepared in found:
                return prepared
        return None

    def close(self) -> None:
        """End its process."""
        with self._lock:
            if self._workers is not None:
                self._workers.shutdown(cancel_futures=True)
                self._workers = None
