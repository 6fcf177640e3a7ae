"""Faults: how the sandbox misbehaves when told to, by rates or by script, the same for one seed;
and the form for them: their words, what stands in its fields, and faults from those again.

Knows nothing of HTTP; `misbehaving` acts them out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


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


GROUPS: dict[str, dict[Fault, str]] = {
    "The letter is refused": {
        Fault.BUSY: "429, too many letters at once, with Retry-After",
        Fault.UNAVAILABLE: "503, not available, with Retry-After",
        Fault.ERROR: "500, something went wrong",
        Fault.UNAUTHORISED: "401, unknown sender",
        Fault.FORBIDDEN: "403, not allowed",
        Fault.REDIRECT: "307, sent to another address",
        Fault.NOT_FOUND: "404, nothing at this address",
        Fault.CONFLICT: "409, nothing stored",
        Fault.PAGE: "200 with a login page",
        Fault.REFUSED: "400, the recipient is not reached by this channel",
        Fault.ESCAPES: "400, its message full of control characters",
        Fault.DROP_BEFORE: "The connection breaks before the letter is read",
        Fault.SILENCE_BEFORE: "No answer, and the letter is lost",
    },
    "The letter is taken, but its answer goes astray": {
        Fault.SILENCE: "No answer until the sender gives up",
        Fault.DROP_AFTER: "The connection breaks instead of an answer",
        Fault.CUT_OFF: "The connection breaks in the middle of the answer",
        Fault.ERROR_AFTER: "500, although it was taken",
        Fault.GARBAGE: "The answer is not JSON",
        Fault.NOT_HTTP: "The answer is not HTTP",
        Fault.HUGE: "The answer has no end",
        Fault.OTHER_ID: "The answer names another letter",
    },
    "The letter is taken late": {
        Fault.SLOW: "The answer takes its time",
        Fault.DRIP: "The answer comes drop by drop",
        Fault.INTERIM: "102 and 103 come before the answer",
    },
}
_WORDS = {fault: words for group in GROUPS.values() for fault, words in group.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """What a form says: the faults, or what is wrong with which field."""

    faults: Faults | None
    wrong: dict[str, str]


def in_words(fault: str) -> str:
    """What a fault does; empty for none."""
    return _WORDS.get(Fault(fault), "")


def values_of(faults: Faults) -> dict[str, str]:
    """What stands in the form's fields."""
    return {
        **{f"rate {fault}": _percent(share) for fault, share in faults.rates.items() if share},
        "script": ", ".join(faults.script),
        "letters": "\n".join(f"{name} = {', '.join(own)}" for name, own in faults.letters.items()),
        "retry_after": faults.retry_after,
        "delay": f"{faults.delay:g}",
        "seed": str(faults.seed),
        "refuse_repeats": "on" if faults.refuse_repeats else "",
    }


def told(values: Mapping[str, str]) -> Told:
    """Read a form's fields; one that is empty or missing says what is usual."""
    wrong: dict[str, str] = {}
    rates = {}
    for fault in _WORDS:
        if text := values.get(f"rate {fault}", "").strip():
            try:
                rates[fault] = round(float(text.replace(",", ".")) / 100, 12)
            except ValueError:
                wrong[f"rate {fault}"] = "A percentage is a number, such as 5 or 0.5."
    given: dict[str, object] = {
        name: values[name].strip()
        for name in ("retry_after", "delay", "seed")
        if values.get(name, "").strip() or (name == "retry_after" and name in values)
    }
    given |= {"rates": rates, "refuse_repeats": values.get("refuse_repeats") == "on"}
    try:
        given["script"] = _faults(values.get("script", ""))
    except ValueError as error:
        wrong["script"] = str(error)
    try:
        given["letters"] = dict(map(_letter, filter(None, map(str.strip, _lines(values)))))
    except ValueError as error:
        wrong["letters"] = str(error)
    if wrong:
        return Told(None, wrong)
    try:
        return Told(Faults.model_validate(given), {})
    except ValidationError as error:
        return Told(None, dict(map(_complaint, error.errors(include_url=False))))


def _lines(values: Mapping[str, str]) -> list[str]:
    return values.get("letters", "").splitlines()


def _letter(line: str) -> tuple[str, tuple[Fault, ...]]:
    identifier, sign, names = line.rpartition("=")
    if not sign or not identifier.strip():
        raise ValueError(f"“{line}” is not an identifier, “=” and what it meets.")
    return identifier.strip(), _faults(names)


def _faults(text: str) -> tuple[Fault, ...]:
    names = [name.strip() for name in text.replace("\n", ",").split(",") if name.strip()]
    for name in names:
        if name not in set(Fault):
            raise ValueError(f"“{name}” is not a fault; take one of {', '.join(Fault)}.")
    return tuple(map(Fault, names))


def _complaint(problem: Mapping[str, object]) -> tuple[str, str]:
    """A field and what is wrong with it."""
    match problem["loc"]:
        case ("rates", str(fault), *_):
            return f"rate {fault}", "A percentage is 0 to 100."
        case ("delay", *_):
            return "delay", "A delay is 0 to 3600 seconds."
        case ("seed", *_):
            return "seed", "A seed is a whole number."
        case ("retry_after", *_):
            return "retry_after", "Retry-After is seconds or an HTTP date."
        case _:
            return "rates", "The percentages add up to more than 100."


def _percent(share: float) -> str:
    return f"{share * 100:.6g}"
