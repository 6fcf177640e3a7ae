"""Whether an answer that says yes by its status says no in its body, as some APIs do.

No such field is documented, so nothing is concluded but doubt. Knows nothing of HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DEEPEST = 4
_WRONG = re.compile(
    r"(is)?(error|fault|exception|failure|failed)(s|code|message|text|description)?"
)
"""Fields that have something in them only where something went wrong."""
_RIGHT = re.compile(r"(is)?(success(ful)?|succeeded|ok|accepted)")
"""Fields that are true only where nothing did."""
_TURNED_OUT = re.compile(r"(request|letter)?(status|state|result|outcome)")
_NOTHING = {"", "0", "false", "no", "none", "null", "ok"}
_NO = {"0", "false", "no"}
_FAILED = re.compile(
    r"(?<!\bno )(?<!\bnot )(?<!\b0 )(?<!\bwithout )"
    r"\b(fail(ed|ure)?|errors?|reject(ed|ion)?|refused|denied|declined)\b"
)


def tells_of_failure(answer: Any) -> bool:
    """Whether an answer, as JSON gave it, tells of a failure in one of the fields by which APIs do.

    >>> tells_of_failure({"RequestId": "a-1", "Status": "Rejected"})
    True
    >>> tells_of_failure({"RequestId": "a-1", "Success": True, "Errors": [], "ErrorCode": 0})
    False
    """
    return any(_tells(name, value) for name, value in _fields(answer, _DEEPEST))


def _fields(value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Every field, with its name in small letters alone."""
    if depth and isinstance(value, dict):
        for name, inner in value.items():
            yield re.sub(r"[^a-z]", "", name.casefold()), inner
            yield from _fields(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _fields(inner, depth - 1)


def _tells(name: str, value: Any) -> bool:
    said = str(value).strip().casefold()
    if _WRONG.fullmatch(name):
        return bool(value) and said not in _NOTHING
    if _RIGHT.fullmatch(name):
        return value is not None and said in _NO
    return (
        isinstance(value, str)
        and _TURNED_OUT.fullmatch(name) is not None
        and _FAILED.search(said) is not None
    )
