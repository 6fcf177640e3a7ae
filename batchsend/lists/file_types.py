"""What kind of file a list is, by its bytes; its name may say anything."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from batchsend.errors import ListError
from batchsend.language import N_, _
from batchsend.lists.telling_bytes import is_ebcdic, utf16_without_mark

Kind = Literal["text", "xlsx", "xlsb", "xls", "ods", "fods", "xml", "html", "parquet"]

_EXPORT = N_("Export it as CSV or as an Excel workbook.")
_TABLES = (
    b"ID;P",
    b"TABLE\n0,1",
    b"BEGIN:VCARD",
    b"begin:vcard",
    b"UNA:+",
    b"UNB+",
    b"dn: ",
    b"version: 1\ndn: ",
)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
_DBASE = (b"\x03", b"\x30", b"\x31", b"\x83", b"\x8b", b"\xf5")
_MAIL = re.compile(
    rb"^(?:Return-Path|Received|Delivered-To|From|To|Cc|Subject|Date|Message-ID|Reply-To|X-[\w-]+"
    rb"|MIME-Version): [^\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FEWEST_OF_MAIL = 3
_SETTINGS = re.compile(rb"^\[(?:list|template|payload[\w.]*|send)\]\s*$", re.MULTILINE)
_SETTING = re.compile(rb"^\w+ *= *[\"'\[{\d]", re.MULTILINE)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\0\t\n\v\f\r\x1a\x1f")
_TELLING = ("mimetype", "[content_types].xml", "meta-inf/manifest.xml", "content.xml")
"""Parts of a zip file whose beginnings say what it is."""
_HEAD = 1 << 20
_FLAT_HEAD = 1 << 16
_MHTML = re.compile(
    rb"from: <saved by|mime-version:|(?:[a-z-]+:[^\n]*\n\s*)*?content-type:\s*multipart/related"
)
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_ANSWERS = N_("Open it in Excel and save it as an Excel workbook (.xlsx) or as CSV.")
_NOT_LISTS = (
    (b"%PDF", N_("a PDF document")),
    (b"\x89PNG", N_("a picture (PNG)")),
    (b"\xff\xd8\xff", N_("a picture (JPEG)")),
    (b"GIF8", N_("a picture (GIF)")),
    (b"{\\rtf", N_("a text document (RTF)")),
    (b"\x1f\x8b", N_("a compressed file (gzip)")),
    (b"7z\xbc\xaf\x27\x1c", N_("a compressed file (7-Zip)")),
    (b"Rar!", N_("a compressed file (RAR)")),
    (b"BZh", N_("a compressed file (bzip2)")),
    (b"\xfd7zXZ", N_("a compressed file (xz)")),
    (b"\0\1\0\0Standard ", N_("a database (Access)")),
    (b"L\0\0\0\1\x14\2\0", N_("a shortcut of Windows, which points to another file")),
    (b"[InternetShortcut]", N_("a link to a page of the web")),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", N_("a notebook of OneNote")),
    (b"SQLite format 3\0", N_("a database (SQLite)")),
    (b"ID;P", N_("a SYLK file")),
    (b"TABLE\n0,1", N_("a DIF file")),
    (b"BEGIN:VCARD", N_("a file of address cards (vCard)")),
    (b"begin:vcard", N_("a file of address cards (vCard)")),
    (b"UNA:+", N_("an EDIFACT message")),
    (b"UNB+", N_("an EDIFACT message")),
    (b"version https://git-lfs", N_("a pointer to a file that Git LFS keeps; fetch that")),
    (b"BEGIN:VCALENDAR", N_("a calendar (iCalendar)")),
    (b"dn: ", N_("a file of directory entries (LDIF)")),
    (b"version: 1\ndn: ", N_("a file of directory entries (LDIF)")),
    (b"-- MySQL dump", N_("a dump of a database (SQL)")),
    (b"-- PostgreSQL database dump", N_("a dump of a database (SQL)")),
    (b"INSERT INTO ", N_("a dump of a database (SQL)")),
    (b"CREATE TABLE ", N_("a dump of a database (SQL)")),
    (b"DROP TABLE ", N_("a dump of a database (SQL)")),
    (b"BEGIN TRANSACTION", N_("a dump of a database (SQL)")),
    (b"PRAGMA ", N_("a dump of a database (SQL)")),
    (b"SET NAMES ", N_("a dump of a database (SQL)")),
    (b"/*!40", N_("a dump of a database (SQL)")),
    (b"%!PS", N_("a document (PostScript)")),
    (b"\\documentclass", N_("a document (LaTeX)")),
    (b"\\begin{", N_("a document (LaTeX)")),
    (b"\x7fELF", N_("a program")),
    (b"MZ", N_("a program")),
)


def kind_of(path: Path) -> Kind:
    """The kind of list at `path`. ListError says in words what else it is, if it is none."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zipped(path)
    if head.startswith(OLE):
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    if path.name.startswith("~$") and b"\0" in head + b"\0" * (not head):
        raise ListError(
            _(
                "{name} is not the list: Excel keeps this file beside {name_2} while that is open.",
                name=path.name,
                name_2=path.name[2:],
            ),
            hint=_("Close it in Excel, and name {name}.", name=path.name[2:]),
        )
    start = head.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for mark, what in _NOT_LISTS:
        if start.lstrip(b"\n").startswith(mark) and (mark != b"MZ" or b"\0" in head):
            raise ListError(
                _("{name} is {what}, not a list.", name=path.name, what=_(what)),
                hint=_hint(mark),
            )
    if inside := _of_inside(start, head):
        raise ListError(_("{name} is {what}, not a list.", name=path.name, what=_(inside)))
    if markup := _markup(path, head):
        return markup
    # Excel before 5: a BOF record that is not inside an OLE container.
    if head[:4] in (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"):
        return "xls"
    if re.match(rb'\s*(?:\{\s*"|\[\s*["\[{])', head):
        raise ListError(
            _("{name} holds JSON, not a list of rows and columns.", name=path.name),
            hint=_("Export it as CSV or as an Excel workbook."),
        )
    if _binary(head):
        raise ListError(
            _("{name} is not a list: it holds bytes that no text does.", name=path.name),
            hint=_(_EXPORT),
        )
    return "text"


def _hint(mark: bytes) -> str | None:
    if mark in _TABLES:
        return _(_EXPORT)
    return _("Unpack it first.") if mark in _PACKED else None


def _of_inside(start: bytes, head: bytes) -> str | None:
    """What a file is by more than its first bytes; None where that does not tell."""
    if head[4:8] == b"ftyp":
        return N_("a picture or a film")
    length = int.from_bytes(head[8:10], "little")
    # Texts begin with 0 and 1, too; none has the two bytes that dBase keeps empty.
    if head[:1] in _DBASE and head[12:14] == b"\0\0" and 0 < length <= len(head):
        return N_("a table of dBase")
    if len(_MAIL.findall(start)) >= _FEWEST_OF_MAIL and _MAIL.match(start):
        return N_("a message (e-mail)")
    if _SETTINGS.search(start) and _SETTING.search(start):
        return N_("a file of settings")
    return None


def _binary(head: bytes) -> bool:
    """Whether there are too many control characters for a text; UTF-16 is full of NULs."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if utf16_without_mark(len(head), head[::2].count(0), head[1::2].count(0)) or is_ebcdic(head):
        return False
    if head.count(0) > len(head) / 5:  # a text whose fields are filled up with NULs has lines
        return not {*b"\r\n"} & {*head} and any(head)
    return len(head.translate(None, _CONTROLS)) < 0.95 * (len(head) - head.count(0))


def _markup(path: Path, head: bytes) -> Literal["xml", "html", "fods"] | None:
    # UTF-16 with its NULs taken out is near enough to recognise a tag.
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"").lstrip().lower()
    is_book = b"urn:schemas-microsoft-com:office:spreadsheet" in start
    if is_book and start.startswith((b"<?xml", b"<workbook", b"<ss:workbook")):
        return "xml"
    if b"<office:document " in start and _is_flat_spreadsheet(path):
        return "fods"
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")) or (
        start.startswith(b"<") and (b"<html" in start or b"<table" in start)
    ):
        return "html"
    if start.startswith(b"<?xml"):
        raise ListError(_("{name} is an XML file, not a list.", name=path.name), hint=_(_ANSWERS))
    if _MHTML.match(start):
        raise ListError(
            _(
                "{name} is a saved web page (MHTML), although its name says otherwise.",
                name=path.name,
            ),
            hint=_(_ANSWERS),
        )
    return None


def _is_flat_spreadsheet(path: Path) -> bool:
    """Whether a flat OpenDocument file is a spreadsheet, which its first element says."""
    with path.open("rb") as file:
        return b"opendocument.spreadsheet" in file.read(_FLAT_HEAD)


def protected(path: Path) -> ListError:
    """What to say of a workbook that asks for a password."""
    return ListError(
        _("{name} is protected by a password.", name=path.name),
        hint=_("Open it in Excel, take the password off under File > Info, and save it."),
    )


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_HEAD)


def _zipped(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {
                name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()
            }
            heads = {part: _head(archive, names[part]) for part in _TELLING if part in names}
    except _DAMAGES as error:
        raise ListError(
            _("{name} is damaged or incomplete.", name=path.name),
            hint=_("Copy or download it again; if Excel opens it, save it there under a new name."),
        ) from error
    said = b" ".join(heads.values())
    if b"opendocument.spreadsheet" in said or b"<office:spreadsheet" in said:
        return "ods"
    if "xl/workbook.bin" in names or b"ms-excel.sheet.binary" in said:
        return "xlsb"
    if any(name.startswith("xl/") for name in names) or b"spreadsheetml" in said:
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        raise ListError(_("{name} is a Word document, not a list.", name=path.name))
    if any(name.startswith("ppt/") for name in names):
        raise ListError(_("{name} is a presentation, not a list.", name=path.name))
    if any(name.endswith(".iwa") for name in names):
        if path.suffix.lower() in {".pages", ".key"}:
            raise ListError(
                _("{name} is a document of Apple's Pages or Keynote, not a list.", name=path.name)
            )
        raise ListError(_("{name} is an Apple Numbers document.", name=path.name), hint=_(_ANSWERS))
    raise ListError(
        _("{name} is a zip file, but not a workbook.", name=path.name),
        hint=_("If the list is inside it, unpack it first."),
    )
