"""Where the server is, and the key that is shown to it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from diorama.faults import failure

DEFAULT = "http://127.0.0.1:8321"
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """A server's address without a slash at its end, and the API key for it, if any."""

    url: str
    key: str | None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with every request."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    @property
    def events(self) -> str:
        """The address of the WebSocket."""
        return f"ws{self.url.removeprefix('http')}{API}/events"


def address_of(url: str | None = None, key: str | None = None) -> Address:
    """The given address and key, else those of `DIORAMA_SERVER` and `DIORAMA_KEY`, else the local server's.

    Raises `DioramaError` (C001) where the address is none of HTTP.
    """
    chosen = url or os.environ.get("DIORAMA_SERVER") or DEFAULT
    parts = urlsplit(chosen)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise failure("C001", "server", f"{chosen!r:.200} is given, but an address such as {DEFAULT} is wanted")
    return Address(chosen.rstrip("/"), key or os.environ.get("DIORAMA_KEY") or None)
