"""How long a line may be, by channel."""

from __future__ import annotations

from functools import partial

import polars as pl

from batchsend.language import _, filled
from batchsend.letters.basis import Basis, Check
from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems, those_that_hold
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
    most_of: dict[str, pl.Expr] = {}
    for name, setting in _LIMITED.items():
        path = f"Invoicee.{name}"
        most = pl.lit(getattr(lengths.PRINT, setting))
        for key in ChannelLengths.model_fields:
            of_channel: Lengths = getattr(lengths, key)
            limit = getattr(of_channel, setting)
            if limit != getattr(lengths.PRINT, setting):
                most = pl.when(channel == key).then(pl.lit(limit)).otherwise(most)
        most_of[path] = most
    length_of = {path: mapping.text(path).str.len_chars() for path in most_of}
    too_long = {path: length_of[path] > most for path, most in most_of.items()}
    for path in those_that_hold(letters, too_long):
        length, most = length_of[path], most_of[path]
        problems.tell(
            letters,
            too_long[path],
            filled(
                _("{length} characters, and {channel} takes {most}. Shorten it."),
                length=length,
                channel=channel,
                most=most,
            ),
            column=mapping.headings(path),
            value=mapping.shown(path, mapping.text(path)),
        )
