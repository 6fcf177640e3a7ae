"""A clock that is set, back and forth, while letters go: nobody is written to twice, or missed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest
from mailings import MailingFolder, row
from reliability.harness import Api, witnesses_agree

from batchsend.ledger import journal, running, settling
from batchsend.operations import send as sending
from batchsend.sending import responses as answers
from batchsend.sending import submitting, timetable

LETTERS = 40


class Jumping(datetime):
    """A clock that is up to a year fast or slow, and another one each time somebody looks."""

    chance = random.Random(5)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(seconds=cls.chance.uniform(-3e7, 3e7))


@pytest.fixture(autouse=True)
def jumping(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (journal, running, settling, sending, answers, submitting, timetable):
        monkeypatch.setattr(room, "datetime", Jumping)


@pytest.mark.slow
def test_the_ledger_needs_no_clock(mailing: MailingFolder, api: Api) -> None:
    mailing.write(*(row(number) for number in range(1, LETTERS + 1)))
    api.misbehave(script=["ok", "429", "ok", "drop after", "503", "ok"])
    first = mailing.run("send", "--base-url", api.base_url, "--yes", "--limit", "25")
    assert first.exit_code == 1, first.output
    rows = range(2, LETTERS + 2)
    status = witnesses_agree(mailing, api.base_url, api.taken(), rows)
    assert Counter(status.values()) == {"accepted": 24, "unknown": 1, "skipped": 15}
    for _ in range(2):
        assert mailing.run("send", "--base-url", api.base_url, "--yes").exit_code == 1
        status = witnesses_agree(mailing, api.base_url, api.taken(), rows)
        assert Counter(status.values()) == {"accepted": 39, "unknown": 1}
    assert mailing.run("settle", "--all", "--accepted").exit_code == 0
    assert mailing.run("report").exit_code == 0
