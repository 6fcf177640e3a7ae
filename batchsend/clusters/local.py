"""A cluster on this machine, for as long as it is needed: `--cluster local`.

The scheduler is part of this process; so its workers, which are programs of their own, end with it
however it ends. All of it is on the loopback, and under certificates made for it, for whoever can
talk to a Dask scheduler can run programs as the user it belongs to.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from distributed import LocalCluster, Security

from batchsend.clusters.asking import PARTING_LIMIT
from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.rendering.workers.executor import processors
from batchsend.scratch import ScratchFolder

LOOPBACK = "127.0.0.1"
START_LIMIT = 120.0
"""Seconds: a cold disk and a virus scanner can take a while."""
# Ctrl-C in a terminal reaches every process of the foreground group: workers are not in it.
if sys.platform == "win32":
    _APART: dict[str, Any] = {
        "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    }
else:
    _APART: dict[str, Any] = {"start_new_session": True}


@contextmanager
def local_cluster(workers: int | None = None) -> Iterator[tuple[str, Security]]:
    """The scheduler's address and what to know to talk to it; one worker for each processor."""
    count = workers or processors()
    security = Security.temporary()
    with ExitStack() as stack:
        scratch = stack.enter_context(ScratchFolder())
        cluster = LocalCluster(
            n_workers=0,
            host=LOOPBACK,
            protocol="tls",
            security=security,
            dashboard_address=f"{LOOPBACK}:0",
            silence_logs=False,
        )
        stack.callback(_close, cluster)
        address = cluster.scheduler_address
        processes = [
            stack.enter_context(_worker(address, security, scratch)) for _other in range(count)
        ]
        _wait_for(cluster, processes)
        yield address, security


@contextmanager
def _worker(address: str, security: Security, scratch: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One that is ended at the end, and ends by itself when the scheduler has gone."""
    options = {
        "--host": LOOPBACK,
        "--nthreads": "1",
        "--local-directory": str(scratch),
        "--death-timeout": "30",
        # Nothing is ever written to disk for want of memory: it would be letters.
        "--memory-limit": "0",
    }
    words = [word for option in options.items() for word in option]
    command = ["worker", address, *words, "--no-nanny", "--no-dashboard"]
    process = subprocess.Popen(  # noqa: S603 - this very Python
        [sys.executable, "-m", "dask", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(scratch), **_certificates(security)},
        **_APART,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _close(cluster: LocalCluster) -> None:
    with suppress(TimeoutError):
        cluster.close(timeout=PARTING_LIMIT)


def _certificates(security: Security) -> dict[str, str]:
    """As Dask reads them from the environment."""
    worker = security.get_tls_config_for_role("worker")
    tls = {
        "CA_FILE": worker["ca_file"],
        "WORKER__CERT": worker["cert"],
        "WORKER__KEY": worker["key"],
    }
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(pem) for name, pem in tls.items()}


def _wait_for(cluster: LocalCluster, processes: list[subprocess.Popen[bytes]]) -> None:
    scheduler: Any = cluster.scheduler
    limit = time.monotonic() + START_LIMIT
    while len(scheduler.workers) < len(processes):
        ended = [process for process in processes if process.poll() is not None]
        if ended or time.monotonic() > limit:
            raise SettingsError(
                _("A cluster cannot be started on this machine."),
                hint=_(
                    "Close other programs and run it again. Without --cluster this machine "
                    "renders with processes of its own."
                ),
            )
        time.sleep(0.05)
