"""Rows -> checked letters."""

from batchsend.letters.basis import TemplateNeeds
from batchsend.letters.checking import Checked, check_letters, recall
from batchsend.letters.columns_used import ColumnsUsed
from batchsend.letters.documents import Look, Looked
from batchsend.letters.folding import folded_alike, folded_identifier, roughly_folded
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.recipients import recipients, same_recipient
from batchsend.letters.row_set import RowSet
from batchsend.letters.saying import Saying
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.snapshot import REPEATS, Snapshot

__all__ = [
    "OWN_DOCUMENTS",
    "REPEATS",
    "CheckSettings",
    "Checked",
    "ColumnsUsed",
    "Letter",
    "Look",
    "Looked",
    "PayloadSettings",
    "RowSet",
    "Saying",
    "Snapshot",
    "TemplateNeeds",
    "check_letters",
    "folded_alike",
    "folded_identifier",
    "recall",
    "recipients",
    "roughly_folded",
    "same_recipient",
]
