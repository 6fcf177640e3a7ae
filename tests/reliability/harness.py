"""A mailing on trial: sent by a process of its own, and three witnesses of what became of it.

The witnesses are the sandbox's own record, the ledger and the report.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from typing import Any

from mailings import MailingFolder, Sandbox
from programs import BATCHSEND

from batchsend import Mailing
from batchsend.ledger import Ledger
from batchsend.sending import destination


class Api(Sandbox):
    """The sandbox as a trial sees it: told what to do, and asked for its record."""

    def requests(self) -> list[dict[str, Any]]:
        """Every request for a letter, in order of arrival, taken or not."""
        record: list[dict[str, Any]] = json.loads(self._ask("GET", "requests"))
        return record

    def taken(self) -> Counter[str]:
        """How often each identifier was taken."""
        return Counter(each["identifier"] for each in self.requests() if each["taken"])


def sender(
    mailing: MailingFolder, base_url: str, *options: str, **how: Any
) -> subprocess.Popen[str]:
    """`batchsend send` in a process of its own."""
    return subprocess.Popen(
        [
            *(*BATCHSEND, "send", str(mailing.path)),
            *("--base-url", base_url, "--yes", *options),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        **how,
    )


def states(mailing: MailingFolder, base_url: str) -> dict[str, str]:
    """The state of every letter that the ledger has heard of."""
    with Ledger.open(Mailing.load(mailing.path).ledger_place) as ledger:
        standing = ledger.standing(destination(base_url))
    return dict(standing.select("identifier", "state").iter_rows())


_TOLD = {
    "accepted": {"accepted", "conflict"},  # a conflict where the row of today says something else
    "unknown": {"unknown", "conflict"},
    # A letter whose sender was stopped half-way is in doubt; a report says so at once.
    "sending": {"unknown", "conflict"},
    "pending": {"pending"},
    "rejected": {"rejected"},
    "failed": {"failed"},
    "invalid": {"invalid"},
}
"""What the report may say of a letter, by its state in the ledger."""


def witnesses_agree(
    mailing: MailingFolder,
    base_url: str,
    taken: Counter[str],
    rows: Iterable[int],
) -> dict[str, str]:
    """The report's status of each identifier, once record, ledger and report tell one story."""
    every = mailing.report()
    # Beneath the list's own rows stand letters of earlier lists that it no longer has.
    lines = [line for line in every if line["run"] == every[0]["run"]]
    assert [int(line["row"]) for line in lines] == list(rows), "the report adds up to the list"
    reported = {line["identifier"]: line["status"] for line in lines}
    assert len(reported) == len(lines)
    recorded = states(mailing, base_url)
    for identifier in reported.keys() & recorded.keys():
        assert reported[identifier] in _TOLD[recorded[identifier]]
    unheard_of = {reported[identifier] for identifier in reported.keys() - recorded.keys()}
    assert unheard_of <= {"pending", "skipped", "invalid"}

    def having(*statuses: str) -> set[str]:
        return {identifier for identifier, status in reported.items() if status in statuses}

    assert {name: times for name, times in taken.items() if times > 1} == {}, "never twice"
    assert having("accepted") <= taken.keys(), "accepted means that the API has it"
    assert having("rejected", "failed", "invalid", "pending", "skipped").isdisjoint(taken)
    return reported
