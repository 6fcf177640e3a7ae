"""Enclosures: a letter's ready-made documents as the check sees them, before anything is sent.

They are held to the same rules as when they are sent. Whether one that comes after a letter is
another recipient's, the whole list tells: see `letters/fates.py`. Knows
nothing of engines.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from batchsend.errors import RenderingError
from batchsend.expressions import Names
from batchsend.language import _
from batchsend.letters import Appended, Letter, Look, Looked
from batchsend.lists import Column
from batchsend.masking import masked_in_text
from batchsend.rendering.context import context_of
from batchsend.rendering.page_checks import (
    Finding,
    check_pages,
    check_recipient,
    names_beyond_postcode,
    too_long,
)
from batchsend.rendering.page_settings import PageRules
from batchsend.rendering.pdf.joining import joined
from batchsend.rendering.pdf.opened import open_pdf
from batchsend.rendering.templates import Templates

_REMEMBERED = 10_000
"""Documents that are not looked at again for the next letter that has them."""
_ASKED_OF = 2
"""Letters that an appended document is asked of: what more of them have is meant for many."""
_AT_HAND = 16
"""Documents kept as they were read: those of a letter are asked for more than once."""


def enclosures(templates: Templates, columns: Sequence[Column]) -> Look | None:
    """What looks at a letter's documents; None where `[document]` names none.

    Wrong with them may be that one is missing, no PDF, protected or too long, that the one that is
    the letter does not name its recipient, or that a page breaks a rule that holds letters.
    """
    ready_made, names = templates.ready_made, Names(columns)
    if not ready_made.names_any:
        return None

    read = lru_cache(_AT_HAND)(ready_made.read)

    @lru_cache(_REMEMBERED)
    def digest(name: str) -> bytes:
        return hashlib.sha256(read(name)).digest()

    @lru_cache(_REMEMBERED)
    def page_count(name: str) -> int:
        with open_pdf(read(name)) as pdf:
            return pdf.page_count

    @lru_cache(_REMEMBERED)
    def broken(name: str, after: tuple[str, ...], channel: str, addressed: str) -> str:
        rules = templates.pages.for_channel(channel)
        fields = {"Invoicee": json.loads(addressed)}
        if name:
            pdf = read(name)
            whole = joined(pdf, [read(each) for each in after]) if after else pdf
            return _held(", ".join((name, *after)), check_pages(whole, rules, fields), rules)
        found = (
            _held(each, check_pages(read(each), rules, fields, enclosed=True), rules)
            for each in after
        )
        if alone := next(filter(None, found), ""):
            return alone
        pages = 1 + sum(page_count(each) for each in after)  # a letter has one at least
        return _held(", ".join(("the letter", *after)), too_long(pages, rules), rules)

    uses: Counter[bytes] = Counter()

    def appended(name: str, letter: Letter, rules: PageRules) -> Appended:
        contents = digest(name)
        if rules.rules.recipient == "off" or _one_more(uses, contents) > _ASKED_OF:
            return Appended(name, contents.hex())
        pdf = read(name)
        if names_beyond_postcode(pdf, rules, letter.fields):
            return Appended(name, contents.hex(), named=True)
        findings = check_recipient(pdf, rules, letter.fields)
        held = findings and rules.rules.recipient == "hold"
        return Appended(
            name,
            contents.hex(),
            missing=masked_in_text(" ".join(each.message for each in findings)),
            advice=_not_its_own(letter.channel) if held else "",
        )

    def enclosed(letter: Letter) -> Looked:
        rules = templates.pages.for_channel(letter.channel)
        context = context_of(letter, names)
        hashes: list[bytes] = []
        after: list[Appended] = []
        file = contents = ""
        try:
            own = ready_made.own_name(context)
            chosen = ready_made.names(context)
            if ready_made.names_data:
                hashes = [digest(name) for name in chosen if name]
            if own and not ready_made.settings.shared:
                file, contents = own, digest(own).hex()
            if own and rules.rules.recipient == "hold":
                for finding in check_recipient(read(own), rules, letter.fields):
                    raise RenderingError(
                        f"{own}: {finding.message}",
                        hint=_not_its_own(letter.channel),
                    )
            personal = dict.fromkeys(ready_made.appended_names(context))
            after += (appended(each, letter, rules) for each in personal)
            # Only the window asks whose letter it is; without one, one look does for all.
            addressed = letter.fields.get("Invoicee") if chosen[0] and rules.window else None
            said = broken(
                chosen[0],
                tuple(filter(None, chosen[1:])),
                letter.channel,
                json.dumps(addressed or {}),
            )
            if said:
                raise RenderingError(
                    said,
                    hint=_(
                        "Make the PDF again as it should be, or change the limits in "
                        "[page.{channel}].",
                        channel=letter.channel,
                    ),
                )
        except RenderingError as error:
            said = f"{error.message} {error.hint}" if error.hint else error.message
            wrong = masked_in_text(f"[document]: {said.removeprefix('[document] ')}")
            return Looked(file=file, contents=contents, wrong=wrong, appended=tuple(after))
        return Looked(_digest(hashes), file, contents, appended=tuple(after))

    return enclosed


def _one_more(uses: Counter[bytes], contents: bytes) -> int:
    """How many letters have had a document, with this one. Counted are the latest ones, since most
    documents are one letter's own."""
    if len(uses) > _REMEMBERED:
        uses.clear()
    uses[contents] += 1
    return uses[contents]


def _not_its_own(channel: str) -> str:
    return _(
        "Put the right PDF there; or, where it need not name anybody, "
        'set recipient = "warn" under [page.{channel}.rules].',
        channel=channel,
    )


def _held(name: str, findings: Iterable[Finding], rules: PageRules) -> str:
    """What of these findings keeps a letter back, as a sentence; empty where nothing does."""
    held = [str(each) for each in findings if getattr(rules.rules, each.rule) == "hold"]
    return f"{name}: {'; '.join(held)}." if held else ""


def documents_digest(documents: Iterable[bytes]) -> str:
    """The hash of a letter's documents, as the check made it."""
    return _digest(hashlib.sha256(document).digest() for document in documents)


def _digest(hashes: Iterable[bytes]) -> str:
    joined = b"".join(hashes)
    return hashlib.blake2b(joined, digest_size=16).hexdigest() if joined else ""
