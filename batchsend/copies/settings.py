"""`[copies]` of mailing.toml: whether what was sent is kept, and for how long."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from batchsend.settings import Section


class CopiesSettings(Section):
    """Copies of the letters as they were sent. Without `days` none are kept."""

    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """For how many days each accepted letter's PDF is kept, in `copies/` beside mailing.toml;
    encrypted where `BATCHSEND_COPIES_KEY` is set."""
