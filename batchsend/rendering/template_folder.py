"""A template's folder on disk: which files lie in it, and their bytes, within bounds; and which
files it names and does not have, told before anything is printed.

Nothing outside of it is ever read, links followed. An engine leaves out a picture or style sheet
that is not there.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.rendering.images import MAX_PIXELS, inline_pixels, is_whole, pixels
from batchsend.text import nearest

IMAGE_KINDS = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"}
_MAX_BYTES = 50_000_000
_MAX_FILES = 20_000


def files_below(start: Path, kinds: set[str], folder: Path | None = None) -> Iterator[str]:
    """Names, from `folder`, of the files of these kinds; hidden ones left out, and links that lead
    outside."""
    folder = folder or start
    seen = 0
    for here, folders, names in os.walk(start):
        folders[:] = [name for name in folders if not name.startswith(".")]
        seen += len(names)
        if seen > _MAX_FILES:
            raise TemplateError(
                _(
                    "{folder} holds more than {max_files} files.",
                    folder=folder,
                    max_files=_MAX_FILES,
                ),
                hint=_("Give the template a folder of its own, with its images and style sheets."),
            )
        for base in names:
            if Path(base).suffix.lower() in kinds and not base.startswith("."):
                name = (Path(here) / base).relative_to(folder).as_posix()
                if inside(folder, name) is not None:
                    yield name


def inside(folder: Path, name: str) -> Path | None:
    """The real path of `name`, links followed; None when that is outside `folder`."""
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder) else None


def read_file(folder: Path, name: str, before: int) -> bytes:
    """The bytes of a file; `before` is how many others of the same template have.

    Raises TemplateError where it cannot be read, is no image that can be printed, or is too much.
    """
    path = folder / name
    try:
        size = path.stat().st_size
        if before + size > _MAX_BYTES:
            raise TemplateError(
                _(
                    "{path}: the files of this template come to more than {max_bytes} MB.",
                    path=path,
                    max_bytes=_MAX_BYTES // 10**6,
                ),
                hint=_("Use smaller images: the letter's PDF may have less than 1 MB in all."),
            )
        data = path.read_bytes()
    except OSError as error:
        raise TemplateError(
            _("{path} cannot be read: {strerror}", path=path, strerror=error.strerror or error)
        ) from None
    if path.suffix.lower() in IMAGE_KINDS:
        _check_image(path, pixels(data) if is_whole(data) else None)
    elif name.lower().endswith((".css", ".svg")):
        _check_image(path, inline_pixels(data.decode("utf-8", "replace")))
    return data


def _check_image(path: Path, size: int | None) -> None:
    if size is None:
        raise TemplateError(
            _("{path} is not an image that can be printed, or is cut short.", path=path),
            hint=_("PNG, JPEG, GIF, WebP and SVG can be. Open it and save it again."),
        )
    if size > MAX_PIXELS:
        raise TemplateError(
            _(
                "{path} has {size:.0f} million pixels, more than {max_pixels}.",
                path=path,
                size=size / 10**6,
                max_pixels=MAX_PIXELS // 10**6,
            ),
            hint=_("300 dots an inch are enough for print: make the image smaller."),
        )


_QUOTED = r"""\s*=\s*(?:"([^"]*)"|'([^']*)')"""
_NAMED = re.compile(
    rf"""<(?:img|image|source)\b[^>]*?\s(?:src|(?:xlink:)?href){_QUOTED}
      | <link\b(?=[^>]*stylesheet)[^>]*?\shref{_QUOTED}
      | \burl\(\s*["']?([^"')]+?)["']?\s*\)""",
    re.VERBOSE | re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|\{#.*?#\}", re.DOTALL)
_WINDOWS = re.compile(r"^(?:file:/*)?(?:[A-Za-z]:[\\/]|\\\\)|\\")


def missing(texts: Mapping[str, str], resources: Collection[str]) -> Iterator[str]:
    """A sentence for each file that `texts` (by file name) name and that is not among
    `resources`. Names that an expression makes are not known here."""
    for name, text in texts.items():
        bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
        for found in _NAMED.finditer(bare):
            said = next(part for part in found.groups() if part is not None).strip()
            why = _why_missing(name, said, resources)
            if why:
                line = bare.count("\n", 0, found.start()) + 1
                yield _("{name}, line {line}: {why}", name=name, line=line, why=why)


def _why_missing(within: str, said: str, resources: Collection[str]) -> str:
    if not said or "{{" in said or "{%" in said or said.startswith(("#", "data:")):
        return ""
    if re.match(r"(?:https?:)?//", said, re.IGNORECASE):
        return _(
            "{said} is on the web, which is not read. Put the file beside the template.", said=said
        )
    if _WINDOWS.search(said):
        return _("{said} is a path of one computer. Put the file beside the template.", said=said)
    folder = posixpath.dirname(within) if within.endswith(".css") else ""
    file = posixpath.normpath(posixpath.join(folder, unquote(re.split(r"[?#]", said)[0])))
    if file in resources:
        return ""
    near = nearest(file, resources, n=1)
    if near:
        return _(
            "there is no {said} among the template's files. Is it {meant}?",
            said=said,
            meant=near[0],
        )
    return _(
        "there is no {said} among the template's files. Put it beside the template.", said=said
    )
