"""Copies of what was sent: each accepted letter's PDF, for as long as the mailing says."""

from batchsend.copies.archive import About, Copy
from batchsend.copies.keeping import Keeper
from batchsend.copies.sealing import Seal
from batchsend.copies.settings import CopiesSettings
from batchsend.copies.store import Copies

__all__ = ["About", "Copies", "CopiesSettings", "Copy", "Keeper", "Seal"]
