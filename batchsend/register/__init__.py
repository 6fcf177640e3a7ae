"""What went from this machine, whichever folder it went from: one register for each user of it.

A ledger lies beside its mailing, and is copied, moved and lost with it. The register stays.
"""

from batchsend.register.file import FOUND, ApiAccount, RegisteredRun, RegisterError
from batchsend.register.register import BETWEEN, Register, data_folder, in_common, is_same

__all__ = [
    "BETWEEN",
    "FOUND",
    "ApiAccount",
    "Register",
    "RegisterError",
    "RegisteredRun",
    "data_folder",
    "in_common",
    "is_same",
]
