"""ApprovedFacts: what somebody approves of a mailing, and what of that differs from a plan."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Self

import orjson
import polars as pl

from batchsend.language import _
from batchsend.letters import Checked
from batchsend.mailing import Mailing
from batchsend.operations.planning.pages_found import PagesFound
from batchsend.rendering import Templates

_DIGEST = 16
"""Bytes that a letter is known by."""


@dataclass(frozen=True, slots=True)
class ApprovedFacts:
    """All that an approval is of."""

    mailing: str
    list: str
    """SHA-256 of the list, and so with what follows."""
    corrections: str
    """Empty where there are none."""
    template: str
    settings: str
    """Of what mailing.toml says of letters, pages, prices and other channels."""
    letters: int
    cost: str | None
    """None where no prices are set, or where it is known of some letters only."""
    each: str
    """Sixteen bytes for each letter (identifier, channel, content), sorted, in base64."""

    @classmethod
    def of(
        cls,
        mailing: Mailing,
        checked: Checked,
        templates: Templates,
        letters: pl.DataFrame,
        pages: PagesFound | None,
    ) -> Self:
        """What `letters` (`identifier`, `channel`, `content`) of a checked list are."""
        known = pages is not None and not pages.estimated
        cost = pages.cost if known and pages is not None else None
        return cls(
            mailing=mailing.name,
            list=checked.list_digest,
            corrections=_file_digest(mailing),
            template=hashlib.sha256(f"{templates.digest} {templates.engine}".encode()).hexdigest(),
            settings=_settings_digest(mailing),
            letters=letters.height,
            cost=None if cost is None else str(cost),
            each=b64encode(b"".join(sorted(_digests(letters)))).decode(),
        )

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """The reverse of `written`. Raises ValueError where it is something else."""
        try:
            facts = cls(**orjson.loads(text)["approves"])
            b64decode(facts.each, validate=True)
        except (TypeError, LookupError) as error:
            raise ValueError(str(error)) from error
        return facts

    def written(self, **who: str) -> str:
        """As it is kept, beside `who` approved and when: for people, as nobody is believed what
        they write there."""
        return orjson.dumps({**who, "approves": asdict(self)}).decode()

    def differences(self, now: ApprovedFacts) -> Iterator[str]:
        """What is to be sent `now` that was not approved, in sentences."""
        if now.mailing != self.mailing:
            yield _("It approves another mailing, {mailing}.", mailing=self.mailing)
        if now.list != self.list:
            yield _("The list has changed since.")
        if now.corrections != self.corrections:
            yield _("The corrections have changed since.")
        if now.template != self.template:
            yield _("The template, or the program that renders it, has changed since.")
        if now.settings != self.settings:
            yield _(
                "What mailing.toml says of the letters, their pages or prices has changed since."
            )
        if unknown := len(now._set() - self._set()):
            yield _(
                "{unknown:,} of the letters are not among the {letters:,} approved.",
                unknown=unknown,
                letters=self.letters,
            )
        if now.cost and self.cost and Decimal(now.cost) > Decimal(self.cost):
            yield _(
                "They cost {cost}, and {self_cost} was approved.",
                cost=now.cost,
                self_cost=self.cost,
            )

    def _set(self) -> frozenset[bytes]:
        joined = b64decode(self.each)
        return frozenset(joined[at : at + _DIGEST] for at in range(0, len(joined), _DIGEST))


def _digests(letters: pl.DataFrame) -> Iterator[bytes]:
    for facts in letters.select("identifier", "channel", "content").iter_rows():
        yield hashlib.sha256(orjson.dumps(facts)).digest()[:_DIGEST]


def _file_digest(mailing: Mailing) -> str:
    path = mailing.corrections
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _settings_digest(mailing: Mailing) -> str:
    parts = (
        mailing.payload,
        mailing.checks,
        mailing.page,
        mailing.document,
        mailing.prices,
    )
    all_parts = (*parts, *mailing.send.fallback)
    text = "\n".join(part.model_dump_json() if part else "" for part in all_parts)
    return hashlib.sha256(text.encode()).hexdigest()
