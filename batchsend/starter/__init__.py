"""Beginnings: what `batchsend init` puts in a new mailing folder, and mailings to try."""

from batchsend.starter.begun_letter import (
    Turned,
    must_be_written,
    read_letter,
    samples_in,
    still_sample,
    write_letter,
)
from batchsend.starter.folder import Started, mapped_of, start_mailing
from batchsend.starter.proposals import Mapped, Skip, proposed_skips, reference
from batchsend.starter.shipped import (
    LOGO,
    ShippedLetter,
    begin_letter,
    begun_letters,
    copy_examples,
    gallery,
    looks,
    pictures,
    shipped_letters,
)

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
