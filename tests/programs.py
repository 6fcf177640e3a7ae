"""batchsend as a program of its own."""

from __future__ import annotations

import sys

from thoroughness import THOROUGH

_ONE_RENDERER = (
    "import os; os.cpu_count = lambda: 1; os.sched_getaffinity = lambda _: {0}; "
    "import batchsend.__main__ as it; it.run()"
)
BATCHSEND = (sys.executable, *(("-m", "batchsend") if THOROUGH else ("-c", _ONE_RENDERER)))
"""The command. In the quick suite one process renders, where it would start one per processor."""
