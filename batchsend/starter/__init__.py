"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.examples import begin_letter, copy_examples
from batchsend.starter.folder import Started, mapped_of, start_mailing
from batchsend.starter.from_word import Turned, read_letter, write_letter
from batchsend.starter.mapping import Mapped
from batchsend.starter.written import must_be_written, still_sample

__all__ = [
    "Mapped",
    "Started",
    "Turned",
    "begin_letter",
    "copy_examples",
    "mapped_of",
    "must_be_written",
    "read_letter",
    "start_mailing",
    "still_sample",
    "write_letter",
]
