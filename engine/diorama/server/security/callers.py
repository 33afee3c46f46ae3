"""Who asks, and what that one may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

AccessScope = Literal["read", "run", "write", "admin"]
"""read: look at everything but settings and logs. run: submit runs, steer them, upload. write: save graphs and
projects, delete. admin: settings, cache, queue, logs. Each of them includes reading, and admin all others."""
SCOPES: Final[tuple[AccessScope, ...]] = get_args(AccessScope)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sends a request: the id of an API key, or the user of this machine."""

    id: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether one of the caller's scopes is, or includes, the one wanted."""
        return "admin" in self.scopes or scope in self.scopes or (scope == "read" and bool(self.scopes))


LOCAL: Final = Caller("local", frozenset(SCOPES))
"""The user of this machine, who comes over loopback without a key."""


@dataclass(frozen=True, slots=True)
class Denied:
    """Nobody: why a request has no caller, as the code of a fault and one sentence."""

    code: str
    message: str
