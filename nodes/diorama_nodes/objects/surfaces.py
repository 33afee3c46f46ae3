"""What parts are made of and how they are put together: arrays to parts, moves, turns, merging."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import cos, sin
from typing import Literal

import numpy as np

from diorama.values import Material, Mesh, Part
from diorama.values.mesh import Triangles

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def part_of(positions: Array, normals: Array, triangles: Array | Triangles, uvs: Array, material: Material) -> Part:
    """A part from arrays of any precision."""
    return Part(
        np.ascontiguousarray(positions, np.float32),
        np.ascontiguousarray(normals, np.float32),
        np.ascontiguousarray(triangles, np.uint32),
        np.ascontiguousarray(uvs, np.float32),
        material,
    )


def grid_triangles(rows: int, columns: int) -> Array:
    """Triangles (m, 3) over a grid of vertices numbered row by row; they face along rows x columns."""
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).reshape(-1)
    below = first + columns
    one = np.stack([first, below, below + 1], axis=1)
    other = np.stack([first, below + 1, first + 1], axis=1)
    return np.concatenate([one, other])


def outward_normals(points: Array, triangles: Array | Triangles) -> Array:
    """Unit normals (n, 3): at each vertex the mean of its triangles, weighed by area."""
    corner = points[triangles]
    faces = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    index = np.asarray(triangles, np.int64).reshape(-1)
    spread = np.repeat(faces, 3, axis=0)
    sums = np.stack([np.bincount(index, spread[:, axis], len(points)) for axis in range(3)], axis=1)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.where(lengths > 1e-15, sums / np.maximum(lengths, 1e-15), [0.0, 1.0, 0.0])


def moved(part: Part, offset: Sequence[float] | Array) -> Part:
    """The part, `offset` metres away."""
    return replace(part, positions=(part.positions + np.asarray(offset, np.float32)).astype(np.float32))


def turned(part: Part, axis: Literal["x", "y", "z"], radians: float, about: Sequence[float] = (0.0, 0.0, 0.0)) -> Part:
    """The part, turned counter-clockwise seen from the axis' end, about a point."""
    c, s = cos(radians), sin(radians)
    one, other = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[one, one] = matrix[other, other] = c
    matrix[one, other], matrix[other, one] = -s, s
    middle = np.asarray(about, float)
    positions = (part.positions - middle) @ matrix.T + middle
    return replace(part, positions=positions.astype(np.float32), normals=(part.normals @ matrix.T).astype(np.float32))


def scaled(part: Part, factors: Sequence[float]) -> Part:
    """The part, stretched along the axes by factors above zero; its picture stretches with it."""
    by = np.asarray(factors, float)
    normals = part.normals / by
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    positions = (part.positions.astype(float) * by).astype(np.float32)
    return replace(part, positions=positions, normals=normals.astype(np.float32))


def mirrored(part: Part) -> Part:
    """The part as in a mirror that stands at x = 0."""
    flip = np.array([-1, 1, 1], np.float32)
    return replace(
        part,
        positions=part.positions * flip,
        normals=part.normals * flip,
        triangles=np.ascontiguousarray(part.triangles[:, ::-1]),
    )


def recoloured(part: Part, material: Material) -> Part:
    """The part in another material."""
    return replace(part, material=material)


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """One part for each material, in the order in which the materials first come up."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        if len(part.triangles):
            groups.setdefault(id(part.material), []).append(part)
    return tuple(_joined(group) for group in groups.values())


def _joined(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part.positions) for part in parts[:-1])])
    triangles = [part.triangles + np.uint32(start) for part, start in zip(parts, starts, strict=True)]
    uvs = [np.zeros((len(part.positions), 2), np.float32) if part.uvs is None else part.uvs for part in parts]
    return Part(
        np.concatenate([part.positions for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate(triangles).astype(np.uint32),
        np.concatenate(uvs),
        parts[0].material,
    )


def mesh_of(parts: Iterable[Part]) -> Mesh:
    """A mesh of the parts, merged by material."""
    return Mesh(merged(parts))


def fitted(parts: Iterable[Part], size: Sequence[float]) -> tuple[Part, ...]:
    """The parts stretched to width, height and depth, standing on the ground, their middle over the origin."""
    pieces = [part for part in parts if len(part.positions)]
    low = np.min([part.positions.min(axis=0) for part in pieces], axis=0).astype(float)
    high = np.max([part.positions.max(axis=0) for part in pieces], axis=0).astype(float)
    extent = np.maximum(high - low, 1e-9)
    foot = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    factors = np.asarray(size, float) / extent
    return tuple(scaled(moved(part, -foot), factors) for part in pieces)
