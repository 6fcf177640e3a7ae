"""LetterFile: the letter of a mailing on disk, for the page that edits it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from batchsend.desk.folder import Folder
from batchsend.errors import SettingsError, TemplateError, in_short
from batchsend.language import _
from batchsend.mailing import Mailing

LONGEST = 500_000
"""Characters of a letter's source; the longest that ships has 3,000."""
_HTML = {".html", ".htm"}


@dataclass(frozen=True, slots=True)
class LetterFile:
    """The letter of one language."""

    path: Path
    key: str
    """Its LanguageID; empty where there is one letter for all."""
    keys: tuple[str, ...]
    """Those that the mailing has letters for."""
    text: str

    @classmethod
    def of(cls, mailing: Mailing, folder: Folder, key: str = "") -> Self:
        """The mailing's letter, that of `key` where it has several.

        Raises TemplateError where there is none that can be edited on a page.
        """
        if mailing.template is None:
            raise TemplateError(
                _("The letters of this mailing are ready-made PDF files. There is no text to edit.")
            )
        found = mailing.template.path
        paths = found if isinstance(found, dict) else {"": found}
        key = key if key in paths else next(iter(paths))
        path = (mailing.folder / paths[key]).resolve()
        if not path.is_relative_to(folder.root):
            raise TemplateError(
                _("The letter lies outside the folder of this desk and cannot be changed here."),
                hint=_("Choose one of the letters below: it is copied into this mailing."),
            )
        if path.suffix.lower() not in _HTML:
            raise TemplateError(
                _("The letter is the file {name}.", name=path.name),
                hint=_("Change it in Word, save it, and drop it here again."),
            )
        return cls(path, key, tuple(paths), _read(path))

    @property
    def digest(self) -> str:
        """What tells this text from others."""
        return digest_of(self.text)


def save(letter: LetterFile, text: str, known: str) -> str:
    """Write a letter's text in place of the one whose digest is `known`; the new digest.

    Raises TemplateError where the file was changed meanwhile, or cannot be written.
    """
    if digest_of(_read(letter.path)) != known:
        raise TemplateError(
            _("The letter was changed in another window or program since you opened it here."),
            hint=_("Copy what you wrote, open this page again, and put it in there."),
        )
    write(letter.path, text.encode("utf-8"))
    return digest_of(text)


def write(path: Path, data: bytes) -> None:
    """Put a file in place at once. Raises SettingsError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=".letter-", suffix=".new", dir=path.parent)
        new = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
            new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            _("{name} cannot be written: {why}.", name=path.name, why=in_short(error))
        ) from error


def digest_of(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(
            _("{name} cannot be read: {why}.", name=path.name, why=in_short(error)),
            hint=_("Choose one of the letters below, or drop your letter from Word."),
        ) from None
    if len(text) > LONGEST:
        raise TemplateError(_("{name} is too long to be edited on a page.", name=path.name))
    return text
