"""What a document could bring in from elsewhere, or run: refused, or taken out and said so.

Nothing of it may be left when a program opens the document: a macro, a link to a file or a web
page, a picture that is not in it, an object of another program.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Final

from lxml import etree

from batchsend.errors import TemplateError
from batchsend.language import N_, _
from batchsend.word.markup import Element, parsed, tag, w, written
from batchsend.word.package import Package, Relationship

_HARMLESS: Final = {"hyperlink"}
"""Links that are shown and that nobody follows."""
_OBJECTS: Final = {"oleObject", "package", "control", "activeXControlBinary"}
_NAMED: Final = {
    "image": N_("a picture"),
    "aFChunk": N_("another document"),
    "subDocument": N_("another document"),
    "frame": N_("a web page"),
    "video": N_("a film"),
    "audio": N_("a sound"),
}
_MACROS: Final = re.compile(r"macroEnabled|vbaProject", re.IGNORECASE)
_NORMAL: Final = re.compile(r"(?:^|[\\/])normal\.dotm?$", re.IGNORECASE)
_VML_LINKS: Final = ("src", tag("o:href"), tag("r:href"), tag("r:pict"))
_DROPPED: Final = {
    *("attachedTemplate", "mailMergeSource", "mailMergeHeaderSource", "mailMergeRecipientData"),
    *_OBJECTS,
}


def disarmed(package: Package) -> tuple[Package, tuple[str, ...]]:
    """The document without anything that leads out of it, and what to say of what was taken out.

    Raises TemplateError where the letter would not be the same without it.
    """
    if _MACROS.search(package.content_types) or any(map(_MACROS.search, package.parts)):
        raise TemplateError(
            _("it has macros, which batchsend never runs."),
            hint=_("In Word: File > Save As > Word document (.docx), which has none."),
        )
    found = list(package.relationships())
    _refuse(package, found)
    notes = list(_notes(found))
    parts = dict(package.parts)
    for name, data in package.parts.items():
        if name.endswith(".rels"):
            parts[name] = _without_links(name, data, package)
        elif name.endswith(".xml") and _looks_linked(data):
            parts[name] = _without_objects(name, data)
    for name in package.parts:
        if name.startswith(("word/embeddings/", "word/activeX/")):
            del parts[name]
    return Package(_with_known_types(parts)), tuple(dict.fromkeys(notes))


def _refuse(package: Package, found: Iterable[Relationship]) -> None:
    for each in found:
        leads_out = each.external and each.kind not in _HARMLESS | _DROPPED
        if leads_out and each.kind == "image" and not _is_needed(package, each):
            continue
        if leads_out or each.kind in {"aFChunk", "subDocument"}:
            what = _NAMED.get(each.kind, "something")
            raise TemplateError(
                _(
                    "it takes {what} from elsewhere ({target}), which is never read.",
                    what=what,
                    target=each.target[:100],
                ),
                hint=_(
                    "In Word: put it into the document itself. For a picture: Insert > "
                    "Pictures, without a link; File > Info > Edit Links to Files breaks "
                    "those that are there."
                ),
            )


def _is_needed(package: Package, link: Relationship) -> bool:
    """Whether a picture is nowhere but behind its link; Word's "Insert and Link" keeps a copy."""
    folder, base = posixpath.split(link.part)
    name = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
    if name not in package.parts:
        return True
    for element in parsed(package.parts[name], name).iter(etree.Element):
        if link.id in element.attrib.values() and not any(
            element.get(tag(kept)) not in {None, link.id} for kept in ("r:embed", "r:id")
        ):
            return True
    return False


def _notes(found: Iterable[Relationship]) -> Iterable[str]:
    for each in found:
        if each.kind == "attachedTemplate" and not _NORMAL.search(each.target):
            base = re.split(r"[\\/]", each.target)[-1]
            yield _("it is attached to the Word template {base}, which is not read.", base=base)
        elif each.kind in {"oleObject", "package"}:
            yield _("it holds an object of another program; its picture is printed as it is.")
        elif each.kind == "control":
            yield _("it holds a control (ActiveX), which is left out.")


def _without_links(name: str, data: bytes, package: Package) -> bytes:
    root = parsed(data, name)
    ids = {
        each.id
        for each in package.relationships(name)
        if (each.external and each.kind not in _HARMLESS) or each.kind in _DROPPED
    }
    for entry in list(root.iter(tag("rel:Relationship"))):
        if entry.get("Id") in ids:
            entry.getparent().remove(entry)
    return written(root)


def _looks_linked(data: bytes) -> bool:
    marks = (
        b"OLEObject",
        b"attachedTemplate",
        b"mailMerge",
        b":link=",
        b"href=",
        b" src=",
        b":control",
    )
    return any(
        mark in data for mark in (*marks, b"altChunk", b"subDoc", b"w:object", b"objectLink")
    )


def _without_objects(name: str, data: bytes) -> bytes:
    root = parsed(data, name)
    for element in list(root.iter(w("attachedTemplate"), w("mailMerge"), w("control"))):
        element.getparent().remove(element)
    for element in list(root.iter(tag("o:OLEObject"), w("objectLink"), w("objectEmbed"))):
        element.getparent().remove(element)
    for element in list(root.iter(w("object"))):
        element.tag = w("pict")  # what is left of it is its picture
    for blip in root.iter(tag("a:blip")):
        blip.attrib.pop(tag("r:link"), None)
    for shape in root.iter("{urn:schemas-microsoft-com:vml}*"):
        for attribute in _VML_LINKS:
            shape.attrib.pop(attribute, None)
    return written(root)


def _with_known_types(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The list of parts' types without those that are gone."""
    name = "[Content_Types].xml"
    root: Element = parsed(parts[name], name)
    for override in list(root.iter(tag("ct:Override"))):
        if override.get("PartName", "").lstrip("/") not in parts:
            root.remove(override)
    parts[name] = written(root)
    return parts
