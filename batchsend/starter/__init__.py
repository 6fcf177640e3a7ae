"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.examples import begin_letter, copy_examples
from batchsend.starter.folder import Started, start_mailing
from batchsend.starter.from_word import Turned, read_letter, write_letter
from batchsend.starter.written import must_be_written, samples_in, still_sample

__all__ = [
    "Started",
    "Turned",
    "begin_letter",
    "copy_examples",
    "must_be_written",
    "read_letter",
    "samples_in",
    "start_mailing",
    "still_sample",
    "write_letter",
]
