"""The sender: asked for with the letter, and until then nothing can be checked or sent."""

from __future__ import annotations

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.mailing import Mailing

SOMEBODY = "·"


def must_have_sender(mailing: Mailing) -> None:
    """Raise SettingsError, in plain words, where the letters have no sender."""
    if not _named(mailing):
        raise SettingsError(
            _("Nobody stands on the letter as its sender."),
            hint=_("Go to the letter and say who sends it."),
        )


def with_some_sender(mailing: Mailing) -> Mailing:
    """The mailing as it is, or with a sender to be filled in, so that addresses can be shown."""
    if _named(mailing):
        return mailing
    letter = mailing.payload.Letter
    sender = letter.Invoicer.model_copy(update={"Name": SOMEBODY})
    changed = letter.model_copy(update={"Invoicer": sender})
    payload = mailing.payload.model_copy(update={"Letter": changed})
    return mailing.model_copy(update={"payload": payload})


def _named(mailing: Mailing) -> bool:
    return bool(mailing.payload.Letter.Invoicer.Name.strip())
