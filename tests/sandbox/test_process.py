"""The sandbox's own process: it is there when the block begins and gone when it ends."""

from __future__ import annotations

import socket
import subprocess
import sys

import httpx
import pytest
from waiting import PATIENCE, until

from batchsend.errors import BatchsendError
from batchsend.sandbox import Fault, Faults, running_sandbox, serve


@pytest.mark.slow
def test_it_is_there_for_the_block_and_as_told() -> None:
    faults = Faults(script=(Fault.ERROR,), seed=3, delay=2)
    with running_sandbox(faults=faults) as address:
        assert address.startswith("http://127.0.0.1:")
        assert Faults.model_validate(httpx.get(f"{address}/sandbox/faults").json()) == faults
    assert not answers(address)


@pytest.mark.slow
def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\n"
            "from batchsend.sandbox import running_sandbox\n"
            "with running_sandbox() as address:\n"
            "    print(address, flush=True)\n"
            "    time.sleep(3600)\n",
        ],
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().decode().strip()
        assert httpx.get(address).status_code == 200
        parent.kill()
    until(lambda: not answers(address), "the end of the sandbox")


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/sandbox/faults", timeout=PATIENCE).is_success
    except httpx.TransportError:
        return False


def test_a_port_that_is_taken_is_said_in_words(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with pytest.raises(BatchsendError, match=f"Port {port} cannot be used"):
            serve(port=port, ready=lambda _: None)
        with pytest.raises(BatchsendError, match="did not start"), running_sandbox(port=port):
            pass
    said = capfd.readouterr().err
    assert f"Port {port} cannot be used" in said
    assert "Traceback" not in said
