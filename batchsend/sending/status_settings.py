"""`[status]` of mailing.toml: how to ask the API what has become of a letter.

The call is undocumented but for its path, so it is off until the operator describes it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from batchsend.settings import Section


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
