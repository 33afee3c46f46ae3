"""Animals, standing still."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import leafy, material, shaded
from diorama_nodes.objects.primitives import Point, cylinder, extrude, sheet, sphere, tube
from diorama_nodes.objects.surfaces import Array, mirrored, moved, turned


def body_of(points: Sequence[Point], radii: Sequence[float], stuff: Material, sides: int = 14) -> Part:
    """A rounded body along a spine: the tube is closed by hemispheres that grow out of the first and last radius."""
    path = np.array(points, float)
    t = np.linspace(0, len(path) - 1, 4 * len(path))
    smooth = np.column_stack([_spline(path[:, axis], t) for axis in range(3)])
    thick = np.maximum(_spline(np.array(radii), t), min(radii) * 0.5)
    start, end = smooth[0] - smooth[1], smooth[-1] - smooth[-2]
    start, end = start / np.linalg.norm(start), end / np.linalg.norm(end)
    steps = np.array([0.98, 0.8, 0.45])
    head = smooth[0] + np.outer(steps * thick[0] * 0.9, start)
    tail = smooth[-1] + np.outer(steps[::-1] * thick[-1] * 0.9, end)
    shrink = np.sqrt(1 - steps**2)
    return tube(
        np.concatenate([head, smooth, tail]),
        [float(r) for r in np.concatenate([shrink * thick[0], thick, shrink[::-1] * thick[-1]])],
        stuff,
        sides,
    )


def _spline(values: Array, t: Array) -> Array:
    """Catmull-Rom through `values` at the places 0, 1, 2, ..."""
    padded = np.concatenate([[2 * values[0] - values[1]], values, [2 * values[-1] - values[-2]]])
    k = np.minimum(t.astype(int), len(values) - 2)
    u = t - k
    a, b, c, d = (padded[k + shift] for shift in range(4))
    return np.asarray(0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u**2 + (3 * b - a - 3 * c + d) * u**3))


def both(parts: list[Part]) -> list[Part]:
    """The parts, and the same on the other side."""
    return [*parts, *[mirrored(part) for part in parts]]


def eye(x: float, y: float, z: float, radius: float, color: str = "#120d0a") -> list[Part]:
    """An eye on each side."""
    return both([sphere(radius, (x, y, z), material("plastic", color, roughness=0.1), 8)])


def _four_legged(wish: Wish, color: str, build: dict[str, float]) -> list[Part]:
    """Trunk, neck and legs of an animal that looks along +Z; `build` gives thicknesses against the height."""
    h, d = wish.h, wish.d
    fur = wish.body("fur", color)
    back, thick = h * build["back"], h * build["trunk"]
    chest, rump = d * build["chest"], -d * build["rump"]
    trunk = body_of(
        [(0, back - thick * 0.95, rump), (0, back - thick * 1.05, (chest + rump) / 2), (0, back - thick, chest)],
        [thick * 0.86, thick * 0.84, thick * 0.95],
        fur,
    )
    neck = body_of(
        [(0, back - thick * 0.9, chest * 0.85), (0, h * build["neck_y"], d * build["neck_z"])],
        [thick * 0.72, thick * build["neck"]],
        fur,
        12,
    )
    parts = [trunk, neck]
    leg, x = h * build["leg"], thick * 0.55
    knee = (back - thick) * 0.5
    front = body_of(
        [(x, back - thick, chest), (x, knee, chest + leg * 0.3), (x, leg, chest)],
        [leg * 1.7, leg * 1.05, leg * 0.8],
        fur,
        9,
    )
    hind = body_of(
        [
            (x, back - thick, rump),
            (x, knee * 1.1, rump + leg * 0.7),
            (x, knee * 0.85, rump - leg * 1.1),
            (x, leg, rump - leg * 0.4),
        ],
        [leg * 2.3, leg * 1.4, leg * 0.95, leg * 0.8],
        fur,
        9,
    )
    foot = material("fur", shaded(wish.color or color, 0.75))
    paws = [sphere((leg * 1.05, leg * 0.9, leg * 1.5), (x, leg * 0.85, z), foot, 8) for z in (chest + leg * 0.5, rump)]
    return parts + both([front, hind, *paws])


@kind("dog", (0.3, 0.66, 0.85))
def dog(wish: Wish) -> list[Part]:
    """A dog with hanging ears, muzzle and a raised tail."""
    h, d = wish.h, wish.d
    color = "#a8743f"
    fur, dark = wish.body("fur", color), material("fur", shaded(wish.color or color, 0.55))
    parts = _four_legged(
        wish,
        color,
        {
            "back": 0.68,
            "trunk": 0.17,
            "chest": 0.2,
            "rump": 0.24,
            "neck_y": 0.82,
            "neck_z": 0.3,
            "neck": 0.55,
            "leg": 0.048,
        },
    )
    y, z = h * 0.87, d * 0.33
    parts += [
        sphere((h * 0.125, h * 0.12, h * 0.135), (0, y, z), fur, 14),
        body_of([(0, y - h * 0.03, z + h * 0.06), (0, y - h * 0.05, z + h * 0.2)], [h * 0.075, h * 0.055], fur, 10),
        sphere((h * 0.032, h * 0.026, h * 0.026), (0, y - h * 0.02, z + h * 0.245), material("rubber"), 8),
    ]
    parts += both(
        [
            turned(
                sphere((h * 0.03, h * 0.1, h * 0.06), (h * 0.125, y - h * 0.02, z - h * 0.02), dark, 10),
                "z",
                0.2,
                (h * 0.12, y, z),
            )
        ]
    ) + eye(h * 0.06, y + h * 0.03, z + h * 0.11, h * 0.018)
    return [
        *parts,
        body_of(
            [(0, h * 0.6, -d * 0.26), (0, h * 0.74, -d * 0.4), (0, h * 0.92, -d * 0.42)],
            [h * 0.04, h * 0.032, h * 0.02],
            fur,
            8,
        ),
    ]


@kind("cat", (0.2, 0.4, 0.55))
def cat(wish: Wish) -> list[Part]:
    """A cat with pointed ears and its tail up."""
    h, d = wish.h, wish.d
    color = ("#3b3836", "#c8833c", "#9a948c")[wish.seed % 3]
    fur = wish.body("fur", color)
    parts = _four_legged(
        wish,
        color,
        {
            "back": 0.62,
            "trunk": 0.16,
            "chest": 0.17,
            "rump": 0.23,
            "neck_y": 0.7,
            "neck_z": 0.25,
            "neck": 0.6,
            "leg": 0.045,
        },
    )
    y, z = h * 0.76, d * 0.29
    ear = extrude([(-h * 0.05, 0), (h * 0.05, 0), (h * 0.012, h * 0.12)], h * 0.03, (h * 0.08, y + h * 0.07, z), fur)
    parts += [
        sphere((h * 0.145, h * 0.125, h * 0.13), (0, y, z), fur, 14),
        sphere((h * 0.06, h * 0.045, h * 0.05), (0, y - h * 0.04, z + h * 0.11), material("fur", "#e8ded0"), 10),
        sphere(h * 0.016, (0, y - h * 0.015, z + h * 0.155), material("skin", "#c27a78"), 6),
    ]
    parts += both(
        [
            ear,
            *[
                tube(
                    [(h * 0.03, y - h * 0.04, z + h * 0.13), (h * 0.17, y - h * 0.04 + k * h * 0.03, z + h * 0.12)],
                    h * 0.003,
                    material("paper"),
                    3,
                )
                for k in (-1, 0, 1)
            ],
        ]
    ) + eye(h * 0.06, y + h * 0.025, z + h * 0.108, h * 0.025, "#8fbf3a")
    return [
        *parts,
        body_of(
            [(0, h * 0.54, -d * 0.25), (0, h * 0.62, -d * 0.36), (0, h * 0.82, -d * 0.4), (0, h * 0.97, -d * 0.36)],
            [h * 0.04, h * 0.04, h * 0.036, h * 0.03],
            fur,
            8,
        ),
    ]


@kind("horse", (0.6, 1.75, 2.3))
def horse(wish: Wish) -> list[Part]:
    """A horse with mane and tail."""
    h, d = wish.h, wish.d
    color = "#7a4b2a"
    coat, mane = wish.body("fur", color), material("fur", "#1f1712")
    parts = _four_legged(
        wish,
        color,
        {
            "back": 0.74,
            "trunk": 0.165,
            "chest": 0.17,
            "rump": 0.26,
            "neck_y": 0.9,
            "neck_z": 0.33,
            "neck": 0.5,
            "leg": 0.032,
        },
    )
    y, z = h * 0.92, d * 0.34
    parts += [
        body_of(
            [(0, y, z), (0, y - h * 0.07, z + h * 0.1), (0, y - h * 0.16, z + h * 0.2)],
            [h * 0.07, h * 0.06, h * 0.045],
            coat,
            12,
        )
    ]
    parts += both(
        [
            turned(
                cylinder(h * 0.022, h * 0.08, (h * 0.035, y + h * 0.05, z - h * 0.01), coat, top=0.0, sides=8),
                "z",
                -0.15,
                (0, y, z),
            ),
            sphere(h * 0.01, (h * 0.025, y - h * 0.165, z + h * 0.235), material("carbon"), 6),
        ]
    ) + eye(h * 0.052, y - h * 0.02, z + h * 0.055, h * 0.014)
    crest = [(0, h * (0.99 - 0.25 * t), d * (0.335 - 0.2 * t)) for t in np.linspace(0, 1, 7)]
    parts += [body_of(crest, [h * 0.02, h * 0.034, h * 0.036, h * 0.036, h * 0.034, h * 0.03, h * 0.02], mane, 7)]
    return [
        *parts,
        body_of(
            [(0, h * 0.68, -d * 0.3), (0, h * 0.62, -d * 0.4), (0, h * 0.42, -d * 0.43), (0, h * 0.24, -d * 0.42)],
            [h * 0.02, h * 0.036, h * 0.042, h * 0.016],
            mane,
            9,
        ),
    ]


def _wing(length: float, depth: float, stuff: Material) -> Part:
    """A folded wing: a pointed, slightly domed leaf along -z."""
    t, u = np.linspace(0, 1, 9)[:, None], np.linspace(-1, 1, 5)[None, :]
    half = depth / 2 * np.sin(pi * np.clip(t * 0.9 + 0.1, 0, 1)) ** 0.7
    x = 0.18 * depth * np.cos(u * pi / 2) * np.sin(pi * np.clip(t * 0.9 + 0.1, 0, 1)) + 0 * t
    return sheet(np.stack([x, half * u, -length * t + 0 * u], axis=-1), stuff)


@kind("bird", (0.12, 0.17, 0.24))
def bird(wish: Wish) -> list[Part]:
    """A song bird standing."""
    h, d = wish.h, wish.d
    color = wish.color or ("#3f6fa8", "#b5482e", "#6b5a44")[wish.seed % 3]
    feather, pale, dark = wish.body("food", color), material("food", "#e9dcc0"), leafy("food", shaded(color, 0.6))
    legs_stuff = material("food", "#c98a3a")
    parts = [
        body_of(
            [(0, h * 0.42, -d * 0.14), (0, h * 0.5, 0), (0, h * 0.62, d * 0.12)],
            [h * 0.13, h * 0.22, h * 0.16],
            feather,
        ),
        sphere((h * 0.17, h * 0.17, h * 0.15), (0, h * 0.44, d * 0.06), pale, 12),
        sphere(h * 0.15, (0, h * 0.8, d * 0.2), feather, 12),
    ]
    parts += [turned(cylinder(h * 0.04, h * 0.14, (0, 0, 0), legs_stuff, top=0.0, sides=8), "x", pi / 2)]
    parts[-1] = moved(parts[-1], (0, h * 0.79, d * 0.2 + h * 0.13))
    parts += both(
        [
            moved(turned(_wing(d * 0.5, h * 0.3, dark), "x", -0.3), (h * 0.19, h * 0.56, d * 0.1)),
            tube([(h * 0.08, h * 0.34, 0), (h * 0.09, h * 0.03, 0.0)], h * 0.014, legs_stuff, 5),
            *[
                tube([(h * 0.09, 0.003, 0), (h * 0.09 + a, 0.003, h * 0.12)], h * 0.011, legs_stuff, 4)
                for a in (-h * 0.05, 0, h * 0.05)
            ],
        ]
    )
    tail = extrude(
        [(-h * 0.06, 0), (h * 0.06, 0), (h * 0.09, d * 0.34), (-h * 0.09, d * 0.34)], h * 0.03, (0, 0, 0), dark
    )
    return [
        *parts,
        *eye(h * 0.115, h * 0.84, d * 0.25, h * 0.024),
        moved(turned(tail, "x", -pi / 2 - 0.25), (0, h * 0.4, -d * 0.18)),
    ]


@kind("owl", (0.26, 0.42, 0.24))
def owl(wish: Wish) -> list[Part]:
    """An owl with a disc about each eye, ear tufts, folded wings."""
    h = wish.h
    color = wish.color or "#8a6a48"
    feather, pale, dark = wish.body("fur", color), material("fur", "#dccaa6"), leafy("fur", shaded(color, 0.65))
    parts = [
        body_of(
            [(0, h * 0.14, -h * 0.02), (0, h * 0.38, 0), (0, h * 0.6, 0.0)], [h * 0.13, h * 0.23, h * 0.19], feather
        ),
        sphere((h * 0.17, h * 0.24, h * 0.13), (0, h * 0.36, h * 0.115), pale, 14),
        sphere((h * 0.225, h * 0.19, h * 0.19), (0, h * 0.76, h * 0.01), feather, 16),
    ]
    face = sphere((h * 0.1, h * 0.105, h * 0.03), (h * 0.092, h * 0.78, h * 0.175), pale, 14)
    gold = sphere(
        (h * 0.058, h * 0.058, h * 0.03),
        (h * 0.088, h * 0.785, h * 0.195),
        material("plastic", "#e8a820", roughness=0.15),
        12,
    )
    black = sphere(
        (h * 0.032, h * 0.032, h * 0.02),
        (h * 0.086, h * 0.785, h * 0.213),
        material("plastic", "#0c0a08", roughness=0.1),
        10,
    )
    tuft = turned(
        cylinder(h * 0.05, h * 0.14, (h * 0.13, h * 0.87, h * 0.03), dark, top=0.0, sides=7),
        "z",
        -0.3,
        (h * 0.13, h * 0.87, 0),
    )
    wing = moved(turned(_wing(h * 0.52, h * 0.3, dark), "x", -1.2), (h * 0.21, h * 0.6, h * 0.02))
    toes = [
        sphere(
            (h * 0.02, h * 0.025, h * 0.05),
            (h * (0.07 + 0.04 * k), h * 0.025, h * 0.08),
            material("food", "#c98a3a"),
            7,
        )
        for k in (-1, 0, 1)
    ]
    parts += both([face, gold, black, tuft, wing, *toes])
    beak = moved(
        turned(cylinder(h * 0.03, h * 0.08, (0, 0, 0), material("food", "#d8a040"), top=0.0, sides=8), "x", 2.6),
        (0, h * 0.76, h * 0.2),
    )
    specks = [
        sphere(
            (h * 0.014, h * 0.022, h * 0.01),
            (h * 0.1 * cos(k * 2.4) * 0.9, h * (0.24 + 0.022 * k), h * (0.235 - 0.04 * abs(cos(k * 2.4)))),
            material("fur", shaded(color, 0.6)),
            6,
        )
        for k in range(10)
    ]
    return [
        *parts,
        beak,
        *specks,
        moved(
            turned(
                extrude(
                    [(-h * 0.08, 0), (h * 0.08, 0), (h * 0.1, h * 0.22), (-h * 0.1, h * 0.22)], h * 0.03, material=dark
                ),
                "x",
                -2.7,
            ),
            (0, h * 0.2, -h * 0.14),
        ),
    ]


@kind("heron", (0.4, 1.1, 0.8))
def heron(wish: Wish) -> list[Part]:
    """A heron on long legs, its neck in a bend, with a dagger of a bill."""
    h, d = wish.h, wish.d
    grey, white, dark, leg = (
        wish.body("food", wish.color or "#8d9aa6"),
        material("food", "#eceff0"),
        leafy("food", "#49535e"),
        material("food", "#a89a4a"),
    )
    parts = [
        body_of(
            [(0, h * 0.46, -d * 0.26), (0, h * 0.52, -d * 0.05), (0, h * 0.58, d * 0.12)],
            [h * 0.045, h * 0.115, h * 0.08],
            grey,
        )
    ]
    neck = [
        (0, h * 0.6, d * 0.14),
        (0, h * 0.68, d * 0.27),
        (0, h * 0.77, d * 0.19),
        (0, h * 0.87, d * 0.16),
        (0, h * 0.95, d * 0.22),
    ]
    parts += [
        body_of(neck, [h * 0.055, h * 0.04, h * 0.032, h * 0.03, h * 0.036], white, 10),
        sphere((h * 0.035, h * 0.035, h * 0.055), (0, h * 0.955, d * 0.26), white, 10),
    ]
    bill = moved(
        turned(
            cylinder(h * 0.016, h * 0.15, (0, 0, 0), material("food", "#d8a83a"), top=0.001, sides=8),
            "x",
            pi / 2 + 0.06,
        ),
        (0, h * 0.95, d * 0.31),
    )
    crest = body_of(
        [(0, h * 0.98, d * 0.24), (0, h * 0.97, d * 0.1), (0, h * 0.93, d * 0.0)],
        [h * 0.016, h * 0.01, h * 0.004],
        dark,
        6,
    )
    wing = moved(turned(_wing(d * 0.55, h * 0.2, dark), "x", -0.2), (h * 0.085, h * 0.55, d * 0.12))
    shank = tube(
        [(h * 0.04, h * 0.46, -d * 0.03), (h * 0.045, h * 0.24, d * 0.01), (h * 0.045, h * 0.01, -d * 0.02)],
        [h * 0.02, h * 0.013, h * 0.01],
        leg,
        7,
    )
    toes = [
        tube(
            [(h * 0.045, 0.006, -d * 0.02), (h * 0.045 + h * 0.08 * sin(a), 0.006, -d * 0.02 + h * 0.08 * cos(a))],
            h * 0.007,
            leg,
            5,
        )
        for a in (-0.5, 0, 0.5, pi)
    ]
    return [
        *parts,
        bill,
        crest,
        *both([wing, shank, sphere(h * 0.017, (h * 0.045, h * 0.24, d * 0.01), leg, 7), *toes]),
        *eye(h * 0.031, h * 0.965, d * 0.285, h * 0.008, "#d8b020"),
    ]


@kind("fish", (0.1, 0.18, 0.42))
def fish(wish: Wish) -> list[Part]:
    """A fish with fins, its mouth towards +Z."""
    h, d = wish.h, wish.d
    color = wish.color or ("#d8702c", "#7fa0b0", "#c9a03a")[wish.seed % 3]
    skin, fin = (
        material("food", color, roughness=0.25) if not wish.material else wish.body("food"),
        leafy("food", shaded(color, 1.35)),
    )
    ring_count, sides = 15, 16
    t = np.linspace(0, 1, ring_count)
    z = d * (0.5 - 0.74 * t)
    tall = h * 0.36 * np.maximum(np.sin(pi * t**0.72), 0.0) ** 0.75 * (1 - 0.35 * t) + h * 0.035
    a = np.linspace(0, tau, sides + 1)
    grid = np.stack(
        [
            np.outer(tall * 0.5, np.sin(a)),
            h * 0.5 + np.outer(tall, np.cos(a)),
            np.repeat(z[:, None], sides + 1, axis=1),
        ],
        axis=-1,
    )
    parts = [sheet(grid[::-1], skin), sphere((tall[0] * 0.5, tall[0], 0.004), (0, h * 0.5, d * 0.5), skin, 8)]
    tail = [
        (0, -h * 0.04),
        (-d * 0.12, -h * 0.34),
        (-d * 0.26, -h * 0.45),
        (-d * 0.19, 0),
        (-d * 0.26, h * 0.45),
        (-d * 0.12, h * 0.34),
        (0, h * 0.04),
    ]
    dorsal = [(-d * 0.16, 0), (d * 0.12, 0), (d * 0.04, h * 0.2), (-d * 0.18, h * 0.14)]
    for outline, place in (
        (tail, (0, h * 0.5, -d * 0.235)),
        (dorsal, (0, h * 0.82, 0.0)),
        ([(x, -y * 0.8) for x, y in dorsal], (0, h * 0.2, -d * 0.04)),
    ):
        parts.append(moved(turned(extrude(outline, 0.006, material=fin), "y", -pi / 2), place))
    side = moved(turned(_wing(d * 0.16, h * 0.2, fin), "y", 0.5), (h * 0.17, h * 0.42, d * 0.18))
    return [
        *parts,
        *both([side]),
        *eye(h * 0.13, h * 0.58, d * 0.37, h * 0.045, "#f0e8c8"),
        *eye(h * 0.155, h * 0.58, d * 0.378, h * 0.026),
    ]
