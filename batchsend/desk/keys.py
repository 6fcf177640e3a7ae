"""The keys to the letter provider: asked for once, written to `.env`, and never shown again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dotenv import set_key

from batchsend.errors import SettingsError, in_short
from batchsend.language import _
from batchsend.mailing import Environment, Mailing
from batchsend.sending import destination, safe_address

ADDRESS = "BATCHSEND_BASE_URL"


def missing_keys(mailing: Mailing) -> tuple[tuple[str, str], ...]:
    """What is not known yet: its name in the file, and what to ask a person for."""
    known = Environment.load(mailing.folder)
    asked = (
        (ADDRESS, _("The address of the letter service"), known.base_url or mailing.send.base_url),
        ("BATCHSEND_SUBSCRIPTION_ID", _("Subscription ID"), known.subscription_id),
        ("BATCHSEND_STORAGE_ID", _("Storage ID"), known.storage_id),
    )
    return tuple((name, title) for name, title, value in asked if not value)


def write_keys(mailing: Mailing, given: Mapping[str, str]) -> None:
    """Add keys to the mailing's `.env`, which only its owner can read from then on.

    Raises SettingsError where one is not a text of one line, the address is none that letters may
    go to, or the file cannot be written. Nobody is asked for an address that is kept already.
    """
    place = mailing.folder / ".env"
    for value in given.values():
        if not value or not value.isprintable():
            raise SettingsError(_("Fill in all of the fields."))
    if ADDRESS in given:
        place_of_letters = destination(given[ADDRESS])
        safe_address(place_of_letters, insecure_http=mailing.send.insecure_http, what="base_url")
    try:
        number, name = tempfile.mkstemp(prefix=".env-", dir=mailing.folder)
        os.close(number)  # readable for its owner alone, as mkstemp makes it
        new = Path(name)
        try:
            if place.exists():
                new.write_bytes(place.read_bytes())
            for key, value in given.items():
                set_key(new, key, value)
            new.replace(place)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            _("{place} cannot be written: {reason}.", place=place, reason=in_short(error))
        ) from error
