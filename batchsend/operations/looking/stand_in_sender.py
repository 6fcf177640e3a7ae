"""A sender to show letters with before anybody has said who sends them."""

from __future__ import annotations

from batchsend.language import _
from batchsend.mailing import Mailing


def with_sender(mailing: Mailing) -> Mailing:
    """The same, with words in place of what is not said of the sender yet."""
    payload, body = mailing.payload, mailing.payload.Letter
    stand_in = {"Name": _("Your name"), "Address1": "–", "PostCode": "0150", "City": "–"}
    missing = {k: v for k, v in stand_in.items() if not getattr(body.Invoicer, k).strip()}
    sender = body.Invoicer.model_copy(update=missing)
    letter = body.model_copy(update={"Invoicer": sender})
    return mailing.model_copy(update={"payload": payload.model_copy(update={"Letter": letter})})
