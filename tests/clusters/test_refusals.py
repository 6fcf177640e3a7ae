"""Clusters that would not do are refused in words, before anything is sent."""

from __future__ import annotations

import importlib.metadata
import time
from pathlib import Path

import pytest
from clusters.made import checked
from clusters.processes import DaskProcesses
from mailings import MailingFolder
from waiting import until

from batchsend.clusters import asking, cluster_at
from batchsend.errors import RenderingError


def _another_version(folder: Path) -> Path:
    """A folder whose packages say that batchsend is a later one."""
    told = folder / "packages" / "batchsend_letters-9.9.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: batchsend-letters\nVersion: 9.9\n")
    return told.parent


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:8786", "is not the address of a Dask scheduler"),
        ("scheduler:8786", "is not the address of a Dask scheduler"),
        ("tcp://127.0.0.1", "is not the address of a Dask scheduler"),
        ("tcp://127.0.0.1:1", "cannot be reached: it did not answer within"),
        ("tls://127.0.0.1:1", "cannot be reached: TLS expects"),
    ],
)
def test_what_is_no_scheduler(
    mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setattr(asking, "ANSWER_LIMIT", 0.5)
    result = mailing.run("send", "--sandbox", "--cluster", address)
    assert result.exit_code == 2
    assert address in result.output
    assert said in result.output
    assert not list((mailing.folder / "ledger.snapshots").glob("mailing-*"))
    assert not list(mailing.folder.glob("*report.csv"))


@pytest.mark.slow
def test_workers_of_another_version(
    mailing: MailingFolder, tmp_path: Path, dask: DaskProcesses
) -> None:
    result = mailing.run("send", "--sandbox", "--cluster", dask.address)
    assert result.exit_code == 2
    assert "The cluster has no workers." in result.output

    other = _another_version(tmp_path)
    there = dask.worker(before=other)
    until(lambda: dask.logs().count("Registered to:") == 1, "a worker")
    result = mailing.run("send", "--sandbox", "--cluster", dask.address)
    assert result.exit_code == 2
    assert "The worker at tcp://127.0.0.1:" in result.output
    here = importlib.metadata.version("batchsend-letters")
    assert f"has batchsend-letters 9.9 (here {here})." in result.output
    assert "run the same command again" in result.output.replace("\n", " ")
    assert not list(mailing.folder.glob("*report.csv"))
    there.kill()
    there.wait()

    # One that comes later is found out by itself: the run stops, and nothing is in doubt.
    dask.worker()
    until(lambda: dask.logs().count("Registered to:") == 2, "a worker")
    templates, _ = checked(mailing, tmp_path / "checked")
    with cluster_at(dask.address, templates, lambda _: None) as cluster:
        assert cluster.submit(abs, -1).result() == 1
        dask.worker(before=other)
        until(lambda: cluster.threads() == 2, "another worker")
        futures = [cluster.submit(time.sleep, 0.1) for _ in range(40)]
        with pytest.raises(RenderingError, match=r"joined the cluster with batchsend-letters 9\.9"):
            [future.result() for future in futures]
