"""`batchsend sandbox`: it says where it is, and misbehaves as its options tell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from batchsend.commands import main
from batchsend.sandbox import Fault, Faults
from batchsend.sandbox.letterbox import LetterFiles
from batchsend.sandbox.request_check import TakenLetter


@contextmanager
def started(*options: str) -> Iterator[tuple[str, str]]:
    """The sandbox as a person starts it: its address, and what it printed."""
    command = [sys.executable, "-m", "batchsend", "sandbox", "--port=0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(3))
        try:
            yield said.split()[5], said
        finally:
            process.terminate()


def test_it_says_where_it_is_does_as_told_and_shows_what_is_kept(tmp_path: Path) -> None:
    fields = (
        b'{"Channel":"PRINT","Identifier":"rent-1","Invoicee":{"Name":"K"},"Invoicer":{"Name":"U"}}'
    )
    LetterFiles(tmp_path).add(TakenLetter("rent-1", fields, b""))
    faults = ("--fault=503=5%", "--fault=drop-after=0.01", "--delay=2", "--refuse-repeats")
    with started(f"--letters={tmp_path}", *faults) as (address, said):
        assert f"batchsend send MAILING --base-url {address}" in said
        assert Faults.model_validate(httpx.get(f"{address}/sandbox/faults").json()) == Faults(
            rates={Fault.UNAVAILABLE: 0.05, Fault.DROP_AFTER: 0.01}, delay=2, refuse_repeats=True
        )
        page = httpx.get(address).text
        assert "<b>1</b> letter taken, 1 of them earlier" in page
        assert "rent-1" in page


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--fault=sulk=5%"], "“sulk” is not a fault; there are 429, 503, 500, 500-after,"),
        (["--fault=503"], "“503” needs a share"),
        (["--fault=503=5"], "“503=5” needs a share"),
        (["--fault=503=nan"], "“503=nan” needs a share"),
        (["--fault=503=60%", "--fault=500=60%"], "add up to more than every request"),
    ],
)
def test_faults_there_are_not(options: list[str], complaint: str) -> None:
    result = CliRunner().invoke(main, ["sandbox", *options])
    assert result.exit_code == 2
    assert complaint in result.output
