"""What becomes of a letter that meets a fault: the expectation of the tests, the table of the docs.

`python tests/reliability/fates.py` prints the table as docs/reliability.md has it.
"""

from __future__ import annotations

from dataclasses import dataclass

from batchsend.sandbox import Fault

__all__ = ["FATES", "AnswerKind", "as_markdown"]


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A letter whose first request meets a fault and whose later requests do not."""

    what: str
    taken: bool
    """Whether that first request made the sandbox take the letter."""
    status: str
    """Where the API does not refuse repeats (the default)."""
    requests: int
    next_run: str
    """The status after another run, with the API well again."""
    status_if_refused: str
    """With `repeats_are_refused = true` and an API that does so."""
    requests_if_refused: int
    next_run_if_refused: str
    stops_the_run: bool = False


def _taken(what: str, *, requests: int = 1) -> AnswerKind:
    """The letter is known to be taken; of several requests the last one was."""
    all_is_well = ("accepted", requests, "accepted")
    return AnswerKind(what, requests == 1, *all_is_well, *all_is_well)


def _in_doubt(what: str, *, taken: bool) -> AnswerKind:
    return AnswerKind(what, taken, "unknown", 1, "unknown", "accepted", 2, "accepted")


def _refused(what: str, status: str, next_run: str, *, stops: bool = False) -> AnswerKind:
    return AnswerKind(what, False, status, 1, next_run, status, 1, next_run, stops)


FATES = {
    Fault.OK: _taken("202"),
    Fault.SLOW: _taken("202, late but before `timeout`"),
    Fault.DRIP: _taken("202, its body a byte at a time"),
    Fault.INTERIM: _taken("102 and 103, then 202"),
    Fault.GARBAGE: _in_doubt("202 with a body that is not JSON", taken=True),
    Fault.CUT_OFF: _in_doubt("202, the connection lost in its body", taken=True),
    Fault.HUGE: _in_doubt("202 with a body without end", taken=True),
    Fault.OTHER_ID: _in_doubt("202 naming a letter we never sent", taken=True),
    Fault.PAGE: _in_doubt("200 with a login page", taken=False),
    Fault.REDIRECT: _in_doubt("307 to elsewhere, not followed", taken=False),
    Fault.NOT_FOUND: _in_doubt("404", taken=False),
    Fault.CONFLICT: _in_doubt("409, although it never came before", taken=False),
    Fault.BUSY: _taken("429", requests=2),
    Fault.UNAVAILABLE: _taken("503", requests=2),
    Fault.ERROR: _in_doubt("500", taken=False),
    Fault.ERROR_AFTER: _in_doubt("500", taken=True),
    Fault.DROP_BEFORE: _in_doubt("reset while the request is read", taken=False),
    Fault.DROP_AFTER: _in_doubt("reset instead of an answer", taken=True),
    Fault.SILENCE: _in_doubt("no answer before `timeout`", taken=True),
    Fault.SILENCE_BEFORE: _in_doubt("no answer before `timeout`", taken=False),
    Fault.NOT_HTTP: _in_doubt("an answer that is not HTTP", taken=True),
    Fault.REFUSED: _refused("400, not by this channel", "rejected", "rejected"),
    Fault.ESCAPES: _refused("400, terminal escapes in its message", "rejected", "rejected"),
    Fault.UNAUTHORISED: _refused("401; the run stops", "failed", "accepted", stops=True),
    Fault.FORBIDDEN: _refused("403; the run stops", "failed", "accepted", stops=True),
}

HEAD = """\
| the first request meets | letter taken by it | status (requests) | after the next run \
| status (requests) where repeats are refused | after the next run |
|---|---|---|---|---|---|
"""


def as_markdown() -> str:
    """The table of docs/reliability.md."""
    return HEAD + "".join(
        f"| {fate.what} | {'yes' if fate.taken else 'no'} "
        f"| {fate.status} ({fate.requests}) | {fate.next_run} "
        f"| {fate.status_if_refused} ({fate.requests_if_refused}) | {fate.next_run_if_refused} |\n"
        for fate in FATES.values()
    )


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 - that is what it is for
