"""A new mailing folder for a list, and the text of its mailing.toml. Never overwrites a file that
is there."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from batchsend.errors import ListError, SettingsError
from batchsend.language import _
from batchsend.lists import Column, ListSettings, RecipientList, read_list, recipient_fields
from batchsend.scratch import ScratchFolder
from batchsend.starter.begun_letter import Turned, read_letter, write_letter
from batchsend.starter.proposals import (
    Mapped,
    Skip,
    identifier_of,
    language_of,
    proposed_skips,
    recipient_of,
    reference,
    surname_last,
)
from batchsend.starter.shipped import begin_letter


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


ENV_EXAMPLE = """\
# Copy this file to .env and fill it in. It holds secrets: never send or commit it.
BATCHSEND_BASE_URL=
BATCHSEND_SUBSCRIPTION_ID=
BATCHSEND_STORAGE_ID=
"""


_TELLS_APART = re.compile(r"nr|no\b|num|id\b|ref|kode|code|key|løpe|bolig|leil", re.IGNORECASE)
"""What headings of columns that tell rows apart have in them."""


@dataclass(frozen=True, slots=True)
class Started:
    """A new mailing folder."""

    mailing: Path
    """Its mailing.toml."""
    mapped: tuple[Mapped, ...]
    """What was found for the request, and what it needs besides."""
    rest: tuple[Column, ...]
    """Columns with no place in the request."""
    notes: tuple[str, ...]
    """What was left out of the list or done by itself in reading it."""
    skips: tuple[Skip, ...] = ()
    """Which rows are left out, as the list seems to say."""
    turned: Turned | None = None
    """The letter, where it was written in Word."""


def start_mailing(
    settings: ListSettings, folder: Path, letter: Path | None = None, *, period: str | None = None
) -> Started:
    """Make `folder` a mailing of a list: mailing.toml, letter/letter.html, .env.example.

    The list's path is relative to the working directory. What else `settings` say of it goes into
    mailing.toml, since without it the list would be read in another way. `letter` is one that was
    written in Word, and takes the place of the sample. `period` is which sending of the mailing the
    first one is; the identifier is made of it.
    Raises ListError where the list cannot be read or has no headings, SettingsError where the
    folder has a mailing already or cannot be written, TemplateError where the letter cannot be
    read.
    """
    mailing = folder / "mailing.toml"
    name = folder.resolve().name
    with ScratchFolder() as workspace:
        recipients = read_list(settings, folder=Path(), workspace=workspace)
        _must_have_headings(recipients)
        guess = recipient_fields(recipients.columns)
        mapped = mapped_of(name, recipients, period=period is not None)
        skips = proposed_skips(recipients)
    if mailing.exists():
        raise SettingsError(
            _("{mailing} already exists and is not changed.", mailing=mailing),
            hint=_("Name another folder: batchsend init LIST DIR"),
        )
    prose = read_letter(letter, recipients.columns) if letter is not None else None
    used = {column for each in mapped for column in each.columns}
    rest = tuple(column for column in recipients.columns if column not in used)
    reading = {**settings.model_dump(exclude_unset=True), "path": _from(folder, settings.path)}
    text = mailing_toml(name, period, reading, mapped, language_of(guess), rest, skips)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mailing.write_text(text, encoding="utf-8")
        _write_new(folder / ".env.example", ENV_EXAMPLE)
        turned = write_letter(prose, folder / "letter") if prose is not None else None
        if not (folder / "letter").exists():
            begin_letter(folder / "letter")
    except FileExistsError as error:
        raise SettingsError(
            _("{filename} is a file, and no folder can be made there.", filename=error.filename),
            hint=_("Name another folder: batchsend init LIST DIR"),
        ) from None
    except OSError as error:
        raise SettingsError(
            _("{folder} cannot be written: {strerror}.", folder=folder, strerror=error.strerror)
        ) from error
    return Started(mailing, mapped, rest, recipients.notes, skips, turned)


def mapped_of(name: str, recipients: RecipientList, *, period: bool = False) -> tuple[Mapped, ...]:
    """What the columns of a list probably are: the identifier of its letters, then the recipient.

    `name` is the mailing's, which its identifiers begin with; `period`: whether the mailing has
    one, which comes next in them.
    """
    guess = recipient_fields(recipients.columns)
    identifier = identifier_of(name, guess, _different(recipients, guess.rest), period=period)
    return (identifier, *(surname_last(each, recipients) for each in recipient_of(guess)))


def _must_have_headings(recipients: RecipientList) -> None:
    if any(column.heading.strip() for column in recipients.columns):
        return
    number = len(recipients.columns)
    named = " ".join(f"--heading {name}" for name in ("kundenr", "navn", "adresse")[:number])
    raise ListError(
        _(
            "{path} seems to have no headings: its first row looks like a recipient.",
            path=recipients.path,
        ),
        hint=_(
            "Give a heading for each of its {number} columns: batchsend init {path} {named} "
            "… If it has headings, say in which row: --header-row 1",
            number=number,
            path=recipients.path,
            named=named,
        ),
    )


def _different(recipients: RecipientList, columns: Sequence[Column]) -> Column | None:
    """A column that numbers the rows by its heading, and has another value in each of them."""
    likely = [column for column in columns if _TELLS_APART.search(column.heading)]
    if not likely:
        return None
    told = recipients.rows.select(
        (pl.col(column.key).is_unique() & (pl.col(column.key).str.strip_chars() != "")).all()
        for column in likely
    ).collect(engine="streaming")
    return next((column for column in likely if told.item(0, column.key)), None)


def _write_new(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _from(folder: Path, list_path: Path) -> str:
    """The list's path as mailing.toml names it: from the folder where that can be done."""
    try:
        return Path(os.path.relpath(list_path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return list_path.resolve().as_posix()
