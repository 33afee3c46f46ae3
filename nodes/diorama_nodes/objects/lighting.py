"""Lamps, lanterns, candles and fires."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.furniture import flames
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import glow, material, shaded
from diorama_nodes.objects.primitives import blob, box, cylinder, lathe, sphere, tube
from diorama_nodes.objects.shapes import disc, ring, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.varieties import crescent

WARM = "#ffc27a"


def _lamp_size(wish: Wish) -> Size:
    if wish.says("floor", "standing"):
        return (0.45, 1.6, 0.45)
    return (0.3, 0.48, 0.3)


@kind("lamp", (0.3, 0.48, 0.3), size_of=_lamp_size)
def lamp(wish: Wish) -> list[Part]:
    """A lamp with a lit shade: of a table, or of the floor where one was asked for."""
    r, h = wish.w / 2, wish.h
    brass, shade = wish.body("brass"), glow(wish.color or "#ffd9a0", 2.2)
    tall = min(h * 0.42, 0.32)
    foot = [(0, 0), (r * 0.62, 0), (r * 0.62, 0.015), (r * 0.2, 0.04), (0, 0.04)]
    parts = [lathe(foot, material=brass, sides=24)]
    if h < 0.9:
        vase = [
            (0, 0.03),
            (r * 0.3, 0.04),
            (r * 0.52, h * 0.22),
            (r * 0.3, h * 0.42),
            (0.02, h * 0.5),
            (0.02, h * 0.62),
            (0, h * 0.62),
        ]
        parts.append(lathe(vase, material=wish.body("ceramic", "#4a6b78"), sides=24))
    else:
        parts.append(cylinder(0.014, h - tall, (0, 0.03, 0), brass, sides=10))
    cone = [(r, h - tall), (r * 0.6, h - 0.01), (r * 0.59, h - 0.01), (r * 0.985, h - tall + 0.002), (r, h - tall)]
    parts += [
        lathe(cone, material=shade, sides=28),
        sphere(min(0.05, r * 0.3), (0, h - tall * 0.6, 0), glow(WARM, 8.0), 10),
    ]
    return [*parts, cylinder(0.006, tall, (0, h - tall, 0), brass, sides=6)]


@kind("lantern", (0.22, 0.42, 0.22))
def lantern(wish: Wish) -> list[Part]:
    """A lantern of paper where Asia was meant, else of iron and glass, with a handle."""
    r, h = wish.w / 2, wish.h
    if wish.says("paper", "chinese", "japan", "asia") or wish.material == "paper":
        return _paper_lantern(wish)
    iron = wish.body("iron", "#2b2a2a")
    body, roof = h * 0.12, h * 0.68
    parts = [
        box((2 * r, body * 0.5, 2 * r), (0, 0, 0), iron, bevel=0.008),
        box((1.7 * r, body * 0.5, 1.7 * r), (0, body * 0.5, 0), iron),
    ]
    parts += [
        box((0.018, roof - body, 0.018), (x * r * 0.76, body, z * r * 0.76), iron) for x in (-1, 1) for z in (-1, 1)
    ]
    parts.append(box((1.4 * r, roof - body, 1.4 * r), (0, body, 0), material("glass")))
    parts += [
        cylinder(r * 0.22, h * 0.26, (0, body, 0), material("wax"), sides=12),
        _flame((0, body + h * 0.26, 0), h * 0.13),
    ]
    roof_shape = [
        (0, roof),
        (r * 1.3, roof),
        (r * 1.3, roof + 0.01),
        (r * 0.35, roof + h * 0.16),
        (r * 0.35, roof + h * 0.2),
        (0, roof + h * 0.2),
    ]
    parts.append(turned(lathe(roof_shape, material=iron, sides=4), "y", pi / 4))
    return [*parts, ring(h * 0.055, 0.006, (0, h * 0.93, 0), iron, "z", 16)]


def _paper_lantern(wish: Wish) -> list[Part]:
    r, h = wish.w / 2, wish.h
    profile = [(0.0, h * 0.06), (r * 0.5, h * 0.06)]
    for k in range(15):
        share = k / 14
        bulge = r * (0.55 + 0.45 * sin(pi * share)) - (0.03 * r if k % 2 else 0)
        profile.append((bulge, h * (0.08 + 0.8 * share)))
    profile += [(r * 0.5, h * 0.9), (0.0, h * 0.9)]
    black = material("wood", "#1c1a19")
    parts = [lathe(profile, material=glow(wish.color or "#ff5a2a", 2.2), sides=20)]
    parts += [cylinder(r * 0.55, h * 0.06, (0, y, 0), black, sides=20) for y in (0.03, h * 0.88)]
    return [
        *parts,
        ring(r * 0.16, 0.006, (0, h * 0.97, 0), black, "z", 12),
        cylinder(0.02, 0.03, (0, 0, 0), material("fabric", "#b3321f"), sides=8),
    ]


def _flame(at: tuple[float, float, float], height: float, color: str = "#ffb347") -> Part:
    r = height * 0.24
    drop = [
        (0, 0),
        (r * 0.7, height * 0.08),
        (r, height * 0.28),
        (r * 0.6, height * 0.6),
        (r * 0.2, height * 0.85),
        (0, height),
    ]
    return lathe(drop, at, glow(color, 8.0), 10)


@kind("stone_lantern", (0.7, 1.5, 0.7))
def stone_lantern(wish: Wish) -> list[Part]:
    """A garden lantern of Japan: foot, pillar, platform, fire box with a light, roof with turned-up corners, jewel."""
    r, h = wish.w / 2, wish.h
    stone = wish.body("stone", "#8b8b84")
    foot = [(0, 0), (r * 0.8, 0), (r * 0.8, h * 0.05), (r * 0.5, h * 0.11), (r * 0.32, h * 0.13), (r * 0.28, h * 0.45)]
    foot += [(r * 0.36, h * 0.47), (r * 0.72, h * 0.53), (r * 0.74, h * 0.57), (0, h * 0.57)]
    parts = [lathe(foot, material=stone, sides=12)]
    box_w = r * 0.86
    posts = [(x * box_w * 0.4, h * 0.57, z * box_w * 0.4) for x in (-1, 1) for z in (-1, 1)]
    parts += [box((box_w * 0.22, h * 0.17, box_w * 0.22), post, stone, bevel=0.008) for post in posts]
    parts.append(box((box_w * 0.72, h * 0.16, box_w * 0.72), (0, h * 0.575, 0), glow(wish.color or WARM, 3.0)))
    parts.append(box((box_w, h * 0.03, box_w), (0, h * 0.73, 0), stone))
    roof = [
        (0, h * 0.75),
        (r * 1.1, h * 0.75),
        (r * 1.42, h * 0.8),
        (r * 1.36, h * 0.82),
        (r * 0.6, h * 0.86),
        (r * 0.2, h * 0.91),
        (0, h * 0.91),
    ]
    parts.append(turned(lathe(roof, material=stone, sides=6), "y", pi / 6))
    jewel = [(0, h * 0.9), (r * 0.2, h * 0.91), (r * 0.24, h * 0.945), (r * 0.12, h * 0.97), (0, h)]
    return [*parts, lathe(jewel, material=stone, sides=12)]


@kind("candle", (0.1, 0.24, 0.1))
def candle(wish: Wish) -> list[Part]:
    """A candle with runs of wax on a brass dish, burning."""
    r, h = wish.w / 2, wish.h
    wax, brass = material("wax", wish.color), material("brass")
    dish = [(0, 0), (r * 0.8, 0), (r, 0.02), (r * 0.95, 0.022), (r * 0.7, 0.01), (0, 0.01)]
    top = h * 0.74
    stick = [
        (0, 0.008),
        (r * 0.5, 0.008),
        (r * 0.46, 0.05),
        (r * 0.44, top - 0.006),
        (r * 0.36, top),
        (r * 0.2, top - 0.008),
        (0, top - 0.008),
    ]
    parts = [lathe(dish, material=brass, sides=24), lathe(stick, material=wax, sides=18)]
    for k, drop in enumerate(wish.rng().uniform(0.2, 0.6, 5)):
        x, z = cos(k * tau / 5), sin(k * tau / 5)
        run = [(r * 0.42 * x, top - 0.01, r * 0.42 * z), (r * 0.48 * x, top * (1 - drop), r * 0.48 * z)]
        parts.append(tube(run, [r * 0.1, r * 0.14], wax, 6))
    return [
        *parts,
        rod((0, top - 0.01, 0), (0, top + 0.012, 0), 0.0025, material("carbon"), 5),
        _flame((0, top + 0.006, 0), h * 0.25),
    ]


@kind("torch", (0.16, 0.7, 0.22), "wall")
def torch(wish: Wish) -> list[Part]:
    """A burning torch in an iron holder, leaning away from the wall."""
    h, d = wish.h, wish.d
    iron = material("iron")
    base, tip = np.array([0, h * 0.08, -d * 0.25]), np.array([0, h * 0.62, d * 0.2])
    parts = [
        tube([tuple(base), tuple(tip)], [0.018, 0.034], wish.body("wood", "#5d3f26"), 10),
        box((0.1, h * 0.3, 0.02), (0, h * 0.1, -d / 2 + 0.01), iron, bevel=0.005),
    ]
    parts += [ring(0.04, 0.008, (0, h * y, d * z), iron, count=16) for y, z in ((0.28, -0.08), (0.56, 0.15))]
    parts += [
        rod((0, h * 0.28, -d * 0.12), (0, h * 0.28, -d * 0.48), 0.01, iron),
        sphere((0.05, 0.06, 0.05), tuple(tip), material("carbon"), 10),
    ]
    return parts + flames(wish, 3, 0.12, h * 0.36, (0, h * 0.62, d * 0.2))


@kind("chandelier", (1.1, 1.0, 1.1), "ceiling")
def chandelier(wish: Wish) -> list[Part]:
    """Arms with candles about a turned stem, hung on a chain, drops of crystal below."""
    r, h = wish.w / 2, wish.h
    brass, wax = wish.body("brass"), material("wax")
    stem = [
        (0, h * 0.02),
        (0.03, h * 0.04),
        (0.07, h * 0.16),
        (0.03, h * 0.26),
        (0.05, h * 0.4),
        (0.02, h * 0.5),
        (0, h * 0.5),
    ]
    parts = [
        lathe(stem, material=brass, sides=16),
        rod((0, h * 0.5, 0), (0, h * 0.97, 0), 0.01, brass, 6),
        cylinder(0.07, h * 0.04, (0, h * 0.96, 0), brass, top=0.05),
    ]
    for angle in np.arange(8) * tau / 8:
        x, z = cos(angle), sin(angle)
        arm = [
            (0.05 * x, h * 0.2, 0.05 * z),
            (r * 0.45 * x, h * 0.12, r * 0.45 * z),
            (r * 0.85 * x, h * 0.2, r * 0.85 * z),
            (r * 0.9 * x, h * 0.3, r * 0.9 * z),
        ]
        parts.append(tube(arm, 0.012, brass, 6))
        spot = (r * 0.9 * x, h * 0.3, r * 0.9 * z)
        parts += [
            cylinder(0.035, 0.02, spot, brass, top=0.045, sides=10),
            cylinder(0.014, 0.09, (spot[0], spot[1] + 0.02, spot[2]), wax, sides=8),
        ]
        parts.append(_flame((spot[0], spot[1] + 0.11, spot[2]), 0.06, wish.color or "#ffc66b"))
        parts.append(sphere((0.012, 0.03, 0.012), (spot[0] * 0.8, h * 0.1, spot[2] * 0.8), material("crystal"), 8))
    return parts


TUBE_LAMPS = ("fluorescent", "neon", "tube", "strip", "panel", "emergency")


def _ceiling_light_size(wish: Wish) -> Size:
    return (1.25, 0.13, 0.3) if wish.says(*TUBE_LAMPS) else (0.5, 0.35, 0.5)


@kind("ceiling_light", (0.5, 0.35, 0.5), "ceiling", size_of=_ceiling_light_size)
def ceiling_light(wish: Wish) -> list[Part]:
    """A pendant: a bell of metal with a bulb under it; a bare tube where neon or fluorescent was said."""
    r, h = wish.w / 2, wish.h
    if wish.says(*TUBE_LAMPS):
        parts = [
            box((wish.w, h * 0.5, wish.d * 0.4), (0, h * 0.5, 0), material("painted_metal", "#d8dcdd"), bevel=0.01)
        ]
        return [
            *parts,
            *[
                rod(
                    (-r * 0.94, h * 0.25, z),
                    (r * 0.94, h * 0.25, z),
                    h * 0.2,
                    glow(wish.color or ("#ff3a2a" if wish.says("emergency") else "#eaf4ff"), 6.0),
                )
                for z in (-r * 0.15, r * 0.15)
            ],
        ]
    bell = [(r, 0.02), (r * 0.92, h * 0.2), (r * 0.4, h * 0.46), (0.03, h * 0.52), (0, h * 0.52)]
    inner = [(0, h * 0.48), (r * 0.36, h * 0.43), (r * 0.88, h * 0.18), (r * 0.97, 0.02)]
    parts = [lathe([*inner, *bell], material=wish.body("painted_metal", "#24402f"), sides=28)]
    parts += [
        sphere(min(0.06, r * 0.3), (0, h * 0.2, 0), glow("#ffd9a0", 8.0), 12),
        rod((0, h * 0.5, 0), (0, h, 0), 0.008, material("rubber"), 6),
    ]
    return [*parts, cylinder(0.05, h * 0.06, (0, h * 0.94, 0), material("metal"), sides=16)]


@kind("spotlight", (0.36, 0.62, 0.5), "ceiling")
def spotlight(wish: Wish) -> list[Part]:
    """A stage lamp with barn doors that hangs in its yoke from a clamp, shining forwards and down."""
    h = wish.h
    black = wish.tinted("painted_metal", "#1c1e20") if wish.material is None else wish.body("metal")
    head = [disc(0.13, 0.3, (0, 0, 0), black, top=0.1), disc(0.115, 0.012, (0, 0, 0.15), glow("#fff2d8", 8.0))]
    head += [ring(0.125, 0.012, (0, 0, z), black, "z") for z in (-0.08, 0.0, 0.08)]
    for k in range(4):
        flap = turned(box((0.2, 0.1, 0.008), (0, 0.14, 0.15), black), "x", 0.5, (0, 0.14, 0.15))
        head.append(turned(flap, "z", k * pi / 2))
    parts = [moved(turned(part, "x", 0.6), (0, h * 0.38, 0)) for part in head]
    yoke = [(-0.165, h * 0.38, 0), (-0.165, h * 0.72, 0), (0.165, h * 0.72, 0), (0.165, h * 0.38, 0)]
    parts += [tube(yoke, 0.014, black, 6), rod((0, h * 0.72, 0), (0, h * 0.92, 0), 0.018, black)]
    clamp = box((0.09, h * 0.08, 0.09), (0, h * 0.92, 0), material("iron"), bevel=0.01)
    knobs = [rod((x * 0.15, h * 0.38, 0), (x * 0.18, h * 0.38, 0), 0.03, material("rubber"), 10) for x in (-1, 1)]
    return [*parts, clamp, *knobs]


@kind("campfire", (1.0, 0.9, 1.0))
def campfire(wish: Wish) -> list[Part]:
    """Logs leaned together in a ring of stones, burning."""
    r, h = wish.w / 2, wish.h
    rng = wish.rng()
    bark, stone = material("bark"), material("stone", "#6f6a66")
    parts = []
    for angle in np.arange(10) * tau / 10:
        size = r * rng.uniform(0.16, 0.22, 3) * [1, 0.75, 1]
        parts.append(
            blob(
                tuple(size),
                (r * 0.82 * cos(angle), float(size[1]) * 0.6, r * 0.82 * sin(angle)),
                stone,
                rng,
                0.25,
                1,
                True,
            )
        )
    for angle in np.arange(6) * tau / 6 + 0.3:
        x, z = cos(angle), sin(angle)
        parts.append(
            tube([(r * 0.52 * x, 0.04, r * 0.52 * z), (-r * 0.08 * x, h * 0.42, -r * 0.08 * z)], 0.05, bark, 8)
        )
    for k in range(3):
        turn = [turned(part, "y", k * pi / 3) for part in flames(wish, 3, r * 0.8, h * 0.95, (0, 0.05, 0))]
        parts += turn
    return [*parts, sphere((r * 0.4, 0.05, r * 0.4), (0, 0.04, 0), glow("#ff4a12", 3.0), 12)]


def _moon_size(wish: Wish) -> Size:
    return (2.0, 4.0, 0.5) if wish.says("crescent") else (4.0, 4.0, 4.0)


@kind("moon", (4.0, 4.0, 4.0), size_of=_moon_size)
def moon(wish: Wish) -> list[Part]:
    """A pale, shining ball with darker seas, or a sickle."""
    r = wish.w / 2
    if wish.says("crescent"):
        return crescent(wish, glow(wish.color or "#e8ecf4", 1.6))
    pale, seas = glow(wish.color or "#e8ecf4", 1.6), glow(shaded(wish.color or "#e8ecf4", 0.8), 0.8)
    parts = [sphere(r, (0, r, 0), pale, 32)]
    for x, y, size in ((-0.3, 0.35, 0.3), (0.15, 0.42, 0.22), (0.3, 0.05, 0.26), (-0.15, -0.2, 0.2), (0.1, -0.5, 0.15)):
        z = float(np.sqrt(1 - x * x - y * y))
        sea = sphere((r * size, r * size * 0.8, r * 0.02), (0, 0, r * 0.985 * (1 - size * size * 0.35)), seas, 16)
        sea = turned(turned(sea, "x", -float(np.arcsin(y))), "y", float(np.arctan2(x, z)))
        parts.append(moved(sea, (0, r, 0)))
    return parts


@kind("sun", (5.0, 5.0, 5.0))
def sun(wish: Wish) -> list[Part]:
    """A blazing ball."""
    return [sphere(wish.w / 2, (0, wish.h / 2, 0), glow(wish.color or "#ffcf5a", 8.0), 32)]


@kind("star", (0.8, 0.76, 0.2))
def star(wish: Wish) -> list[Part]:
    """A five-pointed star that shines."""
    from diorama_nodes.objects.primitives import extrude

    points = [
        (
            (1.0 if k % 2 == 0 else 0.42) * cos(pi / 2 + k * pi / 5),
            (1.0 if k % 2 == 0 else 0.42) * sin(pi / 2 + k * pi / 5),
        )
        for k in range(10)
    ]
    outline = [(x * wish.w / 2, y * wish.h / 2) for x, y in points]
    small = [(x * 0.8, y * 0.8) for x, y in outline]
    bright = glow(wish.color or "#ffd84a", 3.0)
    return [extrude(outline, wish.d * 0.5, material=bright), extrude(small, wish.d, material=bright)]


@kind("cloud", (4.0, 1.6, 2.2))
def cloud(wish: Wish) -> list[Part]:
    """Heaped white balls, flat below."""
    rng, white = wish.rng(), material("snow", wish.color or "#f4f6f9")
    w, h, d = wish.size
    parts = []
    for k in range(9):
        x = (k / 8 - 0.5) * w * 0.76
        r = h * (0.28 + 0.3 * (1 - abs(2 * x / w)) * float(rng.uniform(0.8, 1.1)))
        parts.append(
            blob((r * 1.15, r, r * 1.1), (x, r * 0.75, float(rng.uniform(-0.22, 0.22)) * d), white, rng, 0.1, 2)
        )
    return parts
