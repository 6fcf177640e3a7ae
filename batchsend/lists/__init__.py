"""Recipient lists -> numbered rows: text files, workbooks, Parquet, headings."""

from batchsend.lists.aliases import Guess, recipient_fields
from batchsend.lists.reading import read_list
from batchsend.lists.recipients import PROBLEMS, SHORT, Column, RecipientList, Row
from batchsend.lists.settings import ListSettings

__all__ = [
    "PROBLEMS",
    "SHORT",
    "Column",
    "Guess",
    "ListSettings",
    "RecipientList",
    "Row",
    "read_list",
    "recipient_fields",
]
