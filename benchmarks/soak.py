"""A long mailing through an API that misbehaves: memory stays flat, and everything adds up.

    python benchmarks/soak.py [--letters 100000] [--faults 0.05] [--rate 5000]

Sends to the sandbox, in a process of its own, which meets the given share of requests with a fault:
refusals, lost connections before and after taking the letter, silence, answers cut off, slow or
garbled. Then sends once more with the API well again, and compares the sandbox's own record with
the ledger and the report. Prints the resident memory of the sender and of its rendering processes
at the start, in the middle and at the end; ends with an error where memory grew by more than
--growth MB from the first tenth to the end, or where anything does not add up. Needs `ps`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from batchsend import Mailing, Target, send
from batchsend.ledger import Ledger
from batchsend.operations.progress import ProgressReport
from batchsend.sandbox import Fault, Faults, running_sandbox

MAILING = """\
name = "soak"
[list]
path = "list.csv"
[template]
path = "letter.html"
[payload.Letter]
Channel = "PRINT"
Identifier = "soak-{{ number }}"
LanguageID = "NO"
[payload.Letter.Invoicee]
Name = "{{ name }}"
Address1 = "{{ address }}"
PostCode = "{{ postcode }}"
City = "{{ city }}"
[payload.Letter.Invoicer]
Name = "Utleier AS"
[send]
concurrency = 16
timeout = 3
"""
TEMPLATE = """\
<!doctype html>
<html lang="no"><style>
@page { size: A4; margin: 20mm }
body { font: 11pt "Noto Sans" }
</style>
<p style="margin-top: 30mm">{{ name }}<br>{{ address }}<br>{{ postcode }} {{ city }}</p>
<p style="margin-top: 40mm">Du skylder {{ amount | money }}.</p>
</html>
"""
SHARES = {
    Fault.BUSY: 4,
    Fault.UNAVAILABLE: 4,
    Fault.ERROR: 2,
    Fault.ERROR_AFTER: 2,
    Fault.DROP_BEFORE: 4,
    Fault.DROP_AFTER: 4,
    Fault.SILENCE: 1,
    Fault.SILENCE_BEFORE: 1,
    Fault.GARBAGE: 4,
    Fault.NOT_HTTP: 2,
    Fault.CUT_OFF: 4,
    Fault.DRIP: 3,
    Fault.SLOW: 10,
    Fault.OTHER_ID: 2,
    Fault.ESCAPES: 3,
}
"""How the faults share the requests that meet one."""


@dataclass
class Memory:
    """Resident megabytes of this process and of all its rendering processes, as letters go by."""

    sandbox: frozenset[int]
    """Processes that are not ours to measure."""
    seen: list[tuple[int, float, float]] = field(default_factory=list)
    """Letters done, sender, rendering."""
    _next: int = 0

    def look(self, progress: ProgressReport) -> None:
        """Measure at every twentieth of the way."""
        if progress.done < self._next:
            return
        self._next = progress.done + max(progress.total // 20, 1)
        sender, rendering = _resident(self.sandbox)
        self.seen.append((progress.done, sender, rendering))

    @property
    def growth(self) -> float:
        """Megabytes from the first tenth of the way, when all is warm, to the end."""
        (_, *warm), (_, *end) = self.seen[min(2, len(self.seen) - 1)], self.seen[-1]
        return sum(end) - sum(warm)


@dataclass(frozen=True)
class Soaked:
    """What came of it."""

    letters: int
    seconds: float
    requests: int
    faults: int
    first: dict[str, int]
    last: dict[str, int]
    memory: Memory


def soak(letters: int, share: float, rate: float) -> Soaked:
    """Send that many letters through that share of faults. AssertionError where they do not add
    up."""
    whole = sum(SHARES.values())
    rates = {fault: share * part / whole for fault, part in SHARES.items()}
    faults = Faults(rates=rates, seed=5, retry_after="0", delay=0.3)
    with TemporaryDirectory() as folder, running_sandbox(faults=faults) as base_url:
        mailing = _mailing(Path(folder), letters).sending(rate=rate)
        target = replace(Target.sandbox(), destination=base_url, base_url=base_url)
        memory = Memory(frozenset(_children(os.getpid())))
        started = time.perf_counter()
        first = send(mailing, target, progress=memory.look)
        seconds = time.perf_counter() - started
        assert first is not None
        assert not first.stopped, first.stopped_because
        struck = [each["fault"] for each in _record(base_url)]
        _tell(base_url, Faults())
        last = send(mailing, target)
        assert last is not None
        _must_add_up(mailing, target, letters, _record(base_url))
    return Soaked(
        letters=letters,
        seconds=seconds,
        requests=len(struck),
        faults=len(struck) - struck.count(Fault.OK),
        first=dict(first.report.summary.by_status),
        last=dict(last.report.summary.by_status),
        memory=memory,
    )


def _mailing(folder: Path, letters: int) -> Mailing:
    lines = (
        f"{number};Kari Nordmann {number};Storgata {number % 90 + 1};0150;Oslo;{number % 9000},50"
        for number in range(letters)
    )
    text = "\n".join(["number;name;address;postcode;city;amount", *lines])
    (folder / "list.csv").write_text(text, encoding="utf-8")
    (folder / "letter.html").write_text(TEMPLATE, encoding="utf-8")
    (folder / "mailing.toml").write_text(MAILING, encoding="utf-8")
    return Mailing.load(folder)


def _must_add_up(
    mailing: Mailing, target: Target, letters: int, record: list[dict[str, object]]
) -> None:
    """The sandbox's record, the ledger and the report tell the same of every letter."""
    times = Counter(str(each["identifier"]) for each in record if each["taken"])
    assert not [name for name, number in times.items() if number > 1], "a letter went twice"
    report = pl.read_csv(mailing.report, separator=";", infer_schema=False)
    assert report.height == report["identifier"].n_unique() == letters
    with Ledger.open(mailing.ledger_place) as ledger:
        standing = ledger.standing(target.destination)
    told = report.select("identifier", "status").join(
        standing.select("identifier", pl.col("state").cast(pl.String)), on="identifier"
    )
    assert told.height == letters, "every letter is in the ledger"
    assert told.filter(pl.col("status") != pl.col("state")).is_empty()
    by_status = {
        str(status): set(group["identifier"]) for (status,), group in told.group_by("status")
    }
    assert by_status["accepted"] <= times.keys()
    assert times.keys() <= by_status["accepted"] | by_status.get("unknown", set())
    assert by_status.keys() <= {"accepted", "rejected", "unknown"}, "the second run sent the rest"


def _record(base_url: str) -> list[dict[str, object]]:
    with urllib.request.urlopen(f"{base_url}/sandbox/requests") as answer:
        record: list[dict[str, object]] = json.load(answer)
    return record


def _tell(base_url: str, faults: Faults) -> None:
    body, kind = faults.model_dump_json().encode(), {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{base_url}/sandbox/faults", body, kind)).close()


def _processes() -> list[tuple[int, int, float]]:
    """Number, parent and resident megabytes of all processes but the one that tells, POSIX's ps."""
    command = ["ps", "-A", "-o", "pid=,ppid=,rss="]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ps:
        told, _ = ps.communicate()
    lines = (line.split() for line in told.splitlines())
    found = [(int(pid), int(parent), int(size) / 1024) for pid, parent, size in lines]
    return [each for each in found if each[0] != ps.pid]


def _children(parent: int) -> list[int]:
    return [pid for pid, whose, _ in _processes() if whose == parent]


def _resident(left_out: frozenset[int]) -> tuple[float, float]:
    """Megabytes of this process, and of its children but those left out."""
    me, sender, rendering = os.getpid(), 0.0, 0.0
    for pid, parent, size in _processes():
        if pid == me:
            sender = size
        elif parent == me and pid not in left_out:
            rendering += size
    return sender, rendering


def main() -> None:
    """Soak and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--faults", type=float, default=0.05)
    parser.add_argument("--rate", type=float, default=5000)
    parser.add_argument("--growth", type=float, default=60)
    options = parser.parse_args()
    soaked = soak(options.letters, options.faults, options.rate)
    print(
        f"{soaked.letters:,} letters in {soaked.seconds:,.0f} s, "
        f"{soaked.letters / soaked.seconds:.0f} a second; "
        f"{soaked.requests:,} requests, {soaked.faults:,} of them met a fault"
    )
    print(f"after the run: {soaked.first}\nafter one more: {soaked.last}\n")
    print(f"{'letters done':>12}{'sender MB':>12}{'rendering MB':>15}")
    seen = soaked.memory.seen
    for done, sender, rendering in (seen[0], seen[len(seen) // 2], seen[-1]):
        print(f"{done:12,}{sender:12.0f}{rendering:15.0f}")
    growth = soaked.memory.growth
    print(f"\nfrom the first tenth to the end: {growth:+.0f} MB")
    if growth > options.growth:
        raise SystemExit("Memory is not flat.")
    print("It adds up: record, ledger and report agree, nobody got a letter twice.")


if __name__ == "__main__":
    main()
