"""Files that are not text are opened by a process of their own, so that none can take batchsend
down with it, by its size or by a bug in a library. This is the side that asks; `child` answers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from batchsend.errors import ListError
from batchsend.language import VARIABLE, _, current_language

_BYTES_AT_MOST = 1300 << 20
_SECONDS_AT_MOST = 600  # Excel's largest sheet takes one or two minutes


def converted(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Have the rows of `path` stored as the request says, and hear what was found (see `child`).

    ListError if the file cannot be read, within reasonable time and memory.
    """
    package = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    try:
        child = subprocess.run(
            [sys.executable, "-m", "batchsend.lists.reader_child"],
            input=json.dumps({"path": str(path), "memory": _BYTES_AT_MOST, **request}).encode(),
            capture_output=True,
            # One thread: each reserves address space, which is what can be bounded.
            env={
                **os.environ,
                "PYTHONPATH": search,
                "POLARS_MAX_THREADS": "1",
                VARIABLE: current_language(),
            },
            timeout=_SECONDS_AT_MOST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ListError(
            _(
                "{name} could not be read within {seconds_at_most} seconds.",
                name=path.name,
                seconds_at_most=_SECONDS_AT_MOST,
            ),
            hint=_("Save the sheet with the list alone, as .xlsx or as CSV."),
        ) from None
    try:
        answer: dict[str, Any] = json.loads(child.stdout)
    except ValueError:
        raise ListError(
            _(
                "{name} could not be opened: it is damaged, or larger than a list should be.",
                name=path.name,
            ),
            hint=_("Open it in Excel and save the list alone under a new name."),
        ) from RuntimeError(child.stderr.decode(errors="replace"))
    return understood(answer)


def understood(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, unless it is a refusal: then that, as a ListError."""
    if "message" in answer:
        raise ListError(answer["message"], hint=answer["hint"])
    return answer
