"""Rows -> checked letters."""

from batchsend.letters.basis import TemplateNeeds
from batchsend.letters.checking import Checked, check_letters, recall
from batchsend.letters.contents import ColumnsUsed
from batchsend.letters.cures import certain_cures
from batchsend.letters.documents import Appended, Look, Looked
from batchsend.letters.forgetting import FORGOTTEN, forget_letters
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.list_without_rows import copied_rows, letters_in_part, named_rows, without
from batchsend.letters.mapping import called, identifier_columns
from batchsend.letters.row_fates import BETWEEN_REASONS
from batchsend.letters.row_set import RowSet
from batchsend.letters.same_letter import (
    KNOWN_BY,
    Saying,
    folded_alike,
    folded_identifier,
    is_forgotten,
    recipients,
    roughly_folded,
    same_recipient,
)
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.shared_identifier import Sharing, sharing
from batchsend.letters.skipping import says_no, skipped
from batchsend.letters.snapshot import REPEATS, Snapshot

__all__ = [
    "BETWEEN_REASONS",
    "FORGOTTEN",
    "KNOWN_BY",
    "OWN_DOCUMENTS",
    "REPEATS",
    "Appended",
    "CheckSettings",
    "Checked",
    "ColumnsUsed",
    "Letter",
    "Look",
    "Looked",
    "PayloadSettings",
    "RowSet",
    "Saying",
    "Sharing",
    "Snapshot",
    "TemplateNeeds",
    "called",
    "certain_cures",
    "check_letters",
    "copied_rows",
    "folded_alike",
    "folded_identifier",
    "forget_letters",
    "identifier_columns",
    "is_forgotten",
    "letters_in_part",
    "named_rows",
    "recall",
    "recipients",
    "roughly_folded",
    "same_recipient",
    "says_no",
    "sharing",
    "skipped",
    "without",
]
