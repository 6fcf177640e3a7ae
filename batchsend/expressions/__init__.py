"""Expressions over a row: the Jinja2 of mappings and templates, and what their filters read."""

from batchsend.expressions.amounts import currency_of, is_currency, must_be_in, parse_amount
from batchsend.expressions.contact_details import (
    APOSTROPHE,
    DECIMAL,
    NO_TELEPHONE,
    POWER,
    TELEPHONE,
    WHOLE,
    is_surname_first,
    telephone_number,
)
from batchsend.expressions.dates import means_no_day, parse_date
from batchsend.expressions.environment import Environment, environment
from batchsend.expressions.filters import (
    AS_IT_STANDS,
    CURRENCY,
    FILTERS,
    FORMATS,
    address_lines,
    kid,
)
from batchsend.expressions.locales import HOME_ZONE, LANGUAGES, zone_of
from batchsend.expressions.names import FUNCTIONS, LETTER_NAMES, Names
from batchsend.expressions.placeholders import is_quotation, left_in, visible_text
from batchsend.expressions.syntax import (
    formats_used,
    functions_used,
    names_used,
    plain_lines,
    plain_text,
    what_is_wrong,
)

__all__ = [
    "APOSTROPHE",
    "AS_IT_STANDS",
    "CURRENCY",
    "DECIMAL",
    "FILTERS",
    "FORMATS",
    "FUNCTIONS",
    "HOME_ZONE",
    "LANGUAGES",
    "LETTER_NAMES",
    "NO_TELEPHONE",
    "POWER",
    "TELEPHONE",
    "WHOLE",
    "Environment",
    "Names",
    "address_lines",
    "currency_of",
    "environment",
    "formats_used",
    "functions_used",
    "is_currency",
    "is_quotation",
    "is_surname_first",
    "kid",
    "left_in",
    "means_no_day",
    "must_be_in",
    "names_used",
    "parse_amount",
    "parse_date",
    "plain_lines",
    "plain_text",
    "telephone_number",
    "visible_text",
    "what_is_wrong",
    "zone_of",
]
