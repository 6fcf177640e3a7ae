"""Copies: the folder of archives, each of a month and of one run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from batchsend.copies.archive import (
    Archive,
    Copy,
    copies_in,
    days_of,
    rewrite_without,
)
from batchsend.copies.sealing import Seal
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
