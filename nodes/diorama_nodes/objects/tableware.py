"""Small things: dishes, bottles, books, instruments of the study."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.food import apple_at, fruit_at
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.primitives import blob, box, cylinder, extrude, lathe, sheet, sphere, tube
from diorama_nodes.objects.shapes import disc, ring, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.varieties import sword


def _filling(wish: Wish, radius: float, level: float) -> list[Part]:
    """What a vessel holds: fruit heaped up, or else a liquid or soup up to `level`."""
    inside = wish.attributes.get("contains", wish.attributes.get("of", "")).lower()
    if not inside:
        return []
    if any(word in inside for word in ("fruit", "apple", "orange", "pear", "lemon")):
        return fruit_at(wish, inside, radius, level)
    tone = {
        "water": "#7fb8c4",
        "milk": "#f4f1e8",
        "soup": "#c8702e",
        "ramen": "#d69a4a",
        "noodle": "#d6a85a",
        "tea": "#8a4a20",
        "coffee": "#2e1a10",
        "wine": "#5a1024",
        "blood": "#6a0d12",
    }
    color = next((tone[word] for word in tone if word in inside), "#b58a5a")
    parts = [cylinder(radius * 0.86, 0.004, (0, level, 0), material("food", color, roughness=0.15), sides=24)]
    if "noodle" in inside or "ramen" in inside:
        rng = wish.rng(4)
        noodle = material("food", "#ead08a")
        for _ in range(14):
            a, r = rng.uniform(0, tau), radius * rng.uniform(0.2, 0.7)
            loop = [
                (r * cos(a + b), level + 0.006 + 0.004 * sin(5 * b), r * sin(a + b)) for b in np.linspace(0, 2.2, 8)
            ]
            parts.append(tube(loop, 0.004, noodle, 5))
        parts += [
            sphere(
                (radius * 0.22, 0.02, radius * 0.17),
                (x * radius, level + 0.008, z * radius),
                material("food", tint),
                10,
            )
            for x, z, tint in ((0.35, 0.3, "#f4ead0"), (-0.3, 0.35, "#6f8f3a"))
        ]
    return parts


@kind("bowl", (0.26, 0.12, 0.26))
def bowl(wish: Wish) -> list[Part]:
    """A bowl, with fruit, soup or whatever it is said to contain."""
    r = wish.w / 2
    h = r * 0.85
    profile = [
        (0, 0),
        (r * 0.42, 0),
        (r * 0.42, h * 0.08),
        (r * 0.72, h * 0.3),
        (r * 0.95, h * 0.72),
        (r, h),
        (r * 0.95, h),
    ]
    inner = [(r * 0.9, h * 0.74), (r * 0.67, h * 0.36), (r * 0.35, h * 0.16), (0, h * 0.14)]
    return [lathe([*profile, *inner], material=wish.body("ceramic", "#46708a"), sides=32), *_filling(wish, r, h * 0.7)]


@kind("cup", (0.12, 0.1, 0.09))
def cup(wish: Wish) -> list[Part]:
    """A mug with a handle."""
    r, h = wish.d / 2, wish.h
    clay = wish.body("ceramic", "#c8cfcf")
    profile = [(0, 0), (r * 0.85, 0), (r * 0.95, h * 0.06), (r, h), (r * 0.9, h), (r * 0.86, h * 0.1), (0, h * 0.08)]
    handle = [
        (r * 0.95, h * 0.8, 0),
        (r * 1.45, h * 0.75, 0),
        (r * 1.6, h * 0.5, 0),
        (r * 1.4, h * 0.25, 0),
        (r * 0.95, h * 0.22, 0),
    ]
    return [
        lathe(profile, material=clay, sides=28),
        tube(handle, r * 0.13, clay, 8),
        *(
            _filling(wish, r, h * 0.85)
            or [cylinder(r * 0.87, 0.003, (0, h * 0.82, 0), material("food", "#2e1a10", roughness=0.15), sides=24)]
        ),
    ]


@kind("teacup", (0.15, 0.08, 0.15))
def teacup(wish: Wish) -> list[Part]:
    """A thin cup on a saucer, tea in it."""
    r, h = wish.w / 2, wish.h
    china = wish.body("ceramic", "#f1eee6")
    saucer = [
        (0, 0),
        (r * 0.5, 0),
        (r * 0.95, h * 0.14),
        (r, h * 0.18),
        (r * 0.9, h * 0.17),
        (r * 0.45, h * 0.07),
        (0, h * 0.06),
    ]
    side = r * 0.58
    body = [
        (0, h * 0.08),
        (side * 0.5, h * 0.08),
        (side * 0.55, h * 0.16),
        (side * 0.9, h * 0.5),
        (side * 1.02, h),
        (side * 0.97, h),
        (side * 0.82, h * 0.5),
        (0, h * 0.2),
    ]
    handle = [(side, h * 0.85, 0), (side * 1.4, h * 0.8, 0), (side * 1.4, h * 0.5, 0), (side * 0.85, h * 0.4, 0)]
    tea = cylinder(side * 0.92, 0.002, (0, h * 0.8, 0), material("food", "#8a4a20", roughness=0.1), sides=24)
    return [
        lathe(saucer, material=china, sides=32),
        lathe(body, material=china, sides=28),
        tube(handle, r * 0.05, china, 7),
        tea,
        ring(side * 1.0, r * 0.018, (0, h, 0), material("gold")),
    ]


@kind("teapot", (0.28, 0.18, 0.18))
def teapot(wish: Wish) -> list[Part]:
    """A round pot with spout, handle and lid."""
    r, h = wish.d / 2, wish.h
    china = wish.body("ceramic", "#7a3b34")
    body = [
        (0, 0),
        (r * 0.55, 0),
        (r * 0.9, h * 0.18),
        (r, h * 0.4),
        (r * 0.85, h * 0.64),
        (r * 0.45, h * 0.78),
        (0, h * 0.79),
    ]
    lid = [
        (0, h * 0.77),
        (r * 0.46, h * 0.77),
        (r * 0.38, h * 0.84),
        (r * 0.1, h * 0.88),
        (r * 0.08, h * 0.91),
        (r * 0.16, h * 0.95),
        (r * 0.1, h),
        (0, h),
    ]
    spout = [(r * 0.8, h * 0.25, 0), (r * 1.25, h * 0.42, 0), (r * 1.4, h * 0.62, 0), (r * 1.65, h * 0.74, 0)]
    handle = [
        (-r * 0.8, h * 0.62, 0),
        (-r * 1.3, h * 0.68, 0),
        (-r * 1.5, h * 0.45, 0),
        (-r * 1.25, h * 0.22, 0),
        (-r * 0.9, h * 0.22, 0),
    ]
    return [
        lathe(body, material=china, sides=28),
        lathe(lid, material=china, sides=24),
        tube(spout, [r * 0.26, r * 0.17, r * 0.13, r * 0.11], china, 10),
        tube(handle, r * 0.09, china, 8),
    ]


@kind("plate", (0.27, 0.025, 0.27))
def plate(wish: Wish) -> list[Part]:
    """A dinner plate with a coloured rim."""
    r, h = wish.w / 2, wish.h
    white = wish.body("ceramic", "#eef0ee")
    profile = [(0, 0), (r * 0.58, 0), (r * 0.65, h * 0.3), (r, h), (r * 0.97, h), (r * 0.62, h * 0.45), (0, h * 0.36)]
    return [
        lathe(profile, material=white, sides=40),
        ring(r * 0.9, r * 0.012, (0, h * 0.88, 0), material("ceramic", "#31567a"), count=40),
        *_filling(wish, r * 0.7, h * 0.4),
    ]


@kind("bottle", (0.08, 0.3, 0.08))
def bottle(wish: Wish) -> list[Part]:
    """A wine bottle with a label and a cork."""
    r, h = wish.w / 2, wish.h
    glass = wish.body("dark_glass", "#1f3a26")
    body = [
        (0, 0),
        (r * 0.92, 0),
        (r, h * 0.02),
        (r, h * 0.58),
        (r * 0.85, h * 0.66),
        (r * 0.36, h * 0.76),
        (r * 0.32, h * 0.93),
        (r * 0.38, h * 0.94),
        (r * 0.38, h * 0.97),
        (0, h * 0.97),
    ]
    label = [(r * 1.012, h * 0.2), (r * 1.012, h * 0.48), (0, h * 0.48)]
    return [
        lathe(body, material=glass, sides=24),
        lathe([(0, h * 0.2), *label], material=material("paper"), sides=24),
        cylinder(r * 0.28, h * 0.05, (0, h * 0.95, 0), material("wood", "#b98a5a"), sides=12),
    ]


@kind("vase", (0.24, 0.55, 0.24))
def vase(wish: Wish) -> list[Part]:
    """A vase; with flowers unless it is said to be empty."""
    from diorama_nodes.objects.garden import flower

    r, h = wish.w / 2 * 0.8, wish.h * 0.56
    profile = [
        (0, 0),
        (r * 0.55, 0),
        (r * 0.62, h * 0.04),
        (r * 0.95, h * 0.38),
        (r, h * 0.55),
        (r * 0.5, h * 0.86),
        (r * 0.44, h * 0.93),
        (r * 0.62, h),
        (r * 0.55, h),
        (r * 0.36, h * 0.92),
        (0, h * 0.9),
    ]
    parts = [lathe(profile, material=wish.body("ceramic", "#3e6e88"), sides=28)]
    if wish.says("empty"):
        return parts
    for k in range(5):
        own = wish.sized((0.16, wish.h * 0.55, 0.16))
        stem = flower(Wish("flower", own.size, wish.seed + k, None))
        lean = [turned(turned(part, "x", 0.34 if k else 0.0), "y", k * tau / 4) for part in stem]
        parts += [moved(part, (0, h * 0.84, 0)) for part in lean]
    return parts


@kind("book", (0.17, 0.04, 0.24))
def book(wish: Wish) -> list[Part]:
    """A bound book lying down; open where it is said to be open."""
    w, h, d = wish.size
    cover, paper = wish.body("leather", "#5a2327"), material("paper")
    if wish.says("open"):
        parts = []
        for side in (-1, 1):
            x = np.linspace(0, w, 8) * side
            top = h * (0.55 + 0.45 * np.sin(np.linspace(0.25, 1, 8) * pi))
            outline = [*zip(x, top, strict=True), (side * w, 0.004), (0, 0.004)]
            parts += [
                extrude(outline, d * 0.94, (0, 0, 0), paper),
                box((w * 1.02, 0.005, d), (side * w * 0.51, 0, 0), cover),
            ]
        return parts
    parts = [box((w, h * 0.1, d), (0, y, 0), cover) for y in (0.0, h * 0.9)]
    parts += [
        box((w * 0.94, h * 0.8, d * 0.95), (0.004, h * 0.1, 0), paper),
        box((w * 0.06, h, d), (-w * 0.5, 0, 0), cover, bevel=0.004),
    ]
    parts += [box((w * 0.6, 0.001, d * 0.1), (0, h, z * d), material("gold")) for z in (-0.2, 0.2)]
    return parts + [
        box((w * 0.07, h * 1.02, 0.008), (-w * 0.5, -h * 0.01, z * d), material("gold")) for z in (-0.3, 0.3)
    ]


@kind("scroll", (0.34, 0.06, 0.22))
def scroll(wish: Wish) -> list[Part]:
    """A parchment half unrolled between two rods."""
    w, h, d = wish.size
    paper, wood = wish.body("paper", "#d9c393"), material("wood", "#5b3a20")
    parts = []
    for x, r in ((-w * 0.36, h * 0.46), (w * 0.38, h * 0.34)):
        roll = cylinder(r, d * 0.86, (0, -d * 0.43, 0), paper, sides=20)
        parts += [moved(turned(roll, "x", pi / 2), (x, r, 0)), rod((x, r, -d / 2), (x, r, d / 2), r * 0.3, wood)]
        parts += [sphere(r * 0.42, (x, r, z * d / 2), wood, 10) for z in (-1, 1)]
    parts.append(box((w * 0.76, 0.003, d * 0.86), (0, 0.002, 0), paper))
    return parts + [
        box((w * float(long), 0.001, 0.004), (w * (float(long) - 0.5) * 0.5, 0.005, z), material("carbon"))
        for long, z in zip(wish.rng().uniform(0.3, 0.5, 7), np.linspace(-0.33, 0.33, 7) * d, strict=True)
    ]


@kind("globe", (0.36, 0.5, 0.36))
def globe(wish: Wish) -> list[Part]:
    """A globe with lands on blue seas, tilted in a brass meridian on a wooden foot."""
    r, h = wish.w * 0.44, wish.h
    middle = (0.0, h - r * 1.12, 0.0)
    sea, land = material("paint", wish.color or "#3a6f9a", roughness=0.35), material("paint", "#7a9a4e")
    foot = [
        (0, 0),
        (r * 0.8, 0),
        (r * 0.78, 0.02),
        (r * 0.25, 0.05),
        (r * 0.14, h * 0.12),
        (r * 0.2, middle[1] - r * 1.08),
        (0, middle[1] - r * 1.08),
    ]
    parts = [sphere(r, middle, sea, 32), lathe(foot, material=wish.body("wood", "#5f3c20"), sides=24)]
    rng = wish.rng()
    unit = np.array(
        [
            (cos(t) * cos(p), sin(t), cos(t) * sin(p))
            for t, p in (
                (0.7, 0.3),
                (0.2, 0.9),
                (-0.3, 1.2),
                (0.6, 2.0),
                (0.1, 2.7),
                (-0.4, 3.4),
                (0.7, 4.2),
                (0.3, 4.7),
                (-0.2, 5.2),
                (0.9, 5.6),
            )
        ]
    )
    for axis in unit:
        size = r * rng.uniform(0.24, 0.42)
        patch = blob((size, size * 0.8, r * 0.06), (0, 0, 0), land, rng, 0.5, 2)
        patch = turned(turned(patch, "x", -float(np.arcsin(axis[1]))), "y", float(np.arctan2(axis[0], axis[2])))
        parts.append(moved(patch, tuple(np.array(middle) + axis * r * 0.97)))
    tilt = [
        turned(part, "z", -0.4, middle)
        for part in (
            ring(r * 1.08, r * 0.045, middle, material("brass"), "z", 32),
            rod((0, middle[1] - r * 1.1, 0), (0, middle[1] + r * 1.1, 0), r * 0.03, material("brass")),
        )
    ]
    return parts + tilt


@kind("crystal_ball", (0.24, 0.32, 0.24))
def crystal_ball(wish: Wish) -> list[Part]:
    """A ball of glass with a glow in it on a carved stand."""
    r, h = wish.w / 2, wish.h
    stand = [
        (0, 0),
        (r * 0.8, 0),
        (r * 0.85, h * 0.06),
        (r * 0.5, h * 0.14),
        (r * 0.55, h * 0.22),
        (r * 0.75, h * 0.3),
        (r * 0.6, h * 0.31),
        (0, h * 0.2),
    ]
    ball = (0, h - r * 0.94, 0)
    parts = [
        lathe(stand, material=wish.body("brass") if wish.material else material("brass"), sides=24),
        sphere(r * 0.94, ball, material("crystal", wish.color), 28),
    ]
    return [*parts, blob((r * 0.4, r * 0.35, r * 0.4), ball, glow(wish.color or "#9a6bff", 3.0), wish.rng(), 0.5, 2)]


@kind("telescope", (0.8, 1.5, 1.2))
def telescope(wish: Wish) -> list[Part]:
    """A brass telescope on a wooden tripod, raised to the sky."""
    w, h, d = wish.size
    brass, wood = wish.body("brass"), material("wood", "#6a4325")
    pivot = (0, h * 0.66, 0)
    tubes = [
        disc(0.075, d * 0.55, (0, 0, d * 0.2), brass, 20),
        disc(0.06, d * 0.3, (0, 0, -d * 0.2), brass, 18),
        disc(0.045, d * 0.2, (0, 0, -d * 0.42), brass, 16),
    ]
    tubes += [
        disc(0.085, 0.05, (0, 0, d * 0.47), brass, 20),
        disc(0.07, 0.01, (0, 0, d * 0.493), material("dark_glass"), 20),
        disc(0.03, 0.06, (0, 0, -d * 0.53), material("carbon")),
    ]
    tubes.append(disc(0.02, d * 0.2, (0, 0.1, -d * 0.1), brass, 10))
    parts = [moved(turned(part, "x", -0.5), pivot) for part in tubes]
    parts += [
        cylinder(0.05, 0.14, (0, h * 0.54, 0), brass, sides=14),
        box((0.16, 0.03, 0.16), (0, h * 0.53, 0), wood, bevel=0.008),
    ]
    parts += [
        rod((0.05 * sin(a), h * 0.54, 0.05 * cos(a)), (w * 0.5 * sin(a), 0, w * 0.5 * cos(a)), 0.022, wood)
        for a in (0.5, 0.5 + tau / 3, 0.5 + 2 * tau / 3)
    ]
    return parts


@kind("ball", (0.24, 0.24, 0.24))
def ball(wish: Wish) -> list[Part]:
    """A ball of coloured gores."""
    r = wish.w / 2
    tones = (wish.color or "#d23a34", "#f2efe6")
    parts = []
    for k in range(6):
        a = np.linspace(k, k + 1, 6) / 6 * tau
        t = np.linspace(pi / 2, -pi / 2, 15)[:, None]
        grid = np.stack([np.cos(t) * np.sin(a), np.sin(t) * np.ones_like(a), np.cos(t) * np.cos(a)], axis=-1) * r
        parts.append(sheet(grid, material("plastic", tones[k % 2])))
    return parts


def _knife_size(wish: Wish) -> Size:
    return (0.18, 0.035, 1.0) if wish.says("sword", "katana") else (0.04, 0.025, 0.3)


@kind("knife", (0.04, 0.025, 0.3), size_of=_knife_size)
def knife(wish: Wish) -> list[Part]:
    """A kitchen knife lying on its side, its point towards -Z; or a sword."""
    if wish.says("sword", "katana"):
        return sword(wish)
    w, h, d = wish.size
    blade = extrude(
        [(-w / 2, 0), (w / 2, 0), (w / 2, d * 0.3), (w * 0.3, d * 0.5), (-w / 2, d * 0.62)],
        h * 0.16,
        (0, 0, h / 2),
        material("chrome"),
    )
    handle = box((w * 0.8, h, d * 0.38), (0, 0, d * 0.19), wish.body("wood", "#3a2417"), bevel=0.008)
    rivets = [cylinder(0.004, 0.002, (0, h - 0.001, z * d), material("chrome"), sides=10) for z in (0.08, 0.19, 0.3)]
    return [turned(blade, "x", -pi / 2), handle, *rivets]


@kind("apple", (0.085, 0.09, 0.085))
def apple(wish: Wish) -> list[Part]:
    """An apple with stalk and leaf."""
    return apple_at((0, 0, 0), wish.w / 2, wish.color or ("#c0302a", "#8fae3a", "#d8a83a")[wish.seed % 3])


@kind("barrel", (0.64, 0.9, 0.64))
def barrel(wish: Wish) -> list[Part]:
    """A cask of staves with iron hoops."""
    r, h = wish.w / 2, wish.h
    wood, iron = wish.body("wood_planks", "#7d5431"), material("iron")
    side = [(r * (0.82 + 0.16 * sin(pi * t)), h * t) for t in np.linspace(0, 1, 9)]
    staves = turned(
        lathe(
            [
                (0, 0.03),
                (side[0][0] * 0.92, 0.03),
                (side[0][0] * 0.92, 0),
                *side,
                (side[-1][0] * 0.92, h),
                (side[-1][0] * 0.92, h - 0.03),
                (0, h - 0.03),
            ],
            material=wood,
            sides=28,
        ),
        "y",
        0.1,
    )
    hoops = []
    for t in (0.06, 0.26, 0.74, 0.94):
        a, b = r * (0.84 + 0.16 * sin(pi * (t - 0.03))), r * (0.84 + 0.16 * sin(pi * (t + 0.03)))
        hoops.append(
            lathe(
                [(a * 0.9, h * (t - 0.03)), (a, h * (t - 0.03)), (b, h * (t + 0.03)), (b * 0.9, h * (t + 0.03))],
                material=iron,
                sides=28,
            )
        )
    return [_upright(staves), *hoops]


def _upright(part: Part) -> Part:
    """The part with its picture turned by a quarter, so that boards run up."""
    assert part.uvs is not None
    return replace(part, uvs=np.ascontiguousarray(part.uvs[:, ::-1]))
