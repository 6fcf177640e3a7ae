"""Document: the rendered PDF of one letter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered PDF and what is known of it."""

    pdf: bytes
    pages: int
    engine: str
    """The engine and its version, as `plutoprint 0.23.0`."""
    warnings: tuple[str, ...] = ()
