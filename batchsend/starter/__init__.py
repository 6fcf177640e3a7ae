"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.examples import (
    LOGO,
    begin_letter,
    begun_letters,
    copy_examples,
    looks,
    shipped_letters,
)
from batchsend.starter.folder import Started, mapped_of, start_mailing
from batchsend.starter.from_word import Turned, read_letter, write_letter
from batchsend.starter.mapping import Mapped, reference
from batchsend.starter.written import must_be_written, samples_in, still_sample

__all__ = [
    "LOGO",
    "Mapped",
    "Started",
    "Turned",
    "begin_letter",
    "begun_letters",
    "copy_examples",
    "looks",
    "mapped_of",
    "must_be_written",
    "read_letter",
    "reference",
    "samples_in",
    "shipped_letters",
    "start_mailing",
    "still_sample",
    "write_letter",
]
