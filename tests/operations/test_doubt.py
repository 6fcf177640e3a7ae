"""A letter in doubt stays so until it is known to be taken, however many runs try."""

from __future__ import annotations

import re

from mailings import Api, MailingFolder

from batchsend.sandbox import Fault


def test_a_later_run_that_reaches_nobody_does_not_make_it_certain(
    mailing: MailingFolder, api: Api
) -> None:
    api.misbehave(letters={"test-1002": [Fault.ERROR_AFTER, Fault.FORBIDDEN]})
    send = ("send", "--base-url", api.base_url, "--yes")
    assert mailing.run(*send).exit_code == 1
    assert mailing.statuses()[3] == "unknown"

    mailing.edit("rate = 500", "rate = 500\nrepeats_are_refused = true")
    mailing.run(*send)  # refused before it was looked at: nothing is known of the first time
    assert mailing.statuses()[3] == "unknown"

    mailing.edit("\nrepeats_are_refused = true", "")
    assert re.search("Letters to send +0\n", mailing.run(*send).output)
