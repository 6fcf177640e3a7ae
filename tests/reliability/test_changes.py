"""The mailing is edited between two runs, or while one is under way."""

from __future__ import annotations

from collections import Counter

import pytest
from mailings import MailingFolder, row
from reliability.conftest import Start
from reliability.harness import Api, witnesses_agree
from waiting import output_of, until


def test_a_list_put_in_another_order_with_rows_changed_added_and_removed(
    mailing: MailingFolder, api: Api
) -> None:
    mailing.write(*(row(number) for number in range(1, 13)))
    first = mailing.run("send", "--base-url", api.base_url, "--yes", "--limit", "6")
    assert first.exit_code == 1
    went = sorted(api.taken())
    assert went == [f"test-{1000 + number}" for number in range(1, 7)]

    amount = "beløp"
    kept = [number for number in range(12, 0, -1) if number not in {2, 8}]  # one went, one not
    changed = {3: {amount: "77,00"}, 9: {amount: "99,00"}}  # one went, one not
    mailing.write(*(row(number, **changed.get(number, {})) for number in [*kept, 13, 14]))
    second = mailing.run("send", "--base-url", api.base_url, "--yes")
    assert second.exit_code == 1
    assert "test-1003 went on" in second.output

    status = witnesses_agree(mailing, api.base_url, api.taken(), range(2, 14))
    assert status.pop("test-1003") == "conflict", "not sent, and not reported as if it were"
    assert set(status.values()) == {"accepted"}
    assert "test-1008" not in api.taken(), "taken off the list before its turn"
    assert sorted(api.taken()) == [f"test-{1000 + n}" for n in range(1, 15) if n != 8]


@pytest.mark.slow
def test_what_was_checked_is_sent_even_if_the_list_changes_meanwhile(
    mailing: MailingFolder, api: Api, start: Start
) -> None:
    mailing.write(*(row(number) for number in range(1, 41)))
    process = start("--rate", "30")
    until(api.taken, "the first letter")
    mailing.write(*(row(number, fornavn="En annen") for number in range(101, 141)))
    (mailing.folder / "letter.html").unlink()
    output = output_of(process)
    assert process.returncode == 0, output
    status = witnesses_agree(mailing, api.base_url, api.taken(), range(2, 42))
    assert Counter(status.values()) == {"accepted": 40}
    assert set(api.taken()) == {f"test-{1000 + number}" for number in range(1, 41)}
