"""Package: the parts of a .docx, read once and held in memory.

Bounded in number and size: a file of a few kilobytes can hold gigabytes. Knows nothing of what the
parts say, but for their relationships.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from batchsend.errors import TemplateError
from batchsend.language import _
from batchsend.word.markup import Element, parsed, tag, w

CONTENT_TYPES: Final = "[Content_Types].xml"
MAX_PARTS: Final = 2_000
MAX_BYTES: Final = 50_000_000
_OLE: Final = b"\xd0\xcf\x11\xe0"
_LETTER: Final = w("document")


@dataclass(frozen=True, slots=True)
class Relationship:
    """One entry of a .rels part."""

    part: str
    """The .rels part it stands in."""
    id: str
    kind: str
    """The last word of its type, as `image`."""
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Package:
    """The parts by name, without those that are only folders."""

    parts: Mapping[str, bytes]

    @classmethod
    def read(cls, data: bytes) -> Package:
        """Take a file apart. Raises TemplateError where it is no document of Word's."""
        if data.startswith(_OLE):
            raise TemplateError(
                _("it is protected with a password, or saved in the format of Word 97."),
                hint=_("In Word: File > Save As > Word document (.docx), without a password."),
            )
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if len(entries) > MAX_PARTS or sum(e.file_size for e in entries) > MAX_BYTES:
                    raise TemplateError(
                        _(
                            "it holds more than {max_parts} parts or {max_bytes} MB.",
                            max_parts=MAX_PARTS,
                            max_bytes=MAX_BYTES // 10**6,
                        ),
                        hint=_("Use smaller pictures: 300 dots an inch are enough for print."),
                    )
                parts = {entry.filename.lstrip("/"): archive.read(entry) for entry in entries}
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
            raise TemplateError(
                _("it is not a Word document, or is cut short."),
                hint=_("Open it in Word and save it as a Word document (.docx)."),
            ) from None
        package = cls(parts)
        if package.main not in parts or parsed(parts[package.main], package.main).tag != _LETTER:
            raise TemplateError(
                _("it is a file of another program, with no letter in it that Word could open."),
                hint=_("In Word: File > Save As > Word document (.docx)."),
            )
        return package

    @property
    def main(self) -> str:
        """The name of the part that is the letter itself."""
        for relationship in self.relationships("_rels/.rels"):
            if relationship.kind == "officeDocument":
                return relationship.target.lstrip("/")
        return "word/document.xml"

    def relationships(self, part: str = "") -> Iterator[Relationship]:
        """Those of one .rels part, or of all."""
        for name in [part] if part else sorted(n for n in self.parts if n.endswith(".rels")):
            if name not in self.parts:
                continue
            for entry in parsed(self.parts[name], name).iter(tag("rel:Relationship")):
                yield Relationship(
                    part=name,
                    id=entry.get("Id", ""),
                    kind=entry.get("Type", "").rpartition("/")[2],
                    target=entry.get("Target", ""),
                    external=_leads_outside(entry),
                )

    def of_main(self, *kinds: str) -> list[str]:
        """The names of the parts of these kinds that the letter has, as `header`."""
        folder, base = posixpath.split(self.main)
        found = [
            posixpath.normpath(posixpath.join(folder, each.target)).lstrip("/")
            if not each.target.startswith("/")
            else each.target.lstrip("/")
            for each in self.relationships(f"{folder}/_rels/{base}.rels")
            if each.kind in kinds and not each.external
        ]
        return [name for name in dict.fromkeys(found) if name in self.parts]

    @property
    def content_types(self) -> str:
        """The part that says what each part is, as text."""
        return self.parts.get(CONTENT_TYPES, b"").decode("utf-8", "replace")


def _leads_outside(entry: Element) -> bool:
    target = entry.get("Target", "")
    return entry.get("TargetMode") == "External" or "://" in target or target.startswith("file:")
