"""A device as it is seen from outside: what it is called, and what it tells of itself at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

GIB: Final = 2**30

Level = Literal["green", "yellow", "red"]
YELLOW_FROM: Final = 0.70
"""Share of the memory in use from which the bar is yellow."""
RED_ABOVE: Final = 0.85
"""Share of the memory in use above which the bar is red."""
LOW_BYTES: Final = 4 * GIB
"""A GPU with less free memory than this is given to no call."""
WARNING: Final = "VRAM usage high. Close other GPU applications."


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory of a device, in bytes, whoever uses it."""

    total: int
    used: int

    @property
    def free(self) -> int:
        """Bytes that nobody uses."""
        return max(self.total - self.used, 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a device tells at a moment; what its driver lacks is None."""

    memory: Memory | None = None
    utilisation: float | None = None
    """Share of the time in which it computed, from 0 to 1."""
    celsius: float | None = None

    @property
    def level(self) -> Level | None:
        """The colour of the memory bar."""
        if self.memory is None or self.memory.total == 0:
            return None
        share = self.memory.used / self.memory.total
        return "red" if share > RED_ABOVE else "yellow" if share >= YELLOW_FROM else "green"


class Gone(Exception):
    """Raised by a device that no longer answers."""


@dataclass(frozen=True, slots=True)
class Place:
    """How a worker finds its device."""

    torch: str = "cpu"
    """What torch calls it inside the worker."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables that the worker is started with."""


class Device(Protocol):
    """A GPU, the CPU, or a simulated device."""

    @property
    def name(self) -> str:
        """What it is called here: `gpu0`, `cpu`."""

    @property
    def title(self) -> str:
        """What its maker calls it."""

    @property
    def identity(self) -> str:
        """What names it on this machine, whoever asks and in whichever order devices are counted."""

    @property
    def place(self) -> Place:
        """How a worker finds it."""

    @property
    def is_gpu(self) -> bool:
        """Whether its memory is shared with programs that know nothing of each other."""

    def read(self) -> Reading:
        """What it tells now; raises `Gone` where it no longer answers."""

    def used_by(self, pid: int) -> int | None:
        """Bytes that a process holds of its memory, None where the driver does not tell."""
