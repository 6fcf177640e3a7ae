"""The text of a new mailing.toml: a list's columns mapped to the request's fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from batchsend.lists import Column, Guess, column_name, folded

__all__ = ["mailing_toml"]

RECIPIENT = (
    "CustomerNo",
    "NationalId",
    "OrganizationNumber",
    "Name",
    "Address1",
    "Address2",
    "Address3",
    "PostCode",
    "City",
    "CountryCode",
    "Email",
    "Mobile",
    "Reference",
)
UNIQUE = ("Identifier", "CustomerNo", "Reference")
"""Fields that can tell one letter from another, the surest first."""


def mailing_toml(name: str, reading: Mapping[str, object], guess: Guess) -> str:
    """A mailing.toml that works once the sender is filled in and the proposals are confirmed.

    `reading` goes under [list].
    """
    return "\n".join(_lines(name, reading, guess)) + "\n"


def _lines(name: str, reading: Mapping[str, object], guess: Guess) -> Iterator[str]:
    yield f"name = {_text(name)}"
    yield ""
    yield "[list]"
    for key, value in reading.items():
        yield f"{key} = {_text(value)}"
    yield ""
    yield "[template]"
    yield 'path = "letter/letter.html"'
    yield ""
    yield "# What stands below is the request to the letter API, under the API's own names."
    yield "# {{ … }} takes the value of a column of the list."
    yield "[payload.Letter]"
    yield 'Channel = "PRINT"'
    yield from _identifier(name, guess)
    language = guess.exact.get("LanguageID")
    yield f"LanguageID = {_text(_language(language))}"
    yield ""
    yield "[payload.Letter.Invoicee]"
    for field in RECIPIENT:
        yield from _recipient_field(field, guess)
    yield ""
    yield "# The sender."
    yield "[payload.Letter.Invoicer]"
    yield 'Name = ""  # your own name: fill it in'
    for field in ("Address1", "PostCode", "City"):
        yield f'{field} = ""'
    yield 'CountryCode = "NO"'
    yield ""
    yield "[send]"
    yield '# base_url = "https://…"  # or BATCHSEND_BASE_URL in .env: the provider tells it'
    yield "rate = 10        # letters a second, never exceeded"
    yield "concurrency = 8"
    if guess.rest:
        yield ""
        yield "# Other columns of the list, for the mapping and the letter:"
        for column in guess.rest:
            yield f"#   {_reference(column)}  {_comment(column.heading)}".rstrip()


def _identifier(name: str, guess: Guess) -> Iterator[str]:
    yield "# Every letter's own reference: never used twice, the same if this is run again."
    for field in UNIQUE:
        column = guess.exact.get(field) or guess.proposals.get(field)
        if column is not None:
            month = f"{date.today():%Y-%m}"
            prefix = folded(column_name(name)).replace("_", "-")
            prefix = prefix if prefix.endswith(month) else f"{prefix}-{month}"
            yield f"Identifier = {_text(f'{prefix}-{_reference(column)}')}"
            return
    yield 'Identifier = ""  # name a column that is different in every row: "rent-{{ kundenr }}"'


def _language(column: Column | None) -> str:
    return "NO" if column is None else f"{{{{ {_name(column)} or 'NO' }}}}"


def _recipient_field(field: str, guess: Guess) -> Iterator[str]:
    value = _value(field, guess)
    if value is not None:
        yield f"{field} = {_text(value)}"
    elif field in guess.proposals:
        column = guess.proposals[field]
        yield f"{field} = {_text(_reference(column))}  # is this it? {_comment(column.heading)}"
    elif field in {"Name", "Address1", "PostCode", "City"}:
        yield f'{field} = ""  # no column looks like it'
    elif field == "CountryCode":
        yield f'{field} = "NO"'


def _value(field: str, guess: Guess) -> str | None:
    both = guess.exact.get("PostCodeCity")
    match field:
        case "Name" if {"FirstName", "LastName"} <= guess.exact.keys():
            first, last = guess.exact["FirstName"], guess.exact["LastName"]
            return f"{_reference(first)} {_reference(last)}"
        case "CountryCode" if field in guess.exact:
            return f"{{{{ {_name(guess.exact[field])} or 'NO' }}}}"
        case "PostCode" if field not in guess.exact and both is not None:
            return f"{{{{ {_name(both)}.split(' ', 1)[0] }}}}"
        case "City" if field not in guess.exact and both is not None:
            return f"{{{{ ({_name(both)} ~ ' ').split(' ', 1)[1] }}}}"
    column = guess.exact.get(field)
    return None if column is None else _reference(column)


def _reference(column: Column) -> str:
    return f"{{{{ {_name(column)} }}}}"


def _name(column: Column) -> str:
    if column.name.isidentifier():
        return column.name
    return f"row[{json.dumps(column.heading, ensure_ascii=False)}]"


def _comment(heading: str) -> str:
    return " ".join(heading.split())


def _text(value: object) -> str:
    """Text, number or list in TOML; JSON writes the same."""
    return json.dumps(value, ensure_ascii=False)
