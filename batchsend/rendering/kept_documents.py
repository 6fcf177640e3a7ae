"""KeptDocuments: documents that were rendered before anybody was asked, kept to be sent.

A document is found by a hash of all that it was made from, and its file says so once more, so that
it cannot go out as any other letter's. What is not found, or is not whole, is rendered again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from batchsend.letters import Letter
from batchsend.lists import Column, Figure
from batchsend.rendering.document import Document
from batchsend.rendering.templates import Templates
from batchsend.version import __version__

ROOM_LEFT = 1_000_000_000
"""Bytes that stay free on the disk, which the ledger needs more: nothing is kept beyond that."""


@dataclass(frozen=True, slots=True)
class KeptDocuments:
    """A folder of documents, all made with the same templates of a list with the same columns."""

    folder: Path
    """Private to its owner, and removed by whoever made it."""
    made_with: str
    """A hash of all that the letters have in common."""

    @classmethod
    def at(cls, folder: Path, templates: Templates, columns: tuple[Column, ...]) -> KeptDocuments:
        """Those that are, or will be, in `folder` by these templates."""
        return cls(folder, _made_with(templates, columns))

    def keep(self, letter: Letter, document: Document) -> None:
        """Keep the document that was rendered from this very letter, if there is room for it."""
        head = orjson.dumps(
            {
                "key": (key := self._key(letter)),
                "identifier": letter.identifier,
                "pages": document.pages,
                "engine": document.engine,
                "warnings": document.warnings,
                "pdf": hashlib.sha256(document.pdf).hexdigest(),
            }
        )
        with suppress(OSError):  # it is rendered again then
            if shutil.disk_usage(self.folder).free < ROOM_LEFT + len(document.pdf):
                return
            unfinished = self.folder / f"{key}.{os.getpid()}"
            try:
                unfinished.write_bytes(head + b"\n" + document.pdf)
                unfinished.replace(self.folder / key)
            finally:
                unfinished.unlink(missing_ok=True)

    def of(self, letter: Letter) -> Document | None:
        """The document that was rendered from this very letter; None where there is none."""
        key = self._key(letter)
        try:
            head, _, pdf = (self.folder / key).read_bytes().partition(b"\n")
            said = orjson.loads(head)
            ours = said["key"] == key and said["identifier"] == letter.identifier
            if not ours or said["pdf"] != hashlib.sha256(pdf).hexdigest():
                return None
            return Document(pdf, said["pages"], said["engine"], tuple(said["warnings"]))
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _key(self, letter: Letter) -> str:
        rows = [(row.number, [_written(cell) for cell in row.cells]) for row in letter.rows]
        facts = (
            self.made_with,
            date.today().isoformat(),  # a template may ask for it
            letter.identifier,
            letter.channel,
            letter.language,
            letter.content,
            letter.fields,
            rows,
        )
        return hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _written(cell: str) -> tuple[str, str | None]:
    return str(cell), cell.stored if isinstance(cell, Figure) else None


def _made_with(templates: Templates, columns: tuple[Column, ...]) -> str:
    settings = (templates.settings, templates.pages, templates.ready_made.settings)
    facts = (
        __version__,
        templates.digest,
        templates.engine,
        templates.zone,
        [each.model_dump_json() for each in settings],
        [(each.index, each.heading, each.name, each.formatted) for each in columns],
    )
    return hashlib.sha256(orjson.dumps(facts)).hexdigest()
