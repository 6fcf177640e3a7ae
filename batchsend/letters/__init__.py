"""Rows -> checked letters."""

from batchsend.letters.checking import Checked, check_letters, recall
from batchsend.letters.documents import Look, Looked
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.row_set import RowSet
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.snapshot import Snapshot

__all__ = [
    "OWN_DOCUMENTS",
    "CheckSettings",
    "Checked",
    "Letter",
    "Look",
    "Looked",
    "PayloadSettings",
    "RowSet",
    "Snapshot",
    "check_letters",
    "recall",
]
