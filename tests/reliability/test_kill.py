"""A sender killed at any moment, again and again: nobody gets a letter twice, nobody is missed."""

from __future__ import annotations

import logging
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass

import pytest
from mailings import MailingFolder, row
from postgres import PostgresServer
from reliability.harness import Api, sender, states, witnesses_agree
from waiting import output_of, until

CONCURRENCY = 4
SLACK = 8
"""Letters that a sender may be ahead of the moment it is killed for."""
LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    letters: int
    kills: int
    seed: int
    on_a_server: bool = False


def _moment(api: Api, process: subprocess.Popen[str], chance: random.Random, aim: int) -> bool:
    """Wait until so many letters have been taken, and any while longer; False if it ended."""
    if api.taken().total() < aim:
        until(lambda: api.taken().total() >= aim or process.poll() is not None, "letters")
        time.sleep(chance.uniform(0, 0.05))
    else:  # at any moment while it starts, reads the list, opens the ledger
        time.sleep(chance.uniform(0, 3))
    return process.poll() is None


def _late_answers(api: Api, trial: Trial, chance: random.Random, letters: int) -> None:
    """Answers come late for half of so many letters: many kills fall between taking and answering.

    Then there are none any more, so that a sender goes no further while nobody watches it.
    """
    script = [chance.choice(["ok", "slow"]) for _ in range(letters)]
    api.misbehave(script=script, rates={"silence": 1}, delay=0.04, seed=trial.seed)


def _until_it_ends(mailing: MailingFolder, api: Api, trial: Trial) -> tuple[int, int]:
    """Send and kill, then send to the end; how many kills there were and letters left in doubt."""
    chance = random.Random(trial.seed)
    kills, in_doubt = 0, 0
    while kills < trial.kills:
        left = trial.letters - len(states(mailing, api.base_url))
        more = chance.randrange(1 + round(1.8 * left / (trial.kills - kills)))
        aim = api.taken().total() + more
        _late_answers(api, trial, chance, more + SLACK)
        process = sender(mailing, api.base_url, "--concurrency", str(CONCURRENCY))
        running = _moment(api, process, chance, aim)
        process.kill()
        process.communicate()
        found = Counter(states(mailing, api.base_url).values())
        before, in_doubt = in_doubt, found["sending"] + found["unknown"]
        assert before <= in_doubt <= before + CONCURRENCY, f"after kill {kills + 1}"
        kills += running
        LOG.info("kill %d: %s", kills, dict(found))
        if not running:
            break
    _late_answers(api, trial, chance, trial.letters)
    process = sender(mailing, api.base_url, "--concurrency", str(CONCURRENCY))
    output = output_of(process)
    assert process.returncode == (1 if in_doubt else 0), output
    assert "Traceback" not in output
    return kills, in_doubt


@pytest.mark.parametrize(
    "trial",
    [
        pytest.param(Trial(letters=60, kills=2, seed=1), id="2 kills"),
        pytest.param(
            Trial(letters=1500, kills=100, seed=2), id="100 kills", marks=pytest.mark.slow
        ),
        pytest.param(
            Trial(letters=450, kills=30, seed=3, on_a_server=True),
            id="30 kills, its ledger on a server",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_never_twice_never_lost(
    mailing: MailingFolder, api: Api, trial: Trial, request: pytest.FixtureRequest
) -> None:
    if trial.on_a_server:
        server: PostgresServer = request.getfixturevalue("durable_postgres")
        mailing.keep_ledger_at(server.new_place())
    mailing.write(*(row(number) for number in range(1, trial.letters + 1)))
    kills, in_doubt = _until_it_ends(mailing, api, trial)
    assert kills >= trial.kills // 2, "the mailing ended too early to prove much"

    taken = api.taken()
    status = witnesses_agree(mailing, api.base_url, taken, range(2, trial.letters + 2))
    unknown = {identifier for identifier in status if status[identifier] == "unknown"}
    accepted = {identifier for identifier in status if status[identifier] == "accepted"}
    assert len(accepted) + len(unknown) == trial.letters, "nobody is missed"
    assert taken.keys() <= accepted | unknown
    assert len(unknown) == in_doubt <= kills * CONCURRENCY

    arrived = len(unknown & taken.keys())
    LOG.info("%d kills, %d letters in doubt, %d of them taken", kills, in_doubt, arrived)
    api.misbehave()
    _settled_by_the_record(mailing, api, unknown)


def _settled_by_the_record(mailing: MailingFolder, api: Api, unknown: set[str]) -> None:
    """The operator asks the provider about each letter in doubt; then everybody has one letter."""
    taken = api.taken()
    decisions = mailing.folder / "decisions.csv"
    lines = [f"{name},{'accepted' if taken[name] else 'failed'}" for name in sorted(unknown)]
    decisions.write_text("\n".join(["identifier,decision", *lines]), encoding="utf-8")
    if unknown:
        assert mailing.run("settle", "--from", str(decisions)).exit_code == 0
    assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 0
    assert api.taken() == Counter(line["identifier"] for line in mailing.report())
