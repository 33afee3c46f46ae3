"""The surface of a solid as triangles, by surface nets drawn onto the true surface."""

from __future__ import annotations

import numpy as np

from diorama.values.mesh import Material, Part, Triangles
from diorama.values.rig import SkinnedPart
from diorama_nodes.character.arrays import Array
from diorama_nodes.character.field import Solid, distance, gradient, influences

BLOCK = 4
"""Nodes along the side of a block of the grid that is sampled, or passed over, as one."""

_CORNERS = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 1]


def skinned_surface(solid: Solid, step: float, material: Material) -> SkinnedPart:
    """The solid's surface with vertices about `step` metres apart, bound to the joints of its blobs."""
    positions, normals, triangles = surface(solid, step)
    joints, weights = influences(solid, positions)
    part = Part(positions, normals, triangles, None, material)
    return SkinnedPart(part, joints.astype(np.uint16), weights.astype(np.float32))


def surface(solid: Solid, step: float) -> tuple[Array, Array, Triangles]:
    """Positions (n, 3), normals (n, 3) and triangles (m, 3) of a solid's surface."""
    low, high = solid.bounds()
    low = (low - 2.5 * step).astype(np.float32)
    counts = -(-(np.ceil((high - low) / step).astype(int) + 5) // BLOCK) * BLOCK
    axes = [low[axis] + step * np.arange(counts[axis], dtype=np.float32) for axis in range(3)]
    positions, triangles = _net(_sampled(solid, axes, step))
    places = (low + positions * step).astype(np.float32)
    slope = gradient(solid, places)
    steep = np.maximum((slope * slope).sum(1), 0.1)
    for _ in range(2):
        shift = slope * (distance(solid, places) / steep)[:, None]
        # A vertex stays within its cell's reach: where two shapes meet sharply the slope misleads.
        longest = np.maximum(np.linalg.norm(shift, axis=1, keepdims=True) / (0.5 * step), 1)
        places = (places - shift / longest).astype(np.float32)
    normals = gradient(solid, places)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    return places, normals.astype(np.float32), triangles


def _sampled(solid: Solid, axes: list[Array], step: float) -> Array:
    """The distance on a grid, exact in blocks that the surface may pass, and elsewhere that of the block's middle."""
    middles = [axis[::BLOCK] + np.float32((BLOCK - 1) / 2 * step) for axis in axes]
    coarse = _points(middles)
    far = distance(solid, coarse)
    blocks = np.array([len(middle) for middle in middles])
    # A block's nodes, and those of its neighbours that share cells with it, are within this distance.
    reach = 1.2 * step * (BLOCK / 2 + 1) * 3**0.5
    near = np.flatnonzero(np.abs(far) < reach)
    within = _points([step * np.arange(BLOCK, dtype=np.float32) - np.float32((BLOCK - 1) / 2 * step)] * 3)
    values = np.repeat(far[:, None], BLOCK**3, 1)
    fine = (coarse[near][:, None] + within[None]).reshape(-1, 3).astype(np.float32)
    values[near] = distance(solid, fine).reshape(len(near), -1)
    split = values.reshape(*blocks, BLOCK, BLOCK, BLOCK)
    return split.transpose(0, 3, 1, 4, 2, 5).reshape(blocks * BLOCK)


def _points(axes: list[Array]) -> Array:
    return np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3).astype(np.float32)


def _net(values: Array) -> tuple[Array, Triangles]:
    """Vertices in cells of the grid, in units of its step, and the triangles that join them."""
    inside = values < 0
    shape = np.array(values.shape) - 1
    count = np.zeros(shape, np.int8)
    for i, j, k in _CORNERS:
        count += inside[i : i + shape[0], j : j + shape[1], k : k + shape[2]]
    cells = np.argwhere((count > 0) & (count < 8))
    corners = np.stack([values[tuple((cells + corner).T)] for corner in _CORNERS], 1)
    total = np.zeros((len(cells), 3), np.float32)
    crossings = np.zeros((len(cells), 1), np.float32)
    for a, b in _EDGES:
        one, other = corners[:, a], corners[:, b]
        crosses = (one < 0) != (other < 0)
        share = np.where(crosses, one / np.where(crosses, one - other, 1), 0)[:, None]
        total += np.where(crosses[:, None], _CORNERS[a] + share * (_CORNERS[b] - _CORNERS[a]), 0)
        crossings += crosses[:, None]
    number = np.full(shape, -1, np.int64)
    number[tuple(cells.T)] = np.arange(len(cells))
    triangles = np.concatenate([_sheet(inside, number, axis) for axis in range(3)])
    return (cells + total / crossings).astype(np.float32), triangles.astype(np.uint32)


def _sheet(inside: np.ndarray, number: np.ndarray, axis: int) -> np.ndarray:
    """Triangles across the grid edges that run along one axis and leave or enter the solid."""
    flags, cells = np.moveaxis(inside, axis, 0), np.moveaxis(number, axis, 0)
    starts, ends = flags[:-1, 1:-1, 1:-1], flags[1:, 1:-1, 1:-1]
    i, j, k = np.nonzero(starts != ends)
    quad = np.stack([cells[i, j, k], cells[i, j + 1, k], cells[i, j + 1, k + 1], cells[i, j, k + 1]], 1)
    # Moving an axis to the front turns the handedness for the middle one.
    outward = starts[i, j, k] != (axis == 1)
    quad = np.where(outward[:, None], quad, quad[:, ::-1])
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]])
