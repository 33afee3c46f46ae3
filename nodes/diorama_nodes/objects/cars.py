"""Cars, trucks, and what belongs to them."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.primitives import box, cylinder, extrude, sheet
from diorama_nodes.objects.shapes import disc, rod, tyre_only, wheel
from diorama_nodes.objects.surfaces import Array, moved, turned


def _across(outline: list[tuple[float, float]], width: float, stuff: Material, x: float = 0.0) -> Part:
    """A side view, given as (z, y) with the front at +z, made `width` wide across x."""
    return moved(turned(extrude([(-z, y) for z, y in outline], width, material=stuff), "y", pi / 2), (x, 0, 0))


LAYERS = ((-1.0, 1.0), (-0.97, 0.45), (-0.9, 0.1), (-0.8, 0.0), (0.8, 0.0), (0.9, 0.1), (0.97, 0.45), (1.0, 1.0))
"""Where a rounded body is cut along x, as shares of half its width, and how far its edge has bent in there."""


def _rounded_across(
    outline: list[tuple[float, float]], width: float, stuff: Material, bend: float, lean: float
) -> list[Part]:
    """A side view as in `_across`, its corners softened and its flanks bent in by `bend` metres.

    `lean` is how much narrower it is at the top than at its foot, as a share of its width.
    """
    points = np.array([(-z, y) for z, y in outline])
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    cuts = [
        points + np.clip(bend / np.linalg.norm(other - points, axis=1), 0, 0.3)[:, None] * (other - points)
        for other in (before, after)
    ]
    ring = np.stack(cuts, axis=1).reshape(-1, 2)
    following = np.roll(ring, -1, axis=0)
    if float((ring[:, 0] * following[:, 1] - ring[:, 1] * following[:, 0]).sum()) < 0:
        ring = ring[::-1]
    step = np.roll(ring, -1, axis=0) - np.roll(ring, 1, axis=0)
    outward = np.stack([step[:, 1], -step[:, 0]], axis=1) / np.linalg.norm(step, axis=1, keepdims=True)
    low, high = ring[:, 1].min(), ring[:, 1].max()
    columns = []
    for share, inset in LAYERS:
        flat = ring - outward * bend * inset
        narrow = 1 - lean * (flat[:, 1] - low) / (high - low)
        columns.append(np.column_stack([share * width / 2 * narrow, flat[:, 1], -flat[:, 0]]))
    grid = np.stack(columns, axis=1)
    skin = sheet(np.concatenate([grid, grid[:1]]), stuff)
    flanks = [_flank(grid[:, column], side, stuff) for column, side in ((-1, 1), (0, -1))]
    return [skin, *flanks]


def _flank(edge: Array, side: int, stuff: Material) -> Part:
    """The side of a body within its last layer: a thin plate bent to where that layer lies."""
    plate = turned(extrude(np.column_stack([-edge[:, 2], edge[:, 1]]), 0.002, material=stuff), "y", pi / 2)
    leaning = np.polyfit(edge[:, 1], edge[:, 0], 1)
    shift = np.polyval(leaning, plate.positions[:, 1]) - side * 0.001
    positions = plate.positions + np.column_stack([shift, 0 * shift, 0 * shift]).astype(np.float32)
    return replace(plate, positions=positions.astype(np.float32))


def _arch_line(z: float, radius: float, low: float) -> list[tuple[float, float]]:
    """The edge of a wheel arch from behind to before the wheel, as part of a body's lower edge."""
    return [(z - radius * cos(a), low + radius * sin(a)) for a in np.linspace(0, pi, 8)]


def _lights(w: float, y: float, front: float, back: float, size: tuple[float, float]) -> list[Part]:
    lamp, red = glow("#fff3d6", 5.0), glow("#ff2a1f", 3.0)
    parts = [box((size[0], size[1], 0.05), (x * w, y, front), lamp, bevel=0.012) for x in (-1, 1)]
    return parts + [box((size[0], size[1], 0.05), (x * w, y, back), red, bevel=0.012) for x in (-1, 1)]


@kind("car", (1.8, 1.42, 4.3))
def car(wish: Wish) -> list[Part]:
    """A saloon: body with wheel arches, a glass house, lamps, bumpers, plates, wheels."""
    w, h, d = wish.size
    paint, glass, dark = (
        wish.body("enamel", "#e2b31f" if wish.says("taxi") else "#a32a2a"),
        material("dark_glass"),
        material("carbon"),
    )
    r, low = h * 0.22, h * 0.17
    fz, bz = d * 0.31, -d * 0.3
    under = [(-d * 0.49, low), *_arch_line(bz, r * 1.16, low), *_arch_line(fz, r * 1.16, low), (d * 0.49, low)]
    over = [
        (d * 0.5, h * 0.36),
        (d * 0.48, h * 0.5),
        (d * 0.2, h * 0.6),
        (-d * 0.36, h * 0.63),
        (-d * 0.49, h * 0.58),
        (-d * 0.5, h * 0.3),
    ]
    parts = _rounded_across([*under, *over], w * 0.97, paint, 0.07, 0.05)
    cabin = [(d * 0.2, h * 0.59), (d * 0.05, h * 0.97), (-d * 0.2, h * 0.98), (-d * 0.37, h * 0.62)]
    parts += [
        *_rounded_across(cabin, w * 0.84, glass, 0.05, 0.2),
        *_rounded_across(
            [(d * 0.06, h * 0.93), (d * 0.02, h), (-d * 0.18, h), (-d * 0.23, h * 0.93)], w * 0.69, paint, 0.05, 0.06
        ),
    ]
    for x in (-1, 1):
        for start, end in (
            ((d * 0.2, h * 0.6), (d * 0.05, h * 0.97)),
            ((-d * 0.07, h * 0.6), (-d * 0.07, h * 0.97)),
            ((-d * 0.37, h * 0.62), (-d * 0.2, h * 0.97)),
        ):
            parts.append(rod((x * w * 0.41, start[1], start[0]), (x * w * 0.335, end[1], end[0]), 0.034, paint, 6))
        for z in (fz, bz):
            parts += wheel(r, w * 0.12, (x * w * 0.44, r, z), material("chrome"), 5)
        parts += [
            box((0.14, 0.1, 0.12), (x * w * 0.49, h * 0.6, d * 0.15), paint, bevel=0.02),
            box((0.02, 0.02, 0.16), (x * w * 0.478, h * 0.53, -d * 0.02), material("chrome")),
        ]
    parts += _lights(w * 0.36, h * 0.4, d * 0.49, -d * 0.495, (w * 0.18, h * 0.09))
    parts += [
        box((w * 0.42, h * 0.09, 0.05), (0, h * 0.36, d * 0.49), dark),
        box((w * 0.3, h * 0.08, 0.03), (0, h * 0.24, d * 0.5), material("paper")),
        box((w * 0.3, h * 0.08, 0.03), (0, h * 0.34, -d * 0.505), material("paper")),
    ]
    return parts + [box((w * 0.98, h * 0.1, 0.12), (0, h * 0.18, z), dark, bevel=0.03) for z in (d * 0.48, -d * 0.48)]


@kind("pickup_truck", (1.95, 1.85, 5.2))
def pickup_truck(wish: Wish) -> list[Part]:
    """A pick-up with an open bed, big wheels and a grille."""
    w, h, d = wish.size
    paint, glass, dark, chrome = (
        wish.body("enamel", "#2f5f86"),
        material("dark_glass"),
        material("carbon"),
        material("chrome"),
    )
    r, low = h * 0.23, h * 0.24
    fz, bz = d * 0.31, -d * 0.29
    under = [(-d * 0.49, low), *_arch_line(bz, r * 1.14, low), *_arch_line(fz, r * 1.14, low), (d * 0.49, low)]
    over = [
        (d * 0.5, h * 0.52),
        (d * 0.47, h * 0.6),
        (d * 0.19, h * 0.63),
        (-d * 0.04, h * 0.63),
        (-d * 0.04, h * 0.53),
        (-d * 0.5, h * 0.53),
    ]
    parts = _rounded_across([*under, *over], w * 0.95, paint, 0.05, 0.02)
    parts += [
        _across(
            [(d * 0.19, h * 0.62), (d * 0.1, h * 0.96), (-d * 0.03, h * 0.96), (-d * 0.04, h * 0.62)], w * 0.82, glass
        ),
        box((w * 0.84, h * 0.06, d * 0.15), (0, h * 0.94, d * 0.03), paint, bevel=0.03),
    ]
    parts += [box((0.09, h * 0.13, d * 0.46), (x * w * 0.43, h * 0.52, -d * 0.27), paint, bevel=0.02) for x in (-1, 1)]
    parts += [
        box((w * 0.84, h * 0.13, 0.07), (0, h * 0.52, -d * 0.49), paint, bevel=0.02),
        box((w * 0.8, 0.03, d * 0.44), (0, h * 0.53, -d * 0.27), dark),
    ]
    for x in (-1, 1):
        parts += [
            rod((x * w * 0.41, h * 0.62, z), (x * w * 0.41, h * 0.95, top), 0.04, paint, 6)
            for z, top in ((d * 0.19, d * 0.1), (-d * 0.035, -d * 0.03))
        ]
        for z in (fz, bz):
            parts += wheel(r, w * 0.14, (x * w * 0.43, r, z), chrome, 6)
        parts.append(box((0.16, 0.16, 0.1), (x * w * 0.48, h * 0.62, d * 0.16), dark, bevel=0.02))
    parts += _lights(w * 0.38, h * 0.43, d * 0.498, -d * 0.5, (w * 0.14, h * 0.09))
    parts += [box((w * 0.5, h * 0.03, 0.05), (0, h * (0.42 + 0.05 * k), d * 0.495), chrome) for k in range(3)]
    return parts + [box((w, h * 0.1, 0.14), (0, h * 0.22, z), chrome, bevel=0.03) for z in (d * 0.49, -d * 0.49)]


@kind("car_lift", (3.0, 3.6, 4.6))
def car_lift(wish: Wish) -> list[Part]:
    """A two-post lift of a workshop, its four arms raised a little."""
    w, h, d = wish.size
    paint, steel, rubber = wish.body("painted_metal", "#c9a227"), material("metal"), material("rubber")
    parts = [box((w, 0.06, 0.5), (0, 0, 0), material("metal", "#5c6064"))]
    for x in (-1, 1):
        post = x * (w / 2 - 0.18)
        parts += [
            box((0.32, h, 0.36), (post, 0, 0), paint, bevel=0.02),
            box((0.2, 0.9, 0.42), (post - x * 0.1, 0.35, 0), steel, bevel=0.015),
            box((0.6, 0.05, 0.7), (post - x * 0.1, 0, 0), steel),
        ]
        for z in (-1, 1):
            tip = (x * w * 0.12, 0.42, z * (d / 2 - 0.1))
            parts += [
                rod((post - x * 0.15, 0.42, z * 0.15), tip, 0.07, steel, 8),
                cylinder(0.1, 0.08, (tip[0], 0.46, tip[2]), rubber, sides=14),
            ]
        parts += [
            box((0.2, 0.3, 0.12), (post, 1.3, 0.24), material("plastic", "#24282c"), bevel=0.015),
            disc(0.04, 0.03, (post, 1.5, 0.31), glow("#2bff6a", 3.0), 12),
        ]
    return [*parts, box((w, 0.14, 0.2), (0, h - 0.14, 0), paint, bevel=0.02)]


@kind("tyre", (0.65, 0.22, 0.65))
def tyre(wish: Wish) -> list[Part]:
    """A tyre lying on the ground, its tread cut."""
    r, h = wish.w / 2, wish.h
    parts = [tyre_only(r * 0.985, h, (0, h / 2, 0), wish.tinted("rubber"))]
    for k in range(36):
        a = k * tau / 36
        block = box((r * 0.1, h * 0.38, r * 0.04), (0, h * (0.12 if k % 2 else 0.5), r * 0.98), parts[0].material)
        parts.append(turned(block, "y", a))
    return parts
