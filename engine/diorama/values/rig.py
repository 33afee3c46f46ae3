"""A skinned figure: skeleton, shape, and how the one moves the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from diorama.values.canonical import clean_weights
from diorama.values.mesh import Floats, Part
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue

Joints = np.ndarray[tuple[int, ...], np.dtype[np.uint16]]


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Joints in an order where a parent comes before its children; the first is the root, its parent -1.

    offsets: (joints, 3) float32, metres from the parent joint in the bind pose, in which every joint's
    rotation is the identity (the root's offset is its place above the ground).
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: Floats

    def bind_positions(self) -> Floats:
        """Where each joint is in the bind pose, (joints, 3) float32 in metres."""
        places = np.array(self.offsets, np.float32)
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                places[joint] += places[parent]
        return places


@dataclass(frozen=True, slots=True, eq=False)
class SkinnedPart:
    """A part whose vertices follow up to four joints: joints (n, 4) uint16, weights (n, 4) float32 summing to 1.

    Weights are brought to that sum; a joint without weight becomes joint 0, one that is named twice is merged.
    """

    part: Part
    joints: Joints
    weights: Floats

    def __post_init__(self) -> None:
        count = len(self.part.positions)
        if self.joints.shape != (count, 4) or self.weights.shape != (count, 4):
            raise ValueError(f"joints {self.joints.shape} and weights {self.weights.shape} must both be {(count, 4)}")
        plain = self.joints.astype(np.uint16, copy=False), self.weights.astype(np.float32, copy=False)
        joints, weights = clean_weights(*plain)
        object.__setattr__(self, "joints", joints)
        object.__setattr__(self, "weights", weights)


@dataclass(frozen=True, slots=True, eq=False)
class Rig(Value):
    """A skinned figure in its bind pose, facing +Z, its feet on the ground at y = 0."""

    type_name: ClassVar[str] = "rig"
    media_type: ClassVar[str] = "model/gltf-binary"
    suffix: ClassVar[str] = ".glb"

    name: str
    skeleton: Skeleton
    parts: tuple[SkinnedPart, ...]

    def encode(self) -> bytes:
        """The figure as GLB with a skin."""
        from diorama.values.glb_write import write_rig

        return write_rig(self)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The figure in a GLB that `encode` wrote."""
        from diorama.values.glb_read import read_rig

        rig = read_rig(content)
        return cls(rig.name, rig.skeleton, rig.parts)

    def describe(self) -> dict[str, JsonValue]:
        """Joints, vertices and faces."""
        return {
            "joints": len(self.skeleton.names),
            "vertices": sum(len(part.part.positions) for part in self.parts),
            "faces": sum(len(part.part.triangles) for part in self.parts),
        }
