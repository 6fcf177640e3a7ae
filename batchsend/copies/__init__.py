"""Copies of what was sent: each accepted letter's PDF, for as long as the mailing says."""

from batchsend.copies.archive import About, Copy, Seal
from batchsend.copies.folder import Copies, Keeper
from batchsend.copies.settings import CopiesSettings

__all__ = ["About", "Copies", "CopiesSettings", "Copy", "Keeper", "Seal"]
