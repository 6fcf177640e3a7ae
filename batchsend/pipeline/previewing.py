"""list -> check -> letter -> render, for a few rows, to be looked at before sending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import polars as pl

from batchsend.errors import RenderingError, ReportError
from batchsend.expressions import masked
from batchsend.letters import Checked, Letter, RowSet
from batchsend.mailing import Mailing
from batchsend.pipeline.checking import check_into
from batchsend.rendering import Document, Renderer, Templates

__all__ = ["Preview", "preview"]

FIRST = 5
"""Letters shown where no rows are named."""
SECRET = "********"  # noqa: S105 - what stands in for one


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview came to."""

    files: tuple[Path, ...]
    """A PDF and a JSON file of each letter."""
    not_shown: tuple[tuple[int, str], ...]
    """Rows that make no letter, and why."""


def preview(mailing: Mailing, *, out: Path, rows: RowSet | None = None) -> Preview:
    """Write the PDF and the request of the letters of `rows` to the folder `out`.

    Without `rows`, the first five letters. The request is written without the PDF, secrets and
    national ids masked. Raises SettingsError, ListError, TemplateError, or ReportError where a
    file cannot be written.
    """
    templates = Templates.load(mailing.template, folder=mailing.folder)
    files: list[Path] = []
    with TemporaryDirectory(prefix="batchsend-") as folder:
        checked = check_into(Path(folder) / "snapshot.parquet", mailing, templates)
        not_shown = list(_held(checked, rows)) if rows is not None else []
        renderer = Renderer(templates, checked.snapshot.columns)
        letters = checked.snapshot.letters(rows)
        for letter in letters if rows is not None else islice(letters, FIRST):
            try:
                files += _write(letter, renderer.render(letter), out)
            except RenderingError as error:
                not_shown.append((letter.rows[0].number, str(error)))
    return Preview(tuple(files), tuple(not_shown))


def _held(checked: Checked, rows: RowSet) -> Iterator[tuple[int, str]]:
    held = checked.snapshot.frame.filter(pl.col("held"), rows.contains(pl.col("row")))
    yield from held.select("row", "reasons").collect().iter_rows()


def _write(letter: Letter, document: Document, out: Path) -> tuple[Path, Path]:
    harmless = re.sub(r"[^\w.-]+", "_", letter.identifier)[:80]
    stem = f"{letter.rows[0].number:05}-{harmless}"
    pdf, request = out / f"{stem}.pdf", out / f"{stem}.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        pdf.write_bytes(document.pdf)
        request.write_bytes(orjson.dumps(_shown(letter), option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise ReportError(
            f"The preview cannot be written to {out}: {error.strerror}.",
            hint="Name another folder with --out.",
        ) from error
    return pdf, request


def _shown(letter: Letter) -> dict[str, Any]:
    """The request as it may be shown: no PDF, no secrets, no full national id."""
    fields = dict(letter.fields)
    recipient = dict(fields["Invoicee"])
    if recipient.get("NationalId"):
        recipient["NationalId"] = masked(recipient["NationalId"])
    return {
        "Letter": {**fields, "Invoicee": recipient},
        "Subscription": {"SubscriptionId": SECRET, "StorageId": SECRET},
    }
