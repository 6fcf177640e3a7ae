"""Addresses: the key a destination has in the ledger, and which addresses letters may go to.

Opens no connection.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import string

import httpx

from batchsend.errors import SettingsError
from batchsend.language import _
from batchsend.text import trimmed

HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
"""A name or an IP address, as httpx gives it: IDNA, no brackets."""


LOOPBACK = "127.0.0.1"
_LOOPBACK_NAMES = re.compile(
    r"(.+\.)?localhost|localhost\.localdomain|ip6-(localhost|loopback)", re.IGNORECASE
)
"""`localhost` and all below it (RFC 6761, 6.3), and what /etc/hosts calls it on usual systems."""
_NUMBERS = re.compile(r"[0-9a-fx.]+")
"""Only such a host can be an IPv4 address, in one of the forms that inet_aton(3) takes."""
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")


def destination(base_url: str) -> str:
    """The one spelling of a base address, which the ledger keeps letters under.

    Addresses that are equal by RFC 3986, 6.2.2 and 6.2.3 have one, and so have all names of this
    machine's loopback. Slashes that are doubled or stand at the end tell no address from another.

    >>> destination("HTTPS://API.example.com.:443/v1/")
    'https://api.example.com/v1'
    >>> destination("http://localhost:8400/a/%2E%2e/%7eb//")
    'http://127.0.0.1:8400/~b'

    Raises SettingsError for what is not an http(s) address, or holds more than one needs.
    """
    url = _web_address(base_url)
    host = _one_host(url.host)
    port = "" if url.port is None else f":{url.port}"
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}{port}{_one_path(url)}"


def request_address(base_url: str) -> str:
    """The address that requests go below, as it was written, but for slashes at its end.

    Raises SettingsError as `destination` does.
    """
    return str(_web_address(base_url)).rstrip("/")


def _web_address(base_url: str) -> httpx.URL:
    scheme, colon, rest = trimmed(base_url).partition(":")
    try:
        url = httpx.URL(scheme.lower() + colon + rest)
    except httpx.InvalidURL as error:
        raise SettingsError(
            _("The base_url is not a web address: {error}.", error=error)
        ) from error
    if url.userinfo or url.query or url.fragment:
        raise SettingsError(
            _("The base_url holds a user name, a password, or something after ? or #."),
            hint=_("Set secrets in the environment; the base_url is written to the ledger."),
        )
    if url.scheme not in {"http", "https"} or not HOST.fullmatch(url.raw_host):
        raise SettingsError(
            _("The base_url “{url}” is not a web address.", url=url),
            hint=_("It starts with https:// and is given by the provider."),
        )
    # What is left of a ? or # with nothing behind it.
    return url.copy_with(query=None, fragment=None)


def _one_host(host: str) -> str:
    """One spelling of a name or an IP address; LOOPBACK for this machine itself."""
    name = httpx.URL(scheme="http", host=host).raw_host.decode("ascii").rstrip(".")
    if _LOOPBACK_NAMES.fullmatch(name):
        return LOOPBACK
    number = _ip_address(name)
    if number is None:
        return name
    # Who connects to no address in particular reaches this machine.
    return LOOPBACK if number.is_loopback or number.is_unspecified else str(number)


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        if _NUMBERS.fullmatch(host):
            return ipaddress.IPv4Address(socket.inet_aton(host))
        number = ipaddress.IPv6Address(host)
        return number.ipv4_mapped or number
    except (OSError, ValueError):
        return None


def _one_path(url: httpx.URL) -> str:
    """The path with escapes only where they are needed, without dot segments and needless slashes;
    empty for the root."""
    path = _ESCAPED.sub(_needed, url.raw_path.decode("ascii"))
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in {"", "."}:
            kept.append(segment)
    return "".join(f"/{segment}" for segment in kept)


def _needed(escaped: re.Match[str]) -> str:
    character = chr(int(escaped[1], 16))
    return character if character in _UNRESERVED else escaped[0].upper()


def safe_address(address: str, *, insecure_http: bool, what: str) -> None:
    """Refuse plain http except to this machine itself, or where the mailing allows it.

    Raises SettingsError.
    """
    url = httpx.URL(address)
    if url.scheme == "https" or insecure_http or is_loopback(url.host):
        return
    raise SettingsError(
        _(
            "The {what} “{address}” is plain http: anyone on the way could read the letters.",
            what=what,
            address=address,
        ),
        hint=_(
            "Use the https:// address. If there is none and you accept that, set "
            "`insecure_http = true` under [send]."
        ),
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host.rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
