"""Workers and schedulers that freeze: neither gone nor there. It is said, and nothing hangs."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clusters.made import checked
from clusters.processes import DaskProcesses
from mailings import Api, MailingFolder, row
from reliability.harness import sender
from waiting import PATIENCE, output_of, until

from batchsend.clusters import asking, cluster_at, dask_cluster
from batchsend.errors import RenderingError, SettingsError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.alone,
    pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows freezes no processes"),
]


@contextmanager
def _frozen(process: subprocess.Popen[bytes] | None) -> Iterator[None]:
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


def _some_workers(dask: DaskProcesses, number: int) -> list[str]:
    """Their addresses, in the order they are started in."""
    addresses: list[str] = []
    for n in range(number):
        dask.worker()
        log = dask.folder / f"worker-{n}.log"
        until(lambda log=log: "Registered to:" in log.read_text(), "a worker")  # type: ignore[misc]
        found = re.search(r"Start worker at: *(tcp://\S+)", log.read_text())
        assert found is not None
        addresses.append(found[1])
    return addresses


def test_a_worker_that_is_frozen_at_the_start_is_named(
    mailing: MailingFolder, monkeypatch: pytest.MonkeyPatch, dask: DaskProcesses
) -> None:
    _, frozen = _some_workers(dask, 2)
    monkeypatch.setattr(asking, "ANSWER_LIMIT", 2.0)
    monkeypatch.setattr(asking, "NAMING_LIMIT", 2.0)
    with _frozen(dask.workers[1]):  # it ends while that is so, or never
        result = mailing.run("send", "--sandbox", "--cluster", dask.address)
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert f"There was no answer from the worker at {frozen} within 2 seconds." in said
    assert "run the same command again, or without --cluster" in said
    assert not list(mailing.folder.glob("*report.csv"))


def test_a_scheduler_that_is_frozen_at_the_start_is_refused(
    mailing: MailingFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dask: DaskProcesses,
) -> None:
    _some_workers(dask, 1)
    monkeypatch.setattr(asking, "ANSWER_LIMIT", 2.0)
    templates, _ = checked(mailing, tmp_path / "checked")
    with (
        _frozen(dask.scheduler),
        pytest.raises(SettingsError, match="it did not answer within 2 seconds"),
        cluster_at(dask.address, templates, lambda _: None),
    ):
        pass


def test_leaving_does_not_wait_for_a_worker_and_it_is_cleared_later(
    mailing: MailingFolder, tmp_path: Path, dask: DaskProcesses
) -> None:
    _some_workers(dask, 2)
    templates, _ = checked(mailing, tmp_path / "checked")
    with cluster_at(dask.address, templates, lambda _: None) as cluster:
        assert cluster.submit(abs, -1).result() == 1
        until(lambda: len(dask.rendering()) == 2, "a process for each worker")
        os.kill(dask.workers[0].pid, signal.SIGSTOP)
        waiting = [cluster.submit(abs, -2) for _ in range(8)]
    # Here the worker is frozen still.
    assert all(future.done() for future in waiting)
    until(lambda: len(dask.rendering()) == 1, "the other is cleared at once")
    os.kill(dask.workers[0].pid, signal.SIGCONT)
    until(lambda: not dask.rendering(), "it is cleared when it is itself again")


def test_a_worker_that_does_not_take_the_templates_is_named(
    mailing: MailingFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dask: DaskProcesses,
) -> None:
    (frozen,) = _some_workers(dask, 1)
    templates, _ = checked(mailing, tmp_path / "checked")
    with cluster_at(dask.address, templates, lambda _: None) as cluster:
        monkeypatch.setattr(asking, "ANSWER_LIMIT", 1.0)
        monkeypatch.setattr(asking, "NAMING_LIMIT", 1.0)
        with (
            _frozen(dask.workers[0]),
            pytest.raises(RenderingError, match=f"no answer from the worker at {frozen} within 1"),
        ):
            cluster.submit(abs, -1).result(timeout=PATIENCE)


def test_a_stop_does_not_wait_for_a_worker_to_take_the_templates(
    mailing: MailingFolder, tmp_path: Path, dask: DaskProcesses
) -> None:
    _some_workers(dask, 1)
    templates, _ = checked(mailing, tmp_path / "checked")
    with cluster_at(dask.address, templates, lambda _: None) as cluster:
        os.kill(dask.workers[0].pid, signal.SIGSTOP)
        future = cluster.submit(abs, -1)
        until(lambda: "Registering Worker plugin batchsend-" in dask.logs(), "it is on its way")
    # Here the worker is frozen still.
    assert future.cancelled()
    os.kill(dask.workers[0].pid, signal.SIGCONT)
    for told in ("Starting", "Removing"):
        until(lambda told=told: f"{told} Worker plugin batchsend-" in dask.logs(), told)  # type: ignore[misc]
    until(lambda: not dask.rendering(), "nothing is left")


def _quiet(api: Api) -> bool:
    """Whether no letter comes for two seconds, in which twenty would at the set pace."""
    before = len(api.identifiers())
    time.sleep(2)
    return len(api.identifiers()) == before


@pytest.mark.parametrize("which", ["workers", "scheduler"])
def test_a_stop_does_not_wait_for_what_is_frozen(
    mailing: MailingFolder, api: Api, dask: DaskProcesses, which: str
) -> None:
    mailing.write(*(row(number) for number in range(1, 2001)))
    _some_workers(dask, 2)
    process = sender(mailing, api.base_url, "--cluster", dask.address, "--rate", "10")
    until(lambda: len(api.identifiers()) > 4, "letters")
    frozen = dask.workers if which == "workers" else [dask.scheduler]
    for each in frozen:
        assert each is not None
        os.kill(each.pid, signal.SIGSTOP)
    until(lambda: _quiet(api), "letters that were made before have gone")
    process.send_signal(signal.SIGTERM)
    output = output_of(process)
    assert process.returncode == 3, output
    assert "Stopped half-way." in output
    assert "To go on:" in output
    accepted = [line for line in mailing.report() if line["status"] == "accepted"]
    assert {line["identifier"] for line in accepted} == set(api.identifiers())
    assert len(api.identifiers()) == len(accepted) < 2000


def test_a_worker_that_freezes_half_way_is_named(
    mailing: MailingFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dask: DaskProcesses,
) -> None:
    (frozen,) = _some_workers(dask, 1)
    monkeypatch.setattr(asking, "NAMING_LIMIT", 1.0)
    monkeypatch.setattr(dask_cluster, "SILENCE", 1.0)
    templates, _ = checked(mailing, tmp_path / "checked")
    said: list[str] = []
    with cluster_at(dask.address, templates, said.append) as cluster:
        assert cluster.submit(abs, -1).result() == 1
        with _frozen(dask.workers[0]):
            future = cluster.submit(abs, -2)
            until(lambda: len(said) == 2, "a word about it")
        assert f"no answer from the worker at {frozen}." in said[1]
        assert future.result(timeout=PATIENCE) == 2


def test_a_scheduler_that_freezes_half_way_stops_the_run_after_a_while(
    mailing: MailingFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dask: DaskProcesses,
) -> None:
    _some_workers(dask, 1)
    templates, _ = checked(mailing, tmp_path / "checked")
    said: list[str] = []
    with cluster_at(dask.address, templates, said.append) as cluster:
        assert cluster.submit(abs, -1).result() == 1
        monkeypatch.setattr(asking, "ANSWER_LIMIT", 1.0)
        monkeypatch.setattr(dask_cluster, "PATIENCE", 2.0)
        with _frozen(dask.scheduler):
            future = cluster.submit(abs, -2)
            with pytest.raises(RenderingError, match="had no scheduler that answers for 2 seconds"):
                future.result(timeout=PATIENCE)
    assert "The cluster has no scheduler that answers at the moment." in said[1]
