"""What is refused as things stand: what is not there, and what cannot be done in this state."""

from __future__ import annotations

from diorama.faults import DioramaError, Fault


class NoSuch(DioramaError):
    """Raised where a thing is asked for that is not there (Q001)."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        super().__init__([Fault("Q001", name, f"there is no {kind} {name!r:.200}")])


class WrongState(DioramaError):
    """Raised where a run's state does not allow what is asked of it (Q002)."""

    def __init__(self, run: str, state: str, wanted: str) -> None:
        self.run = run
        self.state = state
        self.wanted = wanted
        super().__init__([Fault("Q002", run, f"the run is {state}, but one that is {wanted} is wanted")])


class KeyReused(DioramaError):
    """Raised where an idempotency key comes again with another request (Q003)."""

    def __init__(self, key: str) -> None:
        self.key = key
        message = f"the idempotency key {key!r:.200} was used for another request; a new request needs a new key"
        super().__init__([Fault("Q003", key, message)])


class Changed(DioramaError):
    """Raised where something was changed since the version that a change was made to (Q006)."""

    def __init__(self, kind: str, name: str, expected: int, found: int) -> None:
        self.kind = kind
        self.name = name
        self.found = found
        is_there = f"it is at version {found}" if found else "there is none"
        wanted = f"the change was made to version {expected}" if expected else "it was to be new"
        super().__init__([Fault("Q006", name, f"the {kind} {name!r:.200} was changed meanwhile: {is_there}, {wanted}")])


class Taken(DioramaError):
    """Raised where a name is wanted that another thing has (Q007)."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind = kind
        self.name = name
        super().__init__([Fault("Q007", name, f"there is another {kind} of the name {name!r:.200}")])
