"""Enclosures: a letter's ready-made documents as the check sees them, before anything is sent.

They are held to the same rules as when they are sent. Whether one that comes after a letter is
another recipient's, the whole list tells: see `letters/row_fates.py`. Knows
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
from batchsend.rendering.document import context_of
from batchsend.rendering.page_checks import (
    Finding,
    check_pages,
    check_recipient,
    names_beyond_postcode,
    too_long,
)
from batchsend.rendering.pdf.joining import joined
from batchsend.rendering.pdf.opened import open_pdf
from batchsend.rendering.settings import PageRules
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
    return _Enclosures(templates, columns) if templates.ready_made.names_any else None


class _Enclosures:
    """Looks at the documents of one letter after another, at each as seldom as will do."""

    def __init__(self, templates: Templates, columns: Sequence[Column]) -> None:
        self._pages = templates.pages
        self._ready_made = templates.ready_made
        self._names = Names(columns)
        self._uses: Counter[bytes] = Counter()
        self._read = lru_cache(_AT_HAND)(self._ready_made.read)
        self._digest = lru_cache(_REMEMBERED)(self._digest_of)
        self._page_count = lru_cache(_REMEMBERED)(self._page_count_of)
        self._broken = lru_cache(_REMEMBERED)(self._broken_by)

    def __call__(self, letter: Letter) -> Looked:
        """What there is to the letter's documents, and the first thing that is wrong with them."""
        ready_made, rules = self._ready_made, self._pages.for_channel(letter.channel)
        context = context_of(letter, self._names)
        hashes: list[bytes] = []
        after: list[Appended] = []
        file = contents = ""
        try:
            own = ready_made.own_name(context)
            chosen = ready_made.names(context)
            if ready_made.names_data:
                hashes = [self._digest(name) for name in chosen if name]
            if own and not ready_made.settings.shared:
                file, contents = own, self._digest(own).hex()
            if own:
                self._must_name_recipient(own, letter, rules)
            personal = dict.fromkeys(ready_made.appended_names(context))
            after += (self._appended(each, letter, rules) for each in personal)
            self._must_keep_rules(chosen, letter, rules)
        except RenderingError as error:
            said = f"{error.message} {error.hint}" if error.hint else error.message
            wrong = masked_in_text(f"[document]: {said.removeprefix('[document] ')}")
            return Looked(file=file, contents=contents, wrong=wrong, appended=tuple(after))
        return Looked(_digest(hashes), file, contents, appended=tuple(after))

    def _must_name_recipient(self, own: str, letter: Letter, rules: PageRules) -> None:
        """RenderingError where the PDF that is the letter names somebody else, if that holds it."""
        if rules.rules.recipient != "hold":
            return
        for finding in check_recipient(self._read(own), rules, letter.fields):
            raise RenderingError(f"{own}: {finding.message}", hint=_not_its_own(letter.channel))

    def _must_keep_rules(self, chosen: Sequence[str], letter: Letter, rules: PageRules) -> None:
        """RenderingError where the `chosen` documents break a rule that holds letters."""
        # Only the window asks whose letter it is; without one, one look does for all.
        addressed = letter.fields.get("Invoicee") if chosen[0] and rules.window else None
        after = tuple(filter(None, chosen[1:]))
        if said := self._broken(chosen[0], after, letter.channel, json.dumps(addressed or {})):
            raise RenderingError(
                said,
                hint=_(
                    "Make the PDF again as it should be, or change the limits in [page.{channel}].",
                    channel=letter.channel,
                ),
            )

    def _appended(self, name: str, letter: Letter, rules: PageRules) -> Appended:
        """What a document after the letter says of whose it is."""
        contents = self._digest(name)
        if rules.rules.recipient == "off" or _one_more(self._uses, contents) > _ASKED_OF:
            return Appended(name, contents.hex())
        pdf = self._read(name)
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

    def _broken_by(self, name: str, after: tuple[str, ...], channel: str, addressed: str) -> str:
        """The rules that the letter `name` (empty: one that is rendered) breaks with what comes
        `after` it, as a sentence; `addressed` is its Invoicee as JSON."""
        rules = self._pages.for_channel(channel)
        fields = {"Invoicee": json.loads(addressed)}
        if name:
            pdf = self._read(name)
            whole = joined(pdf, [self._read(each) for each in after]) if after else pdf
            return _held(", ".join((name, *after)), check_pages(whole, rules, fields), rules)
        found = (
            _held(each, check_pages(self._read(each), rules, fields, enclosed=True), rules)
            for each in after
        )
        if alone := next(filter(None, found), ""):
            return alone
        pages = 1 + sum(map(self._page_count, after))  # a letter has one at least
        return _held(", ".join((_("the letter"), *after)), too_long(pages, rules), rules)

    def _digest_of(self, name: str) -> bytes:
        return hashlib.sha256(self._read(name)).digest()

    def _page_count_of(self, name: str) -> int:
        with open_pdf(self._read(name)) as pdf:
            return pdf.page_count


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
