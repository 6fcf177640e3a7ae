"""The zip file around a workbook, opened with care: its size is looked at before its content."""

from __future__ import annotations

import codecs
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple
from xml.parsers import expat

from batchsend.errors import ListError
from batchsend.language import _

_CHUNK = 1 << 20
_LARGEST = 4 << 30  # the fullest sheet Excel can save has some 3 GB of XML
_LARGEST_IN_MEMORY = 1 << 30
_LONGEST_PIECE = 64 << 20
_PREFIX = re.compile(r"<(\w+):(?:worksheet|sst)\b")
_SUSPECT_SIZE = 64 << 20
_SUSPECT_RATIO = 400  # sheets shrink to a tenth or twentieth, rarely a hundredth; bombs to 1/1000


def damaged(path: Path) -> ListError:
    """What to say of a file that does not hold what it must."""
    return ListError(
        _("{name} is damaged or incomplete.", name=path.name),
        hint=_("Copy or download it again; if Excel opens it, save it there under a new name."),
    )


class Relationship(NamedTuple):
    """A part of a workbook that another refers to."""

    kind: str
    """`worksheet`, `styles`, …: the last word of its type."""
    part: str


class Archive:
    """The parts of a zipped workbook."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path)
        self._names = {plain_name(name): name for name in self._zip.namelist()}

    def __contains__(self, name: str) -> bool:
        return plain_name(name) in self._names

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """A part, opened for reading. ListError if it is too large to be meant well."""
        try:
            entry = self._zip.getinfo(self._names[plain_name(name)])
        except KeyError:
            raise damaged(self.path) from None
        ratio = entry.file_size / max(entry.compress_size, 1)
        if entry.file_size > _LARGEST or (
            entry.file_size > _SUSPECT_SIZE and ratio > _SUSPECT_RATIO
        ):
            raise ListError(
                _(
                    "{name} unpacks to far more than any list ({file_size:,} MB): it is "
                    "damaged, or made to do harm.",
                    name=self.path.name,
                    file_size=entry.file_size >> 20,
                ),
                hint=_("Open it in Excel and save the list under a new name."),
            )
        with self._zip.open(entry) as file:
            yield file

    def read(self, name: str) -> bytes:
        """A whole part; only for those that are small in any sound workbook."""
        with self.member(name) as file:
            content = file.read(_LARGEST_IN_MEMORY + 1)
        if len(content) > _LARGEST_IN_MEMORY:
            raise damaged(self.path)
        return content

    def texts(self, name: str, end: str) -> Iterator[str]:
        """The XML of a part as text, some megabytes at a time, each piece ending with `end` but
        for the last. Namespace prefixes of its root (`<x:row>`) are taken off.
        """
        with self.member(name) as file:
            head = file.read(_CHUNK)
            decoder = codecs.getincrementaldecoder(_encoding(head))()
            text = decoder.decode(head)
            if "<!DOCTYPE" in text:
                raise damaged(self.path)
            prefix = _PREFIX.search(text)
            rest = ""
            while text or rest:
                text = rest + text
                if prefix:
                    text = text.replace(f"<{prefix[1]}:", "<").replace(f"</{prefix[1]}:", "</")
                cut = text.rfind(end) + len(end) if end in text else 0
                yield text[:cut]
                rest = text[cut:]
                if len(rest) > _LONGEST_PIECE:
                    raise damaged(self.path)
                chunk = file.read(_CHUNK)
                text = decoder.decode(chunk, not chunk)
                if not chunk:
                    yield rest + text
                    return

    def relationships(self, name: str) -> dict[str, Relationship]:
        """What the part `name` refers to, by the ids it uses for them."""
        folder, base = posixpath.split(name)
        rels = f"{folder}/_rels/{base}.rels"
        found: dict[str, Relationship] = {}
        if rels not in self:
            return found

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                joined = target if target.startswith("/") else posixpath.join(folder, target)
                found[attributes.get("Id", "")] = Relationship(
                    attributes.get("Type", "").rpartition("/")[2],
                    posixpath.normpath(joined).lstrip("/"),
                )

        parser = new_parser()
        parser.StartElementHandler = start
        parser.Parse(self.read(rels), True)
        return found

    def related(self, name: str, kind: str, usual: str) -> str:
        """The part of this `kind` that `name` refers to; or else `usual` beside it, if it is there,
        or "".
        """
        targets = self.relationships(name).values()
        found = next((t.part for t in targets if t.kind == kind and t.part in self), "")
        beside = posixpath.join(posixpath.dirname(name), usual)
        return found or (beside if beside in self else "")


class FlatFile(Archive):
    """A workbook in one XML file, which is every part that is asked for by name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __contains__(self, name: str) -> bool:
        return False

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:  # noqa: ARG002 - it has but one
        """The file, opened for reading."""
        with self.path.open("rb") as file:
            yield file


def plain_name(name: str) -> str:
    """The name of a part as others are compared with it.

    Some programs write a leading slash, backslashes (.NET before 4.6.1), or other capitals than
    where they refer to it.
    """
    return name.replace("\\", "/").lstrip("/").lower()


def _encoding(head: bytes) -> str:
    for mark, codec in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if head.startswith(mark):
            return codec
    declared = re.match(rb"<\?xml[^>]*\sencoding\s*=\s*[\"']([\w-]+)[\"']", head)
    return declared[1].decode() if declared else "utf-8"


def local(tag: str) -> str:
    """The tag without its namespace prefix."""
    return tag.rpartition(":")[2]


def new_parser() -> expat.XMLParserType:
    """An XML parser that refuses document types, and with them every kind of entity bomb."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def refuse(*_other: object) -> None:
        raise expat.ExpatError(_("a document type is not allowed here"))

    parser.StartDoctypeDeclHandler = refuse
    return parser
