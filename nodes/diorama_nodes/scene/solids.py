"""Oriented boxes that stand for what is placed: footprints, gaps and overlaps."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
CORNERS = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """Upright boxes turned about Y, field by field, each of shape (n,).

    x, z: centre; yaw: radians, 0 facing +Z and growing towards +X; width, depth: full sizes along the own x and z;
    low, high: bottom and top.
    """

    x: Array
    z: Array
    yaw: Array
    width: Array
    depth: Array
    low: Array
    high: Array

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int | slice | Bools | Array) -> Boxes:
        chosen = slice(index, index + 1) if isinstance(index, int) else index
        return Boxes(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def front(self) -> Array:
        """Directions (x, z) of the fronts, (n, 2)."""
        return np.stack([np.sin(self.yaw), np.cos(self.yaw)], axis=1)

    def centers(self) -> Array:
        """Centres (x, z), (n, 2)."""
        return np.stack([self.x, self.z], axis=1)

    def footprints(self) -> Array:
        """Corners (x, z) of the footprints, (n, 4, 2)."""
        return self.points(CORNERS)

    def points(self, units: Array) -> Array:
        """Points of the footprints given from -1 to 1 along the own axes: (k, 2) in, (n, k, 2) out."""
        along = units[None, :, 0] * self.width[:, None] / 2
        ahead = units[None, :, 1] * self.depth[:, None] / 2
        cos, sin = np.cos(self.yaw)[:, None], np.sin(self.yaw)[:, None]
        return np.stack(
            [self.x[:, None] + along * cos + ahead * sin, self.z[:, None] - along * sin + ahead * cos], axis=2
        )

    def local(self, points: Array) -> Array:
        """Points (n or 1, k, 2) of the world in each box's own axes, (n, k, 2)."""
        apart = points - self.centers()[:, None, :]
        cos, sin = np.cos(self.yaw)[:, None], np.sin(self.yaw)[:, None]
        return np.stack([apart[..., 0] * cos - apart[..., 1] * sin, apart[..., 0] * sin + apart[..., 1] * cos], axis=2)

    def moved(self, **changes: Array) -> Boxes:
        """The boxes with some fields replaced."""
        return Boxes(*(changes.get(field.name, getattr(self, field.name)) for field in fields(self)))


def box(x: float, z: float, yaw: float, size: tuple[float, float, float], low: float = 0.0) -> Boxes:
    """A single box: `size` is width, height, depth."""
    values = (x, z, yaw, size[0], size[2], low, low + size[1])
    return Boxes(*(np.array([float(value)]) for value in values))


def repeated(boxes: Boxes, count: int) -> Boxes:
    """A single box `count` times."""
    return Boxes(*(np.repeat(getattr(boxes, field.name), count) for field in fields(boxes)))


def joined(groups: list[Boxes]) -> Boxes:
    """All boxes of the groups in order; none where there are none."""
    if not groups:
        return Boxes(*(np.zeros(0) for _ in fields(Boxes)))
    return Boxes(*(np.concatenate([getattr(group, field.name) for group in groups]) for field in fields(Boxes)))


def _half(boxes: Boxes) -> Array:
    return np.stack([boxes.width, boxes.depth], axis=1)[:, None, :] / 2


def _outside(boxes: Boxes, corners: Array) -> Array:
    return np.maximum(np.abs(boxes.local(corners)) - _half(boxes), 0.0)


def overlaps(first: Boxes, second: Boxes, margin: float = 0.0) -> Bools:
    """Whether footprints come closer than `margin` (separating axes), pairwise or one against many."""
    first, second = paired(first, second)
    apart = np.zeros(len(first), dtype=bool)
    for one, other in ((first, second), (second, first)):
        local = one.local(other.footprints())
        half = _half(one)[:, 0, :] + margin
        apart |= (local.min(axis=1) >= half).any(axis=1) | (local.max(axis=1) <= -half).any(axis=1)
    return ~apart


def gaps(first: Boxes, second: Boxes) -> Array:
    """Least distances between the surfaces, 0 where they touch or overlap."""
    first, second = paired(first, second)
    flat = np.minimum(
        np.hypot(*np.moveaxis(_outside(first, second.footprints()), 2, 0)).min(axis=1),
        np.hypot(*np.moveaxis(_outside(second, first.footprints()), 2, 0)).min(axis=1),
    )
    flat = np.where(overlaps(first, second), 0.0, flat)
    up = np.maximum(np.maximum(first.low - second.high, second.low - first.high), 0.0)
    return np.asarray(np.hypot(flat, up))


def paired(first: Boxes, second: Boxes) -> tuple[Boxes, Boxes]:
    """Both at the same length: a single box is repeated for each of the others."""
    if len(first) == 1 and len(second) != 1:
        first = repeated(first, len(second))
    if len(second) == 1 and len(first) != 1:
        second = repeated(second, len(first))
    return first, second


def collides(candidates: Boxes, solid: Boxes, margin: float = 0.0) -> Bools:
    """For each candidate whether it runs into any of the solid boxes, (n,)."""
    hit = np.zeros(len(candidates), dtype=bool)
    for index in range(len(solid)):
        other = solid[index]
        near = (candidates.low < other.high - 1e-3) & (candidates.high > other.low + 1e-3) & ~hit
        if near.any():
            hit[near] = overlaps(candidates[near], other, margin)
    return hit
