"""Every fault the sandbox knows, through the whole pipeline, as the table in `fates` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from mailings import MailingFolder, row
from reliability.fates import FATES, as_markdown
from reliability.harness import Api, witnesses_agree

from batchsend.ledger import Ledger
from batchsend.sandbox import Fault
from batchsend.sending import destination

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
NUMBERS = {fault: 2 * number for number, fault in enumerate(FATES, start=1)}
"""The customer whose letter meets the fault; the odd ones between meet none, so that no two faults
come in a row and make the run pause."""
LETTERS = 2 * len(FATES) + 1
SILENT = {Fault.SILENCE, Fault.SILENCE_BEFORE}
"""Only `timeout` ends them: it is short for them alone, since machines are busy."""
BY_THEMSELVES = (
    {Fault.DROP_BEFORE} | SILENT | {fault for fault in FATES if FATES[fault].stops_the_run}
)
"""The first comes before the sandbox can see whose letter it is; the last stop the run."""


def _identifier(fault: Fault) -> str:
    return f"test-{1000 + NUMBERS[fault]}"


@dataclass(frozen=True)
class Story:
    """A mailing in which every fault struck one letter; and the run after it."""

    repeats_are_refused: bool
    exit_codes: dict[Fault | None, int]
    status: dict[str, str]
    requests: dict[str, int]
    taken: Counter[str]
    later: dict[str, str]
    output: str


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=pytest.mark.slow)],
    ids=["repeats taken", "repeats refused"],
)
def story(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    sandbox_address: str,
    places: Iterator[Path],
) -> Iterator[Story]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATCHSEND_DATA", str(next(places)))
        patch.setenv("BATCHSEND_SUBSCRIPTION_ID", "subscription-secret-1")
        patch.setenv("BATCHSEND_STORAGE_ID", "storage-secret-1")
        mailing = MailingFolder(tmp_path_factory.mktemp("mailing"))
        yield _told(mailing, Api(sandbox_address), refused=request.param)


def _told(mailing: MailingFolder, api: Api, *, refused: bool) -> Story:
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    if refused:
        mailing.edit("rate = 500\n", "rate = 500\nrepeats_are_refused = true\n")
    mailing.edit("rate = 500\n", "rate = 500\nconcurrency = 1\n")
    usual = {"refuse_repeats": refused, "retry_after": "0", "delay": 0.2}
    api.empty()
    output = ""

    def send(*options: str) -> int:
        nonlocal output
        result: Result = mailing.run("send", "--base-url", api.base_url, "--yes", *options)
        output += result.output
        return result.exit_code

    exit_codes: dict[Fault | None, int] = {}
    for fault in BY_THEMSELVES:
        api.misbehave(script=[fault], **usual)
        if fault in SILENT:
            mailing.edit("[send]\n", "[send]\ntimeout = 2\n")
        exit_codes[fault] = send("--rows", str(NUMBERS[fault] + 1))
        if fault in SILENT:
            mailing.edit("timeout = 2\n", "")
    faults = {_identifier(fault): [fault] for fault in FATES if fault not in BY_THEMSELVES}
    api.misbehave(letters=faults, **usual)
    stopped = ",".join(str(NUMBERS[fault] + 1) for fault in FATES if FATES[fault].stops_the_run)
    others = [n + 1 for n in range(1, LETTERS + 1) if str(n + 1) not in stopped.split(",")]
    exit_codes[None] = send("--rows", ",".join(map(str, others)))
    rows = range(2, LETTERS + 2)
    taken = api.taken()
    status = witnesses_agree(mailing, api.base_url, taken, rows)
    with Ledger.open(mailing.folder / "ledger.sqlite") as ledger:
        standing = ledger.standing(destination(api.base_url))
    api.misbehave(refuse_repeats=refused)
    send()
    later = witnesses_agree(mailing, api.base_url, api.taken(), rows)
    requests = dict(standing.select("identifier", "attempts").iter_rows())
    return Story(refused, exit_codes, status, requests, taken, later, output)


@pytest.mark.parametrize("fault", FATES)
def test_a_fault(story: Story, fault: Fault) -> None:
    fate, identifier = FATES[fault], _identifier(fault)
    refused = story.repeats_are_refused
    assert story.status[identifier] == (fate.status_if_refused if refused else fate.status)
    assert story.later[identifier] == (fate.next_run_if_refused if refused else fate.next_run)
    assert story.requests[identifier] == (fate.requests_if_refused if refused else fate.requests)
    assert (identifier in story.taken) == (fate.taken or story.status[identifier] == "accepted")


def test_the_letters_between_are_none_the_worse(story: Story) -> None:
    between = {f"test-{1000 + number}" for number in range(1, LETTERS + 1, 2)}
    assert {story.status[identifier] for identifier in between} == {"accepted"}
    assert "Traceback" not in story.output
    assert "\x1b]0" not in story.output


@pytest.mark.parametrize("fault", [fault for fault, fate in FATES.items() if fate.stops_the_run])
def test_who_is_refused_stops(story: Story, fault: Fault) -> None:
    assert story.exit_codes[fault] == 2, "nothing was done"
    assert f"answered {fault.value}" in story.output


def test_no_fault_is_left_out() -> None:
    assert set(FATES) == set(Fault)


def test_the_document_has_this_table() -> None:
    assert as_markdown() in DOCUMENT.read_text(encoding="utf-8"), (
        "print the table anew: python tests/reliability/fates.py"
    )


def test_a_fate_is_never_better_than_what_is_known() -> None:
    """The table itself keeps the promise, whatever the code does."""
    for fate in FATES.values():
        if fate.requests == 1 and not fate.taken:
            assert fate.status != "accepted"
        if fate.taken:
            assert fate.status in {"accepted", "unknown"}
            assert fate.next_run in {"accepted", "unknown"}
