"""Credentials: the secrets of sending, apart from the settings so that no dump shows them; and
LetterApi, the letter API as requests reach it with both.

Knows the names they have in the environment, and reads neither that nor a .env file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from pydantic import SecretStr

from batchsend.sending.address import request_address, safe_address
from batchsend.sending.settings import SendSettings

SHORTEST_SECRET = 6
"""Shorter ones are not struck out of texts: `267` would take every amount with it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What authorises us. `repr` shows asterisks only."""

    bearer_token: SecretStr | None = None
    client_id: SecretStr | None = None
    client_secret: SecretStr | None = None
    key_password: SecretStr | None = None
    """Of the client certificate's key."""
    proxy: SecretStr | None = None
    """The proxy's whole address where it holds a user and password."""
    withheld: tuple[SecretStr, ...] = ()
    """Other secrets, such as the subscription's, to be struck out of what the API says."""

    @classmethod
    def of(
        cls, variables: Mapping[str, str | None], *, withheld: tuple[SecretStr, ...] = ()
    ) -> Credentials:
        """Those that are set among `BATCHSEND_BEARER_TOKEN`, `BATCHSEND_CLIENT_ID`,
        `BATCHSEND_CLIENT_SECRET`, `BATCHSEND_KEY_PASSWORD` and `BATCHSEND_PROXY`.
        """
        names = [each.name for each in fields(cls) if each.name != "withheld"]
        given = {name: variables.get(f"BATCHSEND_{name.upper()}") for name in names}
        secrets = {name: SecretStr(value) for name, value in given.items() if value}
        return cls(withheld=withheld, **secrets)

    def texts(self) -> tuple[str, ...]:
        """Every secret that must never be shown, the longest first."""
        values = [getattr(self, each.name) for each in fields(self) if each.name != "withheld"]
        secrets = [value.get_secret_value() for value in (*values, *self.withheld) if value]
        return tuple(sorted({s for s in secrets if len(s) >= SHORTEST_SECRET}, key=len)[::-1])


@dataclass(frozen=True, slots=True)
class LetterApi:
    """The letter API as requests reach it."""

    base_url: str
    settings: SendSettings
    credentials: Credentials = field(default_factory=Credentials)

    @property
    def address(self) -> str:
        """Where requests go. Raises SettingsError where secrets would go there unencrypted."""
        address = request_address(self.base_url)
        safe_address(address, insecure_http=self.settings.insecure_http, what="base_url")
        return address
