"""All guards of an app, put together as its options say."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp

from diorama.faults import failure
from diorama.refusals import NoSuch
from diorama.run.service import Service
from diorama.server.options import ServerOptions
from diorama.server.security.admission import Admission, Admit
from diorama.server.security.binding import check_binding
from diorama.server.security.callers import Caller
from diorama.server.security.gate import Gate, GatePolicy
from diorama.server.security.hosts import AllowedHosts, is_loopback
from diorama.server.security.origins import read_origin
from diorama.server.security.tickets import Tickets


class StoredKeys:
    """The API keys of a service's store, as admission asks for them."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def caller_of(self, token: str) -> Caller | None:
        """Whom a key stands for; None where it is unknown, expired or revoked."""
        key = self._service.access.holder(token)
        return None if key is None else Caller(key.id, key.scopes)

    def holds(self, caller: Caller) -> bool:
        """Whether the key of a caller who was let in lets in still."""
        try:
            return self._service.access.get(caller.id).holds(self._service.wall())
        except NoSuch:
            return False

    def are_wanted(self) -> bool:
        """Whether the setting `require_keys` is on."""
        return self._service.settings().require_keys

    def any_holds(self) -> bool:
        """Whether there is a key that lets its holder in."""
        now = self._service.wall()
        return any(key.holds(now) for key in self._service.access.all())


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands around an app: the gate outside, then who calls."""

    policy: GatePolicy
    admission: Admission
    tickets: Tickets

    @classmethod
    def of(cls, service: Service, options: ServerOptions) -> Guards:
        """The guards of a server.

        Raises `DioramaError`: A007 where it would be open to others without keys, C001 where a configured name or
        origin is none.
        """
        keys = StoredKeys(service)
        check_binding(options.host, keys.any_holds)
        tickets = Tickets()
        policy = GatePolicy(AllowedHosts.of(options.allowed_hosts), _origins(options.allowed_origins))
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
