"""Door: who may come in. A link that works once leads in, and a cookie keeps the door open.

The link's key may be shared with other processes of the same user, which can then make links, too.
The keys of cookie and forms never leave this process but to the browser that came in.
"""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, field

GOOD_FOR = 120
"""Seconds in which a link works."""
ENTER = "/enter/"


def new_link(key: str, now: float | None = None) -> str:
    """The path of a link that works once, from now on for two minutes."""
    said = f"{int(time.time() if now is None else now) + GOOD_FOR}.{secrets.token_urlsafe(16)}"
    return f"{ENTER}{said}.{_mac(key, said)}"


@dataclass(slots=True)
class Door:
    """The door of one server, on one port."""

    port: int
    link_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _used: dict[str, int] = field(default_factory=dict)

    @property
    def hosts(self) -> frozenset[str]:
        """What `Host` may say: a page elsewhere may point a name of its own to this machine."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies are the same for all ports of a machine."""
        return f"batchsend-{self.port}"

    @property
    def session(self) -> str:
        """The cookie's value."""
        return self._session

    @property
    def token(self) -> str:
        """What a page's own forms and scripts send along."""
        return _mac(self._session, "form")

    def opens(self, link: str, now: float | None = None) -> bool:
        """Whether a link may come in; from then on it may not."""
        said, _, mac = link.removeprefix(ENTER).rpartition(".")
        if not hmac.compare_digest(_mac(self.link_key, said).encode(), mac.encode()):
            return False
        at = time.time() if now is None else now
        self._used = {each: until for each, until in self._used.items() if until > at}
        until = int(said.partition(".")[0])
        if until <= at or said in self._used:
            return False
        self._used[said] = until
        return True

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is the one that was given."""
        return hmac.compare_digest(self._session.encode(), cookie.encode())

    def gave(self, token: str) -> bool:
        """Whether a form or a script is of a page that was shown."""
        return hmac.compare_digest(self.token.encode(), token.encode())


def _mac(key: str, said: str) -> str:
    return hmac.new(key.encode(), said.encode(), "sha256").hexdigest()
