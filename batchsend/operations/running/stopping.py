"""Stopping: how another thread asks a run to end after the letters that are under way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stopping:
    """Asked once, heard whenever the run is far enough to hear it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._hear: Callable[[], None] | None = None

    @property
    def asked(self) -> bool:
        """Whether the run is to end."""
        return self._asked

    def ask(self) -> None:
        """Ask the run to end; from any thread."""
        with self._lock:
            self._asked = True
            if self._hear is not None:
                self._hear()

    @contextmanager
    def heard_by(self, hear: Callable[[], None]) -> Iterator[None]:
        """Within the block `hear` is called when it is asked, at once if it was before."""
        with self._lock:
            self._hear = hear
            if self._asked:
                hear()
        try:
            yield
        finally:
            with self._lock:
                self._hear = None
