"""All guards of an app, put together as its options say."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp

from diorama.faults import failure
from diorama.server.options import ServerOptions
from diorama.server.security.admission import Admission, Admit, KeyRing
from diorama.server.security.callers import Caller
from diorama.server.security.gate import Gate, GatePolicy
from diorama.server.security.hosts import AllowedHosts, is_loopback
from diorama.server.security.origins import read_origin
from diorama.server.security.tickets import Tickets


class NoKeys:
    """The keys of a server that has no store of them: none is known, and none is demanded over loopback."""

    def caller_of(self, token: str) -> Caller | None:
        """Nobody."""
        return None

    def are_wanted(self) -> bool:
        """No."""
        return False


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands around an app: the gate outside, then who calls."""

    policy: GatePolicy
    admission: Admission
    tickets: Tickets

    @classmethod
    def of(cls, service: object, options: ServerOptions) -> Guards:
        """The guards of a server; raises `DioramaError` (C001) where a configured name or origin is none."""
        tickets = Tickets()
        policy = GatePolicy(AllowedHosts.of(options.allowed_hosts), _origins(options.allowed_origins))
        keys: KeyRing = getattr(service, "keys", None) or NoKeys()
        return cls(policy, Admission(keys, tickets, is_wide=not is_loopback(options.host)), tickets)

    def around(self, app: ASGIApp) -> ASGIApp:
        """The app behind its guards."""
        return Gate(Admit(app, self.admission), self.policy)


def _origins(given: tuple[str, ...]) -> frozenset[str]:
    origins: set[str] = set()
    for text in given:
        origin = read_origin(text)
        if origin is None:
            raise failure("C001", "allowed origins", f"{text!r:.100} is given, but https://NAME[:PORT] is wanted")
        origins.add(origin)
    return frozenset(origins)
