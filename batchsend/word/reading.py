"""A letter's file as a .docx, whichever word processor saved it.

.docx is read as it is. LibreOffice, where it is, makes one of the older and other formats.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from batchsend.errors import TemplateError, in_short
from batchsend.language import N_, _
from batchsend.scratch import ScratchFolder
from batchsend.word.office_process import Office, office

_OWN: Final = {".docx", ".dotx", ".docm", ".dotm"}
_OTHER: Final = {".doc", ".dot", ".odt", ".ott", ".rtf"}
WORD_KINDS: Final = frozenset(_OWN | _OTHER)
"""How the names of such files end."""
_MAX_BYTES: Final = 50_000_000
_LIMIT: Final = 60.0
_SAVE_AS: Final = N_("Open it in the program that wrote it and save it as a Word document (.docx)")


def docx_of(path: Path) -> bytes:
    """The bytes of the document. Raises TemplateError, without the file's name."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise TemplateError(
                _("it has more than {max_bytes} MB.", max_bytes=_MAX_BYTES // 10**6),
                hint=_("Use smaller pictures: 300 dots an inch are enough for print."),
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise TemplateError(_("there is no such file.")) from None
    except OSError as error:
        raise TemplateError(_("it cannot be read: {reason}.", reason=in_short(error))) from None
    return data if path.suffix.lower() in _OWN else _converted(data, path.suffix.lower())


def _converted(data: bytes, kind: str) -> bytes:
    if office() is None:
        raise TemplateError(
            _("a {kind} file is read with LibreOffice, which is not on this machine.", kind=kind),
            hint=_("{save_as}: File > Save As.", save_as=_(_SAVE_AS)),
        )
    with ScratchFolder() as folder:
        (folder / f"letter{kind}").write_bytes(data)
        Office(folder).convert([f"letter{kind}"], folder, to="docx", limit=_LIMIT)
        made = folder / "letter.docx"
        if not made.is_file():
            raise TemplateError(_("LibreOffice cannot read it."), hint=f"{_(_SAVE_AS)}.")
        return made.read_bytes()
