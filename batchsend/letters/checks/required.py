"""What each channel cannot do without. The API documents none of it; this is batchsend's rule."""

from __future__ import annotations

import polars as pl

from batchsend.letters.mapping import Mapping
from batchsend.letters.problems import Problems

__all__ = ["required"]

_ALWAYS = ("Identifier", "Channel", "Invoicee.Name", "Invoicer.Name")
_ADDRESS = ("Invoicee.Address1", "Invoicee.PostCode", "Invoicee.City")


def required(mapping: Mapping, letters: pl.DataFrame, problems: Problems) -> None:
    """Tell what a letter lacks for its channel."""
    channel = mapping.text("Channel")
    no_id = mapping.text("Invoicee.NationalId") == ""
    needed = {path: pl.lit(True) for path in _ALWAYS}
    needed |= dict.fromkeys(_ADDRESS, (channel == "PRINT") | (channel == "DIGIPOST") & no_id)
    needed["Invoicee.Email"] = channel == "EMAIL"
    needed["Invoicee.NationalId"] = channel == "KIVRA"
    for path, is_needed in needed.items():
        missing = letters.select(
            "row",
            message=pl.when(is_needed & (mapping.text(path) == "")).then(
                pl.format("Empty, and a letter by {} needs it.", channel)
            ),
        )
        problems.add(missing["row"], missing["message"], column=mapping.headings(path))
