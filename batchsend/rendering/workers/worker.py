"""The worker process: takes calls from its standard input and answers on its standard output.

Ends by itself when the process that started it is gone. Knows nothing of what it is asked to call.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, BinaryIO

from batchsend.language import speaking
from batchsend.rendering.engines.stderr import collect

if sys.platform != "win32":
    import resource

MAX_MEMORY = 2_000_000_000
"""Bytes. A worker needs about 100 MB; a 200-page letter no more than twice that."""


def main() -> None:
    """Serve until the standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    collect()
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not come between the answers.
    os.dup2(2, 1)
    calls: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
    _answer(answers, "ready")
    fn: Callable[..., Any] | None = None
    while True:
        new, args, kwargs, language = calls.get()
        fn = new or fn
        with speaking(language):
            _answer(answers, _call(fn, args, kwargs))


def _limit_memory() -> None:
    """Let a decompression bomb end this process, not the machine; Windows has no such limit."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))


def _listen(stream: BinaryIO, calls: SimpleQueue[tuple[Any, ...]]) -> None:
    """Read calls in a thread of its own, so that the parent's end is noticed at any time."""
    try:
        while True:
            calls.put(pickle.load(stream))  # noqa: S301 - from the process that started us
    except BaseException:
        # Nothing can be told to anybody any more. What was started here goes, too.
        if sys.platform != "win32" and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(0)


def _call(fn: Any, args: Any, kwargs: Any) -> tuple[bool, Any]:
    try:
        return False, fn(*args, **kwargs)
    except Exception as error:
        return True, error


def _answer(stream: BinaryIO, answer: Any) -> None:
    try:
        data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        data = pickle.dumps((True, RuntimeError(f"an answer that cannot be sent: {error}")))
    stream.write(data)
    stream.flush()
