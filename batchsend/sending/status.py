"""`[status]` of mailing.toml: how to ask the API what has become of a letter.

The call is undocumented but for its path, so it is off until the operator describes it.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from batchsend.settings import Section

IDENTIFIER = re.compile(r"\{\{\s*identifier\s*\}\}")


class StatusSettings(Section):
    """The status call, as the provider has told you."""

    path: str = "send/pstatus"
    """Under the base_url."""
    method: Literal["POST", "GET"] = "POST"
    request: Annotated[dict[str, Any], Field(min_length=1)]
    """The JSON body, or a GET's query: `{{ identifier }}` stands for the letter's own."""
    field: str
    """Where the answer holds the status: `Status`, or `Letters.0.Status` inside others."""
    taken: Annotated[tuple[str, ...], Field(min_length=1)]
    """Statuses, in any case of letters, which mean that the API has the letter."""
    not_taken: tuple[str, ...] = ()
    """Statuses which mean that it has not."""
    not_taken_statuses: tuple[Annotated[int, Field(ge=400, le=499)], ...] = ()
    """HTTP statuses which mean that it has not; 404, if the provider says so."""

    @staticmethod
    def words(statuses: tuple[str, ...]) -> frozenset[str]:
        """In the form in which they are compared."""
        return frozenset(status.strip().casefold() for status in statuses)


def filled_in(request: Any, identifier: str) -> Any:
    """The request with the identifier in its places.

    >>> filled_in({"Ids": ["{{ identifier }}"]}, "rent-1")
    {'Ids': ['rent-1']}
    """
    if isinstance(request, str):
        return IDENTIFIER.sub(lambda _: identifier, request)
    if isinstance(request, list):
        return [filled_in(item, identifier) for item in request]
    if isinstance(request, dict):
        return {key: filled_in(item, identifier) for key, item in request.items()}
    return request


def found_at(body: bytes, path: str) -> str:
    """The text at a dotted path of a JSON body, names in any case; empty where there is none.

    >>> found_at(b'{"letters": [{"status": "Sent"}]}', "Letters.0.Status")
    'Sent'
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    for name in path.split("."):
        if isinstance(value, dict):
            named = {key.casefold(): item for key, item in value.items()}
            value = named.get(name.casefold())
        elif isinstance(value, list) and name.isascii() and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()
