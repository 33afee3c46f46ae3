"""Inflating an outline: a closed surface whose thickness solves Poisson's equation inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from diorama_nodes.images.colour import Floats
from diorama_nodes.images.sheet import Ints, sheet

Indices = np.ndarray[tuple[int, ...], np.dtype[np.integer[Any]]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

NEAREST = 0.04
"""Least distance of a contour point from a node, in cells: nearer ones would make needles."""


@dataclass(frozen=True, slots=True)
class Balloon:
    """Points (n, 3) in cells, x right, y down, z to the viewer; the first `rim` lie on the outline at z = 0.

    Front and back triangles are counter-clockwise seen from outside and share the rim.
    """

    points: Floats
    normals: Floats
    """Unit normals, those of the smooth surface z^2 = 2 u rather than of the triangles."""
    rim: int
    front: Ints
    back: Ints


def inflate_field(field: Floats, roundness: float, fullness: float) -> Balloon:
    """The closed surface around where `field` is positive.

    `roundness` scales the thickness, 1 for strips with a circular section; `fullness` is the distance from the rim, in
    cells, over which the surface rises before it levels off.
    """
    inside = field > 0
    across, down = _crossings(field)
    square = 2 * roundness**2 * _poisson(field, across, down, fullness)
    at_across, at_down = np.nonzero(~np.isnan(across)), np.nonzero(~np.isnan(down))
    rim_points = np.concatenate(
        [
            np.column_stack([at_across[1] + across[at_across], at_across[0]]),
            np.column_stack([at_down[1], at_down[0] + down[at_down]]),
        ]
    )
    rows, columns = np.nonzero(inside)
    rim, count = len(rim_points), len(rows)
    level = np.maximum(np.sqrt(square[inside]), 0.02)[:, None]
    flat, slope = np.column_stack([columns, rows]), _slope(square, inside, across, down)
    points = np.concatenate([np.column_stack([rim_points, np.zeros(rim)]), np.hstack([flat, level])])
    normals = np.concatenate(
        [np.column_stack([_outward(field, rim_points), np.zeros(rim)]), np.hstack([-slope, 2 * level])]
    )
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    mirrored = np.array([1, 1, -1])
    front = sheet(field, across, down, rim)
    used = np.zeros(rim + count, bool)
    used[front] = True
    points, normals, front = points[used], normals[used], (np.cumsum(used) - 1)[front]
    return Balloon(
        np.concatenate([points, points[rim:] * mirrored]).astype(np.float32),
        np.concatenate([normals, normals[rim:] * mirrored]).astype(np.float32),
        rim,
        front,
        np.where(front >= rim, front + len(points) - rim, front)[:, ::-1],
    )


def _slope(square: Floats, inside: Bools, across: Floats, down: Floats) -> Floats:
    """The gradient (n, 2) of the squared height at the nodes inside, right to the outline."""
    rows, columns = np.nonzero(inside)
    here = square[rows, columns]
    parts = []
    for step, after, before in (
        ((0, 1), across[rows, columns], across[rows, columns - 1]),
        ((1, 0), down[rows, columns], down[rows - 1, columns]),
    ):
        ahead, behind = np.nan_to_num(after, nan=1.0), 1 - np.nan_to_num(before, nan=0.0)
        # Outside nodes hold zero, and that is the height at the crossing too.
        rise = (square[rows + step[0], columns + step[1]] - here) / ahead
        fall = (here - square[rows - step[0], columns - step[1]]) / behind
        parts.append((rise * behind + fall * ahead) / (ahead + behind))
    return np.stack(parts, axis=1)


def _outward(field: Floats, places: Floats) -> Floats:
    """Unit directions (n, 2) away from the inside at `places` (x, y)."""
    from scipy import ndimage

    down, across = np.gradient(field)
    away = -np.stack([ndimage.map_coordinates(g, places.T[::-1], order=1) for g in (across, down)], axis=1)
    lengths = np.linalg.norm(away, axis=1, keepdims=True)
    return np.where(lengths > 1e-6, away / np.maximum(lengths, 1e-6), (1.0, 0.0))


def _crossings(field: Floats) -> tuple[Floats, Floats]:
    """Where the outline crosses the edges to the right of and below each node, 0 to 1; NaN where it does not."""

    def along(first: Floats, second: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.clip(first / (first - second), NEAREST, 1 - NEAREST)
        return np.where((first > 0) != (second > 0), at, np.nan).astype(np.float32)

    return along(field[:, :-1], field[:, 1:]), along(field[:-1], field[1:])


def _poisson(field: Floats, across: Floats, down: Floats, fullness: float) -> Floats:
    """The solution u >= 0 of u/L^2 - laplace(u) = 1 inside, u = 0 on the outline (Shortley and Weller's stencil)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import spsolve

    inside = field > 0
    number = np.cumsum(inside).reshape(inside.shape) - 1
    rows, columns = np.nonzero(inside)
    count = len(rows)
    reach = {
        (0, 1): np.nan_to_num(across[rows, columns], nan=1.0),
        (0, -1): 1 - np.nan_to_num(across[rows, columns - 1], nan=0.0),
        (1, 0): np.nan_to_num(down[rows, columns], nan=1.0),
        (-1, 0): 1 - np.nan_to_num(down[rows - 1, columns], nan=0.0),
    }
    centre = np.full(count, 1 / fullness**2)
    entries: list[tuple[Indices, Indices, Floats]] = []
    for (step_y, step_x), near in reach.items():
        far = reach[-step_y, -step_x]
        weight = 2 / (near * (near + far))
        centre += weight
        joined = inside[rows + step_y, columns + step_x]
        entries.append(
            (
                np.flatnonzero(joined),
                number[rows + step_y, columns + step_x][joined],
                -weight[joined].astype(np.float32),
            )
        )
    entries.append((np.arange(count), np.arange(count), centre.astype(np.float32)))
    where = (np.concatenate([e[0] for e in entries]), np.concatenate([e[1] for e in entries]))
    matrix = coo_matrix((np.concatenate([e[2] for e in entries]).astype(float), where), shape=(count, count))
    solved = np.zeros(field.shape, np.float32)
    solved[inside] = np.maximum(spsolve(matrix.tocsc(), np.ones(count)), 0)
    return solved
