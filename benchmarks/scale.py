"""Rendering on a Dask cluster beside this machine's own worker processes.

    python benchmarks/scale.py [--letters 2000] [--rounds 3]

One and two workers of each, the scheduler and its workers as processes on the loopback. The letter
is the rent notice of the examples. Rounds are interleaved; figures are medians. CPU is what a
letter costs the sender's process, from the list's row to the finished request, which here is thrown
away; and what it costs all processes together, which a busy machine changes little.
Last, what the same letters cost a sender to check, send and report, and what they leave on the
disk. Needs the `dask` and `benchmarks` extras.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import end_to_end
import psutil
import rendering
from distributed import Client

from batchsend import Target, send
from batchsend.clusters import cluster_at
from batchsend.rendering import RenderPool
from batchsend.sandbox import running_sandbox

WARM = 64
"""Letters before the clock is started, so that every process is at work."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    measured: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    with ExitStack() as stack:
        addresses = {n: stack.enter_context(_dask(n)) for n in (1, 2)}
        for _ in range(options.rounds):
            for workers in (1, 2):
                ways = {"local": None, "dask": addresses[workers]}
                for name, address in ways.items():
                    figures = _pressed(options.letters, workers, address)
                    measured.setdefault((name, workers), []).append(figures)
    print(f"{options.letters:,} letters, {options.rounds} rounds, {os.cpu_count()} processors\n")
    print(f"{'':18}{'letters/s':>10}{'to local':>10}{'CPU, sender':>14}{'all':>11}{'request':>11}")
    speeds: dict[tuple[str, int], float] = {}
    for (name, workers), figures in measured.items():
        speed, cpu, whole, size = (statistics.median(each) for each in zip(*figures, strict=True))
        speeds[name, workers] = speed
        ratio = speed / speeds["local", workers]
        label = f"{name}, {workers} worker{'s' if workers > 1 else ''}"
        costs = f"{cpu:11.2f} ms{whole:8.2f} ms{size:8.1f} kB"
        print(f"{label:18}{speed:10.1f}{ratio:10.2f}{costs}")
    for name in ("local", "dask"):
        print(f"{name}: two workers are {speeds[name, 2] / speeds[name, 1]:.2f} × one")
    _sent(options.letters)


def _sent(letters: int) -> None:
    """The whole of a mailing, seen from the sender."""
    with TemporaryDirectory() as place, running_sandbox() as base_url:
        folder = Path(place)
        mailing = end_to_end._mailing(folder, letters)
        before, _ = _cpu()
        target = replace(Target.sandbox(), destination=base_url, base_url=base_url)
        send(mailing, target, ledger=folder / "ledger.sqlite", report=folder / "r.csv")
        spent = (_cpu()[0] - before) / letters * 1000
        print(f"\na mailing: {spent:.2f} ms of CPU of the sender for each letter; bytes for each:")
        for name in ("tenants.csv", "ledger.snapshots", "ledger.sqlite", "r.csv"):
            files = [
                each for each in (folder / name, *(folder / name).rglob("*")) if each.is_file()
            ]
            print(f"{name:18}{sum(each.stat().st_size for each in files) / letters:10.0f}")


@contextmanager
def _dask(workers: int) -> Iterator[str]:
    """A scheduler and workers of one thread each."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        told = Path(folder) / "scheduler.json"
        loopback = ("--host", "127.0.0.1", "--no-dashboard")
        stack.enter_context(
            _ended("scheduler", *loopback, "--port", "0", "--scheduler-file", str(told))
        )
        while not told.exists() or not told.read_text().endswith("}"):
            time.sleep(0.1)
        address = str(json.loads(told.read_text())["address"])
        for n in range(workers):
            limits = ("--nthreads", "1", "--memory-limit", "0", "--no-nanny")
            place = ("--local-directory", f"{folder}/{n}")
            stack.enter_context(_ended("worker", address, *loopback, *limits, *place))
        _wait_for(workers, address)
        yield address


@contextmanager
def _ended(*words: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _wait_for(workers: int, address: str) -> None:
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers)


def _pressed(count: int, workers: int, address: str | None) -> tuple[float, ...]:
    """Letters a second; for each, milliseconds of CPU of the sender and in all, and kilobytes."""
    mailing, columns, letters = rendering._letters(count + WARM)
    templates = rendering._templates(mailing, "plutoprint")

    async def press(pressing: RenderPool) -> tuple[float, ...]:
        started, done, size = 0.0, 0, 0
        before = (0.0, 0.0)
        async for prepared in pressing.prepare(iter(letters)):
            assert not prepared.error, prepared.error
            done += 1
            size += len(prepared.body)
            if done == WARM:
                started, before, size = time.perf_counter(), _cpu(), 0
        took = time.perf_counter() - started
        spent = (now - then for now, then in zip(_cpu(), before, strict=True))
        return count / took, *(each / count * 1000 for each in spent), size / count / 1000

    with ExitStack() as stack:
        cluster = (
            stack.enter_context(cluster_at(address, templates, lambda _: None)) if address else None
        )
        pressing = stack.enter_context(
            RenderPool(
                templates, columns, rendering.SUBSCRIPTION, workers=workers, executor=cluster
            )
        )
        return asyncio.run(press(pressing))


def _cpu() -> tuple[float, float]:
    """Seconds of CPU of this process, and of it and all that came of it."""
    here = psutil.Process()
    own, *others = (sum(each.cpu_times()[:2]) for each in (here, *here.children(recursive=True)))
    return own, own + sum(others)


if __name__ == "__main__":
    main()
