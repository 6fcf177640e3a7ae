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


@dag(schedule="0 7 20 * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)
def rent_notices():
    """One task: batchsend has its own way with everything in between."""

    @task(retries=12, retry_delay=timedelta(minutes=15))
    def send():
        """Rows by status. Only a run that stopped half-way is tried again, and goes on."""
        command = [BATCHSEND, "send", MAILING, "--yes", "--json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603
        told = json.loads(done.stdout or "{}")
        why = told.get("stopped_because") or told.get("error", {}).get("message", "")
        if told.get("stopped") or done.returncode not in {0, 1, 2}:
            raise AirflowException(why or "It was stopped half-way.")
        if "by_status" not in told:
            raise AirflowFailException(why)
        # Not all need be accepted: the report says who needs a person.
        return told["by_status"]

    send()


rent_notices()
