"""What is wrong with a letter that is being written, in sentences for who writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from batchsend.errors import BatchsendError, SettingsError
from batchsend.expressions import (
    LETTER_NAMES,
    Names,
    environment,
    is_quotation,
    left_in,
    plain_text,
    visible_text,
)
from batchsend.language import _
from batchsend.lists import Column
from batchsend.mailing import Mailing
from batchsend.rendering import Templates
from batchsend.starter import samples_in
from batchsend.text import column_name, nearest


def in_desk_words(error: BatchsendError, mailing: Mailing) -> str:
    """An error's sentences without the folder, and without the line of a file."""
    said = without_folders(" ".join(filter(None, (error.message, error.hint))), mailing)
    said = re.sub(r"^(?:Row \d+: )?[\w.-]+\.(?:html|css|svg)(?:, line \d+)?: ", "", said)
    return f"{said[:1].upper()}{said[1:]}".replace("?.", "?")


def without_folders(said: str, mailing: Mailing) -> str:
    """A sentence whose files are named as they are seen in the mailing's folder."""
    folders = {mailing.folder, mailing.folder.resolve()}
    for path in _templates(mailing):
        folders |= {(mailing.folder / path).parent, (mailing.folder / path).resolve().parent}
    for folder in sorted(map(str, folders), key=len, reverse=True):
        said = said.replace(f"{folder}/", "").replace(f"{folder}\\", "")
    return said


def _templates(mailing: Mailing) -> list[Path]:
    found = mailing.template.path if mailing.template else {}
    return list(found.values()) if isinstance(found, dict) else [found]


def unknown_names(templates: Templates, columns: Sequence[Column]) -> tuple[str, ...]:
    """The names in a letter that are neither columns nor ours."""
    names, unknown = Names(columns), []
    for name in sorted(templates.uses):
        try:
            names.check({name}, place="", known=LETTER_NAMES)
        except SettingsError:
            unknown.append(name)
    return tuple(unknown)


def unknown_words(unknown: Sequence[str], columns: Sequence[Column]) -> Iterator[str]:
    """A sentence for each name that no column has, with the column that may be meant."""
    called = {column.name: column.heading for column in columns if column.name}
    for name in unknown:
        near = nearest(column_name(name), called, n=1)
        if near:
            yield _(
                "The letter has a field “{name}”, and the list has no such column. Did you mean "
                "“{meant}”?",
                name=name,
                meant=" ".join(called[near[0]].split()),
            )
        else:
            yield _(
                "The letter has a field “{name}”, and the list has no such column. Take the field "
                "out, or put another in its place.",
                name=name,
            )


def left_over(text: str, columns: Sequence[Column]) -> Iterator[str]:
    """What is left in a letter of another program's fields, and of the sample."""
    jinja = environment(autoescape=True)
    seen = visible_text(plain_text(jinja, text))
    for written, column in dict.fromkeys(left_in(seen, columns)):
        if column is not None:
            yield _(
                "“{written}” will stand like this in every letter. Put the field “{heading}” in "
                "its place.",
                written=written,
                heading=" ".join(column.heading.split()),
            )
        elif not is_quotation(written):
            yield _("“{written}” will stand like this in every letter.", written=written)
    for sample in samples_in(text):
        yield _("“{sample}” is still the sample's text. Write your own.", sample=sample)


def no_sender(mailing: Mailing) -> Iterator[str]:
    """Whether it is still to be said who sends the letter."""
    if not mailing.payload.Letter.Invoicer.Name.strip():
        yield _("The sender's name and address are not filled in yet. Fill them in on this page.")
