"""Submissions -> outcomes."""

from batchsend.sending.address import destination, safe_address
from batchsend.sending.asking import Status, ask
from batchsend.sending.credentials import Credentials
from batchsend.sending.settings import AuthSettings, SendSettings
from batchsend.sending.status import StatusSettings
from batchsend.sending.submitting import submit

__all__ = [
    "AuthSettings",
    "Credentials",
    "SendSettings",
    "Status",
    "StatusSettings",
    "ask",
    "destination",
    "safe_address",
    "submit",
]
