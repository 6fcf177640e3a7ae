"""Enclosures: a letter's ready-made documents as the check sees them, before anything is sent.

Only what `[document]` names from data is looked at letter by letter; what every letter has was read
with the templates. Knows nothing of engines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

from batchsend.errors import RenderingError
from batchsend.expressions import Names
from batchsend.letters import Letter, Look, Looked
from batchsend.lists import Column
from batchsend.masking import masked_in_text
from batchsend.rendering.context import context_of
from batchsend.rendering.page_checks import check_recipient
from batchsend.rendering.pdf import open_pdf
from batchsend.rendering.ready_made import ReadyMade
from batchsend.rendering.templates import Templates

_REMEMBERED = 10_000
"""Documents that are not read again for the next letter that has them."""


def enclosures(templates: Templates, columns: Sequence[Column]) -> Look | None:
    """What looks at a letter's documents; None where `[document]` names none from data.

    Wrong with them may be that one is missing, no PDF, protected or too long, or that the one that
    is the letter does not name its recipient.
    """
    ready_made, names = templates.ready_made, Names(columns)
    if not ready_made.names_data:
        return None

    @lru_cache(_REMEMBERED)
    def look(name: str) -> tuple[bytes, bool]:
        data = ready_made.read(name)
        with open_pdf(data) as pdf:
            return hashlib.sha256(data).digest(), pdf.encrypted

    def enclosed(letter: Letter) -> Looked:
        rules = templates.pages.for_channel(letter.channel)
        context = context_of(letter, names)
        hashes, file = [], ""
        try:
            own = ready_made.own_name(context)
            for name in ready_made.names(context):
                digest, encrypted = look(name)
                if encrypted and rules.rules.encryption == "hold":
                    raise RenderingError(f"{name} is encrypted.")
                hashes.append(digest)
            file = _one_name(ready_made, own)
            if own and rules.rules.recipient == "hold":
                for finding in check_recipient(ready_made.read(own), rules, letter.fields):
                    raise RenderingError(
                        f"{own}: {finding.message}",
                        hint="Put the right PDF there; or, where it need not name anybody, set "
                        f'recipient = "warn" under [page.{letter.channel}.rules].',
                    )
        except RenderingError as error:
            said = f"{error.message} {error.hint}" if error.hint else error.message
            wrong = masked_in_text(f"[document]: {said.removeprefix('[document] ')}")
            return Looked(file=file, wrong=wrong)
        return Looked(_digest(hashes), file)

    return enclosed


def _one_name(ready_made: ReadyMade, name: str) -> str:
    """The one name of a file that may be no other letter's, however the list writes it."""
    if not name or ready_made.settings.shared:
        return ""
    folder = ready_made.folder.resolve()
    return (folder / name).resolve().relative_to(folder).as_posix()


def documents_digest(documents: Iterable[bytes]) -> str:
    """The hash of a letter's documents, as the check made it."""
    return _digest(hashlib.sha256(document).digest() for document in documents)


def _digest(hashes: Iterable[bytes]) -> str:
    joined = b"".join(hashes)
    return hashlib.blake2b(joined, digest_size=16).hexdigest() if joined else ""
