"""Telephone numbers as people write them. Knows nothing of letters."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from batchsend.expressions.spoilt import is_telephone
from batchsend.text import trimmed


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
    number = _number(text, home) or _number(f"+{text}", home)
    if number is None:
        return text
    abroad = phonenumbers.region_code_for_number(number) != reader
    form = PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, form).replace(" ", "\u00a0")


def _number(text: str, home: str) -> PhoneNumber | None:
    if not is_telephone(text):  # one with more in it, as an extension, is for a person to write
        return None
    try:
        number = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
