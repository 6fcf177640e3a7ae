"""Running: one run of a mailing, under way in a thread, as the pages show it."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections import deque
from datetime import UTC, datetime

from batchsend.errors import BatchsendError
from batchsend.language import _
from batchsend.operations.planning.planned import Plan
from batchsend.operations.progress import ProgressReport, Stopping
from batchsend.operations.send import Sent, execute

NOTICES = 50
"""So many of the last are shown: a run may pause for days."""
_log = logging.getLogger(__name__)


class Running:
    """A plan that is carried out; the same as `batchsend send` does, with the same progress."""

    def __init__(self, planned: Plan) -> None:
        self.mailing = planned.mailing
        self.total = planned.to_send.height
        self.is_test = planned.target.is_sandbox
        self.started = datetime.now(UTC)
        self.progress: ProgressReport | None = None
        self.notices: deque[str] = deque(maxlen=NOTICES)
        self.sent: Sent | None = None
        self.wrong: BatchsendError | None = None
        """Why it did not come to its end."""
        self._planned = planned
        self._stopping = Stopping()
        self._began = time.monotonic()
        work = contextvars.copy_context()
        self._thread = threading.Thread(target=work.run, args=(self._send,), name="run")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def under_way(self) -> bool:
        """Whether it has not ended."""
        return self._thread.ident is None or self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stopping.asked

    def stop(self) -> None:
        """Let the letters under way be answered, and end."""
        if self.under_way:
            self._stopping.ask()

    def join(self) -> None:
        """Wait for its end."""
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def done(self) -> int:
        """Letters that need no further work."""
        return self.progress.done if self.progress else 0

    @property
    def seconds_left(self) -> float | None:
        """As it went so far; None where that cannot be said yet."""
        if self.done < 5:
            return None
        return (time.monotonic() - self._began) / self.done * (self.total - self.done)

    def _send(self) -> None:
        try:
            with self._planned:
                self.sent = execute(
                    self._planned,
                    progress=self._told,
                    notice=self.notices.append,
                    stopping=self._stopping,
                )
        except BatchsendError as error:
            self.wrong = error
        except Exception as error:
            _log.exception("A run failed.")
            self.wrong = BatchsendError(
                _(
                    "This is a fault in batchsend, not in your files ({kind}).",
                    kind=type(error).__name__,
                )
            )

    def _told(self, report: ProgressReport) -> None:
        self.progress = report
