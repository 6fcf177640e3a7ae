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

    read = lru_cache(1)(ready_made.read)  # for all that is asked of one document

    @lru_cache(_REMEMBERED)
    def look(name: str) -> tuple[bytes, bool]:
        data = read(name)
        with open_pdf(data) as pdf:
            return hashlib.sha256(data).digest(), pdf.encrypted

    def enclosed(letter: Letter) -> Looked:
        rules = templates.pages.for_channel(letter.channel)
        context = context_of(letter, names)
        hashes: list[bytes] = []
        file = contents = ""
        try:
            own = ready_made.own_name(context)
            for name in ready_made.names(context):
                digest, encrypted = look(name)
                hashes.append(digest)
                if name == own and not ready_made.settings.shared:
                    file, contents = own, digest.hex()
                if encrypted and rules.rules.encryption == "hold":
                    raise RenderingError(f"{name} is encrypted.")
                if name == own and rules.rules.recipient == "hold":
                    for finding in check_recipient(read(own), rules, letter.fields):
                        raise RenderingError(
                            f"{own}: {finding.message}",
                            hint="Put the right PDF there; or, where it need not name anybody, set "
                            f'recipient = "warn" under [page.{letter.channel}.rules].',
                        )
        except RenderingError as error:
            said = f"{error.message} {error.hint}" if error.hint else error.message
            wrong = masked_in_text(f"[document]: {said.removeprefix('[document] ')}")
            return Looked(file=file, contents=contents, wrong=wrong)
        return Looked(_digest(hashes), file, contents)

    return enclosed


def documents_digest(documents: Iterable[bytes]) -> str:
    """The hash of a letter's documents, as the check made it."""
    return _digest(hashlib.sha256(document).digest() for document in documents)


def _digest(hashes: Iterable[bytes]) -> str:
    joined = b"".join(hashes)
    return hashlib.blake2b(joined, digest_size=16).hexdigest() if joined else ""
