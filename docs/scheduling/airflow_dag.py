"""The month's rent notices as an Airflow task: it calls the command and reads its JSON."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from datetime import datetime, timedelta

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.sdk import BaseOperator, dag

BATCHSEND = os.environ.get("BATCHSEND", "/opt/batchsend/bin/batchsend")
MAILING = os.environ.get("MAILING", "/srv/mailings/rent-notice/mailing.toml")
MAY_PASS = {"stopped", "halfway", "ledger", "ledgergone"}
"""Kinds of error that may be gone at another try."""


class SendMailing(BaseOperator):
    """Rows by status. What was stopped, or may pass by itself, is tried again."""

    sender: subprocess.Popen[bytes] | None = None

    def execute(self, context):  # noqa: ARG002
        """Send."""
        # A session of its own: Airflow may end all processes of a task, and a second SIGTERM does
        # not wait for the letters under way.
        sender = self.sender = subprocess.Popen(  # noqa: S603
            [BATCHSEND, "send", MAILING, "--yes", "--json"],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            output, _ = sender.communicate()
        except BaseException:
            self.on_kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                sender.communicate(timeout=300)
            raise
        return self.outcome(json.loads(output or "{}"))

    def on_kill(self):
        """Airflow's way to end a task; then it waits for seconds only, and kills what is its own.

        batchsend goes on by itself until the letters under way have ended and are reported.
        """
        sender, self.sender = self.sender, None
        if sender is not None:
            sender.terminate()

    def outcome(self, told):
        """What Airflow is told."""
        error = told.get("error", {})
        why = told.get("stopped_because") or error.get("message") or "It was stopped."
        if told.get("stopped") or error.get("kind") in MAY_PASS or not told:
            raise AirflowException(why)
        if "by_status" not in told:
            raise AirflowFailException(why)
        # Not all need be accepted: the report says who needs a person.
        return told["by_status"]


@dag(schedule="0 7 20 * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)
def rent_notices():
    """One task, that no other run of it overlaps."""
    SendMailing(task_id="send", retries=12, retry_delay=timedelta(minutes=15))


rent_notices()
