"""The fonts that a document asks for, and those that this machine has.

A missing one is replaced in silence, and lines break elsewhere than in Word.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from batchsend.language import _
from batchsend.word.markup import Element, parsed, tag, w
from batchsend.word.office_process import office
from batchsend.word.package import Package

if TYPE_CHECKING:
    import uharfbuzz as hb

_FOLDERS: Final = {
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": (r"%WINDIR%\Fonts", r"%LOCALAPPDATA%\Microsoft\Windows\Fonts"),
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
}
_KINDS: Final = {".ttf", ".otf", ".ttc", ".otc"}
SYMBOLS: Final = {"symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings"}
"""LibreOffice draws their characters with its own."""
_SYMBOL_CHARACTERS: Final = frozenset(range(0xF000, 0xF100))
"""Where Word writes the characters of those."""
_BOXES: Final = {".lastresort", "lastresort", "last resort", "adobe blank", "adobe notdef"}
"""Fonts that have a box, or nothing, for every character."""
_SAME_WIDTH: Final = {
    "calibri": "Carlito",
    "cambria": "Caladea",
    "arial": "Liberation Sans",
    "times new roman": "Liberation Serif",
    "courier new": "Liberation Mono",
}
_SIDES: Final = ("ascii", "hAnsi")
_NAMES: Final = {1, 4, 16}
"""Which names of a font a document may use: its family, the full one, the typographic family."""


def missing_fonts(package: Package, here: frozenset[str]) -> Iterator[str]:
    """A sentence for each font that the document is written in and that nobody has.

    `here`: the names of those that the machine has, in small letters.
    """
    embedded = set(_embedded(package))
    for name in dict.fromkeys(_asked(package)):
        plain = name.lower()
        if plain in here | SYMBOLS:
            continue
        if plain in embedded:
            yield _(
                "it is written in {name}, which is only in the file itself: LibreOffice uses it "
                "where its licence allows, and characters that no other font has are told as "
                "missing. Look at the preview.",
                name=name,
            )
            continue
        twin = _SAME_WIDTH.get(plain, "")
        taken = (
            _("{twin} takes its place, of the same width", twin=twin)
            if twin.lower() in here and twin
            else _("another takes its place, so lines and pages may break elsewhere than in Word")
        )
        yield (
            _(
                "it is written in {name}, which is not on this machine; {taken}. Install it, or "
                "in Word: File > Options > Save > Embed fonts in the file.",
                name=name,
                taken=taken,
            )
        )


def _asked(package: Package) -> Iterator[str]:
    themes = dict(_theme(package))
    styles = {
        style.get(w("styleId"), ""): style
        for name in package.of_main("styles")
        for style in parsed(package.parts[name], name).iter(w("style"), w("docDefaults"))
    }
    used = {""} | {key for key, s in styles.items() if s.get(w("default")) == "1"}
    roots = []
    for name in (package.main, *package.of_main("header", "footer", "footnotes", "endnotes")):
        root = parsed(package.parts[name], name)
        roots.append(root)
        for kind in ("pStyle", "rStyle", "tblStyle"):
            used |= {style.get(w("val"), "") for style in root.iter(w(kind))}
    waiting = list(used)
    while waiting:
        style = styles.get(waiting.pop())
        based = style.find(w("basedOn")) if style is not None else None
        if based is not None and (key := based.get(w("val"), "")) not in used:
            used.add(key)
            waiting.append(key)
    for element in (*(styles[key] for key in sorted(used) if key in styles), *roots):
        for fonts in element.iter(w("rFonts")):
            yield from _names(fonts, themes)


def _names(fonts: Element, themes: Mapping[str, str]) -> Iterator[str]:
    for side in _SIDES:
        theme = fonts.get(w(f"{side}Theme"), "")
        name = themes.get("major" if theme.startswith("major") else "minor", "") if theme else ""
        name = name or fonts.get(w(side), "")
        if name:
            yield name


def _theme(package: Package) -> Iterator[tuple[str, str]]:
    for name in package.of_main("theme"):
        root = parsed(package.parts[name], name)
        for which in ("major", "minor"):
            latin = root.find(f".//{tag(f'a:{which}Font')}/{tag('a:latin')}")
            if latin is not None:
                yield which, latin.get("typeface", "")


def _embedded(package: Package) -> Iterator[str]:
    for name in package.of_main("fontTable"):
        for font in parsed(package.parts[name], name).iter(w("font")):
            if font.find(w("embedRegular")) is not None:
                yield font.get(w("name"), "").lower()


def fonts_here(*more: Path) -> frozenset[str]:
    """The names, in small letters, of the fonts that LibreOffice finds here, and in `more`."""
    names, _other = _read(*_places(), *more)
    return names


def characters_here() -> frozenset[int]:
    """The code points that some font has which LibreOffice finds here: it takes a character from
    any of them where the font that is asked for lacks it.
    """
    _other, characters = _read(*_places())
    return characters | _SYMBOL_CHARACTERS


def _places() -> Iterator[Path]:
    for each in _FOLDERS.get(sys.platform, ()):
        yield Path(os.path.expandvars(each)).expanduser()
    if program := office():
        yield program.resolve().parent.parent / "share" / "fonts"


@cache
def _read(*places: Path) -> tuple[frozenset[str], frozenset[int]]:
    """The names and the characters of all fonts in some folders."""
    found: set[str] = set()
    characters: set[int] = set()
    for place in places:
        for folder, _other, names in os.walk(place):
            for name in names:
                if Path(name).suffix.lower() in _KINDS:
                    for face in _faces(Path(folder) / name):
                        families = {family.lower() for family in _named(face)}
                        found |= families
                        if not families & _BOXES:
                            characters.update(face.unicodes)
    return frozenset(found), frozenset(characters)


def _faces(path: Path) -> list[hb.Face]:
    import uharfbuzz as hb  # noqa: PLC0415 - seldom needed

    try:
        blob = hb.Blob(path.read_bytes())
    except OSError:  # a font that nobody may read is none that is here
        return []
    return [hb.Face(blob, index) for index in range(hb.Face(blob).count)]


def _named(face: hb.Face) -> Iterator[str]:
    for entry in face.list_names():
        if entry.name_id in _NAMES:
            yield face.get_name(entry.name_id, entry.language) or ""
