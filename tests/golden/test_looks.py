"""The letters that ship look as they did when somebody looked at them last.

Each is rendered from the first row of an example mailing, on a day that never changes, and compared
with the picture beside this file. To take new pictures after a change that is meant, and look at
them before committing:

    python tests/golden/test_looks.py
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from PIL import Image, ImageChops

from batchsend.letters import Letter
from batchsend.lists import Column
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into
from batchsend.previews.pictures import page_pictures
from batchsend.rendering import Renderer, Templates, TemplateSettings
from batchsend.starter import begin_letter

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BEGUN = TemporaryDirectory()
"""Has the letters that `init` begins."""
_STARTER = begin_letter(Path(BEGUN.name) / "starter" / "letter")
LETTERS = [
    *sorted(ROOT.glob("templates/*/letter*.html")),
    _STARTER,
    _STARTER.with_name("letter.en.html"),
]
SIZE = (420, 594)
"""Of a golden picture: two dots a millimetre."""
TILE = 10
"""Millimetres. The worst spot of the page counts, so that a lost logo is not lost in the whole."""
TOLERANCE = 8
"""Of 255 greys, on the average of a tile. Measured: drawn at another resolution a letter differs by
4 to 10, a heading 0.5 mm off by 12, one that is not bold by 25, a missing line by 31."""


class Today(date):
    @classmethod
    def today(cls) -> Today:
        return cls(2026, 11, 23)


@contextmanager
def pinned_today() -> Iterator[None]:
    with patch.object(import_module("batchsend.expressions.environment"), "date", Today):
        yield


def named(path: Path) -> str:
    return f"{path.parent.parent.name}-{path.parent.name}-{path.stem}"


def first_letter(template: Path) -> tuple[Letter, tuple[Column, ...]]:
    """The first letter of the example that goes with a template, in the template's language."""
    example = ROOT / "example_data" / template.parent.name / "mailing.toml"
    if not example.exists():
        example = ROOT / "example_data" / "rent-notice" / "mailing.toml"
    letter, columns = first_of(example)
    return replace(letter, language="EN" if template.stem.endswith(".en") else "NO"), columns


@cache
def first_of(example: Path) -> tuple[Letter, tuple[Column, ...]]:
    mailing = Mailing.load(example)
    templates = Templates.load(mailing.template, folder=mailing.folder)
    with TemporaryDirectory() as folder:
        checked = check_into(Path(folder) / "snapshot", mailing, templates)
        return next(checked.snapshot.letters()), checked.snapshot.columns


def pages(template: Path) -> list[Image.Image]:
    letter, columns = first_letter(template)
    settings = TemplateSettings(path=template, engine="plutoprint")
    with pinned_today():
        document = Renderer(Templates.load(settings, folder=template.parent), columns).render(
            letter
        )
    pictures = (Image.open(BytesIO(png)) for png in page_pictures(document.pdf))
    return [picture.convert("L").resize(SIZE, Image.Resampling.BOX) for picture in pictures]


def difference(one: Image.Image, other: Image.Image) -> int:
    """How much the two differ where they differ most."""
    tiles = (SIZE[0] // 2 // TILE, SIZE[1] // 2 // TILE)
    # A millimetre to a dot first: where exactly a letter's edge falls does not count.
    rough = [picture.resize((tiles[0] * TILE, tiles[1] * TILE)) for picture in (one, other)]
    return max(ImageChops.difference(*rough).resize(tiles, Image.Resampling.BOX).tobytes())


def golden(template: Path) -> list[Path]:
    return sorted(HERE.glob(f"{named(template)}-page-*.png"))


@pytest.mark.parametrize("template", LETTERS, ids=named)
def test_it_looks_as_it_did(template: Path, tmp_path: Path) -> None:
    pytest.importorskip("plutoprint")
    found, wanted = pages(template), golden(template)
    assert len(found) == len(wanted)
    for picture, path in zip(found, wanted, strict=True):
        picture.save(tmp_path / path.name)
        differs = difference(picture, Image.open(path))
        assert differs <= TOLERANCE, f"{tmp_path / path.name} differs from {path} by {differs}"


def test_every_golden_picture_is_of_a_letter() -> None:
    assert {path for letter in LETTERS for path in golden(letter)} == set(HERE.glob("*.png"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('src="logo.svg"', 'src="" alt=""'),
        ("<h1>", '<h1 style="margin-left: 1mm">'),
        ("<h1>", '<h1 style="font-weight: normal">'),
        ("Vennlig hilsen", ""),
        ('class="sum"', ""),
    ],
)
def test_a_small_break_is_noticed(old: str, new: str, tmp_path: Path) -> None:
    pytest.importorskip("plutoprint")
    source = ROOT / "templates" / "rent-notice"
    folder = tmp_path / "rent-notice"
    folder.mkdir()
    for path in source.iterdir():
        data = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(data.replace(old, new), encoding="utf-8")
    [picture] = pages(folder / "letter.html")
    [wanted] = golden(source / "letter.html")
    assert difference(picture, Image.open(wanted)) > TOLERANCE


if __name__ == "__main__":
    for old in HERE.glob("*.png"):
        old.unlink()
    for template in LETTERS:
        for number, page in enumerate(pages(template), start=1):
            page.save(HERE / f"{named(template)}-page-{number}.png", optimize=True)
