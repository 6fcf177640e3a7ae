"""Addresses: the key a destination has in the ledger, and which addresses letters may go to.

Opens no connection.
"""

from __future__ import annotations

import ipaddress
import re

import httpx

from batchsend.errors import SettingsError

__all__ = ["destination", "safe_address"]

HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")
"""A name or an IP address, as httpx gives it: IDNA, no brackets."""


def destination(base_url: str) -> str:
    """The one spelling of a base address, which the ledger keeps letters under.

    >>> destination("HTTPS://API.example.com:443/v1/")
    'https://api.example.com/v1'

    Raises SettingsError for what is not an http(s) address, or holds more than one needs.
    """
    scheme, colon, rest = base_url.strip().partition(":")
    try:
        url = httpx.URL(scheme.lower() + colon + rest)
    except httpx.InvalidURL as error:
        raise SettingsError(f"The base_url is not a web address: {error}.") from error
    if url.userinfo or url.query or url.fragment:
        raise SettingsError(
            "The base_url holds a user name, a password, or something after ? or #.",
            hint="Set secrets in the environment; the base_url is written to the ledger.",
        )
    if url.scheme not in {"http", "https"} or not HOST.fullmatch(url.raw_host):
        raise SettingsError(
            f"The base_url “{url}” is not a web address.",
            hint="It starts with https:// and is given by the provider.",
        )
    # httpx has lowered the host and dropped the default port.
    return str(url).rstrip("/")


def safe_address(address: str, *, insecure_http: bool, what: str) -> None:
    """Refuse plain http except to this machine itself, or where the mailing allows it.

    Raises SettingsError.
    """
    url = httpx.URL(address)
    if url.scheme == "https" or insecure_http or is_loopback(url.host):
        return
    raise SettingsError(
        f"The {what} “{address}” is plain http: anyone on the way could read the letters.",
        hint="Use the https:// address. If there is none and you accept that, set "
        "`insecure_http = true` under [send].",
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
