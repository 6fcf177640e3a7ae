"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.examples import begin_letter, copy_examples
from batchsend.starter.folder import Started, start_mailing
from batchsend.starter.from_word import Turned, read_letter, write_letter
from batchsend.starter.gallery import ShippedLetter, gallery
from batchsend.starter.leaving_out import Skip, proposed_skips
from batchsend.starter.written import must_be_written, still_sample

__all__ = [
    "ShippedLetter",
    "Skip",
    "Started",
    "Turned",
    "begin_letter",
    "copy_examples",
    "gallery",
    "must_be_written",
    "proposed_skips",
    "read_letter",
    "start_mailing",
    "still_sample",
    "write_letter",
]
