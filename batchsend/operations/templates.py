"""The templates of a mailing, loaded in the one way every step needs them."""

from __future__ import annotations

from collections.abc import Mapping

from batchsend.mailing import Mailing
from batchsend.rendering import Templates


def templates_of(mailing: Mailing, texts: Mapping[str, str] | None = None) -> Templates:
    """Read and compile what the mailing's letters are made from. Raises TemplateError.

    `texts` stand in, by LanguageID, for what a template's file says.
    """
    return Templates.load(
        mailing.template,
        folder=mailing.folder,
        pages=mailing.page,
        document=mailing.document,
        zone=mailing.checks.zone,
        texts=texts,
    )
