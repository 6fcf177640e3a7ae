"""Target: where a mailing goes, and under which name the ledger remembers it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.ledger import REHEARSAL
from batchsend.mailing import Environment, Mailing
from batchsend.request import Subscription
from batchsend.sandbox import running_sandbox
from batchsend.sending import AuthSettings, Credentials, SendSettings, destination, safe_address

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """A destination, and the address to reach it by once it is there."""

    destination: str
    base_url: str | None
    """None for the built-in sandbox, which has an address only while it runs."""
    subscription: Subscription
    credentials: Credentials

    @property
    def is_sandbox(self) -> bool:
        """Whether this is the built-in sandbox."""
        return self.base_url is None

    @classmethod
    def sandbox(cls) -> Target:
        """The built-in sandbox, which needs no secrets and never gets to see any."""
        return cls(
            REHEARSAL,  # its address changes from run to run
            None,
            Subscription(SubscriptionId=SecretStr("sandbox"), StorageId=SecretStr("sandbox")),
            Credentials(),
        )

    @classmethod
    def api(cls, mailing: Mailing, base_url: str | None = None) -> Target:
        """The letter API: from `base_url`, else the environment, else the mailing.

        Raises SettingsError where the address or a secret is missing.
        """
        environment = Environment.load(mailing.folder)
        address = base_url or environment.base_url or mailing.send.base_url
        if not address:
            raise SettingsError(
                _("Where to send is not set."),
                hint=" ".join(
                    [
                        _(
                            "Set BATCHSEND_BASE_URL to the address the provider gave you, write "
                            "it as base_url under [send], or name it with --base-url. To "
                            "rehearse, add --sandbox."
                        ),
                        *environment.odd,
                    ]
                ),
            )
        said_by = (
            _("--base-url says")
            if base_url
            else _("BATCHSEND_BASE_URL says")
            if environment.base_url
            else _("mailing.toml says")
        )
        key = destination(address)
        safe_address(key, insecure_http=mailing.send.insecure_http, what="base_url")
        _log.info("Letters go to %s, as %s.", key, said_by)
        return cls(key, address, environment.subscription(), environment.credentials)

    def settings(self, mailing: Mailing) -> SendSettings:
        """How to send there: as the mailing says; but the sandbox asks for no authorisation, no
        proxy leads to it, and it is there at any hour."""
        send = mailing.send.beside(mailing.folder)
        if self.is_sandbox:
            free = {"auth": AuthSettings(), "proxy": None, "hours": None, "per_day": None}
            return send.model_copy(update=free)
        return send

    @contextmanager
    def reachable(self, letters: Path | None) -> Iterator[str]:
        """The base URL while it can be used; the sandbox runs, and keeps its letters, meanwhile."""
        if self.base_url is not None:
            yield self.base_url
            return
        with running_sandbox(letters=letters) as base_url:
            yield base_url
