"""Rendering on a cluster's workers is rendering here: the same letters, errors and limits."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from clusters.made import checked, press_on, rendered, text
from clusters.processes import DaskProcesses
from distributed import Client
from mailings import MailingFolder, row
from waiting import until

from batchsend.clusters import cluster_at
from batchsend.letters import Letter

pytestmark = pytest.mark.slow


def test_the_letters_are_those_of_this_machine(
    mailing: MailingFolder, tmp_path: Path, shared_dask: DaskProcesses
) -> None:
    mailing.write(*(row(number) for number in range(1, 81)))
    here = rendered(mailing, tmp_path / "here")
    there = rendered(mailing, tmp_path / "there", shared_dask.address)
    assert len(here) == len(there) == 80
    for made_here, made_there in zip(here, there, strict=True):
        assert made_there.entry == made_here.entry
        assert text(made_there) == text(made_here)


def test_what_takes_too_long_ends_there_and_what_dies_costs_itself_alone(
    mailing: MailingFolder, tmp_path: Path, shared_dask: DaskProcesses
) -> None:
    mailing.edit('path = "letter.html"', 'path = "letter.html"\ntimeout = 10')
    templates, _ = checked(mailing, tmp_path / "checked")
    with cluster_at(shared_dask.address, templates, lambda _: None) as cluster:
        with pytest.raises(TimeoutError, match="longer than 10 seconds"):
            cluster.submit(time.sleep, 612.25).result()
        with pytest.raises(BrokenExecutor):
            cluster.submit(os._exit, 3).result()
        with pytest.raises(ValueError, match="math domain error"):
            cluster.submit(math.sqrt, -1).result()
        assert cluster.submit(math.sqrt, 4).result() == 2
    assert "612.25" not in shared_dask.logs(), "what a task is about is nothing for a log"


class _Function:
    """Counts how often it is packed, and notes in a file each time it is unpacked."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes
        self.packed = 0

    def __reduce__(self) -> tuple[Any, ...]:
        self.packed += 1
        noting = f"open({str(self.notes)!r}, 'a').write('unpacked\\n') and abs"
        return eval, (noting,)

    def __call__(self, number: int) -> int:
        raise AssertionError("it is called in another process")


def test_what_letters_are_made_from_travels_once(
    mailing: MailingFolder, tmp_path: Path, shared_dask: DaskProcesses
) -> None:
    templates, _ = checked(mailing, tmp_path / "checked")
    function = _Function(tmp_path / "notes")
    with cluster_at(shared_dask.address, templates, lambda _: None) as cluster:
        futures = [cluster.submit(function, -number) for number in range(100)]
        assert [future.result() for future in futures] == list(range(100))
    assert function.packed == 1
    assert function.notes.read_text().splitlines() == ["unpacked"] * 2, "once on each worker"


def test_the_sender_holds_a_bounded_number_of_letters(
    mailing: MailingFolder, tmp_path: Path, shared_dask: DaskProcesses
) -> None:
    mailing.write(*(row(number) for number in range(1, 401)))
    templates, snapshot = checked(mailing, tmp_path / "checked")
    taken = count()
    ahead: list[int] = []

    def letters() -> Iterator[Letter]:
        for letter in snapshot.letters():
            next(taken)
            yield letter

    async def slowly(prepared: Any) -> None:
        done = 0
        async for _ in prepared:
            done += 1
            ahead.append(int(repr(taken)[6:-1]) - done)
            if done % 16 == 0:
                await asyncio.sleep(0.02)

    with (
        press_on(shared_dask.address, templates, snapshot) as (press, _),
        Client(shared_dask.address, set_as_default=False) as onlooker,
    ):
        asyncio.run(slowly(press.prepare(letters())))
        assert len(ahead) == 400
        # Two chunks of 16 for each of two workers, and what comes out when one is taken.
        assert max(ahead) <= 2 * 2 * 16 + 2 * 2 * 16
        until(lambda: not _kept_by(onlooker), "results are let go of")


def _kept_by(onlooker: Client) -> dict[str, Any]:
    return {key: who for key, who in onlooker.who_has().items() if key.startswith("render")}
