"""Expressions over a row: the Jinja2 of mappings and templates, and what their filters read."""

from batchsend.expressions.amounts import parse_amount
from batchsend.expressions.blanks import BLANKS, trimmed
from batchsend.expressions.dates import parse_date
from batchsend.expressions.environment import Environment, environment
from batchsend.expressions.filters import FILTERS, FORMATS
from batchsend.expressions.identifiers import (
    NORWEGIAN_IN_TEXT,
    kid,
    masked,
    masked_in_text,
    masked_where_valid,
)
from batchsend.expressions.languages import LANGUAGES
from batchsend.expressions.mistakes import what_is_wrong
from batchsend.expressions.names import LETTER_NAMES, Names, RowView
from batchsend.expressions.spoilt import (
    APOSTROPHE,
    DECIMAL,
    POWER,
    TELEPHONE,
    WHOLE,
    is_telephone,
)
from batchsend.expressions.syntax import formats_used, functions_used, names_used

__all__ = [
    "APOSTROPHE",
    "BLANKS",
    "DECIMAL",
    "FILTERS",
    "FORMATS",
    "LANGUAGES",
    "LETTER_NAMES",
    "NORWEGIAN_IN_TEXT",
    "POWER",
    "TELEPHONE",
    "WHOLE",
    "Environment",
    "Names",
    "RowView",
    "environment",
    "formats_used",
    "functions_used",
    "is_telephone",
    "kid",
    "masked",
    "masked_in_text",
    "masked_where_valid",
    "names_used",
    "parse_amount",
    "parse_date",
    "trimmed",
    "what_is_wrong",
]
