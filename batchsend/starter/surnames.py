"""Turns names round that a list has as "Dahl, Kari"."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from batchsend.expressions import is_surname_first
from batchsend.lists import RecipientList
from batchsend.starter.mapping import Mapped, reference

_LOOKED_AT = 1000
_MOST = 0.8
"""So many of the names must have the surname first: companies among them have no comma."""


def surname_last(mapped: Mapped, recipients: RecipientList) -> Mapped:
    """The recipient's name with the filter `surname_last`, where the list's names need it."""
    if mapped.field != "Name" or len(mapped.columns) != 1:
        return mapped
    [column] = mapped.columns
    cells = recipients.rows.select(pl.col(column.key).str.strip_chars()).head(_LOOKED_AT)
    names = [name for name in cells.collect()[column.key] if name]
    if not names or sum(map(is_surname_first, names)) < _MOST * len(names):
        return mapped
    plain = reference(column)
    return replace(
        mapped, text=mapped.text.replace(plain, plain.replace(" }}", " | surname_last }}"))
    )
