"""Models on a simulated memory: weights that take room while anyone refers to them, and fail to load at will."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field

from diorama.lease.device import GIB
from diorama.lease.simulated import SimulatedMemory
from diorama.model import Model, Placement

SHARE = {"none": 1.0, "model": 0.5, "sequential": 0.125}
"""What of the weights lies on the device at once, by how they are offloaded."""


class Weights:
    """Loaded weights; their room is free when they are garbage."""

    def __init__(self, memory: SimulatedMemory, holder: str, size: int, placement: Placement) -> None:
        self.placement = placement
        self.size = size
        memory.take(holder, size)
        weakref.finalize(self, _give, memory, holder, size)


def _give(memory: SimulatedMemory, holder: str, size: int) -> None:
    # A worker that is gone has given all back already.
    if holder in memory.held:
        memory.give(holder, size)


@dataclass
class Shelf:
    """Makes models that load into the share of one worker."""

    memory: SimulatedMemory
    holder: str = "worker"
    now: float = 0.0
    failing: set[str] = field(default_factory=set)
    """Models whose load fails when half of it is done."""
    loaded: list[str] = field(default_factory=list)

    def clock(self) -> float:
        """Time, which loading takes."""
        return self.now

    def model(self, name: str, gib: float, seconds: float | None = None) -> Model[Weights]:
        """A model of a size; `seconds` to load it, one a GiB unless it is told otherwise."""

        def load(placement: Placement) -> Weights:
            self.loaded.append(name)
            size = int(gib * GIB * SHARE[placement.offload])
            if name in self.failing:
                half = Weights(self.memory, self.holder, size // 2, placement)
                raise ValueError(f"{name} is broken after {half.size} bytes")
            self.now += gib if seconds is None else seconds
            return Weights(self.memory, self.holder, size, placement)

        return Model(name, load, gib, f"who/{name}", "r1", "MIT")
