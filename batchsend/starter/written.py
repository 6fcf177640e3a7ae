"""Whether somebody has written the letter that `init` only began."""

from __future__ import annotations

from importlib.resources import files

from batchsend.errors import TemplateError
from batchsend.mailing import Mailing

__all__ = ["must_be_written"]


def must_be_written(mailing: Mailing) -> None:
    """Raise TemplateError where a template is still as `init` made it: nobody wants it posted."""
    if mailing.template is None:
        return
    found = mailing.template.path
    began = (files("batchsend.starter") / "letter" / "letter.html").read_bytes()
    for path in found.values() if isinstance(found, dict) else (found,):
        letter = mailing.folder / path
        if letter.is_file() and letter.read_bytes() == began:
            raise TemplateError(
                f"{letter} is still as `batchsend init` made it, with no letter in it.",
                hint="Write your letter there. To rehearse it as it is, add --sandbox.",
            )
