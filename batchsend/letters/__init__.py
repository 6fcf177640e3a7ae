"""Rows -> checked letters."""

from batchsend.letters.basis import TemplateNeeds
from batchsend.letters.checking import Checked, check_letters, recall
from batchsend.letters.cures import CURES, certain_cures
from batchsend.letters.documents import Look, Looked
from batchsend.letters.folding import folded_alike, folded_identifier, roughly_folded
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.mapping import identifier_columns
from batchsend.letters.recipients import recipients, same_recipient
from batchsend.letters.row_set import RowSet
from batchsend.letters.saying import Saying
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.snapshot import REPEATS, Snapshot

__all__ = [
    "CURES",
    "OWN_DOCUMENTS",
    "REPEATS",
    "CheckSettings",
    "Checked",
    "Letter",
    "Look",
    "Looked",
    "PayloadSettings",
    "RowSet",
    "Saying",
    "Snapshot",
    "TemplateNeeds",
    "certain_cures",
    "check_letters",
    "folded_alike",
    "folded_identifier",
    "identifier_columns",
    "recall",
    "recipients",
    "roughly_folded",
    "same_recipient",
]
