"""Where on a mesh something can stand: heights of its upward faces under points, found by upright rays."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from diorama.values import Mesh
from diorama_nodes.scene.items import Stood
from diorama_nodes.scene.solids import Array

if TYPE_CHECKING:
    from diorama_nodes.render.tracer import Tracer

UPWARD = 0.6
"""Least height of a unit normal for a face that carries."""
ASIDE = 3.1e-4
"""Metres by which rays go beside their points: the middles of boxes lie on edges, between which rays may slip."""


@lru_cache(maxsize=64)
def _carrying(mesh: Mesh) -> Tracer:
    """The upward faces of a mesh, ready for rays."""
    from diorama_nodes.render.tracer import Tracer

    found = [np.zeros((0, 3, 3), np.float32)]
    for part in mesh.parts:
        corners = part.positions[part.triangles]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        lengths = np.linalg.norm(normals, axis=1)
        found.append(corners[normals[:, 1] > UPWARD * np.maximum(lengths, 1e-12)])
    positions = np.ascontiguousarray(np.concatenate(found).reshape(-1, 3), np.float32)
    return Tracer(positions, np.arange(len(positions), dtype=np.int32).reshape(-1, 3))


def surfaces(mesh: Mesh, x: Array, z: Array, start: Array, downwards: bool = True) -> Array:
    """Heights of the first upward face that a ray meets from heights `start`, down or up; NaN where there is none."""
    origins = np.stack([x + ASIDE, start, z + 1.7 * ASIDE]).astype(np.float32)
    ways = np.zeros_like(origins)
    ways[1] = -1.0 if downwards else 1.0
    hits = _carrying(mesh).hits(np.ascontiguousarray(origins), ways)
    heights = start + ways[1] * hits.distance
    return np.asarray(np.where(hits.triangle >= 0, heights, np.nan), np.float64)


def heights_on(
    carrier: Stood, points: Array, highest: bool = True, least: float = 0.0, below: Array | None = None
) -> Array:
    """Heights in the world of what carries at points (n, 2) of the world; NaN beside the carrier.

    The highest face, or with `below` the next one under those heights, or the lowest from `least` on.
    """
    box = carrier.box
    if carrier.item.mesh is None:
        inside = (np.abs(box.local(points[None])[0]) <= np.array([box.width[0], box.depth[0]]) / 2).all(axis=1)
        inside &= below is None
        return np.where(inside, box.high[0] if highest else box.low[0], np.nan)
    local = box.local(points[None])[0]
    middle = carrier.item.middle
    if below is not None:
        start = below - box.low[0] + middle[1] - 0.02
    else:
        start = np.full(len(points), middle[1] + (carrier.item.size[1] + 1.0 if highest else least - 1e-3))
    found = surfaces(carrier.item.mesh, local[:, 0] + middle[0], local[:, 1] + middle[2], start, highest)
    return np.asarray(found - middle[1] + box.low[0])
