"""`batchsend` and `python -m batchsend` are the command."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper

__all__ = ["run"]


def run() -> None:
    """Run the command, with SIGTERM taken as Ctrl-C is.

    Both are heard from the first moment: without a handler SIGTERM is lost on the first process of
    a container, which the system protects from it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # where it is no UTF-8, ? stands for other signs
            stream.reconfigure(errors="replace")
    heard: list[int] = []
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, _: heard.append(number))
    from batchsend.commands import main  # noqa: PLC0415 - takes a second, in which we listen

    def install_signal_handlers() -> None:
        """Called where an interruption can be said, in words and with --json."""
        # What a script starts in the background ignores SIGINT, and would so ignore both.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
        if heard:
            raise KeyboardInterrupt

    main(prog_name="batchsend", obj=install_signal_handlers)


if __name__ == "__main__":
    run()
