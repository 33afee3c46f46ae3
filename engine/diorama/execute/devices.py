"""The seam between the worker pool and whoever shares out devices: who may use one now, how, and what it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from diorama.execute.call import Call, Waiting
from diorama.model import Model, Offload, Placement

T = TypeVar("T")

Ended = Literal["done", "failed", "memory", "stopped", "died"]
"""How a call left its device: `memory` where it ran out of memory, `died` where its worker did."""


@dataclass(frozen=True, slots=True)
class Served:
    """A device that one worker serves."""

    name: str
    """What it is called here; no two devices of a machine share one."""
    torch: str = "cpu"
    """How the libraries inside the worker name it: `cuda:0`, `cpu`."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that the worker is started with, such as `CUDA_VISIBLE_DEVICES`."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to use a device, which may be lost: how whoever uses it sees that it still holds."""

    ledger: str = ""
    """The file in which the leases of the device stand; empty where nobody else can take the device."""
    owner: str = ""
    token: int = 0
    """Grows with every lease of the device."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a call may use of a device, and how: sent to the worker with the call."""

    device: str
    """The name of the device."""
    budget_bytes: int = 0
    """Memory of the device that the call and its models may take together; 0 where nothing bounds it."""
    call_bytes: int = 0
    """What of it the call is expected to take beyond the models that it holds."""
    offload: Offload = "none"
    is_alone: bool = False
    """Whether all that is idle goes before the call starts."""
    wanted: tuple[str, ...] = ()
    """Models that other calls wait for, by name: where room is needed, they go last."""
    lease: Lease = field(default_factory=Lease)


class LeaseLost(BaseException):
    """Raised where a device is used whose lease was given to another; no `Exception`, so that no node goes on."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a call gets no device at all: it fails with this code and sentence, and is not tried again."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the waiting calls goes next, and what it is granted."""

    index: int
    grant: Grant | Refused


@dataclass(frozen=True, slots=True)
class Load:
    """A model that was loaded: what it took, and memory of the device in use before and after."""

    model: str
    seconds: float
    before_bytes: int
    after_bytes: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What the keeper of a device worker measured over a call."""

    peak_bytes: int = 0
    """Most memory of the device that was taken at once, models included."""
    call_bytes: int = 0
    """Most that was taken beyond models."""
    held_bytes: int = 0
    """What the worker keeps from others now: models, caches, what its libraries take to run at all."""
    resident: Mapping[str, int] = field(default_factory=dict)
    """Models that the worker holds now, with the bytes of each on the device."""
    loads: Sequence[Load] = ()
    """Models that were loaded for this call, in order."""
    evicted: Sequence[str] = ()
    """Models that were let go for it, in order."""
    is_spent: bool = False
    """Whether the device answers this process no more, so that its worker has to go."""


class Devices(Protocol):
    """Shares out the devices. All methods are for the scheduler's thread, and none of them waits."""

    @property
    def keeper(self) -> str:
        """`module:attribute` of the function that makes a worker's keeper from how torch names its device."""

    def served(self) -> Sequence[Served]:
        """The devices; one worker is started for each when it is first needed."""

    def choose(self, waiting: Sequence[Waiting], free: Sequence[str]) -> Choice | None:
        """Which call to start now on one of the `free` devices, or None where none should start yet.

        Takes nothing yet: the call may turn out to be wanted no more. `begin` follows at once where it is started.
        """

    def begin(self, call: Call, grant: Grant) -> None:
        """A call was started with this grant: what it was granted is taken."""

    def end(self, call: int, how: Ended, usage: Usage | None) -> None:
        """A call that began has ended, and what it was granted is free; `usage` is None where nobody could tell."""

    def lost(self, device: str) -> None:
        """The worker of a device is gone, and all that it held with it. Told after `end`."""

    def tend(self) -> Sequence[str]:
        """Do what is due (renew leases, read memory); gives the devices that are no longer ours: their workers go."""

    def pause(self) -> float | None:
        """Seconds until `tend` is due again, None where nothing is due by itself."""

    def close(self) -> None:
        """Let all leases go; the workers are gone by then."""


class Keeper(Protocol):
    """Holds the models inside a device worker. All methods are for the thread that makes calls."""

    def begin(self, grant: Grant) -> None:
        """Make room as the grant says; whatever is raised fails the call as if its node had raised it."""

    def hold(self, model: Model[T], wanted: Placement) -> AbstractContextManager[T]:
        """A model, loaded, for the length of a `with` block: the `hold` of the call's context."""

    def check(self) -> None:
        """See that the lease still holds, at each progress of a call; raises `LeaseLost` where it does not."""

    def end(self) -> Usage:
        """What was used since `begin`."""
