"""What drives, swims and flies."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import glow, leafy, material, shaded
from diorama_nodes.objects.primitives import box, cylinder, extrude, lathe, sheet, sphere, tube
from diorama_nodes.objects.shapes import cushion, disc, ring, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.varieties import sail


@kind("bicycle", (0.55, 1.05, 1.75))
def bicycle(wish: Wish) -> list[Part]:
    """A bicycle that heads for +Z: frame, fork, handlebar, saddle, chain wheel, spoked wheels."""
    w, h, d = wish.size
    paint, rubber, chrome = wish.body("enamel", "#1f6a72"), material("rubber"), material("chrome")
    r = h * 0.32
    fz, bz = d / 2 - r, -d / 2 + r
    parts = []
    for z in (fz, bz):
        parts += [
            ring(r - 0.018, 0.018, (0, r, z), rubber, "x", 32),
            ring(r - 0.045, 0.01, (0, r, z), chrome, "x", 32),
            rod((-0.05, r, z), (0.05, r, z), 0.02, chrome),
        ]
        parts += [
            rod(
                (0.03 * (-1) ** k, r, z),
                (0, r + (r - 0.045) * sin(k * tau / 14), z + (r - 0.045) * cos(k * tau / 14)),
                0.0025,
                chrome,
                3,
            )
            for k in range(14)
        ]
    crank, seat, head, neck = (
        (0, r * 0.85, -d * 0.05),
        (0, h * 0.74, -d * 0.16),
        (0, h * 0.86, d * 0.21),
        (0, h * 0.7, d * 0.235),
    )
    for a, b in ((crank, seat), (crank, neck), (seat, head)):
        parts.append(rod(a, b, 0.018, paint))
    for x in (-0.045, 0.045):
        parts += [
            rod((x, r, bz), (x * 0.4, crank[1], crank[2]), 0.01, paint),
            rod((x, r, bz), (x * 0.3, seat[1] - 0.04, seat[2]), 0.009, paint),
            rod((x, r, fz), (x, h * 0.68, d * 0.24), 0.011, paint),
        ]
    parts += [
        rod(neck, head, 0.022, paint),
        rod(head, (0, h * 0.95, d * 0.19), 0.014, chrome),
        rod(seat, (0, h * 0.86, -d * 0.19), 0.014, chrome),
    ]
    bar = [
        (-w / 2, h * 0.97, d * 0.1),
        (-w * 0.4, h * 0.99, d * 0.17),
        (0, h * 0.96, d * 0.2),
        (w * 0.4, h * 0.99, d * 0.17),
        (w / 2, h * 0.97, d * 0.1),
    ]
    parts += [
        tube(bar, 0.012, chrome, 8),
        *[rod((x * w / 2, h * 0.97, d * 0.1), (x * w * 0.46, h * 0.975, d * 0.05), 0.018, rubber) for x in (-1, 1)],
    ]
    parts += [
        cushion((0.16, 0.06, 0.26), (0, h * 0.86, -d * 0.2), material("leather", "#3a2417")),
        sphere((0.05, 0.05, 0.06), (0, h * 0.83, d * 0.26), glow("#fff0c8", 3.0), 10),
    ]
    parts += [turned(disc(0.085, 0.01, (0, 0, 0), chrome, 20), "y", pi / 2)]
    parts[-1] = moved(parts[-1], (0.03, crank[1], crank[2]))
    for x, s in ((0.07, 1), (-0.07, -1)):
        foot = (x, crank[1] - s * 0.13, crank[2] + s * 0.09)
        parts += [
            rod((x, crank[1], crank[2]), foot, 0.009, chrome),
            box((0.08, 0.02, 0.06), (x + s * 0.045, foot[1] - 0.01, foot[2]), rubber),
        ]
    return parts


def hull(
    width: float,
    height: float,
    length: float,
    stuff: Material,
    sheer: float = 0.3,
    flat: float = 0.25,
    stern: float = 0.55,
) -> list[Part]:
    """An open hull, its bow at +z: outside and inside as two skins, its rim at `height` amidships."""
    t = np.linspace(0, 1, 17)
    z = length * (t - 0.5)
    half = (
        width / 2 * np.where(t < 0.5, stern + (1 - stern) * np.sin(t * pi) ** 0.8, np.maximum(np.sin(t * pi), 0) ** 0.6)
    )
    half[-1] = 0.0
    rim = height * (1 + sheer * (2 * t - 1) ** 2 * (0.4 + 0.6 * t)) / (1 + sheer)
    keel = height * 0.5 * np.clip((t - 0.8) / 0.2, 0, 1) ** 2
    girth = np.linspace(-1, 1, 13)
    across = np.sign(girth) * np.abs(girth) ** (0.55 + flat)
    up = np.abs(girth) ** 2.2
    x = half[:, None] * across[None, :]
    y = keel[:, None] + (rim - keel)[:, None] * up[None, :]
    grid = np.stack([x, y, np.repeat(z[:, None], 13, axis=1)], axis=-1)
    inner = grid * np.array([0.95, 1.0, 0.985]) + np.array([0, height * 0.05, 0]) * (1 - up)[None, :, None]
    skins = [sheet(grid[:, ::-1], stuff), sheet(inner, stuff)]
    back = [(float(a), float(b)) for a, b in zip(x[0], y[0], strict=True)]
    return [
        *skins,
        extrude(back, length * 0.012, (0, 0, -length / 2), stuff),
        *[
            tube([(s * (abs(p[0])), p[1], p[2]) for p in grid[:, 0]], width * 0.018, material("wood", "#5b3b22"), 6)
            for s in (-1, 1)
        ],
    ]


def _sail_boat(wish: Wish) -> list[Part]:
    w, h, d = wish.size
    low = h * 0.2
    parts = hull(w, low, d, wish.body("enamel", "#f0ede4"), stern=0.7)
    parts += [box((w * 0.5, 0.04, d * 0.5), (0, low * 0.7, -d * 0.08), material("wood_planks", "#a8794a"))]
    return parts + [
        moved(part, (0, low * 0.3, d * 0.08)) for part in sail(w, h - low * 0.3, d, wish.attributes.get("sails"))
    ]


def _boat_size(wish: Wish) -> Size:
    return (1.9, 5.6, 5.2) if wish.says("sail") else (1.4, 0.75, 3.8)


@kind("boat", (1.4, 0.75, 3.8), size_of=_boat_size)
def boat(wish: Wish) -> list[Part]:
    """A rowing boat with thwarts and oars, or one with a mast and sails."""
    if wish.says("sail"):
        return _sail_boat(wish)
    w, h, d = wish.size
    wood = material("wood", "#9a7046")
    both = material("wood_planks", wish.color or "#7a4f30") if not wish.material else wish.body("wood")
    parts = hull(w * 0.86, h * 0.94, d, both)
    parts += [
        box((w * s, 0.04, d * 0.07), (0, h * 0.5, d * z), wood) for z, s in ((-0.3, 0.62), (-0.02, 0.74), (0.24, 0.6))
    ]
    parts += [box((w * 0.3, 0.03, d * 0.56), (0, h * 0.14, -d * 0.06), wood)]
    for x in (-1, 1):
        grip, blade = np.array([x * w * 0.08, h * 0.9, -d * 0.12]), np.array([x * w * 0.5, h * 0.72, d * 0.34])
        parts += [
            rod(tuple(grip), tuple(blade), 0.02, wood),
            rod((x * w * 0.36, h * 0.7, d * 0.06), (x * w * 0.36, h * 0.9, d * 0.06), 0.014, material("iron")),
        ]
        parts.append(sphere((0.012, 0.07, 0.22), tuple(blade), wood, 8))
    return parts


@kind("ship", (5.0, 13.0, 16.0))
def ship(wish: Wish) -> list[Part]:
    """A sailing ship: hull with a raised stern, two masts with square sails, a bowsprit, a lantern."""
    w, h, d = wish.size
    wood, dark, cloth = (
        wish.body("wood_planks", "#6b4628"),
        material("wood", "#40291a"),
        leafy("canvas", wish.attributes.get("sails", "#e6dcc0")),
    )
    long = d * 0.86
    parts = [moved(part, (0, 0, -d * 0.06)) for part in hull(w * 0.9, h * 0.26, long, wood, 0.4, 0.1, 0.7)]
    parts += [
        box((w * 0.6, 0.1, long * 0.7), (0, h * 0.17, -d * 0.1), dark),
        box((w * 0.62, h * 0.15, long * 0.2), (0, h * 0.16, -d * 0.39), wood, bevel=0.1),
        box((w * 0.66, h * 0.02, long * 0.22), (0, h * 0.31, -d * 0.39), dark),
    ]
    parts += [
        box((w * 0.08, h * 0.05, 0.1), (x * w, h * 0.21, -d * 0.06 - long * 0.505), glow("#ffca7a", 1.6))
        for x in (-0.18, 0, 0.18)
    ]
    for z, tall in ((d * 0.12, 1.0), (-d * 0.2, 0.88)):
        parts.append(tube([(0, h * 0.1, z), (0, h * tall, z)], [0.16, 0.07], dark, 10))
        for low, high, wide in ((0.3, 0.58, 0.46), (0.6, 0.82, 0.36)):
            lo, hi = h * low * tall + h * 0.02, h * high * tall
            t, u = np.linspace(0, 1, 9)[:, None], np.linspace(-1, 1, 11)[None, :]
            bulge = 0.22 * w * np.sin(t * pi) * np.cos(u * pi / 2) + 0.12
            span = w * (wide + 0.1 * (1 - t))
            parts.append(
                sheet(np.stack([span * u + 0 * t, lo + (hi - lo) * t + 0 * u, z + bulge], axis=-1)[::-1], cloth)
            )
            parts.append(rod((-w * wide * 1.05, hi, z + 0.1), (w * wide * 1.05, hi, z + 0.1), 0.06, dark))
        parts += [
            rod((x * w * 0.42, h * 0.2, z - 0.5), (0, h * tall * 0.84, z), 0.025, material("canvas"), 4)
            for x in (-1, 1)
        ]
        parts.append(
            extrude(
                [(0, 0), (-1.0, 0.2), (0, 0.4)],
                0.02,
                (0, h * tall - 0.4, z),
                material("fabric", wish.color or "#a32626"),
            )
        )
    return [
        *parts,
        rod((0, h * 0.24, d * 0.3), (0, h * 0.36, d / 2), 0.1, dark),
        rod((0, h * 0.35, d * 0.48), (0, h * 0.95, d * 0.12), 0.025, material("canvas"), 4),
        sphere(0.18, (0, h * 0.38, -d * 0.49), glow("#ffca7a", 4.0), 10),
    ]


@kind("balloon", (6.0, 9.0, 6.0))
def balloon(wish: Wish) -> list[Part]:
    """A hot-air balloon in coloured gores with a basket; a toy balloon on a string where a small one was asked for."""
    r, h = wish.w / 2, wish.h
    if wish.says("toy", "party", "child") or h < 1.5:
        skin = material("plastic", wish.color or "#d23a4a", roughness=0.2)
        return [
            sphere((r, h * 0.28, r), (0, h * 0.72, 0), skin, 24),
            cylinder(r * 0.1, h * 0.03, (0, h * 0.42, 0), skin, top=0.0, sides=10),
            tube(
                [(0.02 * sin(9 * t), h * 0.43 * t, 0.02 * cos(7 * t)) for t in np.linspace(0, 1, 12)],
                0.003,
                material("paper"),
                4,
            ),
        ]
    base = wish.color or "#d2453a"
    tones = (material("fabric", base), material("fabric", "#f0d27a"), material("fabric", shaded(base, 0.6)))
    t = np.linspace(0, 1, 20)[:, None]
    reach = r * np.sin(np.pi * t**0.82) ** 0.75 * (1 - 0.1 * (1 - t)) + r * 0.16 * (1 - t)
    y = h * (0.32 + 0.68 * t**0.95)
    parts = []
    for k in range(12):
        a = np.linspace(k, k + 1, 4)[None, :] / 12 * tau
        bulge = reach * (1 + 0.025 * np.sin(np.linspace(0, pi, 4))[None, :])
        grid = np.stack([bulge * np.sin(a), y + 0 * a, bulge * np.cos(a)], axis=-1)
        parts.append(sheet(grid[::-1], tones[k % 3]))
    wicker, low = material("wicker"), h * 0.13
    parts += [
        lathe(
            [(0, 0), (r * 0.2, 0), (r * 0.23, low), (r * 0.2, low), (r * 0.18, 0.06), (0, 0.06)],
            material=wicker,
            sides=16,
        ),
        ring(r * 0.225, 0.05, (0, low, 0), material("leather")),
    ]
    parts += [
        rod(
            (r * 0.21 * cos(a), low, r * 0.21 * sin(a)),
            (r * 0.17 * cos(a), h * 0.33, r * 0.17 * sin(a)),
            0.02,
            material("canvas"),
            4,
        )
        for a in np.arange(8) * tau / 8
    ]
    return [
        *parts,
        cylinder(0.12, 0.3, (0, h * 0.2, 0), material("metal")),
        lathe([(0, 0), (0.12, 0.1), (0.16, 0.3), (0, 0.9)], (0, h * 0.24, 0), glow("#ffab3a", 6.0), 10),
    ]


@kind("rocket", (2.4, 7.0, 2.4))
def rocket(wish: Wish) -> list[Part]:
    """A rocket as it was once dreamt of: a spindle on three fins, a port hole, a red nose."""
    r, h = wish.w * 0.28, wish.h
    body, red = (
        wish.body("metal", "#d6d9dc"),
        material("paint", "#c0332a" if wish.color is None else shaded(wish.color, 0.6), roughness=0.3),
    )
    side = [
        (0, h * 0.08),
        (r * 0.62, h * 0.08),
        (r * 0.86, h * 0.25),
        (r, h * 0.45),
        (r * 0.86, h * 0.66),
        (r * 0.56, h * 0.82),
    ]
    parts = [
        lathe([*side, (0, h * 0.82)], material=body, sides=28),
        lathe(
            [(0, h * 0.815), (r * 0.575, h * 0.815), (r * 0.3, h * 0.93), (r * 0.06, h * 0.98), (0.01, h), (0, h)],
            material=red,
            sides=28,
        ),
    ]
    parts += [
        cylinder(r * 0.7, h * 0.06, (0, h * 0.035, 0), material("iron"), top=r * 0.42, sides=20),
        ring(r * 0.94, r * 0.03, (0, h * 0.3, 0), red),
        ring(r * 0.8, r * 0.03, (0, h * 0.7, 0), red),
    ]
    fin = [
        (r * 0.7, h * 0.3),
        (r * 1.6, h * 0.14),
        (r * 2.1, 0),
        (r * 1.75, 0),
        (r * 1.3, h * 0.1),
        (r * 0.6, h * 0.12),
    ]
    parts += [turned(extrude(fin, 0.08, material=red), "y", pi / 6 + k * tau / 3) for k in range(3)]
    return [
        *parts,
        disc(r * 0.34, 0.1, (0, h * 0.58, r * 0.86), material("brass")),
        disc(r * 0.26, 0.12, (0, h * 0.58, r * 0.87), glow("#9fdcff", 1.6)),
        disc(r * 0.2, 0.1, (0, h * 0.44, r * 0.96), material("brass")),
        disc(r * 0.15, 0.12, (0, h * 0.44, r * 0.97), glow("#9fdcff", 1.6)),
    ]
