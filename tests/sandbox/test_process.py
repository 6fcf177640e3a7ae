"""The sandbox's own process: it is there when the block begins and gone when it ends."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import httpx
import pytest

from batchsend.errors import BatchsendError
from batchsend.sandbox import Fault, Faults, running_sandbox


def test_it_listens_on_this_machine_only_and_ends_with_the_block() -> None:
    with running_sandbox() as address:
        assert address.startswith("http://127.0.0.1:")
        assert httpx.get(address).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_it_is_told_its_faults_at_the_start() -> None:
    faults = Faults(script=(Fault.ERROR,), seed=3, delay=2)
    with running_sandbox(faults=faults) as address:
        assert Faults.model_validate(httpx.get(f"{address}/sandbox/faults").json()) == faults


def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from batchsend.sandbox import running_sandbox\n"
            "with running_sandbox() as address:\n"
            "    print(address, flush=True)\n"
            "    time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().decode().strip()
        assert httpx.get(address).status_code == 200
        parent.kill()
    assert within_seconds(10, lambda: not answers(address))


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/sandbox/faults", timeout=1).is_success
    except httpx.TransportError:
        return False


def within_seconds(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return held


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with running_sandbox() as address:
        port = address.rpartition(":")[2]
        started = subprocess.run(
            [sys.executable, "-m", "batchsend.sandbox", f"--port={port}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert started.returncode == 1
        assert f"cannot use port {port}" in started.stderr
        assert "Traceback" not in started.stderr


def test_one_that_does_not_start_is_an_error() -> None:
    with running_sandbox() as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(BatchsendError, match="did not start"), running_sandbox(port=port):
            pass
