"""The text of a new mailing.toml: a list's columns mapped to the request's fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from batchsend.lists import Column
from batchsend.starter.leaving_out import Skip
from batchsend.starter.mapping import Mapped, reference


def mailing_toml(  # noqa: PLR0913, PLR0917 - a mailing.toml has so many parts
    name: str,
    period: str | None,
    reading: Mapping[str, object],
    mapped: Sequence[Mapped],
    language: str,
    rest: Sequence[Column],
    skips: Sequence[Skip] = (),
) -> str:
    """A mailing.toml that works once the sender is filled in and the proposals are confirmed.

    `reading` goes under [list]; `mapped` is the identifier, then the recipient; `rest` are columns
    with no place in the request, `skips` leave rows out.
    """
    identifier, *recipient = mapped
    lines = [
        f"name = {_text(name)}",
        *_period(period),
        "",
        "[list]",
        *(f"{key} = {_text(value)}" for key, value in reading.items()),
        *_skips(skips),
        "",
        "[template]",
        'path = "letter/letter.html"',
        "",
        "# What stands below is the request to the letter API, under the API's own names.",
        "# {{ … }} takes the value of a column of the list.",
        "[payload.Letter]",
        'Channel = "PRINT"',
        "# Every letter's own reference: never used twice, the same if this is run again.",
        f"Identifier = {_text(identifier.text)}{_comment_on(identifier)}",
        f"LanguageID = {_text(language)}  # NO, NN, SE, DK, FI or EN",
        "",
        "[payload.Letter.Invoicee]",
        *(f"{each.field} = {_text(each.text)}{_comment_on(each)}" for each in recipient),
        "",
        "# The sender.",
        "[payload.Letter.Invoicer]",
        'Name = ""  # your own name: fill it in',
        'Address1 = ""',
        'PostCode = ""',
        'City = ""',
        'CountryCode = "NO"',
        "",
        "[send]",
        '# base_url = "https://…"  # or BATCHSEND_BASE_URL in .env: the provider tells it',
        "rate = 10        # letters a second, never exceeded",
        "concurrency = 8",
        *_others(rest),
    ]
    return "\n".join(lines) + "\n"


def _skips(skips: Sequence[Skip]) -> Iterator[str]:
    if skips:
        yield "# Rows of which this says anything get no letter: see that it is right, or delete it"
        expressions = [each.expression for each in skips]
        yield f"skip = {_text(expressions[0] if len(skips) == 1 else expressions)}"


def _period(period: str | None) -> Iterator[str]:
    """The setting, or how to add one."""
    if period is not None:
        yield "# Which sending of the mailing this is: another one takes --period and --list."
        yield f"period = {_text(period)}"
    else:
        yield "# Is it sent every month? Then name which time this is, and let Identifier use it:"
        yield '# period = "2027-01", and Identifier = "…-{{ period }}-{{ … }}"'


def _comment_on(mapped: Mapped) -> str:
    if not mapped.certain:
        return f"  # is this it? {mapped.headings}"
    if mapped.field == "CountryCode" and not mapped.columns:
        return "  # where all of them live: NO, SE, DK, FI, …"
    if mapped.text:
        return ""
    if mapped.field == "Identifier":
        return '  # name a column that is different in every row: "rent-{{ kundenr }}"'
    return "  # no column looks like it"


def _others(rest: Sequence[Column]) -> Iterator[str]:
    if rest:
        yield ""
        yield "# Other columns of the list, for the mapping and the letter:"
        for column in rest:
            yield f"#   {reference(column)}  {' '.join(column.heading.split())}".rstrip()


def _text(value: object) -> str:
    """Text, number or list in TOML; JSON writes the same."""
    return json.dumps(value, ensure_ascii=False)
