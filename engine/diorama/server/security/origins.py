"""Whether a browser sends a request for a page of another site. Programs send none of these headers and pass."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from diorama.server.security.hosts import DEFAULT_PORTS, Host, read_host

OWN_SITES = frozenset({"same-origin", "none"})
"""What `Sec-Fetch-Site` says of our own pages and of addresses that the user typed. `same-site` is not among them:
for browsers, all ports of localhost are one site."""


def why_foreign(
    origins: Sequence[str],
    sites: Sequence[str],
    host: str,
    allowed: Collection[str] = (),
) -> str | None:
    """Why a request comes from another site, in one sentence; None where it does not.

    `origins` and `sites` are the values of its `Origin` and `Sec-Fetch-Site` headers, `host` that of `Host`;
    `allowed` are origins configured besides the server's own, as `https://name:port`.
    """
    if len(origins) > 1 or len(sites) > 1:
        return "a request says where it comes from more than once"
    origin = origins[0] if origins else None
    if origin is not None:
        if origin in allowed:
            return None
        if not _is_own(origin, host):
            return f"the page at {origin!r:.100} is of another site"
    if sites and sites[0] not in OWN_SITES:
        return f"the browser says that a {sites[0][:20]!r} page sends this"
    return None


def _is_own(origin: str, host: str) -> bool:
    """Whether an origin is that of pages which this host serves, by http or https."""
    try:
        parts = urlsplit(origin)
        named = read_host(parts.netloc)
    except ValueError:
        return False
    own = read_host(host)
    if named is None or own is None or parts.scheme not in ("http", "https") or parts.path:
        return False
    port = named.port or DEFAULT_PORTS[parts.scheme]
    # A proxy that ends TLS hands on `Host: name` without the port of the scheme that the page came by.
    return named.name == own.name and (port == own.port or (own.port is None and port in (80, 443)))


def read_origin(text: str) -> str | None:
    """A configured origin as browsers write it; None where it is none."""
    try:
        parts = urlsplit(text.strip().rstrip("/"))
        host: Host | None = read_host(parts.netloc)
    except ValueError:
        return None
    if host is None or parts.scheme not in ("http", "https") or parts.path or parts.query:
        return None
    port = None if host.port == DEFAULT_PORTS[parts.scheme] else host.port
    return f"{parts.scheme}://{Host(host.name, port)}"
