"""to_me: one real letter of a row's text to the operator, to be held in the hand.

It is outside the ledger, the register and every report: its identifier is made for it alone, so it
is no letter of the list, and nothing is found by it again.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import uuid4

import orjson
import polars as pl

from batchsend.errors import RenderingError, SettingsError
from batchsend.language import _
from batchsend.letters import Letter, RowSet, Snapshot
from batchsend.mailing import Mailing
from batchsend.operations.check import check_into, templates_of
from batchsend.operations.planning.other_channels import to_one
from batchsend.operations.planning.selection import Selection
from batchsend.operations.progress import Notice, silent
from batchsend.operations.target import Target
from batchsend.outcome import Attempt, Outcome, Submission
from batchsend.rendering import RenderedLetter, RenderPool, Templates, missing_in_window
from batchsend.scratch import ScratchFolder
from batchsend.sending import LetterApi, submit
from batchsend.starter import must_be_written


@dataclass(frozen=True, slots=True)
class LetterToMe:
    """A letter that is ready to leave."""

    mailing: Mailing
    target: Target
    name: str
    """Whom it goes to."""
    channel: str
    pages: int
    submission: Submission
    warnings: tuple[str, ...]

    @property
    def identifier(self) -> str:
        """Its own: no other letter ever has it."""
        return self.submission.identifier


def letter_to_me(mailing: Mailing, target: Target, row: int) -> LetterToMe:
    """The letter of a row, made for whom [send.me] names. Nothing is sent.

    Raises SettingsError where [send.me] or a letter of that row is missing, RenderingError
    where its page cannot be sent or does not show that address, and what `check` raises.
    """
    me = mailing.send.me
    if me is None:
        raise SettingsError(
            _("[send.me] is missing, which says who gets the letter."),
            hint=_("Write it into mailing.toml with your own Name, Address1, PostCode and City."),
        )
    if not target.is_sandbox:
        must_be_written(mailing)
    mine = to_one(mailing, me)
    templates = templates_of(mine)
    with ScratchFolder() as folder:
        checked = check_into(folder / "snapshot", mine, templates)
        chosen = RowSet.of(pl.Series([row], dtype=pl.UInt32))
        Selection(rows=chosen).must_name_rows_of(checked)
        letter = _letter(checked.snapshot, chosen, row)
        made = asyncio.run(_rendered(letter, checked.snapshot, templates, target))
    if made.error:
        raise RenderingError(_("Row {row}: {error}", row=row, error=made.error))
    _must_show(letter, made, templates)
    return LetterToMe(
        mailing=mine,
        target=target,
        name=me.Name,
        channel=letter.channel,
        pages=made.entry.pages or 0,
        submission=Submission(letter.identifier, made.body),
        warnings=made.warnings,
    )


def send_to_me(letter: LetterToMe, notice: Notice = silent) -> Outcome:
    """Send it, and say how that ended. Raises SettingsError before, SendingError where the API
    refuses us."""
    journal = _ItsOwn()
    keep = letter.mailing.folder / "sandbox-letters" if letter.target.is_sandbox else None

    async def one() -> AsyncIterator[Submission]:
        yield letter.submission

    async def send(base_url: str) -> None:
        await submit(
            one(),
            LetterApi(base_url, letter.target.settings(letter.mailing), letter.target.credentials),
            journal=journal,
            stop=asyncio.Event(),
            notice=notice,
        )

    with letter.target.reachable(keep) as base_url:
        asyncio.run(send(base_url))
    assert journal.outcome is not None  # noqa: S101 - submit() has told it, or raised
    return journal.outcome


class _ItsOwn:
    """The journal of a letter that no ledger knows."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None

    async def queued(self, identifier: str) -> None:
        """Nothing is noted of it."""

    async def before_write(self, identifier: str) -> None:
        """Nothing is noted of it."""

    async def attempted(self, attempt: Attempt) -> None:
        """Nothing is noted of it."""

    async def finished(self, outcome: Outcome) -> None:
        """How it ended."""
        self.outcome = outcome


def _letter(snapshot: Snapshot, chosen: RowSet, row: int) -> Letter:
    """The row's letter under an identifier of its own."""
    letter = next(snapshot.letters(snapshot.beginnings(chosen)), None)
    if letter is None:
        rows = snapshot.frame.filter(pl.col("row") == row).select("reasons")
        why = " ".join(rows.collect()["reasons"])
        raise SettingsError(
            _("Row {row} cannot be sent: {why}", row=row, why=why),
            hint=_("Name another row, or correct this one."),
        )
    own = f"to-me-{uuid4().hex}"
    return replace(letter, identifier=own, fields={**letter.fields, "Identifier": own})


async def _rendered(
    letter: Letter, snapshot: Snapshot, templates: Templates, target: Target
) -> RenderedLetter:
    with RenderPool(templates, snapshot.columns, target.subscription, workers=1) as press:
        return await press.one(letter)


def _must_show(letter: Letter, made: RenderedLetter, templates: Templates) -> None:
    """Raise RenderingError where an envelope's window would not show whom the letter is for."""
    window = templates.pages.for_channel(letter.channel).window
    if window is None:
        if letter.channel == "PRINT":
            raise RenderingError(
                _("[page.PRINT] window is not set, so nobody can tell what an envelope would show.")
            )
        return
    pdf = b64decode(orjson.loads(made.body)["Letter"]["FreeText"])
    missing = missing_in_window(pdf, window, letter.fields["Invoicee"])
    if missing:
        named = ", ".join(missing)
        raise RenderingError(
            _(
                "The address window of the letter does not show [send.me]: {named} is "
                "missing there. Nothing was sent.",
                named=named,
            ),
            hint=_(
                "Let the template make the address of letter.Invoicee, as {{ "
                "letter.Invoicee.Name }}, and not of the list's columns."
            ),
        )
