"""What it takes to be bound wider than loopback: an API key, since everybody can then reach the server."""

from __future__ import annotations

from collections.abc import Callable

from diorama.faults import failure
from diorama.server.security.hosts import is_loopback


def check_binding(address: str, has_keys: Callable[[], bool]) -> None:
    """Raise `DioramaError` (A007) where a server would be open to others without demanding a key of them."""
    if is_loopback(address) or has_keys():
        return
    said = f"{address} can be reached from other machines, and there is no API key to keep them out"
    raise failure("A007", "--host", f"{said}; make one with `diorama keys create NAME`, or bind to 127.0.0.1")
