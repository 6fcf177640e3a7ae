"""What went from this machine, whichever folder it went from: one register for each user of it.

A ledger lies beside its mailing, and is copied, moved and lost with it. The register stays.
"""

from batchsend.register.file import FOUND, ApiAccount, RegisteredRun, RegisterError
from batchsend.register.register import Register, data_folder

__all__ = ["FOUND", "ApiAccount", "Register", "RegisterError", "RegisteredRun", "data_folder"]
