"""Recipient lists -> numbered rows: text files, workbooks, Parquet, headings."""

from batchsend.lists.aliases import Guess, holds_national_ids, recipient_fields
from batchsend.lists.period import PERIOD, with_period
from batchsend.lists.reading import read_list
from batchsend.lists.recipients import (
    LEFT_OUT,
    PROBLEMS,
    SHORT,
    Column,
    Figure,
    RecipientList,
    Row,
    texts_of,
)
from batchsend.lists.settings import ExcludeSettings, ListSettings
from batchsend.lists.workbooks.as_number import as_number

__all__ = [
    "LEFT_OUT",
    "PERIOD",
    "PROBLEMS",
    "SHORT",
    "Column",
    "ExcludeSettings",
    "Figure",
    "Guess",
    "ListSettings",
    "RecipientList",
    "Row",
    "as_number",
    "holds_national_ids",
    "read_list",
    "recipient_fields",
    "texts_of",
    "with_period",
]
