"""PreviewWriter: rendered letters become a preview's files and its contact sheet; and
PreviewFolder, where they are written, beside whatever else may lie there.

The folder replaces and removes files that a preview wrote, and never another. Files are readable by
their owner only: they hold personal data. The writer knows letters as they come from rendering, and
not how they came to be rendered.
"""

from __future__ import annotations

import os
import re
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from batchsend.errors import ReportError
from batchsend.language import _, ngettext
from batchsend.letters import Checked, Letter, RowSet
from batchsend.previews.contact_sheet import (
    LONGEST_SHEET,
    Mask,
    Shown,
    contact_sheet,
    file_stem,
    texts_of,
)
from batchsend.previews.pictures import page_pictures
from batchsend.rendering import PageSettings, RenderedLetter

MANIFEST = ".batchsend-preview"
"""Lists the names of our files in the folder, one to a line."""
PLAIN_NAME = re.compile(r"\w[\w.-]*", re.ASCII)


class PreviewFolder:
    """A folder taking a new preview; `finish` removes what is left of the one before."""

    def __init__(self, path: Path) -> None:
        """Make the folder where there is none. Raises ReportError."""
        self.path = path
        self._written: set[str] = set()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._earlier = _listed(path / MANIFEST)
        except OSError as error:
            raise _in_words(path, error) from error

    def write(self, name: str, content: bytes) -> Path:
        """Put a file in place at once, so that no reader ever sees half of it.

        Raises ReportError, also where a file of that name is not ours.
        """
        path = self.path / name
        try:
            if name not in self._earlier | self._written:
                if os.path.lexists(path):
                    raise ReportError(
                        _(
                            "There is a file {path} that no preview wrote; it is not changed.",
                            path=path,
                        ),
                        hint=_("Name another folder with --out."),
                    )
                # Listed before it is there: whatever happens in between, it is known as ours.
                _append(self.path / MANIFEST, f"{name}\n")
            _replace(path, content)
        except OSError as error:
            raise _in_words(path, error) from error
        self._written.add(name)
        return path

    def finish(self) -> None:
        """Remove the files of an earlier preview that this one has not replaced."""
        try:
            for name in self._earlier - self._written:
                (self.path / name).unlink(missing_ok=True)
            _replace(self.path / MANIFEST, "".join(f"{n}\n" for n in self._written).encode())
        except OSError as error:
            raise _in_words(self.path, error) from error


def previewed_files(folder: Path) -> list[Path]:
    """The files in a folder that previews wrote, and halves of files that a killed one left."""
    ours = [folder / name for name in _listed(folder / MANIFEST)]
    return [*(path for path in ours if path.is_file()), *folder.glob(f"{MANIFEST}.*.new")]


def _listed(manifest: Path) -> set[str]:
    if not manifest.is_file():
        return set()
    names = manifest.read_text(encoding="ascii", errors="replace").splitlines()
    # A name is never a way out of the folder, whoever wrote the list.
    return {name for name in names if PLAIN_NAME.fullmatch(name)}


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{MANIFEST}.", suffix=".new")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _append(path: Path, line: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        file.write(line)


def _in_words(path: Path, error: OSError) -> ReportError:
    if isinstance(error, PermissionError):
        return ReportError(
            _("{path} may not be written, or is open in another program.", path=path),
            hint=_("Close it there, or name another folder with --out."),
        )
    return ReportError(
        _(
            "The preview cannot be written: {path}: {strerror}.",
            path=path,
            strerror=error.strerror or error,
        ),
        hint=_("Name another folder with --out."),
    )


PAGES = 20
"""So many pages of a letter are pictured; more than that no printer takes."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview came to."""

    written: int
    """Letters."""
    index: Path
    """The contact sheet."""
    files: tuple[Path, ...]
    """A PDF, a JSON file and a PNG of each page of each letter."""
    letters: tuple[Shown, ...]
    """What the contact sheet shows, in list order; at most `LONGEST_SHEET`."""
    not_shown: tuple[tuple[int, str], ...]
    """Rows that make no letter, and why."""


class PreviewWriter:
    """Where rendered letters are put: their files in the folder, what is shown in the sheet."""

    def __init__(
        self,
        folder: PreviewFolder,
        checked: Checked,
        *,
        why: Mapping[int, tuple[str, ...]],
        marks: PageSettings | None,
    ) -> None:
        self._folder, self._checked, self._why, self._marks = folder, checked, why, marks
        self._files: list[Path] = []
        self._shown: list[Shown] = []
        self._not_shown: list[tuple[int, str]] = []
        self._left_out = 0
        self._written = 0

    def put(self, letter: Letter, prepared: RenderedLetter) -> None:
        """Write a rendered letter's files; where it could not be rendered, remember why."""
        mask = Mask.of(letter, self._checked.snapshot)
        body = orjson.loads(prepared.body) if prepared.body else {"Letter": dict(letter.fields)}
        pdf = b64decode(body["Letter"].pop("FreeText", ""))
        request = mask(body)
        row, pages = prepared.entry.row, prepared.entry.pages or 0
        stem = file_stem(row, request["Letter"]["Identifier"])
        pictures = self._write(stem, pdf, request, letter.channel) if pdf else ()
        warnings = [*self._warnings(letter), *prepared.warnings]
        if pages > PAGES:
            warnings.append(
                _(
                    "Only the first {shown} of its {pages} pages are pictured.",
                    shown=PAGES,
                    pages=pages,
                )
            )
        self._add(
            Shown(
                row=row,
                why=self._why.get(row, ()),
                name=request["Letter"]["Invoicee"]["Name"],
                summary=_summary(letter, prepared),
                fields=tuple(texts_of(request["Letter"])),
                pages=pages,
                pictures=pictures,
                warnings=tuple(mask(warnings)),
                stem=stem,
            )
        )
        if prepared.error:
            self.refuse(letter, prepared.error)

    def refuse(self, letter: Letter, why: str) -> None:
        """Say of a letter that was put here that it will not be sent as it is."""
        row, reason = letter.rows[0].number, Mask.of(letter, self._checked.snapshot)(why)
        self._not_shown.append((row, reason))
        self._shown = [
            replace(shown, error=reason) if shown.row == row else shown for shown in self._shown
        ]

    def keep_back(self, rows: RowSet) -> None:
        """Say of which of these rows no letter was made, because of what is in them."""
        held = self._checked.snapshot.frame.filter(pl.col("held"), rows.contains(pl.col("row")))
        for row, reasons in held.select("row", "reasons").collect().iter_rows():
            self._not_shown.append((row, reasons))
            self._add(Shown(row, error=reasons))

    def finish(self, name: str) -> Preview:
        """Write the contact sheet."""
        shown = sorted(self._shown, key=lambda one: one.row)
        html = contact_sheet(name, shown, made=datetime.now(), left_out=self._left_out)
        index = self._folder.write("index.html", html.encode())
        self._folder.finish()
        return Preview(
            written=self._written,
            index=index,
            files=tuple(self._files),
            letters=tuple(shown),
            not_shown=tuple(sorted(self._not_shown)),
        )

    def _write(
        self, stem: str, pdf: bytes, request: dict[str, Any], channel: str
    ) -> tuple[bytes, ...]:
        """A letter's files; its pictures are handed back."""
        rules = self._marks.for_channel(channel) if self._marks else None
        pictures = tuple(islice(page_pictures(pdf, rules), PAGES))
        contents = {
            f"{stem}.pdf": pdf,
            f"{stem}.json": orjson.dumps(request, option=orjson.OPT_INDENT_2),
            **{f"{stem}-page-{n}.png": picture for n, picture in enumerate(pictures, start=1)},
        }
        self._files += [self._folder.write(name, data) for name, data in contents.items()]
        self._written += 1
        return pictures

    def _add(self, shown: Shown) -> None:
        if len(self._shown) < LONGEST_SHEET:
            self._shown.append(shown)
        elif shown.pictures:
            self._left_out += 1

    def _warnings(self, letter: Letter) -> Iterator[str]:
        """What the check warned of in the letter's rows."""
        rows = [row.number for row in letter.rows]
        warned = self._checked.problems.filter(
            pl.col("severity") == "warning", pl.col("row").is_in(rows)
        )
        for column, message in warned.select("column", "message").iter_rows():
            yield f"{column}: {message}" if column else message


def _summary(letter: Letter, prepared: RenderedLetter) -> str:
    parts = [letter.channel, letter.language]
    if len(letter.rows) > 1:
        parts.append(ngettext("{number:,} row", "{number:,} rows", len(letter.rows)))
    if pages := prepared.entry.pages:
        parts.append(ngettext("{number} page", "{number} pages", pages))
    return " · ".join([*parts, prepared.entry.engine])
