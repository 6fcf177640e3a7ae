"""Submissions -> outcomes."""

from batchsend.sending.address import destination, safe_address
from batchsend.sending.asking import Status, ask
from batchsend.sending.credentials import Credentials
from batchsend.sending.outcome import (
    AlreadyTakenError,
    Attempt,
    Journal,
    Outcome,
    State,
    Submission,
)
from batchsend.sending.settings import AuthSettings, SendSettings
from batchsend.sending.status import StatusSettings
from batchsend.sending.submitting import submit

__all__ = [
    "AlreadyTakenError",
    "Attempt",
    "AuthSettings",
    "Credentials",
    "Journal",
    "Outcome",
    "SendSettings",
    "State",
    "Status",
    "StatusSettings",
    "Submission",
    "ask",
    "destination",
    "safe_address",
    "submit",
]
