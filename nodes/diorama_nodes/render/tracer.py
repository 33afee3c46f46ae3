"""Finds what rays meet, through Embree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.render.arrays import Flags, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """What rays met: triangle (n,) int32 or -1, distance (n,), and the barycentric u and v (n,)."""

    triangle: Ints
    distance: Floats
    u: Floats
    v: Floats


class Tracer:
    """Triangles ready to be met by rays. positions: (v, 3) float32; triangles: (t, 3) int32."""

    def __init__(self, positions: Floats, triangles: Ints) -> None:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        self.is_empty = len(triangles) == 0
        self._scene = EmbreeScene()
        if not self.is_empty:
            self._mesh = TriangleMesh(self._scene, positions, triangles)

    def hits(self, origins: Floats, directions: Floats) -> Hits:
        """The nearest triangle that each ray (3, n) meets."""
        count = origins.shape[1]
        if self.is_empty or not count:
            nothing = np.full(count, np.float32(1e30))
            return Hits(np.full(count, -1, np.int32), nothing, np.zeros_like(nothing), np.zeros_like(nothing))
        found = self._scene.run(origins.T, directions.T, output=1)
        return Hits(found["primID"], found["tfar"], found["u"], found["v"])

    def is_blocked(self, origins: Floats, directions: Floats, lengths: Floats) -> Flags:
        """Whether anything lies within `lengths` (n,), in lengths of the direction, along each ray."""
        if self.is_empty or not origins.shape[1]:
            return np.zeros(origins.shape[1], np.bool_)
        found = self._scene.run(origins.T, directions.T, dists=lengths, query="OCCLUDED")
        blocked: Flags = found >= 0
        return blocked
