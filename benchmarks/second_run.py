"""How soon a second run reaches its first request, with a ledger full of what the first one sent.

    python benchmarks/second_run.py [--letters 1000000] [--left 100] [--columns 6] [--killed]

Makes a list and a ledger as a first run would have left it that stopped with a few letters to go,
every note written by the ledger's own writer, and enters it in a register of its own; not with
`--killed`, as a run that was killed enters nothing. Then runs `batchsend send` in a process of its
own and takes the time from its start to its first request, by the record of the sandbox. What the
run did until then is shown part by part. A run on the same day uses the first one's check again.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from stopwatch import Stopwatch

from batchsend import Mailing, Target
from batchsend.commands import main as batchsend
from batchsend.ledger import Entry, Ledger, RunFacts
from batchsend.ledger.writes import Note, attempt_made, letter_ended, letter_entered
from batchsend.operations import plan as planning
from batchsend.operations import send as sending
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.history.register_entries import enter_ended
from batchsend.operations.history.runs import mailing_key
from batchsend.operations.running.sending_run import SendingRun
from batchsend.outcome import Attempt, Outcome
from batchsend.sandbox import running_sandbox

MAILING = """\
name = "second run"
[list]
path = "list.csv"
[template]
path = "letter.html"
[payload.Letter]
Channel = "PRINT"
Identifier = "second-run-{{ number }}"
LanguageID = "NO"
[payload.Letter.Invoicee]
Name = "{{ name }}"
Address1 = "{{ address }}"
PostCode = "{{ postcode }}"
City = "{{ city }}"
[payload.Letter.Invoicer]
Name = "Utleier AS"
"""
TEMPLATE = """\
<!doctype html>
<html lang="no"><style>@page { size: A4; margin: 20mm }</style>
<p style="margin-top: 30mm">{{ name }}<br>{{ address }}<br>{{ postcode }} {{ city }}</p>
<p style="margin-top: 40mm">Du skylder {{ amount | money }}.</p>
</html>
"""
NOTES_AT_ONCE = 30_000


def main() -> None:
    """Measure and print."""
    options = _options()
    if options.child:
        _child(*options.child)
        return
    with TemporaryDirectory() as folder, running_sandbox() as base_url:
        mailing = _mailing(Path(folder), options.letters, options.columns)
        os.environ["BATCHSEND_DATA"] = str(Path(folder) / "data")
        _first_run(mailing, base_url, options.left, killed=options.killed)
        size = (Path(folder) / "ledger.sqlite").stat().st_size / 1e6
        print(f"{options.letters:,} letters in the ledger ({size:,.0f} MB), {options.left} left\n")
        parts = Path(folder) / "parts.json"
        started = time.time()
        told = (str(mailing.path), base_url, str(parts), str(started))
        child = [sys.executable, __file__, "--child", *told]
        subprocess.run(child, check=True, stdout=subprocess.DEVNULL)
        arrived = _requests(base_url)
        assert len(arrived) == options.left, "the letters that were left, and no other"
        took = json.loads(parts.read_text())
    first = min(arrived) - started
    for name, seconds in took.items():
        print(f"{name:45}{seconds:7.2f} s")
    print(f"{'to the first request, from the process start':45}{first:7.2f} s")
    print(f"{'of it all but reading and checking the list':45}{first - took.get(LIST, 0):7.2f} s")


LIST = "the list read and checked"


def _child(mailing: str, base_url: str, parts: str, started: str) -> None:
    """`batchsend send`, with a watch held to its parts."""
    watch = Stopwatch()
    watch.took["Python and the package started"] = time.time() - float(started)
    watch.hold_to(planning, "check_into", LIST)
    watch.hold_to(planning, "_compared", "the list compared with the ledger")
    watch.hold_to(Ledger, "begin_run", "the run begun")
    watch.hold_to(sending, "_begun_today", "what went today counted")
    begun = SendingRun.send

    def note(self: SendingRun) -> None:
        watch.took["until the first letter is to be rendered"] = time.time() - float(started)
        Path(parts).write_text(json.dumps(watch.took))
        begun(self)

    SendingRun.send = note  # type: ignore[method-assign]
    batchsend(["send", mailing, "--base-url", base_url, "--yes"], standalone_mode=False)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--left", type=int, default=100)
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--killed", action="store_true")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


def _mailing(folder: Path, letters: int, columns: int) -> Mailing:
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        more = [f"more {number}" for number in range(6, columns)]
        writer.writerow(["number", "name", "address", "postcode", "city", "amount", *more])
        for number in range(letters):
            who = (f"Kari Nordmann {number}", f"Storgata {number % 90 + 1}", "0150", "Oslo")
            writer.writerow([number, *who, f"{number % 9000},50", *more])
    (folder / "letter.html").write_text(TEMPLATE, encoding="utf-8")
    (folder / "mailing.toml").write_text(MAILING, encoding="utf-8")
    secrets = "BATCHSEND_SUBSCRIPTION_ID=benchmark-1\nBATCHSEND_STORAGE_ID=benchmark-2\n"
    (folder / ".env").write_text(secrets, encoding="utf-8")
    return Mailing.load(folder)


def _first_run(mailing: Mailing, base_url: str, left: int, *, killed: bool) -> None:
    """Fill the ledger as a run would have that sent all letters but the last few."""
    templates = templates_of(mailing)
    with Ledger.open(mailing.ledger_place) as book:
        book.snapshots.mkdir(mode=0o700)
        checked = check_into(book.snapshots / "first", mailing, templates)
        run = book.begin_run(
            RunFacts(
                destination=base_url,
                list_path=checked.list_path,
                list_digest=checked.list_digest,
                template_digest=templates.digest,
                engine=templates.engine,
                snapshot=checked.snapshot.path,
                options={"mailing": mailing_key(mailing, book)},
            )
        )
        writer = book.note_writer()
        letters = checked.snapshot.identities().collect()
        for part in letters.head(-left).iter_slices(NOTES_AT_ONCE):
            entered: list[Note] = []
            ended: list[Note] = []
            for row, identifier, channel, content in part.iter_rows():
                now = datetime.now(UTC)
                entry = Entry(identifier, row, channel, content, 1, templates.engine)
                entered.append(letter_entered(run, entry, "sending", submitted_at=now))
                ended += [
                    attempt_made(run, Attempt(identifier, 1, now, now, 202, "")),
                    letter_ended(
                        run, Outcome(identifier, "accepted", "", f"id-{row}", 202, 1, now)
                    ),
                ]
            with book.writing() as connection:
                writer.write(connection, entered)
                writer.write(connection, ended)
        if not killed:
            run = book.finish_run(run, "stopped")
            assert enter_ended(mailing, Target.api(mailing, base_url), book, run) == ""


def _requests(base_url: str) -> list[float]:
    with urllib.request.urlopen(f"{base_url}/sandbox/requests") as answer:
        record = json.load(answer)
    return [datetime.fromisoformat(each["received_at"]).timestamp() for each in record]


if __name__ == "__main__":
    main()
