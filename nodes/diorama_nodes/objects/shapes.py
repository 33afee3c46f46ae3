"""Shapes that many objects share: rods, legs, discs, cushions, wheels, leaves."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import ORIGIN, Point, box, cylinder, lathe, tube
from diorama_nodes.objects.surfaces import Array, moved, outward_normals, part_of, turned


def rod(start: Point, end: Point, radius: float, stuff: Material, sides: int = 8) -> Part:
    """A straight round bar between two points."""
    return tube([start, end], radius, stuff, sides)


def legs(
    width: float, depth: float, height: float, thick: float, stuff: Material, is_round: bool = False
) -> list[Part]:
    """Four legs under the corners of a rectangle."""
    x, z = (width - thick) / 2, (depth - thick) / 2
    corners = [(i * x, 0.0, j * z) for i in (-1, 1) for j in (-1, 1)]
    if is_round:
        return [cylinder(thick * 0.35, height, corner, stuff, top=thick / 2, sides=10) for corner in corners]
    return [box((thick, height, thick), corner, stuff, bevel=thick * 0.12) for corner in corners]


def placed(parts: Iterable[Part], offset: Point, yaw: float = 0.0) -> list[Part]:
    """The parts turned about the vertical and then moved."""
    return [moved(turned(part, "y", yaw) if yaw else part, offset) for part in parts]


def disc(radius: float, depth: float, at: Point, stuff: Material, sides: int = 24, top: float | None = None) -> Part:
    """A flat cylinder that faces +Z, its middle `at`."""
    return moved(turned(moved(cylinder(radius, depth, ORIGIN, stuff, top, sides), (0, -depth / 2, 0)), "x", pi / 2), at)


def circle(count: int, radius: float = 1.0, start: float = 0.0) -> list[tuple[float, float]]:
    """Points on a circle about the origin."""
    return [(radius * cos(start + tau * k / count), radius * sin(start + tau * k / count)) for k in range(count)]


def ring(radius: float, thick: float, at: Point, stuff: Material, axis: str = "y", count: int = 24) -> Part:
    """A hoop about an axis through `at`."""
    x, y, z = at
    points = [
        {"x": (x, y + a, z + b), "y": (x + a, y, z + b), "z": (x + a, y + b, z)}[axis] for a, b in circle(count, radius)
    ]
    return tube(points, thick, stuff, 6, is_closed=True)


def rounded(width: float, height: float, radius: float, steps: int = 4, low: float = 0.0) -> list[tuple[float, float]]:
    """The outline of a rectangle with round corners; its lower edge lies at y = `low`, its middle at x = 0."""
    x, y = width / 2 - radius, height / 2 - radius
    points = []
    for quarter, (i, j) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for step in range(steps + 1):
            angle = (quarter + step / steps) * pi / 2
            points.append((i * x + radius * cos(angle), j * y + radius * sin(angle) + height / 2 + low))
    return points


def arched(width: float, height: float, rise: float | None = None, steps: int = 12) -> list[tuple[float, float]]:
    """The outline of a doorway: straight sides on y = 0 and a round top that rises by `rise` (a half circle)."""
    up = width / 2 if rise is None else rise
    arc = [(width / 2 * cos(a), height - up + up * sin(a)) for a in np.linspace(0, pi, steps + 1)]
    return [(-width / 2, 0.0), (width / 2, 0.0), *arc]


def cushion(size: Point, at: Point, stuff: Material) -> Part:
    """A soft box."""
    return box(size, at, stuff, bevel=0.32 * min(size))


def wheel(radius: float, width: float, at: Point, hub: Material, spokes: int = 5) -> list[Part]:
    """A tyre with a rim and spokes that rolls along z, its middle `at`."""
    r, half = radius, width / 2
    tread = [
        (r * 0.68, -half),
        (r * 0.93, -half),
        (r, -half * 0.6),
        (r, half * 0.6),
        (r * 0.93, half),
        (r * 0.68, half),
    ]
    rim = [(0, -half * 0.5), (r * 0.2, -half * 0.5), (r * 0.62, -half * 0.3), (r * 0.7, -half * 0.8)]
    rim += [(r * 0.7, half * 0.8), (r * 0.62, half * 0.3), (r * 0.2, half * 0.5), (0, half * 0.5)]
    parts = [
        lathe([*tread, (r * 0.68, -half)], material=material("rubber"), sides=24),
        lathe(rim, material=hub, sides=20),
    ]
    for angle in np.arange(spokes) * tau / spokes:
        spoke = box((r * 0.16, half * 1.5, r * 0.5), (0, -half * 0.75, r * 0.38), hub)
        parts.append(turned(spoke, "y", float(angle)))
    return [moved(turned(part, "z", pi / 2), at) for part in parts]


def tyre_only(radius: float, width: float, at: Point, stuff: Material) -> Part:
    """A bare tyre lying flat, its middle `at`."""
    r, half = radius, width / 2
    outline = [(r * 0.6, -half * 0.8), (r * 0.72, -half), (r * 0.9, -half), (r, -half * 0.6), (r, half * 0.6)]
    outline += [(r * 0.9, half), (r * 0.72, half), (r * 0.6, half * 0.8), (r * 0.56, 0), (r * 0.6, -half * 0.8)]
    return lathe(outline, at, stuff, sides=28)


def leaf_cards(
    rng: np.random.Generator, centres: Array, radii: Array, count: int, length: float, stuff: Material
) -> Part:
    """Leaves scattered over balls: each a pointed quad, shaded as the ball is, so that a crown reads as one shape.

    centres (k, 3) and radii (k, 3) in metres; `stuff` is to be seen from both sides.
    """
    own = rng.integers(len(centres), size=count)
    out = rng.normal(size=(count, 3))
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    middle = centres[own] + out * radii[own] * rng.uniform(0.82, 1.08, (count, 1))
    along = rng.normal(size=(count, 3))
    along -= out * (along * out).sum(axis=1, keepdims=True) * 0.7
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(out, along)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    size = length * rng.uniform(0.6, 1.2, (count, 1))
    corners = np.stack(
        [middle - along * size, middle + across * size * 0.45, middle + along * size, middle - across * size * 0.45],
        axis=1,
    )
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flip = (facing * out).sum(axis=1) < 0
    corners[flip] = corners[flip][:, ::-1]
    quads = np.arange(count)[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])
    shift = rng.random((count, 1, 2))
    uvs = (np.array([[0, 0], [0.02, 0.01], [0.03, 0], [0.02, -0.01]]) + shift).reshape(-1, 2)
    return part_of(corners.reshape(-1, 3), np.repeat(out, 4, axis=0), quads.reshape(-1, 3), uvs, stuff)


def smooth_shape(points: Array, triangles: Array, uvs: Array, stuff: Material) -> Part:
    """A part whose normals follow from its triangles."""
    return part_of(points, outward_normals(points, triangles), triangles, uvs, stuff)
