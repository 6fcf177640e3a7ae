"""The same mailing with other texts in its mapping, checked like any: for letters of its rows that
go to somebody else, by another channel, or are looked at before anybody has said who sends them."""

from __future__ import annotations

from typing import Any

from batchsend.language import _
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


def with_sender(mailing: Mailing) -> Mailing:
    """The same, with words in place of what is not said of the sender yet."""
    payload, body = mailing.payload, mailing.payload.Letter
    stand_in = {"Name": _("Your name"), "Address1": "–", "PostCode": "0150", "City": "–"}
    missing = {k: v for k, v in stand_in.items() if not getattr(body.Invoicer, k).strip()}
    sender = body.Invoicer.model_copy(update=missing)
    letter = body.model_copy(update={"Invoicer": sender})
    return mailing.model_copy(update={"payload": payload.model_copy(update={"Letter": letter})})
