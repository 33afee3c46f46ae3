"""Where on a mesh something can stand: heights of its upward faces under points."""

from __future__ import annotations

import numpy as np

from diorama.values import Mesh
from diorama_nodes.scene.items import Stood
from diorama_nodes.scene.solids import Array

UPWARD = 0.6
"""Least height of a unit normal for a face that carries."""


def surfaces(mesh: Mesh, x: Array, z: Array, highest: bool = True, least: float = -np.inf) -> Array:
    """Heights of the highest (or lowest, from `least` on) upward face over each point; NaN where there is none."""
    found = np.full(len(x), np.nan)
    for part in mesh.parts:
        corners = part.positions[part.triangles].astype(np.float64)
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        lengths = np.linalg.norm(normals, axis=1)
        carries = corners[normals[:, 1] > UPWARD * np.maximum(lengths, 1e-12)]
        if len(carries):
            heights = _heights(carries, x, z)
            heights[heights < least] = np.nan
            found = np.fmax(found, _over(heights, True)) if highest else np.fmin(found, _over(heights, False))
    return found


def _over(heights: Array, highest: bool) -> Array:
    filled = np.where(np.isnan(heights), -np.inf if highest else np.inf, heights)
    best = filled.max(axis=1) if highest else filled.min(axis=1)
    return np.where(np.isfinite(best), best, np.nan)


def _heights(corners: Array, x: Array, z: Array) -> Array:
    """Height of each triangle's plane at each point inside it, (points, triangles), NaN outside."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    wide = (b[:, 2] - c[:, 2]) * (a[:, 0] - c[:, 0]) + (c[:, 0] - b[:, 0]) * (a[:, 2] - c[:, 2])
    wide = np.where(np.abs(wide) < 1e-14, np.nan, wide)
    dx, dz = x[:, None] - c[None, :, 0], z[:, None] - c[None, :, 2]
    with np.errstate(invalid="ignore"):
        u = ((b[:, 2] - c[:, 2]) * dx + (c[:, 0] - b[:, 0]) * dz) / wide
        v = ((c[:, 2] - a[:, 2]) * dx + (a[:, 0] - c[:, 0]) * dz) / wide
        w = 1 - u - v
        inside = (u > -1e-6) & (v > -1e-6) & (w > -1e-6)
        return np.asarray(np.where(inside, u * a[:, 1] + v * b[:, 1] + w * c[:, 1], np.nan))


def heights_on(carrier: Stood, points: Array, highest: bool = True, least: float = 0.0) -> Array:
    """Heights in the world of what carries at points (n, 2) of the world; NaN beside the carrier."""
    box = carrier.box
    if carrier.item.mesh is None:
        inside = (np.abs(box.local(points[None])[0]) <= np.array([box.width[0], box.depth[0]]) / 2).all(axis=1)
        return np.where(inside, box.high[0] if highest else box.low[0], np.nan)
    local = box.local(points[None])[0]
    middle = carrier.item.middle
    found = surfaces(carrier.item.mesh, local[:, 0] + middle[0], local[:, 1] + middle[2], highest, middle[1] + least)
    return np.asarray(found - middle[1] + box.low[0])
