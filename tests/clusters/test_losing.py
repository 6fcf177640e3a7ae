"""Workers, schedulers and senders that are lost: it costs time, and nobody gets a letter twice."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from clusters.processes import DaskProcesses
from mailings import Api, MailingFolder, row
from reliability.harness import sender
from waiting import until

from batchsend import Mailing, ProgressReport, Sent, Target, send

pytestmark = pytest.mark.slow


def _send(mailing: MailingFolder, api: Api, cluster: str | None, at: Callable[[int], None]) -> Sent:
    """Send on that cluster; `at` is told how many letters are done."""

    def progress(report: ProgressReport) -> None:
        at(report.done)

    target = replace(Target.sandbox(), destination=api.base_url, base_url=api.base_url)
    return send(Mailing.load(mailing.path), target, cluster=cluster, progress=progress)


@pytest.mark.parametrize(
    ("letters", "kills"),
    [
        pytest.param(200, 2, id="2 workers"),
        pytest.param(10_000, 12, id="12 workers", marks=pytest.mark.slow),
    ],
)
def test_lost_workers_cost_nothing_but_time(
    mailing: MailingFolder, api: Api, dask: DaskProcesses, letters: int, kills: int
) -> None:
    mailing.write(*(row(number) for number in range(1, letters + 1)))
    chance = Random(letters)
    moments = sorted(chance.sample(range(1, letters * 3 // 4), kills))
    dask.worker()
    killed = []
    counted = []

    def lose_one(done: int) -> None:
        counted.append(done)
        if moments and done >= moments[0]:
            moments.pop(0)
            # The others may not have come yet: there may be none at all for a while.
            dask.worker()
            victim = chance.choice([each for each in dask.workers if each.poll() is None][:-1])
            victim.kill()
            victim.wait()
            killed.append(victim)

    dask.worker()
    until(lambda: dask.logs().count("Registered to:") == 2, "two workers")
    sent = _send(mailing, api, dask.address, lose_one)
    assert len(killed) == kills
    assert not sent.stopped
    assert counted == list(range(letters + 1))
    assert sent.report.summary.by_status == {"accepted": letters}
    assert Counter(api.identifiers()) == Counter(
        f"test-{1000 + number}" for number in range(1, letters + 1)
    )


def test_a_lost_scheduler_stops_the_run_and_the_next_one_goes_on(
    mailing: MailingFolder, api: Api, dask: DaskProcesses
) -> None:
    mailing.write(*(row(number) for number in range(1, 301)))
    dask.worker()
    until(lambda: "Registered to:" in dask.logs(), "a worker")

    def lose_it(done: int) -> None:
        if done == 20:
            assert dask.scheduler is not None
            dask.scheduler.kill()

    sent = _send(mailing, api, dask.address, lose_it)
    assert sent.stopped
    assert sent.stopped_because.startswith("The cluster that renders the letters went away.")
    assert "run the same command again" in sent.stopped_because
    assert 20 <= sent.report.summary.by_status["accepted"] < 300
    sent = _send(mailing, api, None, lambda _: None)
    assert sent.all_accepted
    assert Counter(api.identifiers()).most_common(1)[0][1] == 1
    assert len(api.identifiers()) == 300


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows ends processes otherwise")
def test_a_sender_that_is_killed_leaves_nothing_on_the_workers(
    mailing: MailingFolder, api: Api, dask: DaskProcesses
) -> None:
    mailing.write(*(row(number) for number in range(1, 2001)))
    dask.worker()
    until(lambda: "Registered to:" in dask.logs(), "a worker")
    process = sender(mailing, api.base_url, "--cluster", dask.address)
    until(lambda: len(api.identifiers()) > 20, "letters")
    assert dask.rendering()
    process.kill()
    output, _ = process.communicate()
    assert f"Rendering on the cluster at {dask.address}" in output
    until(lambda: not dask.rendering(), "its rendering processes end")
    assert dask.workers[0].poll() is None
    until(lambda: not dask.left("Bjørk") + dask.left("subscription-secret"), "nothing is left")
    assert "Bjørk" not in dask.logs()
