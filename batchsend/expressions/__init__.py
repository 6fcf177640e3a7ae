"""Expressions over a row: the Jinja2 of mappings and templates, and what their filters read."""

from batchsend.expressions.amounts import parse_amount
from batchsend.expressions.dates import parse_date
from batchsend.expressions.environment import Environment, environment
from batchsend.expressions.filters import FILTERS, FORMATS
from batchsend.expressions.kid import kid
from batchsend.expressions.languages import LANGUAGES
from batchsend.expressions.mistakes import what_is_wrong
from batchsend.expressions.names import LETTER_NAMES, Names, RowView
from batchsend.expressions.syntax import formats_used, functions_used, names_used

__all__ = [
    "FILTERS",
    "FORMATS",
    "LANGUAGES",
    "LETTER_NAMES",
    "Environment",
    "Names",
    "RowView",
    "environment",
    "formats_used",
    "functions_used",
    "kid",
    "names_used",
    "parse_amount",
    "parse_date",
    "what_is_wrong",
]
