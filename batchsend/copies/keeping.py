"""Keeper: copies written beside the sending, by a thread of their own."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, Queue
from types import TracebackType
from typing import Self

import orjson

from batchsend.copies.archive import MOST, About, Archive
from batchsend.copies.sealing import Seal
from batchsend.copies.store import Copies
from batchsend.errors import in_short
from batchsend.language import _

_WAITING = 64
"""Letters that may wait to be written; then sending waits for the disk."""
_FLUSHED = 50
_IDLE = 1.0
"""A copy is on disk within so many seconds, or with so many others."""


class Keeper:
    """Keeps letters, given as the requests that took them. A context manager around the sending.

    Whatever fails is in `trouble`, and no letter is kept from then on; sending is none the worse
    for it.
    """

    def __init__(self, copies: Copies, seal: Seal | None, days: int) -> None:
        self._copies, self._seal, self._days = copies, seal, days
        self.trouble = ""
        """Why letters are no longer kept, in a sentence; empty while they are."""
        self._waiting: Queue[tuple[About, bytes] | None] = Queue(_WAITING)
        self._archive: Archive | None = None
        self._unflushed = 0
        self._writer = threading.Thread(target=self._write, name="copies", daemon=True)

    def __enter__(self) -> Self:
        self._writer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waiting.put(None)
        self._writer.join()

    @property
    def is_full(self) -> bool:
        """Whether `keep` would have to wait."""
        return self._waiting.full()

    def keep(self, about: About, body: bytes) -> None:
        """Keep the letter that a request had; waits where the disk is slow."""
        self._waiting.put((about, body))

    def _write(self) -> None:
        while True:
            try:
                one = self._waiting.get(timeout=_IDLE if self._unflushed else None)
            except Empty:
                self._safely(self._flush)
                continue
            if one is None:
                self._safely(self._close)
                return
            about, body = one
            self._safely(partial(self._add, about, body))

    def _safely(self, act: Callable[[], None]) -> None:
        if self.trouble:
            return
        try:
            act()
        except Exception as error:  # letters go on whatever is the matter with their copies
            self._unflushed = 0
            if self._archive is not None:
                with suppress(OSError):
                    self._archive.abandon()
            self.trouble = _(
                "Copies of letters can no longer be kept in {folder}: {reason}. The letters "
                "are sent all the same.",
                folder=self._copies.folder,
                reason=in_short(error),
            )

    def _add(self, about: About, body: bytes) -> None:
        if self._archive is not None and self._archive.size >= MOST:
            self._close()
        if self._archive is None:
            self._archive = self._copies.begin(self._seal, self._days)
        self._archive.add(about, b64decode(orjson.loads(body)["Letter"]["FreeText"]))
        self._unflushed += 1
        if self._unflushed >= _FLUSHED:
            self._flush()

    def _flush(self) -> None:
        self._unflushed = 0
        if self._archive is not None:
            self._archive.flush()

    def _close(self) -> None:
        self._unflushed = 0
        if self._archive is not None:
            archive, self._archive = self._archive, None
            archive.close()
