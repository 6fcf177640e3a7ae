"""ImpatientConnection: gives up on a PostgreSQL server that is there and does not answer.

Keep-alives find a machine that is gone. A server that hangs, on its disk or on a lock,
goes on acknowledging whatever it is sent.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterator
from typing import Any

import psycopg

from batchsend.language import _


class ImpatientConnection(psycopg.Connection[Any]):
    """What is asked on it has its answer within `patience`, or raises OperationalError; then the
    connection is closed, and with it go its locks."""

    patience: float = 60.0
    """Seconds; infinite for what may take as long as it takes."""

    def wait(self, gen: Generator[Any, Any, Any], *how: Any, **named: Any) -> Any:
        """As psycopg's, by which every exchange goes."""
        return super().wait(self._answered(gen), *how, **named)

    @contextlib.contextmanager
    def no_timeout(self) -> Iterator[None]:
        """Wait for as long as it takes."""
        self.patience = float("inf")
        try:
            yield
        finally:
            del self.patience

    def _answered(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        until = time.monotonic() + self.patience
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > until:
                    self.close()
                    raise psycopg.OperationalError(
                        _("no answer for {patience:.0f} seconds", patience=self.patience)
                    )
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value
