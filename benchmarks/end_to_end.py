"""From list to report, beside bare rendering and beside the script one would usually write.

    python benchmarks/end_to_end.py [--letters 2000] [--rounds 3]

All render the rent notice of the examples and send to the sandbox, which runs in a process of its
own. The usual script is csv + Jinja2 + WeasyPrint + requests in a thread pool; it gets a twentieth
of the letters, for it would take too long otherwise. Rounds are interleaved; the figures are
medians. Then one more mailing, with a watch held to all that the ledger has a part in, says which
share of the CPU of the sender and of its workers that is. Needs the `benchmarks` extra and POSIX.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import resource
import statistics
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from jinja2 import FileSystemLoader
from stopwatch import Stopwatch
from weasyprint import HTML

from batchsend import Mailing, Target, check, send
from batchsend.expressions import Names, environment
from batchsend.ledger import Ledger, LedgerJournal, journal
from batchsend.lists import Column, Row
from batchsend.operations import plan as planning
from batchsend.operations import send as sending
from batchsend.operations.check import check_into, templates_of
from batchsend.rendering import RenderPool
from batchsend.sandbox import running_sandbox
from batchsend.text import column_name

EXAMPLE = Path(__file__).parent.parent / "example_data" / "rent-notice"
WORKERS = os.cpu_count() or 1
USUAL_SHARE = 20
SUBSCRIPTION = {"SubscriptionId": "benchmark-1", "StorageId": "benchmark-2"}


def main() -> None:
    """Measure and print a table."""
    options = _options()
    with TemporaryDirectory() as folder, running_sandbox() as base_url:
        mailing = _mailing(Path(folder), options.letters)
        ways: dict[str, Callable[[], float]] = {
            "rendering alone": lambda: _bare(mailing, options.letters),
            "batchsend send": lambda: _batchsend(mailing, base_url, options.letters),
            "usual script": lambda: _usual(mailing, base_url, options.letters // USUAL_SHARE),
        }
        speeds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(options.rounds):
            for name, way in ways.items():
                speeds[name].append(way())
        ledger, whole = _ledger_cpu(mailing, base_url, options.letters)
    medians = {name: statistics.median(each) for name, each in speeds.items()}
    ours = medians["batchsend send"]
    print(f"{options.letters:,} letters, {options.rounds} rounds, {WORKERS} processors\n")
    print(f"{'':20}{'letters/s':>10}{'batchsend send is':>22}")
    for name, speed in medians.items():
        print(f"{name:20}{speed:10.1f}{ours / speed:20.2f} ×")
    each = ledger / options.letters * 1000
    print(f"\nof {whole:.1f} s of CPU the ledger took {ledger / whole:.1%}, {each:.2f} ms a letter")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def _mailing(folder: Path, letters: int) -> Mailing:
    """The example's right rows, over and over under other customer numbers."""
    with (EXAMPLE / "tenants.csv").open(encoding="cp1252", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    right = [row for number, row in enumerate(rows, start=2) if number not in _wrong_rows()]
    with (folder / "tenants.csv").open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(head)
        for number in range(letters):
            writer.writerow([str(500_000 + number), *right[number % len(right)][1:]])
    text = (EXAMPLE / "mailing.toml").read_text(encoding="utf-8")
    templates = (EXAMPLE / "../../templates").resolve().as_posix()
    (folder / "mailing.toml").write_text(text.replace("../../templates", templates), "utf-8")
    return Mailing.load(folder).sending(rate=5000, concurrency=16)


def _wrong_rows() -> set[int]:
    return set(check(Mailing.load(EXAMPLE)).problems["row"])


def _bare(mailing: Mailing, letters: int) -> float:
    """Letters a second, rendered and made into requests by the workers, and thrown away."""
    templates = templates_of(mailing)
    with TemporaryDirectory() as folder:
        checked = check_into(Path(folder) / "snapshot.parquet", mailing, templates)
        snapshot = checked.snapshot

        async def render_all(press: RenderPool) -> int:
            return len([None async for _ in press.prepare(snapshot.letters())])

        with RenderPool(templates, snapshot.columns, Target.sandbox().subscription) as press:
            started = time.perf_counter()
            assert asyncio.run(render_all(press)) == letters
            return letters / (time.perf_counter() - started)


def _batchsend(mailing: Mailing, base_url: str, letters: int) -> float:
    """Letters a second from the start of the check to the finished report.

    The register of what went from this machine is a new one for each run, as nothing may go twice.
    """
    with TemporaryDirectory() as folder:
        os.environ["BATCHSEND_DATA"] = str(Path(folder) / "data")
        target = replace(Target.sandbox(), destination=base_url, base_url=base_url)
        started = time.perf_counter()
        sent = send(
            mailing, target, ledger=Path(folder) / "ledger.sqlite", report=Path(folder) / "r.csv"
        )
        took = time.perf_counter() - started
    assert sent.report.summary.by_status == {"accepted": letters}
    return letters / took


def _ledger_cpu(mailing: Mailing, base_url: str, letters: int) -> tuple[float, float]:
    """Seconds of CPU that the ledger takes in a mailing, and that all of it takes."""
    watch = Stopwatch()
    for name in ("letter_entered", "attempt_made", "letter_ended", "_resolve"):
        watch.hold_to(journal, name, "notes", time.thread_time)
    watch.hold_to(LedgerJournal, "_leave", "notes", time.thread_time)
    watch.hold_to(LedgerJournal, "_write", "commits", time.thread_time)  # all of its thread
    for place, name in (
        (planning, "_compared"),
        (sending, "_begun_today"),
        (Ledger, "begin_run"),
        (Ledger, "finish_run"),
        (Ledger, "standing"),
    ):
        watch.hold_to(place, name, "the plan and the report", time.process_time)
    before = _cpu()
    _batchsend(mailing, base_url, letters)
    return watch.took.total(), _cpu() - before


def _cpu() -> float:
    """Seconds of CPU of this process and its ended workers."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _usual(mailing: Mailing, base_url: str, letters: int) -> float:
    """The same with what one would write in an afternoon; it checks nothing and keeps no ledger."""
    assert mailing.template is not None
    template_path = mailing.folder / str(mailing.template.path)
    jinja = environment(FileSystemLoader(template_path.parent), autoescape=True)
    template = jinja.get_template(template_path.name)

    with (mailing.folder / "tenants.csv").open(encoding="cp1252", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    names = Names(tuple(Column(at, text, column_name(text)) for at, text in enumerate(head)))

    def send_one(number: int) -> tuple[str, int]:
        cells = dict(zip(head, rows[number], strict=True))
        letter = {
            "Channel": "PRINT",
            "Identifier": f"usual-{cells['Kundenr.']}",
            "LanguageID": "NO",
            "Invoicee": {
                "CustomerNo": cells["Kundenr."],
                "Name": f"{cells['Fornavn']} {cells['Etternavn']}",
                "Address1": cells["Adresse"],
                "PostCode": cells["Postnr"],
                "City": cells["Poststed"],
                "CountryCode": "NO",
            },
            "Invoicer": mailing.payload.Letter.Invoicer.model_dump(exclude_none=True),
        }
        html = template.render(
            **names.variables([Row(number, tuple(rows[number]))]), letter=letter, language="NO"
        )
        pdf = HTML(string=html, base_url=str(template_path)).write_pdf()
        letter["FreeText"] = b64encode(pdf).decode()
        answer = requests.post(
            f"{base_url}/send/letter",
            data=json.dumps({"Letter": letter, "Subscription": SUBSCRIPTION}),
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        return letter["Identifier"], answer.status_code

    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(send_one, range(letters)))
    with (mailing.folder / "results.csv").open("w", newline="") as file:
        csv.writer(file).writerows(results)
    took = time.perf_counter() - started
    assert {status for _, status in results} == {202}, results[:3]
    return letters / took


if __name__ == "__main__":
    main()
