"""How many examples a property is tried on: some in the quick suite, all of them in `.ci/run`.

Both are the same examples in every run, so that what fails here fails there.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

THOROUGH = os.environ.get("BATCHSEND_TEST_THOROUGHLY", "") not in {"", "0"}


def examples(number: int, *, quick: int | None = None) -> int:
    """So many; where it must be quick, a quarter of them or as many as said."""
    return number if THOROUGH else quick or max(5, number // 4)


PROFILE = "batchsend"
settings.register_profile(
    PROFILE,
    max_examples=examples(100),
    deadline=None,  # no test takes for granted how fast a machine is
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
