"""Asking: whether a request comes from this machine, and from a page of ours.

A browser on this machine also shows pages of others, which may point names of their own here.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def names_this_machine(request: Request) -> bool:
    """Whether `Host` is a name of this machine, with any port."""
    host = request.headers.get("host", "")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name in LOCAL_NAMES


def from_our_page(request: Request, hosts: Collection[str]) -> bool:
    """Whether a page at one of `hosts` asks, or somebody who typed the address.

    What changes anything, a POST, must say where it comes from (Fetch Metadata, W3C; the Origin
    header, RFC 6454). Pages of other ports are of the same site.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    # A form of ours says `null`, since our pages tell nobody where they are.
    ours = origin in {f"http://{host}" for host in hosts}
    if not (ours or origin is None or (origin == "null" and site is not None)):
        return False
    if request.method == "POST":
        return site == "same-origin" or (site is None and ours)
    return site in {None, "same-origin", "none"}
