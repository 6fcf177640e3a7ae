"""The sender: asked for with the letter, and until then nothing can be checked or sent."""

from __future__ import annotations

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.mailing import Mailing


def must_have_sender(mailing: Mailing) -> None:
    """Raise SettingsError, in plain words, where the letters have no sender."""
    if not mailing.payload.Letter.Invoicer.Name.strip():
        raise SettingsError(
            _("Nobody stands on the letter as its sender."),
            hint=_("Go to the letter and say who sends it."),
        )
