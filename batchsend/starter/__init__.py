"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.examples import begin_letter, copy_examples
from batchsend.starter.folder import Started, start_mailing
from batchsend.starter.written import must_be_written, still_sample

__all__ = [
    "Started",
    "begin_letter",
    "copy_examples",
    "must_be_written",
    "start_mailing",
    "still_sample",
]
