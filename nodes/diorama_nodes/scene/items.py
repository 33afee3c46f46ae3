"""What is to be placed, one item for each standing of an object, and where it came to stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama.values import Mesh
from diorama.values.scene import Quaternion, Vector
from diorama_nodes.scene.solids import Array, Boxes


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One thing to place. size: width, height, depth in metres; middle: that of its mesh's bounds at the bottom."""

    id: str
    copy: int
    kind: str
    mesh: Mesh | None
    size: Vector
    middle: Vector = (0.0, 0.0, 0.0)

    @property
    def is_flat(self) -> bool:
        """Whether it lies on the ground so flat that others stand and walk on it."""
        return self.size[1] < 0.06

    @property
    def name(self) -> str:
        """The id, numbered from the second copy on."""
        return self.id if self.copy == 0 else f"{self.id}_{self.copy + 1}"


def item_of(identity: str, copy: int, kind: str, mesh: Mesh) -> Item:
    """The item of a mesh, as large as its bounds."""
    low, high = mesh.bounds().astype(float)
    size = np.maximum(high - low, 1e-3)
    middle = (low + high) / 2
    return Item(
        identity, copy, kind, mesh, (size[0], size[1], size[2]), (float(middle[0]), float(low[1]), float(middle[2]))
    )


@dataclass(frozen=True, slots=True, eq=False)
class Stood:
    """An item on its place. `tilt` in radians leans its top backwards; `on` is what carries it."""

    item: Item
    box: Boxes
    tilt: float = 0.0
    on: Stood | None = None
    """What it stands on, where that is not the ground."""
    scale: float = 1.0
    passes: frozenset[str] = frozenset()
    """Ids of objects that it may stand under or in."""

    def transform(self) -> tuple[Vector, Quaternion]:
        """Where the mesh's origin goes, and how it is turned."""
        yaw, tilt = float(self.box.yaw[0]), self.tilt
        middle = np.array(self.item.middle) * self.scale
        if tilt:
            # The box then holds the leaning shape; its back bottom edge is what the mesh turns about.
            spun = _leaned(middle, tilt)
            low, high = leaned_reach(self.item.size, tilt)
            middle = spun + np.array([0.0, -self.item.size[2] / 2 * np.sin(tilt), (low + high) / 2])
        cos, sin = np.cos(yaw), np.sin(yaw)
        offset = np.array([middle[0] * cos + middle[2] * sin, middle[1], -middle[0] * sin + middle[2] * cos])
        at = np.array([self.box.x[0], self.box.low[0], self.box.z[0]]) - offset
        half, lean = yaw / 2, -tilt / 2
        turn = (
            np.cos(half) * np.sin(lean),
            np.sin(half) * np.cos(lean),
            -np.sin(half) * np.sin(lean),
            np.cos(half) * np.cos(lean),
        )
        return (float(at[0]), float(at[1]), float(at[2])), (
            float(turn[0]),
            float(turn[1]),
            float(turn[2]),
            float(turn[3]),
        )


def _leaned(point: Array, tilt: float) -> Array:
    cos, sin = np.cos(tilt), np.sin(tilt)
    return np.array([point[0], point[1] * cos + point[2] * sin, point[2] * cos - point[1] * sin])


def leaned_reach(size: Vector, tilt: float) -> tuple[float, float]:
    """How far a shape leaning back reaches, along its own z, behind and before the middle of its foot."""
    _, height, depth = size
    cos, sin = np.cos(tilt), np.sin(tilt)
    return float(-depth / 2 * cos - height * sin), float(depth / 2 * cos)


def leaned_height(size: Vector, tilt: float) -> float:
    """How high a shape leaning back is."""
    _, height, depth = size
    return float(height * np.cos(tilt) + depth * np.sin(tilt))
