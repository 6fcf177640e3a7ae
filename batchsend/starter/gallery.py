"""The letters that ship, as a gallery shows them: what each is called, is for and looks like."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from batchsend.starter.examples import pictures, shipped

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
