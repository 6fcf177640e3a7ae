"""The month's rent notices as an Airflow task: it calls the command and reads its JSON."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timedelta

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.sdk import dag, task

BATCHSEND = os.environ.get("BATCHSEND", "/opt/batchsend/bin/batchsend")
MAILING = os.environ.get("MAILING", "/srv/mailings/rent-notice/mailing.toml")
PASSES = {"stopped", "halfway", "ledger", "ledgergone"}
"""Kinds of error that may be gone at another try."""


@dag(schedule="0 7 20 * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)
def rent_notices():
    """One task, that no other run of it overlaps."""

    @task(retries=12, retry_delay=timedelta(minutes=15))
    def send():
        """Rows by status. A run that was stopped is tried again, and goes on."""
        status, printed = run([BATCHSEND, "send", MAILING, "--yes", "--json"])
        told = json.loads(printed or "{}")
        error = told.get("error", {})
        why = told.get("stopped_because") or error.get("message", "")
        stopped = told.get("stopped") or error.get("kind") in PASSES or not told
        if stopped or status not in {0, 1, 2}:
            raise AirflowException(why or "It was stopped half-way.")
        if "by_status" not in told:
            raise AirflowFailException(why)
        # Not all need be accepted: the report says who needs a person.
        return told["by_status"]

    send()


def run(command):
    """The command's exit status, and what it printed.

    Airflow ends a task by raising an exception in it. Then the command is told once to stop, in
    which it needs to be apart from the task's processes, and waited for while it finishes.
    """
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            printed, _ = process.communicate()
        except BaseException:
            process.terminate()
            process.communicate(timeout=300)
            raise
    return process.returncode, printed


rent_notices()
