"""`batchsend` and `python -m batchsend` are the command."""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper


def run() -> None:
    """Run the command, with SIGTERM and SIGHUP taken as Ctrl-C is.

    All are heard from the first moment: without a handler SIGTERM is lost on the first process of
    a container, which the system protects from it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # in other encodings, ? stands for what they lack
            stream.reconfigure(errors="replace")
    heard: list[int] = []
    ending = _ending()
    terminal = {
        stream.fileno() for stream in (sys.stdout, sys.stderr) if stream and stream.isatty()
    }

    def note(number: int, _: object) -> None:
        heard.append(number)
        _let_go(terminal, number)

    hangups = [None]
    """Taken by the first one, in a single step: another may come within this very handler."""

    def interrupt(number: int, _: object) -> None:
        if number == getattr(signal, "SIGHUP", None):
            try:
                hangups.pop()
            except IndexError:
                return
        _let_go(terminal, number)
        signal.raise_signal(signal.SIGINT)

    for each in (signal.SIGINT, *ending):
        signal.signal(each, note)
    from batchsend.commands import main  # noqa: PLC0415 - takes a second, in which we listen

    def install_signal_handlers() -> None:
        """Called where an interruption can be said, in words and with --json."""
        # What a script starts in the background ignores SIGINT, and would so ignore both.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in ending:
            signal.signal(each, interrupt)
        if heard:
            raise KeyboardInterrupt

    main(prog_name="batchsend", obj=install_signal_handlers)


def _ending() -> list[signal.Signals]:
    """The signals that end a command besides Ctrl-C. Who runs it under nohup ignores SIGHUP for it,
    and means that."""
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    ignored = hangup is None or signal.getsignal(hangup) is signal.SIG_IGN
    return [signal.SIGTERM, *([] if hangup is None or ignored else [hangup])]


def _let_go(terminal: set[int], number: int) -> None:
    """Print no more to a terminal that has gone: each word to it would be an error.

    It goes once, though both the system and the shell say so: the second time is no command to
    stop at once.
    """
    if number != getattr(signal, "SIGHUP", None):
        return
    signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in terminal:
        os.dup2(nowhere, stream)
    os.close(nowhere)


if __name__ == "__main__":
    run()
