"""`python -m batchsend.sandbox`: the sandbox's own process, as `running_sandbox` starts it.

Its one line on stdout is the base address: that is how the parent learns of it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from batchsend.errors import BatchsendError
from batchsend.sandbox.faults import Faults
from batchsend.sandbox.server import serve


def _say(address: str) -> None:
    try:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # who started it has been stopped meanwhile
        os._exit(0)


def main() -> None:
    """Read the options and serve."""
    options = argparse.ArgumentParser(prog="python -m batchsend.sandbox")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--letters", type=Path)
    options.add_argument("--faults", type=Faults.model_validate_json, default=Faults())
    options.add_argument("--until-input-ends", action="store_true")
    given = options.parse_args()
    try:
        serve(
            port=given.port,
            faults=given.faults,
            letters=given.letters,
            ready=_say,
            until_input_ends=given.until_input_ends,
        )
    except BatchsendError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
