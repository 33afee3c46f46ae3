"""How a service works: what is fixed when it starts, and the settings that can change while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import JsonValue

from diorama.faults import DioramaError, Fault, pointer
from diorama.store.servers import LEASE_SECONDS

Recovery = Literal["ask", "resume", "discard", "fail"]
"""What becomes of runs that were under way when their server died: a user is asked, or it is done at once."""


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """What a service is started with. Where a setting of the same name is in the database, that counts."""

    max_running: int = 8
    """Runs that this server has under way at once."""
    max_running_per_client: int | None = None
    """Runs that one client has under way at once, on all servers; None for no bound."""
    recovery: Recovery = "ask"
    address: str = ""
    """Where this server can be reached."""
    lease_seconds: float = LEASE_SECONDS
    """How long a server may show no sign of life before others take what it had."""
    poll_seconds: float = 0.5
    """How often the database is looked at for what other servers did."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """The settings of the queue, which all servers of a store share."""

    paused: bool
    max_running: int
    max_running_per_client: int | None
    recovery: Recovery


def settings_of(options: ServiceOptions, found: Mapping[str, JsonValue]) -> QueueSettings:
    """What was set, and for the rest what the service was started with."""
    given = {"paused": False, **{name: getattr(options, name) for name in ("max_running", "recovery")}}
    given["max_running_per_client"] = options.max_running_per_client
    known = {name: value for name, value in found.items() if name in given}
    return QueueSettings(**{**given, **known})


def check_settings(values: Mapping[str, JsonValue]) -> None:
    """Raise `DioramaError` (Q005) with each setting that is not one, or whose value cannot be."""
    wants: dict[str, tuple[str, Callable[[JsonValue], bool]]] = {
        "paused": ("true or false", lambda value: isinstance(value, bool)),
        "max_running": ("a whole number above zero", _is_count),
        "max_running_per_client": ("a whole number above zero", _is_count),
        "recovery": (f"one of {', '.join(get_args(Recovery))}", lambda value: value in get_args(Recovery)),
    }
    faults: list[Fault] = []
    for name, value in values.items():
        wanted = wants.get(name)
        if wanted is None:
            faults.append(Fault("Q005", pointer(name), f"there is no setting {name!r:.100}; known: {', '.join(wants)}"))
        elif value is not None and not wanted[1](value):
            faults.append(Fault("Q005", pointer(name), f"{name} is {value!r:.100}, but {wanted[0]} is wanted"))
    if faults:
        raise DioramaError(faults)


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
