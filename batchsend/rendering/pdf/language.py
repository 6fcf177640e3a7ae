"""A PDF's language and shown title, added to what PlutoPrint writes: it leaves both out.

The catalog is the last object of the last stream of objects, and only its length and the table of
offsets stand behind it, so that those are written again and nothing else is read: 0.03 ms a letter,
and nothing to be looked up twice by who reads it. Knows how cairo writes a PDF; one that is written
otherwise stays as it is.
"""

from __future__ import annotations

import re
import zlib

_LANGUAGE = re.compile(r"<html\b[^>]*?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\b")
_PACKED = re.compile(
    rb"(?P<head>/Type /ObjStm\s+/Length \d+ 0 R\s+/N \d+\s+/First (?P<first>\d+))"
    rb"\s+/Filter /FlateDecode\s*>>\s*stream\n"
)
_BEHIND = re.compile(
    rb"\nendstream\s+endobj\s+(?P<length>\d+) 0 obj\s+\d+\s+endobj\s+"
    rb"(?P<table>(?P<number>\d+) 0 obj\s*<< /Type /XRef)\s+/Length \d+\s+/Filter /FlateDecode"
    rb"(?P<size>\s+/Size \d+)\s+/W \[1 (?P<offset>\d) (?P<other>\d)\]"
    rb"(?P<said>\s+/Root (?P<root>\d+) 0 R(?:\s+/Info \d+ 0 R)?\s*>>\s*stream\n)"
)
_END = re.compile(rb"\s*endstream\s+endobj\s+startxref\s+(\d+)\s+%%EOF\s*")
_ATTRIBUTES = 2000
"""Characters of HTML in which its first tag ends."""


def language_of(html: str) -> str:
    """The language that HTML says it is in, as `nb`; empty where it says none.

    >>> language_of('<!doctype html><html class="a" lang="nb-NO">')
    'nb-NO'
    """
    found = _LANGUAGE.search(html, 0, _ATTRIBUTES)
    return found[1] if found else ""


def in_language(pdf: bytes, language: str) -> bytes:
    """The PDF with that language, and its title in place of its file name in a reader's window."""
    packed = _PACKED.match(pdf, max(0, pdf.rfind(b"/Type /ObjStm")))
    objects, rest = _inflated(pdf[packed.end() :]) if packed else (b"", b"")
    behind = _BEHIND.match(rest)
    if packed is None or behind is None:
        return pdf
    entries, rest = _inflated(rest[behind.end() :])
    end = _END.fullmatch(rest)
    table = pdf.find(behind["table"], packed.end())
    catalog = _said_in(objects, int(packed["first"]), int(behind["root"]), language)
    if end is None or int(end[1]) != table or not catalog:
        return pdf
    # Stored as they are: to compress so little takes longer than all the rest.
    begin = b"%b\n>>\nstream\n%b\nendstream\nendobj\n" % (pdf[: packed.end("head")], catalog)
    length = b"%b 0 obj\n   %d\nendobj\n" % (behind["length"], len(catalog))
    places = {int(behind["length"]): len(begin), int(behind["number"]): len(begin) + len(length)}
    wide, other = int(behind["offset"]), int(behind["other"])
    while max(places.values()) >= 256**wide:
        row = 1 + wide + other
        rows = (entries[at : at + row] for at in range(0, len(entries), row))
        entries, wide = b"".join(each[:1] + b"\0" + each[1:] for each in rows), wide + 1
    for number, place in places.items():
        at = number * (1 + wide + other) + 1
        entries = entries[:at] + place.to_bytes(wide, "big") + entries[at + wide :]
    return b"".join(
        (
            begin,
            length,
            b"%b\n   /Length %d" % (behind["table"], len(entries)),
            b"%b\n   /W [1 %d %d]%b" % (behind["size"], wide, other, behind["said"]),
            entries,
            b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[int(behind["number"])],
        )
    )


def _inflated(data: bytes) -> tuple[bytes, bytes]:
    """A compressed stream, and what stands behind it; both empty where it is none."""
    stream = zlib.decompressobj()
    try:
        return stream.decompress(data), stream.unused_data
    except zlib.error:
        return b"", b""


def _said_in(objects: bytes, first: int, root: int, language: str) -> bytes:
    """The objects with the language in the catalog, which is the last; empty where it is not, or
    says one already.
    """
    places = objects[:first].split()
    last = objects[first + int(places[-1]) :].strip() if places else b""
    if not last.startswith(b"<< /Type /Catalog") or b"/Lang" in last or int(places[-2]) != root:
        return b""
    said = b" /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>\n" % language.encode()
    return objects.rstrip()[:-2].rstrip() + said
