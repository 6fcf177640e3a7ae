"""How long a line may be, by channel."""

from __future__ import annotations

from functools import partial

import polars as pl

from batchsend.letters.basis import Basis, Check
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems
from batchsend.letters.settings import ChannelLengths, Lengths

_LIMITED = {
    "Name": "Name",
    "Address1": "Address",
    "Address2": "Address",
    "Address3": "Address",
    "City": "City",
    "PostCode": "PostCode",
}


def too_long(basis: Basis) -> Check:
    """Tells which texts are longer than their channel takes."""
    return partial(_too_long, basis.mapping, basis.checks.lengths)


def _too_long(
    mapping: Mapping,
    lengths: ChannelLengths,
    letters: pl.DataFrame,
    _members: pl.DataFrame,
    problems: Problems,
) -> None:
    channel = mapping.text("Channel")
    for name, setting in _LIMITED.items():
        path = f"Invoicee.{name}"
        most = pl.lit(getattr(lengths.PRINT, setting))
        for key in ChannelLengths.model_fields:
            of_channel: Lengths = getattr(lengths, key)
            limit = getattr(of_channel, setting)
            if limit != getattr(lengths.PRINT, setting):
                most = pl.when(channel == key).then(pl.lit(limit)).otherwise(most)
        length = mapping.text(path).str.len_chars()
        problems.tell(
            letters,
            length > most,
            pl.format("{} characters, and {} takes {}. Shorten it.", length, channel, most),
            column=mapping.headings(path),
            value=mapping.shown(path, mapping.text(path)),
        )
