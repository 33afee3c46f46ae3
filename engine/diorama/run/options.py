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
    require_keys: bool
    """Whether the user of this machine needs an API key as well."""


def settings_of(options: ServiceOptions, found: Mapping[str, JsonValue]) -> QueueSettings:
    """What was set, and for the rest what the service was started with."""
    known = {name: value for name, value in found.items() if name in SETTINGS}
    return QueueSettings(**{**defaults_of(options), **known})  # type: ignore[arg-type]  # checked when they were set


def defaults_of(options: ServiceOptions) -> dict[str, JsonValue]:
    """What holds where nothing was set."""
    return {
        "paused": False,
        "max_running": options.max_running,
        "max_running_per_client": options.max_running_per_client,
        "recovery": options.recovery,
        "require_keys": False,
    }


def check_settings(values: Mapping[str, JsonValue]) -> None:
    """Raise `DioramaError` (Q005) with each setting that is not one, or whose value cannot be."""
    faults: list[Fault] = []
    for name, value in values.items():
        setting = SETTINGS.get(name)
        if setting is None:
            known = ", ".join(SETTINGS)
            faults.append(Fault("Q005", pointer(name), f"there is no setting {name!r:.100}; known: {known}"))
        elif value is not None and not setting.takes(value):
            said = f"{name} is {value!r:.100}, but {setting.wanted} is wanted"
            faults.append(Fault("Q005", pointer(name), said))
    if faults:
        raise DioramaError(faults)


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_flag(value: JsonValue) -> bool:
    return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: what it does, what it takes in words, and whether it takes a value."""

    help: str
    wanted: str
    takes: Callable[[JsonValue], bool]


SETTINGS: Mapping[str, Setting] = {
    "paused": Setting("no queued run begins, on any server", "true or false", _is_flag),
    "max_running": Setting("runs that each server has under way at once", "a whole number above zero", _is_count),
    "max_running_per_client": Setting(
        "runs that one client has under way at once, on all servers; null for no bound",
        "a whole number above zero",
        _is_count,
    ),
    "recovery": Setting(
        "what becomes of runs whose server died: a user is asked, or it is done at once",
        f"one of {', '.join(get_args(Recovery))}",
        lambda value: value in get_args(Recovery),
    ),
    "require_keys": Setting("an API key is wanted over loopback too", "true or false", _is_flag),
}
"""Every setting by its name. All of them take hold at once, on all servers of a store."""
