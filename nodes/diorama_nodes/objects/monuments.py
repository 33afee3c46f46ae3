"""What stands on a square: columns, pedestals, wells, fountains, statues, ruins."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.buildings import gable_roof
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import box, cylinder, extrude, lathe, sphere, tube
from diorama_nodes.objects.shapes import arched, disc, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.temples import column_at


@kind("column", (0.7, 3.6, 0.7))
def column(wish: Wish) -> list[Part]:
    """A fluted column on a square foot."""
    r, h = wish.w / 2.9, wish.h
    stone = wish.body("marble")
    parts = column_at((0, h * 0.03, 0), r, h * 0.97, stone)
    parts += [
        rod(
            (r * 0.97 * cos(a), h * 0.12, r * 0.97 * sin(a)),
            (r * 0.86 * cos(a), h * 0.9, r * 0.86 * sin(a)),
            r * 0.07,
            stone,
            5,
        )
        for a in np.arange(14) * tau / 14
    ]
    return [*parts, box((r * 2.9, h * 0.035, r * 2.9), (0, 0, 0), stone, bevel=0.01)]


@kind("pedestal", (0.7, 1.0, 0.7))
def pedestal(wish: Wish) -> list[Part]:
    """A block of stone with mouldings, to set something on."""
    w, h, d = wish.size
    stone = wish.body("marble", "#d6d0c4")
    levels = ((0, 0.1, 1.0), (0.1, 0.06, 0.9), (0.16, 0.66, 0.76), (0.82, 0.06, 0.88), (0.88, 0.12, 1.0))
    parts = [box((w * share, h * tall, d * share), (0, h * low, 0), stone, bevel=0.014) for low, tall, share in levels]
    return parts + [box((w * 0.54, h * 0.42, 0.02), (0, h * 0.28, z * d * 0.38), stone, bevel=0.008) for z in (-1, 1)]


@kind("well", (1.6, 2.4, 1.6))
def well(wish: Wish) -> list[Part]:
    """A round well of stone with a roof, a windlass, a rope and a bucket."""
    w, h, d = wish.size
    r = w * 0.4
    stone, wood = wish.body("stone_blocks"), material("wood", "#6b4a2d")
    parts = [
        lathe(
            [
                (0, 0),
                (r, 0),
                (r, h * 0.34),
                (r * 1.06, h * 0.34),
                (r * 1.06, h * 0.37),
                (r * 0.76, h * 0.37),
                (r * 0.76, h * 0.2),
                (0, h * 0.2),
            ],
            material=stone,
            sides=24,
        )
    ]
    parts += [box((0.1, h * 0.6, 0.1), (x * r * 0.9, h * 0.2, 0), wood, bevel=0.01) for x in (-1, 1)]
    parts += gable_roof(w, d * 0.84, h * 0.2, (0, h * 0.79, 0), material("thatch"), 0.07)
    y = h * 0.6
    parts += [
        rod((-r, y, 0), (r * 1.15, y, 0), 0.05, wood),
        rod((r * 1.15, y, 0), (r * 1.15, y - 0.2, 0), 0.018, material("iron")),
        rod((0, y, 0.05), (0, h * 0.47, 0.05), 0.012, material("canvas"), 6),
    ]
    bucket = [(0, 0), (0.1, 0), (0.13, 0.2), (0.115, 0.2), (0.09, 0.02), (0, 0.02)]
    return [
        *parts,
        lathe(bucket, (0, h * 0.38, 0.05), wood, 14),
        cylinder(r * 0.75, 0.01, (0, h * 0.22, 0), material("water"), sides=24),
    ]


@kind("fountain", (2.8, 2.2, 2.8))
def fountain(wish: Wish) -> list[Part]:
    """Two basins one above the other, water standing in them and falling in arcs."""
    r, h = wish.w / 2, wish.h
    stone, water = wish.body("stone"), material("water", "#8fc4d4")
    pool = [
        (0, 0),
        (r, 0),
        (r * 0.96, h * 0.05),
        (r * 0.94, h * 0.2),
        (r, h * 0.22),
        (r, h * 0.26),
        (r * 0.88, h * 0.26),
        (r * 0.86, h * 0.08),
        (0, h * 0.08),
    ]
    stem = [
        (0, h * 0.08),
        (r * 0.2, h * 0.08),
        (r * 0.1, h * 0.2),
        (r * 0.12, h * 0.4),
        (r * 0.08, h * 0.55),
        (0, h * 0.55),
    ]
    basin = [
        (0, h * 0.54),
        (r * 0.12, h * 0.54),
        (r * 0.42, h * 0.64),
        (r * 0.45, h * 0.67),
        (r * 0.4, h * 0.67),
        (r * 0.12, h * 0.6),
        (0, h * 0.6),
    ]
    top = [
        (0, h * 0.6),
        (r * 0.06, h * 0.6),
        (r * 0.05, h * 0.8),
        (r * 0.1, h * 0.83),
        (r * 0.03, h * 0.88),
        (0, h * 0.88),
    ]
    parts = [lathe(shape, material=stone, sides=32) for shape in (pool, stem, basin, top)]
    parts += [
        cylinder(r * 0.87, 0.01, (0, h * 0.2, 0), water, sides=32),
        cylinder(r * 0.38, 0.008, (0, h * 0.655, 0), water, sides=28),
    ]
    for k in range(10):
        a = k * tau / 10
        out = [
            (r * (0.42 + 0.2 * t) * cos(a), h * (0.67 - 0.47 * t * t), r * (0.42 + 0.2 * t) * sin(a))
            for t in np.linspace(0, 1, 7)
        ]
        up = [
            (r * 0.3 * t * cos(a + 0.3), h * (0.87 + 0.5 * t - 0.72 * t * t), r * 0.3 * t * sin(a + 0.3))
            for t in np.linspace(0, 1, 7)
        ]
        parts += [tube(out, 0.018, water, 5), tube(up, 0.014, water, 5)]
    return parts


@kind("ruins", (6.0, 3.6, 4.0))
def ruins(wish: Wish) -> list[Part]:
    """Broken columns, a piece of wall with a window, fallen blocks."""
    w, h, d = wish.size
    stone, rng = wish.body("stone_blocks", "#9a9282"), wish.rng()
    plain = material("stone", "#a09a8a")
    ragged = [
        (-w * 0.45, 0),
        (w * 0.3, 0),
        (w * 0.3, h * 0.35),
        (w * 0.2, h * 0.42),
        (w * 0.16, h * 0.6),
        (w * 0.02, h * 0.66),
        (-w * 0.06, h * 0.9),
        (-w * 0.2, h * 0.96),
        (-w * 0.28, h * 0.8),
        (-w * 0.45, h),
    ]
    hole = [(x - w * 0.14, y + h * 0.25) for x, y in arched(w * 0.13, h * 0.4)]
    parts = [extrude(ragged, 0.45, (0, 0, -d * 0.38), stone, [hole])]
    for x, z, tall in ((-0.36, 0.2, 0.75), (-0.05, 0.28, 0.45), (0.3, 0.15, 0.6), (0.42, -0.25, 0.3)):
        shaft = [
            (0, 0),
            (0.34, 0),
            (0.34, 0.12),
            (0.27, 0.2),
            (0.25, h * tall),
            (0.1, h * tall + 0.08),
            (0, h * tall - 0.05),
        ]
        parts.append(lathe(shaft, (x * w, 0, z * d), plain, 14))
    drum = turned(cylinder(0.26, 1.1, (0, -0.55, 0), plain, sides=14), "z", pi / 2)
    parts.append(moved(turned(drum, "y", 0.6), (w * 0.12, 0.26, d * 0.05)))
    for _ in range(14):
        size = rng.uniform(0.15, 0.5, 3)
        spot = (float(rng.uniform(-0.46, 0.46)) * w, 0.0, float(rng.uniform(-0.3, 0.46)) * d)
        parts.append(
            moved(turned(box(tuple(size), (0, 0, 0), plain, bevel=0.03), "y", float(rng.uniform(0, pi))), spot)
        )
    return parts


@kind("statue", (0.9, 2.4, 0.9))
def statue(wish: Wish) -> list[Part]:
    """A draped figure of marble, one arm raised, on a plinth."""
    w, h, d = wish.size
    stone = wish.body("marble", "#d9d4ca")
    foot = h * 0.24
    parts = [
        box((w, foot * 0.2, d), (0, 0, 0), stone, bevel=0.015),
        box((w * 0.82, foot * 0.8, d * 0.82), (0, foot * 0.2, 0), stone, bevel=0.015),
    ]
    t = h - foot
    robe = lathe(
        [
            (0, 0),
            (t * 0.17, 0),
            (t * 0.15, t * 0.1),
            (t * 0.105, t * 0.42),
            (t * 0.085, t * 0.5),
            (t * 0.12, t * 0.66),
            (t * 0.1, t * 0.76),
            (t * 0.035, t * 0.8),
            (t * 0.03, t * 0.84),
            (0, t * 0.84),
        ],
        (0, foot, 0),
        stone,
        20,
    )
    parts += [
        robe,
        sphere((t * 0.058, t * 0.078, t * 0.066), (0, foot + t * 0.9, t * 0.01), stone, 16),
        sphere((t * 0.066, t * 0.05, t * 0.07), (0, foot + t * 0.94, -t * 0.012), stone, 14),
    ]
    parts += [
        tube(
            [
                (0.11 * t, foot + t * 0.74, 0),
                (t * 0.19, foot + t * 0.82, t * 0.03),
                (t * 0.17, foot + t * 0.99, t * 0.05),
            ],
            [t * 0.04, t * 0.034, t * 0.024],
            stone,
            10,
        )
    ]
    parts += [
        tube(
            [
                (-0.11 * t, foot + t * 0.74, 0),
                (-t * 0.16, foot + t * 0.58, t * 0.04),
                (-t * 0.05, foot + t * 0.52, t * 0.13),
            ],
            [t * 0.04, t * 0.034, t * 0.026],
            stone,
            10,
        )
    ]
    for k in range(9):
        a = -1.2 + 2.4 * k / 8
        fold = [
            (t * r * sin(a + b), foot + t * y, t * r * cos(a + b))
            for r, y, b in (
                (0.165, 0.02, 0.0),
                (0.14, 0.2, 0.05),
                (0.105, 0.42, 0.12),
                (0.085, 0.5, 0.15),
                (0.115, 0.66, 0.2),
            )
        ]
        parts.append(tube(fold, [t * 0.016, t * 0.014, t * 0.012, t * 0.01, t * 0.006], stone, 6))
    return [
        *parts,
        sphere((t * 0.03, t * 0.035, t * 0.02), (t * 0.17, foot + t, t * 0.05), stone, 8),
        disc(t * 0.05, 0.02, (0, foot * 0.55, d * 0.41), material("brass"), 16),
    ]
