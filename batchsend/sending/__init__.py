"""Submissions -> outcomes."""

from typing import TYPE_CHECKING

from batchsend.loading import when_asked
from batchsend.sending.address import destination, safe_address
from batchsend.sending.credentials import Credentials, LetterApi
from batchsend.sending.fallback import NOT_BY, Fallback, next_channel
from batchsend.sending.settings import AuthSettings, SendSettings, StatusSettings

if TYPE_CHECKING:
    from batchsend.sending.status_call import ApiStatus, ask
    from batchsend.sending.submitting import submit

__all__ = [
    "NOT_BY",
    "ApiStatus",
    "AuthSettings",
    "Credentials",
    "Fallback",
    "LetterApi",
    "SendSettings",
    "StatusSettings",
    "ask",
    "destination",
    "next_channel",
    "safe_address",
    "submit",
]

_HOMES = {"status_call": ("ApiStatus", "ask"), "submitting": ("submit",)}
if not TYPE_CHECKING:  # aiohttp is needed by few commands
    __getattr__ = when_asked(__name__, _HOMES)
