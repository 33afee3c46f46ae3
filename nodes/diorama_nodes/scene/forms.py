"""Geometry for what surrounds the objects: many boxes, panes and tubes at once, turned shapes, and grounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from diorama.values import Material, Part

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Rows = Sequence[Sequence[float]] | Array
Corners = Sequence[Sequence[Sequence[float]]] | Array

# Each face of a unit box: normal, and the two edges that span it counter-clockwise seen from outside.
FACES = np.array(
    [
        [(1, 0, 0), (0, 0, -1), (0, 1, 0)],
        [(-1, 0, 0), (0, 0, 1), (0, 1, 0)],
        [(0, 1, 0), (1, 0, 0), (0, 0, -1)],
        [(0, -1, 0), (1, 0, 0), (0, 0, 1)],
        [(0, 0, 1), (1, 0, 0), (0, 1, 0)],
        [(0, 0, -1), (-1, 0, 0), (0, 1, 0)],
    ],
    dtype=np.float64,
)
CORNERS = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=np.float64)
QUAD = np.array([0, 1, 2, 0, 2, 3])


def boxes(centers: Rows, sizes: Rows, material: Material, metres_per_picture: float = 2.0) -> Part:
    """Boxes at `centers` (n, 3) with full `sizes` (n, 3), their pictures laid on in metres."""
    middle = np.asarray(centers, np.float64).reshape(-1, 1, 1, 3)
    half = np.asarray(sizes, np.float64).reshape(-1, 1, 1, 3) / 2
    normal, across, up = FACES[:, 0], FACES[:, 1], FACES[:, 2]
    unit = normal[:, None] + CORNERS[None, :, :1] * across[:, None] + CORNERS[None, :, 1:] * up[:, None]
    points = middle + unit[None] * half
    uvs = np.stack([(points * across[None, :, None]).sum(-1), -(points * up[None, :, None]).sum(-1)], axis=-1)
    normals = np.broadcast_to(normal[None, :, None], points.shape)
    return _quads(points, normals, uvs / metres_per_picture, material)


def panes(
    corners: Corners, material: Material, uvs: Array | None = None, metres_per_picture: float | None = None
) -> Part:
    """Flat four-sided panes, (n, 4, 3), each counter-clockwise from its lower left seen from the front.

    uvs: (n, 4, 2); without them each pane shows the whole picture, or `metres_per_picture` of it.
    """
    points = np.asarray(corners, np.float64).reshape(-1, 4, 3)
    across, up = points[:, 1] - points[:, 0], points[:, 3] - points[:, 0]
    normals = np.cross(across, up)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    if uvs is None:
        whole = np.array([(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
        uvs = np.broadcast_to(whole, (len(points), 4, 2))
        if metres_per_picture is not None:
            spans = np.stack([np.linalg.norm(across, axis=1), np.linalg.norm(up, axis=1)], axis=1)
            uvs = uvs * spans[:, None] / metres_per_picture
    return _quads(points, np.broadcast_to(normals[:, None], points.shape), uvs, material)


def _quads(points: Array, normals: Array, uvs: Array, material: Material) -> Part:
    count = points.size // 12
    triangles = (np.arange(count)[:, None] * 4 + QUAD).reshape(-1, 3)
    return Part(
        points.reshape(-1, 3).astype(np.float32),
        np.ascontiguousarray(normals).reshape(-1, 3).astype(np.float32),
        triangles.astype(np.uint32),
        np.ascontiguousarray(uvs).reshape(-1, 2).astype(np.float32),
        material,
    )


def sheet(points: Array, uvs: Array, material: Material) -> Part:
    """A smooth surface over a grid of points (rows, columns, 3), front where rows x columns turn clockwise.

    Seen from the front, columns run to the right and rows upwards.
    """
    rows, columns = points.shape[:2]
    lower = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    fans = np.stack([lower, lower + 1, lower + columns + 1, lower, lower + columns + 1, lower + columns], axis=1)
    flat = points.reshape(-1, 3)
    triangles = fans.reshape(-1, 3)
    across = np.gradient(points, axis=1)
    up = np.gradient(points, axis=0)
    if np.allclose(points[:, 0], points[:, -1], atol=1e-6):
        seam = (points[:, 1] - points[:, -2]) / 2
        across[:, 0] = across[:, -1] = seam
    normals = np.cross(across, up).reshape(-1, 3)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.where(lengths > 1e-12, normals / np.maximum(lengths, 1e-12), [[0.0, 1.0, 0.0]])
    edges = flat[triangles]
    areas = np.linalg.norm(np.cross(edges[:, 1] - edges[:, 0], edges[:, 2] - edges[:, 0]), axis=1)
    return Part(
        flat.astype(np.float32),
        normals.astype(np.float32),
        triangles[areas > 1e-10].astype(np.uint32),
        np.ascontiguousarray(uvs).reshape(-1, 2).astype(np.float32),
        material,
    )


def terrain(xs: Array, zs: Array, height: Callable[[Array, Array], Array], material: Material, metres: float) -> Part:
    """A ground over the lines `xs` and `zs` (both growing), as high as `height(x, z)` says."""
    x, z = np.meshgrid(xs, zs[::-1])
    points = np.stack([x, height(x, z), z], axis=-1)
    return sheet(points, np.stack([x, z], axis=-1) / metres, material)


def moved(part: Part, offset: Sequence[float], turn: float = 0.0, scale: float | Sequence[float] = 1.0) -> Part:
    """A part scaled, then turned about Y, then moved."""
    factor = np.broadcast_to(np.asarray(scale, np.float64), (3,))
    cos, sin = np.cos(turn), np.sin(turn)
    spin = np.array([(cos, 0.0, sin), (0.0, 1.0, 0.0), (-sin, 0.0, cos)])
    positions = (part.positions * factor) @ spin.T + np.asarray(offset)
    normals = (part.normals / factor) @ spin.T
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return Part(positions.astype(np.float32), normals.astype(np.float32), part.triangles, part.uvs, part.material)
