"""Solids as distance fields: rounded cones and ellipsoids that melt into each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.character.arrays import Array

Point = tuple[float, float, float]


_FAR = 1e3


@dataclass(frozen=True, slots=True)
class Blob:
    """A cone with round ends from `start` to `end`, carried by a joint. Metres.

    squash: factors on its size along x, y and z (an ellipsoid where start and end agree); blend: how far it
    melts into the blobs before it.
    """

    joint: int
    start: Point
    end: Point
    start_radius: float
    end_radius: float
    squash: Point = (1.0, 1.0, 1.0)
    blend: float = 0.03


@dataclass(frozen=True, slots=True)
class Cut:
    """A plane; what lies on the side that its normal points to is taken away, within `reach` metres of its axis."""

    point: Point
    normal: Point
    reach: float = _FAR


@dataclass(frozen=True, slots=True)
class Solid:
    """Blobs melted together, less what `holes` and `cuts` take away, softly within `softness` metres."""

    blobs: tuple[Blob, ...]
    cuts: tuple[Cut, ...] = ()
    holes: tuple[Blob, ...] = ()
    softness: float = 0.004
    pad: float = 0.0
    """Metres by which the whole is thicker."""
    weight_blend: float = 0.014
    """Metres over which the influence of one joint fades into that of the next."""

    def bounds(self) -> tuple[Array, Array]:
        """A low and a high corner that hold all blobs."""
        lows, highs = [], []
        for blob in self.blobs:
            reach = max(blob.start_radius, blob.end_radius) * np.array(blob.squash) + self.pad
            ends = np.array([blob.start, blob.end])
            lows.append(ends.min(0) - reach)
            highs.append(ends.max(0) + reach)
        low, high = np.min(lows, axis=0), np.max(highs, axis=0)
        for cut in self.cuts:
            for axis in range(3):
                if cut.reach == _FAR and cut.normal[axis] == 1.0:
                    high[axis] = min(high[axis], cut.point[axis])
                if cut.reach == _FAR and cut.normal[axis] == -1.0:
                    low[axis] = max(low[axis], cut.point[axis])
        return low, high


def blob_distance(blob: Blob, points: Array) -> Array:
    """About how far points (n, 3) are outside of a blob, (n,); negative inside."""
    squash = np.array(blob.squash, np.float32)
    start = np.array(blob.start, np.float32)
    axis = (np.array(blob.end, np.float32) - start) / squash
    local = (points - start) / squash
    length = float(axis @ axis)
    gap: Array
    if length < 1e-10:
        gap = (np.sqrt(np.einsum("ni,ni->n", local, local)) - blob.start_radius) * float(squash.min())
        return gap
    along = np.clip(np.einsum("ni,i->n", local, axis) / length, 0.0, 1.0)
    away = local - along[:, None] * axis
    radius = blob.start_radius + (blob.end_radius - blob.start_radius) * along
    gap = (np.sqrt(np.einsum("ni,ni->n", away, away)) - radius) * float(squash.min())
    return gap


def _soft_min(one: Array, other: Array, blend: float) -> Array:
    if blend <= 0:
        return np.minimum(one, other)
    overlap = np.maximum(blend - np.abs(one - other), 0.0) / blend
    return np.minimum(one, other) - overlap * overlap * (blend / 4)


def distance(solid: Solid, points: Array) -> Array:
    """About how far points (n, 3) are outside of a solid, (n,); negative inside."""
    total = blob_distance(solid.blobs[0], points)
    for blob in solid.blobs[1:]:
        total = _soft_min(total, blob_distance(blob, points), blob.blend)
    total = total - solid.pad
    for hole in solid.holes:
        total = -_soft_min(-total, blob_distance(hole, points), max(solid.softness, hole.blend))
    for cut in solid.cuts:
        beyond = (points - np.array(cut.point, np.float32)) @ np.array(cut.normal, np.float32)
        if cut.reach < _FAR:
            along = points - np.array(cut.point, np.float32)
            away = np.sqrt(np.maximum(np.einsum("ni,ni->n", along, along) - beyond * beyond, 0.0))
            beyond = np.where(away < cut.reach, beyond, -1.0).astype(np.float32)
        total = -_soft_min(-total, -beyond, solid.softness)
    return total


def gradient(solid: Solid, points: Array, step: float = 0.002) -> Array:
    """The direction in which the distance grows, (n, 3), not normalised; from four points of a tetrahedron."""
    slope = np.zeros(points.shape, np.float32)
    for corner in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        way = np.array(corner, np.float32)
        slope += distance(solid, points + way * np.float32(step))[:, None] * way
    return slope / (4 * step)


def influences(solid: Solid, points: Array) -> tuple[Array, Array]:
    """Up to four joints (n, 4) and their weights (n, 4) for points on a solid, by how near each joint's blobs are."""
    numbers = sorted({blob.joint for blob in solid.blobs})
    gaps = np.full((len(points), max(len(numbers), 4)), np.inf, np.float32)
    for blob in solid.blobs:
        column = numbers.index(blob.joint)
        gaps[:, column] = np.minimum(gaps[:, column], blob_distance(blob, points))
    weights = np.exp(-(gaps - gaps.min(1, keepdims=True)) / solid.weight_blend)
    order = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    chosen = np.take_along_axis(weights, order, 1)
    chosen[chosen < 0.01] = 0
    chosen /= chosen.sum(1, keepdims=True)
    joints = np.array([*numbers, *[numbers[0]] * (4 - len(numbers))])[order]
    return joints, chosen
