"""A new mailing folder for a list. Never overwrites a file that is there."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from batchsend.errors import SettingsError
from batchsend.lists import Guess, ListSettings, read_list, recipient_fields
from batchsend.scratch import ScratchFolder
from batchsend.starter.mailing_toml import mailing_toml

__all__ = ["Started", "start_mailing"]

ENV_EXAMPLE = """\
# Copy this file to .env and fill it in. It holds secrets: never send or commit it.
BATCHSEND_BASE_URL=
BATCHSEND_SUBSCRIPTION_ID=
BATCHSEND_STORAGE_ID=
"""


@dataclass(frozen=True, slots=True)
class Started:
    """A new mailing folder."""

    mailing: Path
    """Its mailing.toml."""
    guess: Guess
    """Which columns were understood."""


def start_mailing(settings: ListSettings, folder: Path) -> Started:
    """Make `folder` a mailing of a list: mailing.toml, letter/letter.html, .env.example.

    The list's path is relative to the working directory. What else `settings` say of it goes into
    mailing.toml, since without it the list would be read in another way.

    Raises ListError where the list cannot be read, SettingsError where the folder has a mailing
    already or cannot be written.
    """
    mailing = folder / "mailing.toml"
    with ScratchFolder() as workspace:
        recipients = read_list(settings, folder=Path(), workspace=workspace)
        guess = recipient_fields(recipients.columns)
    if mailing.exists():
        raise SettingsError(
            f"{mailing} is there already, and is left as it is.",
            hint="Name another folder: batchsend init LIST DIR",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = {**settings.model_dump(exclude_unset=True), "path": _from(folder, settings.path)}
        text = mailing_toml(folder.resolve().name, there, guess)
        mailing.write_text(text, encoding="utf-8")
        _write_new(folder / ".env.example", ENV_EXAMPLE)
        if not (folder / "letter").exists():
            with as_file(files("batchsend.starter") / "letter") as letter:
                shutil.copytree(letter, folder / "letter")
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written: {error.strerror}.") from error
    return Started(mailing, guess)


def _write_new(path: Path, text: str) -> None:
    if not path.exists():
        path.write_text(text, encoding="utf-8")


def _from(folder: Path, list_path: Path) -> str:
    """The list's path as mailing.toml names it: from the folder where that can be done."""
    try:
        return Path(os.path.relpath(list_path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return list_path.resolve().as_posix()
