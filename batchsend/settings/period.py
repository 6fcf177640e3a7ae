"""Period: which sending of a mailing it is. Never made from the clock."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from batchsend.language import _

LONGEST = 40
_FORM = re.compile(r"[^\W_](?:[\w.-]*[^\W_])?")


def must_be_period(text: str) -> str:
    """The text itself; ValueError, in words, where it could not stand in every identifier and name
    a folder on every system.

    >>> must_be_period("2027-01")
    '2027-01'
    """
    if len(text) > LONGEST or not _FORM.fullmatch(text):
        raise ValueError(
            _(
                "must be letters and digits, with - . or _ between them, at most {longest} "
                "of all, such as 2027-01",
                longest=LONGEST,
            )
        )
    return text


Period = Annotated[str, AfterValidator(must_be_period)]
