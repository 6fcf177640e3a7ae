"""Expressions over a row: the Jinja2 of mappings and templates, and what their filters read."""

from batchsend.expressions.amounts import parse_amount
from batchsend.expressions.dates import means_no_day, parse_date
from batchsend.expressions.environment import Environment, environment
from batchsend.expressions.filters import FILTERS, FORMATS, address_lines
from batchsend.expressions.kid import kid
from batchsend.expressions.languages import LANGUAGES
from batchsend.expressions.mistakes import what_is_wrong
from batchsend.expressions.names import FUNCTIONS, LETTER_NAMES, Names
from batchsend.expressions.people import is_surname_first
from batchsend.expressions.placeholders import column_meant, placeholders, visible_text
from batchsend.expressions.spoilt import (
    APOSTROPHE,
    DECIMAL,
    POWER,
    TELEPHONE,
    WHOLE,
    is_telephone,
)
from batchsend.expressions.syntax import formats_used, functions_used, names_used, plain_text
from batchsend.expressions.zones import HOME_ZONE, zone_of

__all__ = [
    "APOSTROPHE",
    "DECIMAL",
    "FILTERS",
    "FORMATS",
    "FUNCTIONS",
    "HOME_ZONE",
    "LANGUAGES",
    "LETTER_NAMES",
    "POWER",
    "TELEPHONE",
    "WHOLE",
    "Environment",
    "Names",
    "address_lines",
    "column_meant",
    "environment",
    "formats_used",
    "functions_used",
    "is_surname_first",
    "is_telephone",
    "kid",
    "means_no_day",
    "names_used",
    "parse_amount",
    "parse_date",
    "placeholders",
    "plain_text",
    "visible_text",
    "what_is_wrong",
    "zone_of",
]
