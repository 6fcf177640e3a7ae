"""Faults: how the sandbox misbehaves when told to, by rates or by script, the same for one seed.

Knows nothing of HTTP; `misbehaving` acts them out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Fault(StrEnum):
    """What goes wrong with one request. Where it matters the name says whether the letter is
    taken all the same."""

    OK = "ok"
    BUSY = "429"
    """429 with Retry-After; not taken."""
    UNAVAILABLE = "503"
    """503 with Retry-After where `retry_after` is set; not taken."""
    ERROR = "500"
    """500; not taken."""
    ERROR_AFTER = "500 after"
    """500, but the letter is taken."""
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    REDIRECT = "redirect"
    """307 to somewhere else; not taken."""
    NOT_FOUND = "404"
    """404, as where the path is wrong; not taken."""
    CONFLICT = "409"
    """409 to a letter that may never have come before; not taken."""
    PAGE = "page"
    """200 with a web page, as a network's login gives; not taken."""
    INTERIM = "interim"
    """Taken; 102 and 103 come before the 202."""
    SLOW = "slow"
    """Taken and answered after `delay` seconds."""
    DROP_BEFORE = "drop before"
    """The connection is reset before the body is read; not taken."""
    DROP_AFTER = "drop after"
    """The connection is reset after the letter is taken."""
    SILENCE = "silence"
    """The letter is taken, the answer lost: nothing comes until the client gives up."""
    SILENCE_BEFORE = "silence before"
    """The request is swallowed: not taken, nothing comes."""
    GARBAGE = "garbage"
    """Taken; 202 with a body that is not JSON."""
    NOT_HTTP = "not http"
    """Taken; what comes back is not HTTP."""
    CUT_OFF = "cut off"
    """Taken; 202, and the connection is lost in the middle of the body."""
    DRIP = "drip"
    """Taken; the answer's body comes one byte at a time, `delay` seconds in all."""
    HUGE = "huge"
    """Taken; the 202 has a body without end."""
    OTHER_ID = "other id"
    """Taken; the answer names another letter."""
    REFUSED = "400"
    """400, as for a recipient that a channel does not reach; not taken."""
    ESCAPES = "escapes"
    """400 whose message holds terminal escapes and control characters; not taken."""


class Faults(BaseModel):
    """How to misbehave. Scripts come first, then rates; the same seed gives the same faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    rates: dict[Fault, Annotated[float, Field(ge=0, le=1)]] = {}
    """Share of requests each fault strikes, drawn at random."""
    script: tuple[Fault, ...] = ()
    """What the next requests meet, one after the other."""
    letters: dict[str, tuple[Fault, ...]] = {}
    """The same for single letters, by identifier: what their first, second, … request meets."""
    seed: int = 0
    retry_after: Annotated[str, Field(pattern=r"^[\x20-\x7e]{0,100}$")] = "1"
    """Of 429 and 503: seconds or an HTTP date; empty leaves the header out."""
    delay: Annotated[float, Field(ge=0, le=3600)] = 1.0
    """Seconds that `slow` and `drip` take."""
    refuse_repeats: bool = False
    """Answer 409 to an identifier that has been taken already."""

    @model_validator(mode="after")
    def _shares(self) -> Faults:
        if sum(self.rates.values()) > 1:
            raise ValueError("the rates add up to more than 1")
        return self


def plan(faults: Faults) -> Iterator[Fault]:
    """What one request after the other meets, letters with a script of their own left aside."""
    yield from faults.script
    chance = random.Random(faults.seed)  # noqa: S311 - it must be possible to have it again
    while True:
        drawn = chance.random()
        for fault, share in faults.rates.items():
            drawn -= share
            if drawn < 0:
                yield fault
                break
        else:
            yield Fault.OK


class FaultSchedule:
    """Faults under way: what each request meets, and what is still ahead."""

    def __init__(self, faults: Faults) -> None:
        self.change(faults)

    def change(self, faults: Faults) -> None:
        """Misbehave so from now on."""
        self.faults = faults
        self._plan = plan(faults)
        self._begun = 0
        self._met: Counter[str] = Counter()

    def next(self) -> Fault:
        """What the request that is arriving meets."""
        self._begun += 1
        return next(self._plan)

    def for_letter(self, identifier: str, otherwise: Fault) -> Fault:
        """The same once its letter is known, which may have a script of its own."""
        own = self.faults.letters.get(identifier)
        if own is None:
            return otherwise
        met = self._met[identifier]
        self._met[identifier] += 1
        return own[met] if met < len(own) else Fault.OK

    def ahead(self) -> Faults:
        """The faults without those of the scripts that have struck."""
        letters = {name: own[self._met[name] :] for name, own in self.faults.letters.items()}
        return self.faults.model_copy(
            update={
                "script": self.faults.script[self._begun :],
                "letters": {name: own for name, own in letters.items() if own},
            }
        )
