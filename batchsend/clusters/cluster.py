"""Cluster: what the rest of batchsend knows of one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import Executor


class Cluster(ABC, Executor):
    """Renders elsewhere what worker processes would render here, by the same interface."""

    @abstractmethod
    def threads(self) -> int:
        """How many tasks are done at once, as it is now: workers come and go."""
