"""A place before anything is put into it: how far it reaches, its walls, its way, and what makes it that place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from diorama.values import Light, Mesh
from diorama.values.scene import Vector
from diorama_nodes.scene.solids import Boxes, joined

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Wall:
    """A straight wall seen from inside: from `start` to `end`, its inward normal, its height."""

    start: Point
    end: Point
    normal: Point
    height: float

    @property
    def length(self) -> float:
        """Metres from end to end."""
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))

    @property
    def yaw(self) -> float:
        """The turn of what stands with its back to the wall."""
        return float(np.arctan2(self.normal[0], self.normal[1]))


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole that a door or window wants: number of the wall, metres along it, bottom, width, height."""

    wall: int
    along: float
    low: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Copy:
    """One standing of a piece of dressing."""

    name: str
    mesh: int
    translation: Vector = (0.0, 0.0, 0.0)
    yaw: float = 0.0
    scale: Vector = (1.0, 1.0, 1.0)
    kind: str = "dressing"


@dataclass(slots=True)
class Dressing:
    """What surrounds the objects: meshes, where each stands, and the lights that belong to them."""

    meshes: list[Mesh] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    lights: list[Light] = field(default_factory=list)

    def add(self, name: str, mesh: Mesh, kind: str = "dressing") -> int:
        """Put a mesh where it was made, and give its number for further copies."""
        self.meshes.append(mesh)
        self.copies.append(Copy(name, len(self.meshes) - 1, kind=kind))
        return len(self.meshes) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where things may stand. The viewer looks along -Z; the ground is at height 0."""

    name: str
    low: Point
    high: Point
    dress: Callable[[Sequence[Opening]], Dressing]
    walls: tuple[Wall, ...] = ()
    ceiling: float | None = None
    way: tuple[Point, Point] = ((0.0, -5.0), (0.0, 3.0))
    """The middle of the main way, from its far end to the near one."""
    way_width: float = 1.2
    eye: Vector = (0.0, 1.6, 8.0)
    focus: Vector = (0.0, 1.2, 0.0)
    fov_y: float = 0.8
    water: Boxes | None = None
    solid: Boxes = field(default_factory=lambda: joined([]))
    """What of the dressing stands within the bounds."""

    @property
    def is_indoor(self) -> bool:
        """Whether there is a ceiling over it."""
        return self.ceiling is not None

    @property
    def size(self) -> Point:
        """Metres along x and z."""
        return self.high[0] - self.low[0], self.high[1] - self.low[1]

    @property
    def center(self) -> Point:
        """The middle of the floor."""
        return (self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2
