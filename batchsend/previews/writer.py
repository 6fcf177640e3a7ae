"""PreviewWriter: rendered letters become a preview's files and its contact sheet.

Knows letters as they come from rendering, and not how they came to be rendered.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from batchsend.language import _, ngettext
from batchsend.letters import Checked, Letter, RowSet
from batchsend.previews.folder import PreviewFolder
from batchsend.previews.pictures import page_pictures
from batchsend.previews.sheet import LONGEST_SHEET, Mask, Shown, contact_sheet, file_stem, texts_of
from batchsend.rendering import PageSettings, RenderedLetter

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
