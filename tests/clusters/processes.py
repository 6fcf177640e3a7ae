"""A Dask cluster of real processes on the loopback: a scheduler, and workers that come and go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
from waiting import until


class DaskProcesses:
    """A context manager. What they log and leave on the disk is under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> DaskProcesses:
        told = self.folder / "scheduler.json"
        self.scheduler = self._dask(
            *("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)),
            *("--dashboard-address", "127.0.0.1:0"),
        )
        until(lambda: told.exists() and told.read_text().endswith("}"), "a scheduler")
        self.address = json.loads(told.read_text())["address"]
        return self

    def __exit__(self, *error: object) -> None:
        for process in filter(None, [self.scheduler, *self.workers]):
            process.kill()
            process.wait()

    def worker(self, *, before: Path | None = None) -> subprocess.Popen[bytes]:
        """One more; `before` is a folder whose packages it finds before all others."""
        place = self.folder / f"worker-{len(self.workers)}"
        place.mkdir()
        worker = self._dask(
            *("worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"),
            *("--no-dashboard", "--memory-limit", "0", "--local-directory", str(place)),
            TMPDIR=str(place),
            **({"PYTHONPATH": str(before)} if before else {}),
        )
        self.workers.append(worker)
        return worker

    def logs(self) -> str:
        """All that the scheduler and the workers have logged so far."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))

    def rendering(self) -> list[int]:
        """The processes that the workers have started."""
        found: list[int] = []
        for worker in self.workers:
            if worker.poll() is None:
                found += [child.pid for child in psutil.Process(worker.pid).children()]
        return found

    def left(self, word: str) -> list[str]:
        """The files under the workers' folders with this word in them."""
        found: list[str] = []
        for path in self.folder.glob("worker-*/**/*"):
            with suppress(FileNotFoundError, IsADirectoryError):  # a worker may be tidying up
                if word.encode() in path.read_bytes():
                    found.append(str(path))
        return found

    def _dask(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{words[0]}-{len(self.workers)}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
            )
