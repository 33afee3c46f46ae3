"""How a server is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PORT = 8321


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where a server listens, and how it goes."""

    host: str = "127.0.0.1"
    port: int = PORT
    """0 takes any that is free."""
    editor: Path | None = None
    """Folder of the editor's built files; None for what came with Diorama, if anything."""
    allowed_hosts: tuple[str, ...] = ()
    """Names that the server answers to besides loopback and its own address, as NAME or NAME:PORT."""
    allowed_origins: tuple[str, ...] = ()
    """Pages of other sites that may use the API, as https://NAME:PORT."""
    grace_seconds: float = 5.0
    """How long open requests and calls may take when the server is told to stop."""
