"""A template's folder on disk: which files lie in it, and their bytes, within bounds.

Nothing outside of it is ever read, links followed. Knows nothing of what a template asks for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.rendering.images import MAX_PIXELS, inline_pixels, is_whole, pixels

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
