"""The same mailing with other texts in its mapping, checked like any: for letters of its rows that
go to somebody else, or by another channel."""

from __future__ import annotations

from typing import Any

from batchsend.mailing import Mailing
from batchsend.request import Recipient


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
