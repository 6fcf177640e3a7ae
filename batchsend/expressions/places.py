"""Postcode and town where a list has both in one cell."""

from __future__ import annotations

import re

from batchsend.text import trimmed

_BOTH = re.compile(
    r"""((?:[A-Z]{1,2}-)?           # N-0150, SE-114 55
         (?: \d{3}[ ]\d{2}(?!\d)    # 114 55
           | \d{4}[ ][A-Z]{2}\b(?=\s+\S)  # 1012 AB
           | \d[\d-]*
         ))?\b\s*(.*)""",
    re.VERBOSE | re.DOTALL,
)


def postcode(value: object) -> str:
    """The postcode of a cell that holds postcode and town.

    `{{ postnr_sted | postcode }}` gives `0150` for `0150 Oslo`, `114 55` for `114 55 Stockholm`,
    and nothing where the cell does not begin with one.
    """
    return _parts(value)[0]


def town(value: object) -> str:
    """The town of a cell that holds postcode and town.

    `{{ postnr_sted | town }}` gives `Mo i Rana` for `8622 Mo i Rana`.
    """
    return _parts(value)[1]


def _parts(value: object) -> tuple[str, str]:
    text = " ".join(trimmed(str(value)).split())
    found = _BOTH.fullmatch(text)
    if found is None:
        return "", text
    return found[1] or "", found[2].lstrip(", ")
