"""The same mailing with other texts in its mapping, checked like any: for letters of its rows that
go to somebody else, by another channel, or are looked at before anybody has said who sends them;
and OtherChannels: the list checked once more for each channel that a refused letter may go by.

So each letter is mapped and judged for that channel as if it had been the first. Which letters an
earlier run has left refused, and may go on with, is found here as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from batchsend.errors import ListError, SettingsError
from batchsend.language import N_, _, in_each_language
from batchsend.ledger import Ledger
from batchsend.letters import Checked, Letter, RowSet, Snapshot
from batchsend.mailing import STDIN, Mailing
from batchsend.operations.check import check_into
from batchsend.rendering import Templates
from batchsend.request import Recipient
from batchsend.scratch import ScratchFolder
from batchsend.sending import next_channel


def by_channel(mailing: Mailing, channel: str) -> Mailing:
    """With every letter by this channel."""
    return _with_letter(mailing, Channel=channel)


def to_one(mailing: Mailing, recipient: Recipient) -> Mailing:
    """With every letter to this recipient: no text of `Invoicee` is a row's own."""
    texts = {name: text for name, text in recipient.model_dump().items() if text}
    literal = Recipient(**{name: _literal(text) for name, text in texts.items()})
    same = tuple(Recipient.model_fields)
    checks = mailing.checks.model_copy(update={"same": same})
    return _with_letter(mailing, Invoicee=literal).model_copy(update={"checks": checks})


def _with_letter(mailing: Mailing, **texts: Any) -> Mailing:
    letter = mailing.payload.Letter.model_copy(update=texts)
    payload = mailing.payload.model_copy(update={"Letter": letter})
    return mailing.model_copy(update={"payload": payload})


def _literal(text: str) -> str:
    """A text that stands for itself where expressions are read."""
    return text.replace("{", "{{ '{' }}")


def with_sender(mailing: Mailing) -> Mailing:
    """The same, with words in place of what is not said of the sender yet."""
    payload, body = mailing.payload, mailing.payload.Letter
    stand_in = {"Name": _("Your name"), "Address1": "–", "PostCode": "0150", "City": "–"}
    missing = {k: v for k, v in stand_in.items() if not getattr(body.Invoicer, k).strip()}
    sender = body.Invoicer.model_copy(update=missing)
    letter = body.model_copy(update={"Invoicer": sender})
    return mailing.model_copy(update={"payload": payload.model_copy(update={"Letter": letter})})


_REFUSED = N_("Refused by {channel}: {said}.")


@dataclass(frozen=True, slots=True)
class Resumed:
    """A letter that was refused in an earlier run, and goes on by its next channel."""

    channel: str
    first: str
    """The channel it began with."""
    content: str
    """The letter's, as the ledger has it."""
    before: str
    """What was said of it."""


@dataclass(frozen=True, slots=True)
class OtherChannels:
    """The checked lists by channel; empty where the mailing describes no fallback."""

    folder: ScratchFolder | None = None
    lists: Mapping[str, Snapshot] = field(default_factory=dict)

    @classmethod
    def of(cls, mailing: Mailing, checked: Checked, templates: Templates) -> OtherChannels:
        """Check the list for each channel of `[[send.fallback]]`, beside the list that is checked.

        Raises SettingsError where the mailing cannot be sent by one of them, and ListError where
        the list has changed meanwhile.
        """
        channels = dict.fromkeys(rule.channel for rule in mailing.send.fallback)
        if not channels:
            return cls()
        if mailing.list.path == STDIN:
            raise SettingsError(
                _(
                    "[[send.fallback]] needs the list in a file: standard input can be read "
                    "only once."
                ),
                hint=_("Write it to a file, and name that with --list."),
            )
        folder = ScratchFolder(checked.snapshot.path.parent)
        lists = {}
        for number, channel in enumerate(channels):
            try:
                place = folder.path / f"{number}"
                found = check_into(place, by_channel(mailing, channel), templates)
            except SettingsError as error:
                raise SettingsError(
                    _(
                        "[[send.fallback]] sends refused letters by {channel}, and they "
                        "cannot go by it: {message}",
                        channel=channel,
                        message=error.message,
                    ),
                    hint=error.hint,
                ) from None
            if found.list_digest != checked.list_digest:
                raise ListError(
                    _(
                        "{list_path} was changed while it was being read.",
                        list_path=checked.list_path,
                    ),
                    hint=_("Run the same command again."),
                )
            lists[channel] = found.snapshot
        return cls(folder, lists)

    def remove(self) -> None:
        """Remove what was checked for them."""
        if self.folder is not None:
            self.folder.remove()

    def letter(self, channel: str, like: Letter) -> Letter | str:
        """The letter by that channel; or why there is none, in words."""
        snapshot = self.lists[channel]
        row = like.rows[0].number
        found = next(snapshot.letters(RowSet.of(pl.Series([row], dtype=pl.UInt32))), None)
        if found is None:
            held = snapshot.frame.filter(pl.col("letter") == row, pl.col("held"))
            return " ".join(held.select("reasons").collect()["reasons"].unique().sort())
        if (found.identifier, found.rows) != (like.identifier, like.rows):
            return _("its row has changed since it was checked.")
        return found

    def resumed(
        self, mailing: Mailing, destination: str, rejected: pl.DataFrame, book: Ledger
    ) -> dict[str, Resumed]:
        """Those of the `rejected` letters that may go by their next channel, by identifier."""
        if not self.lists or rejected.is_empty():
            return {}
        known = book.standing(destination).select(
            "identifier", "http_status", last=pl.col("channel").cast(pl.String), said="reason"
        )
        found = {}
        for identifier, first, content, status, last, said in (
            rejected.join(known, on="identifier")
            .select("identifier", "channel", "content", "http_status", "last", "said")
            .iter_rows()
        ):
            channel = next_channel(
                mailing.send.fallback, first=first, last=last, status=status, said=said
            )
            if channel is not None:
                found[identifier] = Resumed(channel, first, content, refused_by(last, said))
        return self._that_can_go(found)

    def _that_can_go(self, found: Mapping[str, Resumed]) -> dict[str, Resumed]:
        """Those of them that the next channel takes as they are."""
        able: set[tuple[str, str]] = set()
        for channel in {each.channel for each in found.values()}:
            names = self.lists[channel].identities().select("identifier").collect()["identifier"]
            able |= {(channel, name) for name in names if name in found}
        return {name: each for name, each in found.items() if (each.channel, name) in able}


def refused_by(channel: str, said: str, before: str = "") -> str:
    """All that was said of a letter's steps, the last of them by `channel`; each names its own.

    `before` is what was said of those before, with which `said` begins.
    """
    last = said.removeprefix(before).strip()
    named = (each.partition(":")[0].format(channel=channel) for each in in_each_language(_REFUSED))
    if not any(name in last for name in named):
        last = _(_REFUSED, channel=channel, said=last.rstrip("."))
    return f"{before} {last}".strip()
