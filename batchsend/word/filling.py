"""A rendered source put back among the document's other parts: one letter as a .docx, in memory.

Parts are stored and not compressed: the file is read once and thrown away. Knows no rows.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from batchsend.errors import RenderingError
from batchsend.language import _
from batchsend.word.template import LANGUAGE, PART

_BREAK: Final = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB: Final = '</w:t><w:tab/><w:t xml:space="preserve">'
_ODD: Final = re.compile("\r\n|<br>|[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Ends of lines, as values and filters for HTML write them, and what XML cannot have."""
_ENDS: Final = {"\r\n", "<br>", "\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"}
_LANGUAGE: Final = LANGUAGE.encode()
_EPOCH: Final = (2000, 1, 1, 0, 0, 0)


def filled(rendered: str, parts: Mapping[str, bytes]) -> bytes:
    """The letter's .docx. RenderingError where it would be no document that can be opened."""
    split = PART.split(_ODD.sub(_plain, rendered))[1:]
    texts = dict(zip(split[::2], split[1::2], strict=True))
    language = texts.pop(LANGUAGE).encode()
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as archive:
        for name, text in texts.items():
            data = text.encode()
            _must_be_xml(data)
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
        for name, data in parts.items():
            said = data.replace(_LANGUAGE, language) if name.endswith("styles.xml") else data
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), said)
    return package.getvalue()


def _plain(found: re.Match[str]) -> str:
    said = found[0]
    if said in _ENDS:
        return _BREAK
    if said == "\t":
        return _TAB
    return ""


def _must_be_xml(data: bytes) -> None:
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise RenderingError(
            _("what the template makes of it is no document ({error}).", error=error),
            hint=_(
                "A value that is to be shown as it is goes through no filter `safe`, and a "
                "qr_code is for HTML letters."
            ),
        ) from None
