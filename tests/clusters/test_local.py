"""`--cluster local`: a cluster on this machine, for one run."""

from __future__ import annotations

import re
import sys

import psutil
import pytest
from mailings import Api, MailingFolder, row
from reliability.harness import sender
from waiting import output_of

from batchsend.clusters import LOCAL


@pytest.mark.slow
def test_a_run_with_a_cluster_of_its_own(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number) for number in range(1, 61)))
    process = sender(mailing, api.base_url, "--cluster", "local")
    output = output_of(process)
    assert process.returncode == 0, output
    said = re.search(r"cluster at (\S+), \d+ letters at once\. Its dashboard: (\S+)/status", output)
    assert said is not None, output
    address, dashboard = said.groups()
    assert re.fullmatch(r"tls://127\.0\.0\.1:\d+", address)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", dashboard)
    assert "accepted  60" in output
    assert len(set(api.identifiers())) == len(api.identifiers()) == 60
    assert not [each for each in psutil.process_iter() if address in _words(each)]


def test_it_says_what_to_install(mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = mailing.run("send", "--sandbox", "--cluster", LOCAL)
    assert result.exit_code == 2
    assert "pip install 'batchsend-letters[dask]'" in result.output


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
