"""The examples that ship, and the letter that `init` begins, as folders of one's own."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from batchsend.errors import SettingsError, in_short
from batchsend.language import _

_PARTS = ("example_data", "templates")
_PACKAGE = Path(__file__).parent.parent
_LEFT_BY_RUNS = shutil.ignore_patterns(
    *("ledger.*", "report.*", "*.report.*", "*needs-attention*", "sandbox-letters", "preview"),
    *("rehearsal-report.*", "*.rehearsal-report.*", "reports", "*corrections.jsonl*"),
    *("*.py", "__pycache__", "letters.toml"),
)
LOGO = "logo.svg"
LOOKS = ("head.html", "letter.css", LOGO)
"""What a letter that is begun has of the template `plain-letter`."""


def copy_examples(folder: Path) -> Path:
    """Copy them into a new `folder`; the mailing.toml of the first one to try.

    Raises SettingsError where there is something already, or nothing can be written.
    """
    if folder.exists():
        raise SettingsError(
            _("{folder} already exists and is not changed.", folder=folder),
            hint=_("Name a folder that is not there yet."),
        )
    try:
        for part in _PARTS:
            shutil.copytree(shipped() / part, folder / part, ignore=_LEFT_BY_RUNS)
    except OSError as error:
        raise SettingsError(
            _("{folder} cannot be written: {reason}.", folder=folder, reason=in_short(error))
        ) from error
    return folder / "example_data" / "payment-reminder" / "mailing.toml"


def begin_letter(folder: Path) -> Path:
    """Make a new `folder` with a letter for somebody to write, in Norwegian, and the same in
    English beside it; its letter.html. Raises OSError."""
    folder.mkdir(parents=True)
    for name in LOOKS:
        (folder / name).write_bytes(looks(name))
    for name, letter in begun_letters().items():
        (folder / name).write_bytes(letter)
    return folder / "letter.html"


def begun_letters() -> dict[str, bytes]:
    """The letters that nobody has written yet, by the names of their files."""
    shipped = files("batchsend.starter")
    return {name: (shipped / name).read_bytes() for name in ("letter.html", "letter.en.html")}


def looks(name: str) -> bytes:
    """Another file of it, which is that of `plain-letter`."""
    return (shipped() / "templates" / "plain-letter" / name).read_bytes()


def shipped_letters() -> dict[str, Path]:
    """The folders of the letters in HTML that ship, by their names."""
    found = sorted((shipped() / "templates").glob("*/letter.html"))
    return {letter.parent.name: letter.parent for letter in found}


def shipped() -> Path:
    """The folder that has `example_data` and `templates`."""
    installed = _PACKAGE / "examples"
    return installed if installed.is_dir() else _PACKAGE.parent  # of a clone


def pictures() -> Path:
    """The folder with pictures of the letters."""
    installed = _PACKAGE / "examples" / "pictures"
    return installed if installed.is_dir() else _PACKAGE.parent / "docs" / "static" / "letters"
