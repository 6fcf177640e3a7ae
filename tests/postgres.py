"""A PostgreSQL server of our own for the tests: on loopback, in a temporary folder, while needed.

Needs Debian's package `postgresql`, or whatever else has `initdb` and `pg_ctl`.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

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
    """A server, and ledgers on it; each test has a database of its own."""

    programs: Path
    folder: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The address of an empty database, password and all."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.address(name).replace("postgresql:", "postgresql+psycopg:")

    def address(self, database: str) -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self._control("start", "-w", "-l", str(self.folder / "log"))

    def stop(self, how: str = "fast") -> None:
        self._control("stop", "-w", "-m", how)

    def _control(self, *told: str) -> None:
        _as_nobody([str(self.programs / "pg_ctl"), "-D", str(self.folder / "data"), *told])

    def make(self, *, fsync: bool) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        _give_away(self.folder, secret)
        made = ["-D", str(self.folder / "data"), "-U", USER, "-E", "UTF8", "--locale=C.UTF-8"]
        access = ["-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        _as_nobody([str(self.programs / "initdb"), *made, *access])
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = ''\nfsync = {'on' if fsync else 'off'}\n"
                "synchronous_commit = off\nmax_connections = 50\nshared_buffers = 32MB\n"
            )


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running_postgres(programs: Path, *, fsync: bool = False) -> Iterator[PostgresServer]:
    """A server for as long as the block lasts."""
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = PostgresServer(programs, Path(folder), _free_port())
        server.make(fsync=fsync)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
