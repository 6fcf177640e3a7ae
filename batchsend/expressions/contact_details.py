"""A recipient's name, town and telephone number as people write them: where a list has the surname
first, or postcode and town in one cell; and what programs do to a number that they take for an
amount. Knows nothing of letters.

Nothing is put right of a number: without its point `1881096303.0` is the national id of somebody
else. The patterns are for Python's regular expressions and for Rust's.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from batchsend.text import trimmed

_PERSON = re.compile(r"(?:[^\W\d_]+\.?)(?:[ '’-]+[^\W\d_]+\.?)*")
"""Words, joined by blanks, hyphens and apostrophes: no figures, no `&`."""
_COMPANY = re.compile(
    r"\b(?:as|asa|ans|da|sa|ba|iks|kf|nuf|ab|hb|kb|aps|a/s|oy|oyj|ltd|inc|llc|gmbh|borettslag|sameie)\b",
    re.IGNORECASE,
)


def surname_last(value: object) -> str:
    """A person's name the way it is spoken, where the list has the surname first.

    `{{ navn | surname_last }}` gives `Kari Dahl` for `Dahl, Kari`. Other texts,
    as `Dahl, Berg & Co AS`, stay as they are.
    """
    text = " ".join(trimmed(str(value)).split())
    return _turned(text) or text


def is_surname_first(value: str) -> bool:
    """Whether `surname_last` turns it.

    >>> is_surname_first("Dahl, Kari"), is_surname_first("Dahl, Berg & Co AS")
    (True, False)
    """
    return bool(_turned(" ".join(trimmed(value).split())))


def _turned(text: str) -> str:
    surname, _, first = (part.strip() for part in text.partition(","))
    if not _PERSON.fullmatch(surname) or not _PERSON.fullmatch(first):
        return ""
    return "" if _COMPANY.search(text) else f"{first} {surname}"


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


def phone(value: object, home: str = "NO", reader: str = "") -> str:
    """A telephone number as people write it.

    Takes a number however it is written, also in the request's digits with country code; the
    country of numbers that name none; and the country of whoever reads it, if that is another.
    Gives text that never breaks over two lines; what is no telephone number stays as it is.
    `{{ letter.Invoicer.Phone | phone }}` gives `22 55 66 99` for `4722556699`, and
    `{{ letter.Invoicer.Phone | phone("NO", letter.Invoicee.CountryCode) }}` gives
    `+47 22 55 66 99` in a letter to Sweden.

    >>> phone("4799653241").replace("\\u00a0", " ")
    '99 65 32 41'
    """
    home = home.strip().upper() or "NO"
    return _written(trimmed(str(value)), home, reader.strip().upper() or home)


@lru_cache(maxsize=1000)  # a sender's own number stands in every letter
def _written(text: str, home: str, reader: str) -> str:
    number = telephone_number(text, home) or telephone_number(f"+{text}", home)
    if number is None:
        return text
    abroad = phonenumbers.region_code_for_number(number) != reader
    form = PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, form).replace(" ", "\u00a0")


def telephone_number(text: str, country: str) -> PhoneNumber | None:
    """The number that `text` is, of `country` unless it says another; None where it is none, or
    has more in it, as an extension.

    A zero in brackets behind a country's code is dialled in some countries, and not in others:

    >>> telephone_number("+47 (0) 22 55 66 99", "NO").national_number
    22556699
    >>> telephone_number("+39 (0)6 69812345", "NO").italian_leading_zero
    True
    """
    if not is_telephone(text):  # phonenumbers passes over whatever else stands in a number
        return None
    for each in dict.fromkeys((text, _ZERO_IN_BRACKETS.sub(r"\1 ", text))):
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(each, country or None)
            if phonenumbers.is_valid_number(number):
                return number
    return None


_ZERO_IN_BRACKETS = re.compile(r"^(\(?(?:\+|00)[0-9]{1,3}\)?)\s*\(0\)\s*")


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
