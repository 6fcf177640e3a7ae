"""What ships: the examples, the letter that `init` begins, and the letters as a gallery shows them:
what each is called, is for and looks like."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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


_LETTERS = ("letter*.html", "letter.docx")


@dataclass(frozen=True, slots=True)
class ShippedLetter:
    """One of them. Its texts are by language: `nb` and `en`."""

    name: str
    """That of its folder in `templates/`."""
    title: Mapping[str, str]
    about: Mapping[str, str]
    """What it is for, in one sentence."""
    templates: tuple[Path, ...]
    """The Norwegian one first."""
    mailing: Path | None
    """A mailing.toml that sends it to synthetic recipients."""
    pictures: Mapping[str, tuple[Path, ...]]
    """A PNG of each page, 420 x 594 dots; without a language that it does not exist in."""


def gallery() -> tuple[ShippedLetter, ...]:
    """All of them, in the order in which they are shown.

    >>> [letter.title["en"] for letter in gallery()][:2]
    ['Plain letter', 'Information letter']
    """
    told = tomllib.loads((shipped() / "templates" / "letters.toml").read_text(encoding="utf-8"))
    return tuple(_letter(name, texts) for name, texts in told.items())


def _letter(name: str, texts: Mapping[str, tuple[str, str]]) -> ShippedLetter:
    folder = shipped() / "templates" / name
    mailing = shipped() / "example_data" / name / "mailing.toml"
    looks = {
        language: tuple(sorted(pictures().glob(f"{name}-{ending}-*.png")))
        for language, ending in (("nb", "no"), ("en", "en"))
    }
    found = [path for pattern in _LETTERS for path in folder.glob(pattern)]
    return ShippedLetter(
        name,
        {language: title for language, (title, _) in texts.items()},
        {language: about for language, (_, about) in texts.items()},
        tuple(sorted(found, key=lambda path: len(path.name))),
        mailing if mailing.exists() else None,
        {language: pages for language, pages in looks.items() if pages},
    )
