"""The form for the faults: their words, what stands in its fields, and faults from those again.

Knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from batchsend.sandbox.faults import Fault, Faults

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
