"""Sheets of rings: lofts, lathes, tubes and cloth laid on a solid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diorama.values.mesh import Material, Part
from diorama.values.rig import SkinnedPart
from diorama_nodes.character.arrays import Array
from diorama_nodes.character.field import Point, Solid, distance


def loft(rings: Array, material: Material, *, is_closed: bool = True, has_caps: bool = False) -> Part:
    """A skin over rings (k, n, 3), each running counter-clockwise seen from the side where the next one is.

    A ring that is given twice makes a sharp edge. An open sheet shows its front on the same side.
    """
    rows, count = rings.shape[:2]
    if has_caps:
        ends = [np.repeat(ring.mean(0, keepdims=True), count, 0)[None] for ring in (rings[0], rings[-1])]
        rings = np.concatenate([ends[0], rings[:1], rings, rings[-1:], ends[1]])
        rows += 4
    positions = rings.reshape(-1, 3).astype(np.float32)
    columns = np.arange(count if is_closed else count - 1)
    right = (columns + 1) % count
    triangles = []
    for row in range(rows - 1):
        if np.abs(rings[row + 1] - rings[row]).max() < 1e-7:
            continue
        low, high = row * count, (row + 1) * count
        triangles.append(np.stack([low + columns, low + right, high + right], 1))
        triangles.append(np.stack([low + columns, high + right, high + columns], 1))
    faces = np.concatenate(triangles)
    corners = positions[faces]
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    faces = faces[areas > 1e-10].astype(np.uint32)
    return Part(positions, smooth_normals(positions, faces), faces, None, material)


def smooth_normals(positions: Array, triangles: np.ndarray) -> Array:
    """Normals (n, 3) as the mean of the faces around each vertex, weighted by area."""
    corners = positions[triangles].astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = triangles.reshape(-1)
    normals = np.stack([np.bincount(flat, np.repeat(across[:, axis], 3), len(positions)) for axis in range(3)], axis=1)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(lengths > 1e-14, normals / np.maximum(lengths, 1e-14), [0.0, 1.0, 0.0]).astype(np.float32)


def lathe(
    profile: Sequence[tuple[float, float]],
    material: Material,
    *,
    at: Point = (0.0, 0.0, 0.0),
    squash: tuple[float, float] = (1.0, 1.0),
    segments: int = 32,
) -> Part:
    """A profile of (radius, height) from bottom to top turned about the upright axis through `at`."""
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    circle = np.stack([np.sin(angles) * squash[0], np.zeros(segments), np.cos(angles) * squash[1]], 1)
    rings = np.stack([circle * radius + [0.0, height, 0.0] for radius, height in profile])
    return loft(rings + np.array(at), material)


def ellipsoid(at: Point, radii: Point, material: Material, segments: int = 18) -> Part:
    """An ellipsoid about a point."""
    turns = np.linspace(-np.pi / 2, np.pi / 2, segments // 2 + 1)
    profile = [(float(np.cos(turn)), float(np.sin(turn)) * radii[1]) for turn in turns]
    return lathe(profile, material, at=at, squash=(radii[0], radii[2]), segments=segments)


def tube(points: Sequence[Point], radii: Sequence[float], material: Material, segments: int = 12) -> Part:
    """A round tube with capped ends along a line of points."""
    places = np.array(points, np.float64)
    ways = np.gradient(places, axis=0)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    side = np.cross(ways[0], [0.0, 0.0, 1.0] if abs(ways[0, 2]) < 0.9 else [1.0, 0.0, 0.0])
    angles = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rings = []
    for place, way, radius in zip(places, ways, radii, strict=True):
        side = side - way * (side @ way)
        side /= np.linalg.norm(side)
        other = np.cross(way, side)
        rings.append(place + radius * (np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * other))
    return loft(np.array(rings), material, has_caps=True)


def wrap(solid: Solid, heights: Array, angles: Array, lift: float, far: float = 0.6) -> Array:
    """Where rays from the upright axis leave a solid, lifted off it; angles (n,) from +Z towards +X. Gives (n, 3)."""
    ways = np.stack([np.sin(angles), np.zeros_like(angles), np.cos(angles)], 1)
    base = np.stack([np.zeros_like(heights), heights, np.zeros_like(heights)], 1)
    return _leave(solid, base, ways, lift, far)


def front(solid: Solid, xs: Array, ys: Array, lift: Array | float, middle: float = 0.0) -> Array:
    """Points (n, 3) on a solid's front seen along the z axis, lifted off it."""
    base = np.stack([xs, ys, np.full_like(xs, middle)], 1)
    ways = np.tile(np.array([0.0, 0.0, 1.0]), (len(xs), 1))
    return _leave(solid, base, ways, lift, 0.6)


def _leave(solid: Solid, base: Array, ways: Array, lift: Array | float, far: float) -> Array:
    near, away = np.zeros(len(base)), np.full(len(base), far)
    for _ in range(14):
        half = (near + away) / 2
        is_inside = distance(solid, (base + ways * half[:, None]).astype(np.float32)) < 0
        near, away = np.where(is_inside, half, near), np.where(is_inside, away, half)
    return base + ways * (away + lift)[:, None]


def drape(
    solid: Solid,
    left: Sequence[tuple[float, float]],
    right: Sequence[tuple[float, float]],
    lift: float,
    material: Material,
    middle: float = 0.0,
) -> Part:
    """A patch of cloth on a solid's front, spanned between two lines of (x, y) from top to bottom, `lift` thick.

    `left` is the edge at smaller x.
    """
    one, other = (_resampled(np.array(edge, np.float64), 9) for edge in (left, right))
    shares = np.array([0, 0.0001, 0.25, 0.5, 0.75, 0.9999, 1])
    grid = one[:, None] * (1 - shares[:, None]) + other[:, None] * shares[:, None]
    lifts = np.full(grid.shape[:2], lift)
    lifts[:, [0, -1]] = lifts[[0, -1]] = -0.003
    flat = grid.reshape(-1, 2)
    places = front(solid, flat[:, 0], flat[:, 1], lifts.reshape(-1), middle).reshape(*grid.shape[:2], 3)
    return loft(places[::-1], material, is_closed=False)


def _resampled(line: Array, count: int) -> Array:
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    wanted = np.linspace(0, lengths[-1], count - 2)
    wanted = np.concatenate([[0.0], wanted * 0.9998 + lengths[-1] * 0.0001, [lengths[-1]]])
    return np.stack([np.interp(wanted, lengths, line[:, axis]) for axis in range(2)], 1)


def bound(part: Part, joint: int) -> SkinnedPart:
    """A part that follows one joint as a whole."""
    joints = np.zeros((len(part.positions), 4), np.uint16)
    joints[:, 0] = joint
    weights = np.zeros((len(part.positions), 4), np.float32)
    weights[:, 0] = 1
    return SkinnedPart(part, joints, weights)


def turned(part: Part, rotation: Array, about: Point, shift: Point = (0.0, 0.0, 0.0)) -> Part:
    """The part turned by a matrix (3, 3) about a point and then shifted."""
    positions = (part.positions - np.array(about)) @ rotation.T + np.array(about) + np.array(shift)
    normals = part.normals @ rotation.T
    return Part(positions.astype(np.float32), normals.astype(np.float32), part.triangles, part.uvs, part.material)
