"""LedgerSettings, the table [ledger] of mailing.toml; and Server, a ledger on a database server.

Knows what an address may say, and how it is shown; opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, Field

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.settings import Section

if TYPE_CHECKING:
    from sqlalchemy import URL

DRIVER = "postgresql+psycopg"
_SECRET = frozenset({"password", "sslpassword"})
"""What may follow the question mark, and is nobody's business."""


def _without_password(address: str) -> str:
    try:
        url = _parsed(address)
    except SettingsError as error:
        raise ValueError(str(error)) from None
    if url.password is not None or not _SECRET.isdisjoint(url.query):
        raise ValueError(
            _(
                "a password does not belong into mailing.toml; write the whole address as "
                "BATCHSEND_LEDGER_URL into the environment or .env, or the password into "
                "PGPASSWORD or ~/.pgpass"
            )
        )
    return address


class LedgerSettings(Section):
    """[ledger]: where it is kept."""

    url: Annotated[str, AfterValidator(_without_password)] | None = None
    """A PostgreSQL database for a ledger that several machines share, as
    `postgresql+psycopg://user@host/database`, without the password. `BATCHSEND_LEDGER_URL` in the
    environment or `.env` wins. Without either it is `ledger.sqlite` beside the mailing."""
    keep_register: Annotated[bool, Field(alias="register")] = True
    """Whether this user's register of what went from this machine is kept and asked, which finds a
    letter that went from another folder, as from a copy of the mailing. A database is such a
    register itself."""


@dataclass(frozen=True, slots=True)
class Server:
    """A ledger in a PostgreSQL database. As text it has no password."""

    url: URL
    snapshots: Path
    """The folder on this machine for the checked lists of its runs."""

    @classmethod
    def at(cls, address: str, snapshots: Path) -> Self:
        """The ledger at `postgresql+psycopg://user:password@host:port/database`.

        Raises SettingsError, which does not repeat the address, where it is not written like that.
        """
        return cls(_parsed(address), snapshots)

    @property
    def file(self) -> Path:
        """The ledger that the mailing had before it had a database."""
        return self.snapshots.with_suffix(".sqlite")

    def has_file(self) -> bool:
        """Whether there is anything in that."""
        return self.file.is_file() and self.file.stat().st_size > 0

    def __str__(self) -> str:
        # What follows the question mark may hold a password too.
        return self.url.set(query={}).render_as_string(hide_password=True)


Place = Path | Server
"""Where a ledger is: a file, or a database."""


def _parsed(address: str) -> URL:
    # Imported here: most mailings keep their ledger in a file, and are read in half the time.
    from sqlalchemy import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    hint = _("It looks like postgresql+psycopg://user@host/database.")
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SettingsError(
            _("The ledger's url is not an address of a database."), hint=hint
        ) from None
    if url.drivername not in {DRIVER, "postgresql"}:
        raise SettingsError(
            _(
                "The ledger's url begins with {drivername}, which is not supported.",
                drivername=url.drivername,
            ),
            hint=hint,
        )
    if "@" in (url.host or ""):  # which is half of the password: not repeated
        raise SettingsError(
            _("The ledger's url has an @ in the password."),
            hint=_("Write each @ in it as %40, and each % as %25."),
        )
    if not url.database:
        raise SettingsError(_("The ledger's url names no database."), hint=hint)
    return url.set(drivername=DRIVER)
