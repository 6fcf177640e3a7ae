"""RunFacts, Run and the rest of the plain data that the ledger takes and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

End = Literal["complete", "stopped"]
"""How a run ended: it went through all its letters, or stopped half-way."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run is about, known before its first letter."""

    destination: str
    """The API it sends to, as `sending.destination` writes it."""
    list_path: Path
    list_digest: str
    template_digest: str
    engine: str
    snapshot: Path
    """The checked rows that are being sent; `purge` deletes the file when its time has come."""
    options: Mapping[str, object] = field(default_factory=dict)
    """The command's options, for the record. Never secrets."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the ledger has it; times are UTC."""

    number: int
    facts: RunFacts
    process: str
    """The process id and machine, to be found when another run has to wait for it."""
    started: datetime
    ended: datetime | None = None
    end: End | None = None
    """None while it runs, and for ever when its process died."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Letters that this run was the last to touch, by state, when it ended."""
    left_over: int = 0
    """Letters that an earlier run was sending when it died: they became `unknown` as this began."""

    @property
    def user(self) -> str:
        """The system's user who ran it; empty of a run of version 0.1, which did not note that."""
        return str(self.facts.options.get("user") or "")

    @property
    def approved_by(self) -> str:
        """The second person who approved it; empty where nobody was asked."""
        return str(self.facts.options.get("approved_by") or "")


@dataclass(frozen=True, slots=True)
class Purged:
    """What `purge` removed."""

    letters: int
    attempts: int
    snapshots: int
