"""`batchsend` and `python -m batchsend` are the command."""

from __future__ import annotations

import signal
import sys

__all__ = ["run"]


def run() -> None:
    """Run the command. SIGTERM is taken as Ctrl-C is, from the first moment: without a handler it
    is lost on the first process of a container, which the system protects from it."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        from batchsend.commands import main  # noqa: PLC0415 - takes a second, in which we listen
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(2)
    main(prog_name="batchsend")


if __name__ == "__main__":
    run()
