"""Enclosures: a letter's ready-made documents as the check sees them, before anything is sent.

Only what `[document]` names from data is looked at letter by letter; what every letter has was read
with the templates. Knows nothing of engines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from batchsend.errors import RenderingError
from batchsend.expressions import Names
from batchsend.letters import Letter
from batchsend.lists import Column
from batchsend.masking import masked_in_text
from batchsend.rendering.context import context_of
from batchsend.rendering.pdf import open_pdf
from batchsend.rendering.templates import Templates

__all__ = ["documents_digest", "enclosures"]

_REMEMBERED = 10_000
"""Documents that are not read again for the next letter that has them."""


def enclosures(
    templates: Templates, columns: Sequence[Column]
) -> Callable[[Letter], tuple[str, str]] | None:
    """What looks at a letter's documents; None where `[document]` names none from data.

    It gives the hash of all its documents, empty where it has none, and what is wrong with them:
    one is missing, no PDF, protected, or too long.
    """
    ready_made, names = templates.ready_made, Names(columns)
    if not ready_made.names_data:
        return None

    @lru_cache(_REMEMBERED)
    def look(name: str) -> tuple[bytes, bool]:
        data = ready_made.read(name)
        with open_pdf(data) as pdf:
            return hashlib.sha256(data).digest(), pdf.encrypted

    def enclosed(letter: Letter) -> tuple[str, str]:
        rules = templates.pages.for_channel(letter.channel)
        hashes = []
        try:
            for name in ready_made.names(context_of(letter, names)):
                digest, encrypted = look(name)
                if encrypted and rules.rules.encryption == "hold":
                    raise RenderingError(f"{name} is encrypted.")
                hashes.append(digest)
        except RenderingError as error:
            said = f"{error.message} {error.hint}" if error.hint else error.message
            return "", masked_in_text(f"[document]: {said.removeprefix('[document] ')}")
        return _digest(hashes), ""

    return enclosed


def documents_digest(documents: Iterable[bytes]) -> str:
    """The hash of a letter's documents, as the check made it."""
    return _digest(hashlib.sha256(document).digest() for document in documents)


def _digest(hashes: Iterable[bytes]) -> str:
    joined = b"".join(hashes)
    return hashlib.blake2b(joined, digest_size=16).hexdigest() if joined else ""
