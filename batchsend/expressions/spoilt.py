"""What programs do to a number that they take for an amount, and what people write in one.

Nothing is put right here: without its point `1881096303.0` is the national id of somebody else.
The patterns are for Python's regular expressions and for Rust's.
"""

from __future__ import annotations

import re

WHOLE = r"[0-9][.,]0+$"
"""The end of a whole number that was written as a decimal one: `1002.0`."""
DECIMAL = rf"^[^.,]*{WHOLE}|[0-9][.,][0-9]$"
"""The same where points may also stand between groups of digits: `99.65.32.41` is none."""
POWER = r"[0-9][.,][0-9]+[eE][+-]?[0-9]+$|[0-9][eE][+-][0-9]+$"
"""The end of a power of ten: `1.88E+10`."""
APOSTROPHE = "^['`\u00b4\u2018\u2019]|[0-9]['`\u00b4\u2018\u2019]$"
"""Before a number it makes a text of it in a spreadsheet, and is no part of it."""
TELEPHONE = r"^[+(]*[0-9][0-9 \t\u00a0\u2009\u202f()/.\u2010-\u2015-]*$"
"""Digits with what people write between them: blanks, points, brackets, strokes and hyphens."""
_TWO_NUMBERS = r"^[^/]*[0-9][ )]*/ *[0-9]{1,3}$"
"""A number, and after a stroke how another one ends: `040 1234567/8`. Run together they would be
somebody else's."""
NO_TELEPHONE = f"{DECIMAL}|{_TWO_NUMBERS}"
"""What no telephone number has, though it is made of the characters of one."""

_TELEPHONE, _NO_TELEPHONE = re.compile(TELEPHONE), re.compile(NO_TELEPHONE)


def is_telephone(text: str) -> bool:
    """Whether `text` has nothing in it but what people write in a telephone number.

    >>> is_telephone("+47 (0) 99.65.32.41"), is_telephone("401234567.0")
    (True, False)
    """
    return _TELEPHONE.match(text) is not None and _NO_TELEPHONE.search(text) is None
