"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.examples import (
    LOGO,
    begin_letter,
    begun_letters,
    copy_examples,
    looks,
    pictures,
    shipped_letters,
)
from batchsend.starter.folder import Started, mapped_of, start_mailing
from batchsend.starter.from_word import Turned, read_letter, write_letter
from batchsend.starter.gallery import ShippedLetter, gallery
from batchsend.starter.leaving_out import Skip, proposed_skips
from batchsend.starter.mapping import Mapped, reference
from batchsend.starter.written import must_be_written, samples_in, still_sample

__all__ = [
    "LOGO",
    "Mapped",
    "ShippedLetter",
    "Skip",
    "Started",
    "Turned",
    "begin_letter",
    "begun_letters",
    "copy_examples",
    "gallery",
    "looks",
    "mapped_of",
    "must_be_written",
    "pictures",
    "proposed_skips",
    "read_letter",
    "reference",
    "samples_in",
    "shipped_letters",
    "start_mailing",
    "still_sample",
    "write_letter",
]
