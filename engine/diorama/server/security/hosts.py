"""Which names a server answers to: a page whose name was pointed at this machine must not reach it (DNS rebinding)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from diorama.faults import failure

HOST = re.compile(r"(?:\[(?P<six>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9_.-]{1,253}))(?::(?P<port>[0-9]{1,5}))?", re.I)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names that every machine has for itself."""
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Host:
    """A name or address as in a Host header, in small letters and shortest form; `port` is None where none is given."""

    name: str
    port: int | None

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"


def read_host(text: str) -> Host | None:
    """The host in a text `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`; None where it is none of them."""
    match = HOST.fullmatch(text)
    if match is None:
        return None
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not 0 < port < 65536:
        return None
    if match["six"] is None:
        return Host(match["name"].lower(), port)
    try:
        return Host(ipaddress.IPv6Address(match["six"]).compressed, port)
    except ValueError:
        return None


def is_loopback(address: str) -> bool:
    """Whether an address or name, such as a server is bound to or a client comes from, stays on this machine."""
    if address == "localhost":
        return True
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The Host headers that are answered: loopback names, the address a request came in on, and the names configured.

    A port must be the one the request came in on, unless the configured name has another or the name alone was
    configured, as behind a proxy.
    """

    configured: frozenset[Host] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> AllowedHosts:
        """The hosts of configured names; raises `DioramaError` (C001) for what is no name."""
        hosts: set[Host] = set()
        for name in names:
            host = read_host(name.strip())
            if host is None:
                raise failure("C001", "allowed hosts", f"{name!r:.100} is given, but NAME or NAME:PORT is wanted")
            hosts.add(host)
        return cls(frozenset(hosts))

    def allows(self, given: str, scheme: str, came_in_on: tuple[str, int | None] | None) -> bool:
        """Whether a Host header names this server; `came_in_on` is the connection's own end: address and port."""
        host = read_host(given)
        if host is None:
            return False
        port = host.port or DEFAULT_PORTS.get(scheme)
        if Host(host.name, None) in self.configured or Host(host.name, port) in self.configured:
            return True
        address, own_port = came_in_on or ("", None)
        if own_port is not None and port != own_port:
            return False
        return host.name in LOOPBACK or (host.name == _shortest(address) and address != "")


def _shortest(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address.lower()
    return found.compressed
