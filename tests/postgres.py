"""A PostgreSQL server of our own for the tests: on loopback, in a temporary folder, while needed.

Needs Debian's package `postgresql`, or whatever else has `initdb` and `pg_ctl`.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from ports import kept_port
from waiting import PATIENCE

__all__ = ["PostgresServer", "programs", "running_postgres"]

USER = "batchsend"
PASSWORD = "ledger-secret-1"


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version that is installed."""
    found = shutil.which("pg_ctl")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=_version)
    return Path(found).parent if found else installed[-1].parent if installed else None


def _version(pg_ctl: Path) -> float:
    return float(pg_ctl.parts[-3])


@dataclass
class PostgresServer:
    """A server, and places for ledgers on it; each test has one of its own."""

    programs: Path
    folder: Path
    port: int
    fsync: bool
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_place(self) -> str:
        """The address of an empty schema, password and all."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        ours = self.address.replace("postgresql:", "postgresql+psycopg:")
        return f"{ours}?options=-csearch_path%3D{name}"

    @property
    def address(self) -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        _give_away(self.folder, secret)
        made = ["-D", self._data, "-U", USER, "-E", "UTF8", "--locale=C.UTF-8"]
        access = ["-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        _as_nobody([str(self.programs / "initdb"), *made, *access])

    def start(self) -> None:
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": self.fsync,
            "synchronous_commit": False,  # a ledger must not rely on it
            "shared_buffers": "32MB",
        }
        told = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._control(
            "start", "-w", "-t", f"{PATIENCE:.0f}", "-l", str(self.folder / "log"), "-o", told
        )

    def stop(self, how: str = "fast") -> None:
        self._control("stop", "-m", how)

    def remove(self) -> None:
        """What is another user's, even root may not always remove."""
        if _is_root():
            _as_nobody(["rm", "-rf", *map(str, self.folder.iterdir())])
            shutil.chown(self.folder, "root")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _control(self, *told: str) -> None:
        waiting = ["-w", "-t", f"{PATIENCE:.0f}"]
        _as_nobody([str(self.programs / "pg_ctl"), "-D", self._data, *waiting, *told])


def _give_away(*paths: Path) -> None:
    """Root may not run the server."""
    if _is_root():
        for path in paths:
            shutil.chown(path, "nobody")


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _as_nobody(command: list[str]) -> None:
    """Run it to its end. Root may not run the server: another user does then."""
    drop = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if _is_root() else []
    done = subprocess.run(
        [*drop, *command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr


@contextmanager
def running_postgres(programs: Path, *, fsync: bool = False) -> Iterator[PostgresServer]:
    """A server for as long as the block lasts."""
    with (
        TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder,
        kept_port() as port,
    ):
        Path(folder).chmod(0o755)
        server = PostgresServer(programs, Path(folder), port, fsync)
        server.make()
        server.start()
        try:
            yield server
        finally:
            with suppress(AssertionError):  # a test may have stopped it
                server.stop("immediate")
            server.remove()
