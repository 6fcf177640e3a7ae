"""The local stand-in for the letter API."""

from batchsend.sandbox.faults import Fault, Faults
from batchsend.sandbox.letterbox import keep_letters, letter_files
from batchsend.sandbox.server import running_sandbox, serve

__all__ = [
    "Fault",
    "Faults",
    "keep_letters",
    "letter_files",
    "running_sandbox",
    "serve",
]
