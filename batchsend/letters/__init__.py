"""Rows -> checked letters."""

from batchsend.letters.basis import TemplateNeeds
from batchsend.letters.checking import Checked, check_letters, recall
from batchsend.letters.contents import ColumnsUsed
from batchsend.letters.copied_rows import copied_rows
from batchsend.letters.cures import CURES, certain_cures
from batchsend.letters.documents import Appended, Look, Looked
from batchsend.letters.excluding import named_rows
from batchsend.letters.fates import BETWEEN_REASONS
from batchsend.letters.field_names import called
from batchsend.letters.folding import folded_alike, folded_identifier, roughly_folded
from batchsend.letters.forgetting import FORGOTTEN, forget_letters
from batchsend.letters.leaving_out import letters_in_part, without
from batchsend.letters.letter import OWN_DOCUMENTS, Letter
from batchsend.letters.mapping import identifier_columns
from batchsend.letters.recipients import is_forgotten, recipients, same_recipient
from batchsend.letters.row_set import RowSet
from batchsend.letters.saying import Saying
from batchsend.letters.settings import CheckSettings, PayloadSettings
from batchsend.letters.sharing import Sharing, sharing
from batchsend.letters.skipping import says_no, skipped
from batchsend.letters.snapshot import REPEATS, Snapshot

__all__ = [
    "BETWEEN_REASONS",
    "CURES",
    "FORGOTTEN",
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
