"""Copies, the folder of archives, each of a month and of one run; and Keeper, which writes copies
beside the sending, in a thread of its own."""

from __future__ import annotations

import re
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from typing import Self

import orjson

from batchsend.copies.archive import (
    MOST,
    About,
    Archive,
    Copy,
    Seal,
    copies_in,
    days_of,
    rewrite_without,
)
from batchsend.errors import LedgerError, ReportError, in_short
from batchsend.language import _

_OURS = re.compile(r"\d{4}-\d\d-\d{3,}\.zip")


@dataclass(frozen=True, slots=True)
class Copies:
    """The folder `copies/` of a mailing, which need not be there."""

    folder: Path

    def begin(self, seal: Seal | None, days: int) -> Archive:
        """A new archive of this month, under a name that no other has. Raises OSError."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        month = f"{datetime.now():%Y-%m}"
        there = {path.name for path in self.archives()}
        for number in count(1):
            name = f"{month}-{number:03}.zip"
            if name not in there:
                try:
                    return Archive(self.folder / name, seal, days)
                except FileExistsError:  # another run was faster
                    continue
        raise AssertionError("numbers do not end")

    def archives(self) -> list[Path]:
        """The archives that are there, oldest first."""
        try:
            found = [path for path in self.folder.iterdir() if _OURS.fullmatch(path.name)]
        except OSError:
            return []
        return sorted(found, key=lambda path: (path.name[:7], int(path.stem[8:])))

    def all(self) -> Iterator[Copy]:
        """Every copy, oldest first; archives that cannot be read are passed over."""
        for path in self.archives():
            try:
                yield from copies_in(path)
            except ReportError:
                continue

    def of(self, is_meant: Callable[[Copy], bool]) -> list[Copy]:
        """The copies that are meant, oldest first."""
        return [copy for copy in self.all() if is_meant(copy)]

    def older_than(self, moment: datetime) -> list[Path]:
        """The archives whose newest copy was answered before a moment."""
        return [path for path in self.archives() if _newest(path) < moment]

    def run_out(self, days: int | None, now: datetime) -> list[Path]:
        """The archives whose days are over: `days` for all, or what each was begun with."""
        found = []
        for path in self.archives():
            kept = days or _days(path)
            if kept and _newest(path) < now - timedelta(days=kept):
                found.append(path)
        return found

    def forget(self, copies: list[Copy]) -> None:
        """Take copies out of their archives for good. Raises LedgerError where that fails."""
        for path in {copy.archive for copy in copies}:
            members = {copy.member for copy in copies if copy.archive == path}
            try:
                if all(copy.member in members for copy in copies_in(path)):
                    path.unlink()
                else:
                    rewrite_without(path, members)
            except OSError as error:
                raise LedgerError(
                    _("{path} cannot be changed: {reason}.", path=path, reason=in_short(error))
                ) from error


def _newest(path: Path) -> datetime:
    """When the last of its copies was answered; of one without any, when it was written."""
    try:
        found = [copy.about.answered for copy in copies_in(path)]
    except ReportError:
        found = []
    return max(found) if found else datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _days(path: Path) -> int:
    try:
        return days_of(path)
    except ReportError:
        return 0


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

    def __exit__(self, *_: object) -> None:
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
