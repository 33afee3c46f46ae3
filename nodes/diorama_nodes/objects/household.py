"""Kitchen and bath: what is plumbed or plugged in."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, lathe, sphere, tube
from diorama_nodes.objects.shapes import disc, placed, ring, rod, rounded
from diorama_nodes.objects.surfaces import moved, scaled, turned
from diorama_nodes.objects.varieties import aquarium


def tap(at: tuple[float, float, float], height: float, reach: float) -> list[Part]:
    """A chrome tap whose spout bends forward, with two handles."""
    chrome = material("chrome")
    x, y, z = at
    arc = [
        (x, y + height * 0.6 + height * 0.4 * sin(a), z + reach / 2 - reach / 2 * cos(a)) for a in np.linspace(0, pi, 9)
    ]
    parts = [tube([(x, y, z), *arc, (x, y + height * 0.45, z + reach)], 0.013, chrome, 8)]
    for side in (-0.09, 0.09):
        parts += [
            cylinder(0.02, 0.04, (x + side, y, z), chrome, sides=10),
            rod((x + side - 0.025, y + 0.05, z), (x + side + 0.025, y + 0.05, z), 0.009, chrome),
        ]
    return parts


@kind("bathtub", (0.8, 0.62, 1.7))
def bathtub(wish: Wish) -> list[Part]:
    """A free-standing tub on claw feet, water in it."""
    w, h, d = wish.size
    white, brass = wish.body("ceramic", "#f1f2f0"), material("brass")
    foot = h * 0.16
    outside = [(0, foot), (0.55, foot), (0.8, foot + h * 0.12), (0.95, h * 0.7), (1.0, h * 0.97), (1.0, h), (0.93, h)]
    inside = [(0.86, h * 0.9), (0.72, h * 0.36), (0.5, h * 0.3), (0, h * 0.3)]
    tub = lathe([*outside, *inside], material=white, sides=36)
    parts = [
        scaled(tub, (w / 2, 1, d / 2)),
        scaled(cylinder(0.83, 0.01, (0, h * 0.75, 0), material("water", "#7fb8c4"), sides=36), (w / 2, 1, d / 2)),
    ]
    for x in (-1, 1):
        for z in (-1, 1):
            spot = (x * w * 0.28, 0.0, z * d * 0.3)
            parts.append(
                tube(
                    [
                        (spot[0] * 1.25, 0.02, spot[2] * 1.1),
                        (spot[0], foot * 0.5, spot[2]),
                        (spot[0], foot * 1.3, spot[2]),
                    ],
                    [0.04, 0.025, 0.04],
                    brass,
                    8,
                )
            )
    return parts + tap((0, h * 0.97, -d / 2 + 0.05), 0.22, 0.16)


@kind("sink", (0.6, 0.9, 0.48))
def sink(wish: Wish) -> list[Part]:
    """A wash basin on a pedestal with a tap."""
    w, h, d = wish.size
    white = wish.body("ceramic", "#f1f2f0")
    bowl = [
        (0.0, h * 0.68),
        (0.55, h * 0.7),
        (0.92, h * 0.84),
        (1.0, h * 0.87),
        (1.0, h * 0.89),
        (0.86, h * 0.89),
        (0.7, h * 0.78),
        (0.2, h * 0.745),
        (0, h * 0.745),
    ]
    column = [(0, 0), (0.13, 0), (0.12, 0.05), (0.075, 0.2), (0.07, h * 0.6), (0.14, h * 0.72), (0, h * 0.72)]
    parts = [scaled(lathe(bowl, material=white, sides=32), (w / 2, 1, d / 2)), lathe(column, material=white, sides=20)]
    parts += [
        box((w * 0.8, h * 0.06, d * 0.2), (0, h * 0.83, -d * 0.4), white, bevel=0.012),
        disc(0.02, 0.004, (0, 0, 0), material("chrome")),
    ]
    parts[-1] = moved(turned(parts[-1], "x", -pi / 2), (0, h * 0.75, 0))
    return parts + tap((0, h * 0.89, -d * 0.38), 0.14, 0.14)


@kind("toilet", (0.4, 0.8, 0.66))
def toilet(wish: Wish) -> list[Part]:
    """A bowl with seat, lid up, and a cistern behind."""
    w, h, d = wish.size
    white = wish.body("ceramic", "#f1f2f0")
    rim = h * 0.5
    bowl = [
        (0, 0),
        (0.52, 0),
        (0.48, rim * 0.25),
        (0.62, rim * 0.6),
        (0.98, rim * 0.93),
        (1.0, rim),
        (0.72, rim),
        (0.5, rim * 0.72),
        (0, rim * 0.65),
    ]
    parts = [moved(scaled(lathe(bowl, material=white, sides=28), (w * 0.46, 1, d * 0.33)), (0, 0, d * 0.16))]
    seat = extrude(
        [(x * w * 0.48, y * d * 0.35) for x, y in _oval(28, 1.0)],
        0.025,
        (0, 0, 0),
        white,
        [[(x * w * 0.48, y * d * 0.35) for x, y in _oval(20, 0.68)]],
    )
    parts.append(moved(turned(seat, "x", pi / 2), (0, rim + 0.015, d * 0.15)))
    lid = extrude([(x * w * 0.48, y * d * 0.34) for x, y in _oval(28, 1.0)], 0.02, (0, 0, 0), white)
    parts.append(moved(turned(lid, "x", -0.14), (0, rim + d * 0.35, -d * 0.2)))
    parts += [
        box((w * 0.95, h * 0.46, d * 0.24), (0, h * 0.5, -d * 0.38), white, bevel=0.03),
        box((w, 0.035, d * 0.28), (0, h - 0.04, -d * 0.36), white, bevel=0.012),
    ]
    return [
        *parts,
        box((w * 0.5, rim, d * 0.3), (0, 0, -d * 0.3), white, bevel=0.03),
        rod((-w * 0.35, h * 0.88, -d * 0.25), (-w * 0.2, h * 0.87, -d * 0.25), 0.01, material("chrome")),
    ]


def _oval(count: int, reach: float) -> list[tuple[float, float]]:
    return [(reach * cos(a), reach * sin(a)) for a in np.arange(count) * 2 * pi / count]


@kind("stove", (0.7, 0.95, 0.62))
def stove(wish: Wish) -> list[Part]:
    """A cooker: four rings, knobs, an oven door with a glass and a rail, a splash back."""
    w, h, d = wish.size
    shell, iron, steel = wish.body("enamel", "#d4d6d3"), material("iron"), material("metal")
    top = h * 0.9
    parts = [
        box((w, top - 0.06, d - 0.04), (0, 0.06, -0.01), shell, bevel=0.012),
        box((w - 0.08, 0.06, d - 0.12), (0, 0, 0), material("carbon")),
    ]
    parts += [
        box((w, 0.02, d), (0, top, 0), material("carbon"), bevel=0.006),
        box((w, h - top, 0.03), (0, top, -d / 2 + 0.015), shell, bevel=0.008),
    ]
    for x in (-w * 0.24, w * 0.24):
        for z in (-d * 0.2, d * 0.22):
            parts.append(cylinder(0.06, 0.025, (x, top + 0.02, z), iron, sides=16))
            parts += [box((0.2 if k else 0.014, 0.012, 0.014 if k else 0.2), (x, top + 0.045, z), iron) for k in (0, 1)]
    parts += [
        disc(0.024, 0.03, (x * w * 0.14, top - 0.06, d / 2 - 0.015), steel, 14)
        for x in (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)
    ]
    parts += [
        box((w * 0.88, h * 0.5, 0.03), (0, h * 0.2, d / 2 - 0.025), shell, bevel=0.01),
        box((w * 0.6, h * 0.24, 0.012), (0, h * 0.34, d / 2 - 0.012), material("dark_glass"), bevel=0.005),
    ]
    parts.append(rod((-w * 0.38, h * 0.66, d / 2 + 0.015), (w * 0.38, h * 0.66, d / 2 + 0.015), 0.012, steel))
    pan = [(0, 0), (0.095, 0), (0.1, 0.1), (0.093, 0.1), (0.088, 0.01), (0, 0.01)]
    parts.append(lathe(pan, (-w * 0.24, top + 0.057, -d * 0.2), material("copper"), 24))
    return [*parts, rod((-w * 0.24 + 0.1, top + 0.14, -d * 0.2), (-w * 0.24 + 0.26, top + 0.15, -d * 0.12), 0.01, iron)]


@kind("fridge", (0.7, 1.8, 0.7))
def fridge(wish: Wish) -> list[Part]:
    """A rounded fridge of two doors with chrome handles."""
    w, h, d = wish.size
    shell, chrome = wish.body("enamel", "#c8dcd6"), material("chrome")
    parts = [
        box((w, h - 0.05, d - 0.1), (0, 0.05, -0.05), shell, bevel=0.05),
        box((w - 0.06, 0.05, d - 0.12), (0, 0, -0.03), material("carbon")),
    ]
    for low, tall in ((0.06, h * 0.6), (h * 0.6 + 0.08, h * 0.4 - 0.1)):
        leaf = extrude(rounded(w - 0.01, tall, 0.05), 0.075, (0, low, d / 2 - 0.05), shell)
        parts += [leaf, box((w - 0.05, tall - 0.05, 0.02), (0, low + 0.025, d / 2 - 0.015), shell, bevel=0.009)]
        y = low + (tall * 0.75 if low < 0.1 else tall * 0.25)
        parts += [rod((-w * 0.4, y - 0.09, d / 2 + 0.03), (-w * 0.4, y + 0.09, d / 2 + 0.03), 0.014, chrome)]
        parts += [
            rod((-w * 0.4, y + s, d / 2 - 0.02), (-w * 0.4, y + s, d / 2 + 0.03), 0.009, chrome) for s in (-0.08, 0.08)
        ]
    return [*parts, box((0.14, 0.03, 0.008), (w * 0.22, h * 0.9, d / 2 - 0.004), chrome)]


OLD = ("old", "retro", "crt", "vintage")


def _television_size(wish: Wish) -> Size:
    return (0.72, 0.72, 0.5) if wish.says(*OLD) else (1.2, 0.78, 0.26)


@kind("television", (1.2, 0.78, 0.26), size_of=_television_size)
def television(wish: Wish) -> list[Part]:
    """A flat screen on a foot, lit; a box with a tube and aerial where it is said to be old."""
    w, h, d = wish.size
    black = wish.body("plastic", "#17181b")
    shine = glow(wish.attributes.get("glow", "#6fb3ff"), 1.6)
    if wish.says(*OLD):
        wood = wish.body("wood", "#6a4327")
        parts = [
            box((w * 0.62, h * 0.72, d), (0, 0.06, 0), wood, bevel=0.03),
            sphere((w * 0.2, h * 0.25, 0.03), (-w * 0.06, h * 0.44, d / 2), shine, 20),
        ]
        parts += [disc(0.03, 0.02, (w * 0.23, h * y, d / 2), material("brass")) for y in (0.56, 0.44)]
        parts += [rod((0, h * 0.8, 0), (x * w * 0.2, h, 0), 0.006, material("chrome")) for x in (-1, 1)]
        return parts + [rod((x * w * 0.22, 0.06, 0), (x * w * 0.27, 0, 0), 0.018, wood) for x in (-1, 1)]
    parts = [
        box((w, h * 0.88, 0.045), (0, h * 0.12, 0), black, bevel=0.008),
        box((w - 0.03, h * 0.88 - 0.035, 0.004), (0, h * 0.12 + 0.02, 0.022), shine),
    ]
    parts += [
        box((w * 0.5, h * 0.4, 0.06), (0, h * 0.28, -0.045), black, bevel=0.02),
        box((0.08, h * 0.2, 0.03), (0, 0.01, -0.02), black),
    ]
    bars = [("#ff9a5a", 0.1, 0.3), ("#3a66c8", 0.32, 0.16), ("#1d2f66", 0.0, 0.1)]
    parts += [
        box((w - 0.04, h * tall, 0.003), (0, h * (0.16 + low), 0.0235), glow(color, 1.2)) for color, low, tall in bars
    ]
    return [*parts, box((w * 0.4, 0.014, d), (0, 0, 0), black, bevel=0.005)]


def _laptop(wish: Wish) -> list[Part]:
    w, h, d = wish.size
    shell, dark, lit = wish.body("metal", "#9aa0a6"), material("plastic", "#16181c"), glow("#bfe3ff", 1.4)
    parts = [box((w, h * 0.07, d * 0.88), (0, 0, d * 0.06), shell, bevel=0.004)]
    keys = [(w * 0.86 * ((k % 13) / 12 - 0.5), h * 0.07, d * (0.1 * (k // 13) - 0.16)) for k in range(52)]
    parts.append(boxes(np.tile([w * 0.055, 0.003, d * 0.075], (52, 1)), np.array(keys), dark))
    lid = [
        box((w, h, 0.008), (0, 0, 0), shell, bevel=0.003),
        box((w * 0.94, h * 0.88, 0.002), (0, h * 0.06, 0.005), lit),
    ]
    parts += [moved(turned(part, "x", -0.25), (0, h * 0.06, -d * 0.38)) for part in lid]
    return [*parts, box((w * 0.3, 0.002, d * 0.2), (0, h * 0.07, d * 0.34), dark)]


def _computer_size(wish: Wish) -> Size:
    return (0.34, 0.23, 0.3) if wish.says("laptop") else (0.9, 0.5, 0.55)


@kind("computer", (0.9, 0.5, 0.55), size_of=_computer_size)
def computer(wish: Wish) -> list[Part]:
    """A screen with lines of text, a tower beside it, a keyboard and a mouse before it; or a laptop."""
    if wish.says("laptop"):
        return _laptop(wish)
    w, h, d = wish.size
    shell, dark = wish.body("plastic", "#33373d"), material("plastic", "#16181c")
    parts = [
        box((w * 0.62, h * 0.72, 0.04), (-w * 0.14, h * 0.26, -d * 0.2), shell, bevel=0.01),
        box((w * 0.58, h * 0.64, 0.004), (-w * 0.14, h * 0.3, -d * 0.2 + 0.02), dark),
    ]
    rng, lit = wish.rng(), glow("#54ffb0" if not wish.is_night_city else wish.neon(), 3.0)
    for row in range(9):
        long = float(rng.uniform(0.12, 0.46)) * w
        parts.append(
            box((long, h * 0.018, 0.003), (-w * 0.41 + long / 2, h * (0.87 - 0.06 * row), -d * 0.2 + 0.022), lit)
        )
    parts += [
        box((0.05, h * 0.3, 0.03), (-w * 0.14, 0, -d * 0.22), shell),
        box((w * 0.26, 0.014, d * 0.32), (-w * 0.14, 0, -d * 0.2), shell, bevel=0.005),
    ]
    parts += [
        box((w * 0.2, h * 0.84, d * 0.7), (w * 0.38, 0, -d * 0.12), shell, bevel=0.012),
        box((w * 0.14, 0.02, 0.004), (w * 0.38, h * 0.7, d * 0.23), dark),
    ]
    parts += [
        disc(0.008, 0.006, (w * 0.38, h * 0.6, d * 0.23), lit, 12),
        box((w * 0.48, 0.016, d * 0.24), (-w * 0.14, 0, d * 0.22), shell, bevel=0.006),
    ]
    keys = [(-w * 0.35 + w * 0.42 * (k % 14) / 13, 0.016, d * 0.13 + d * 0.18 * (k // 14) / 3) for k in range(56)]
    parts.append(boxes(np.tile([w * 0.025, 0.008, d * 0.045], (56, 1)), np.array(keys), dark))
    return [*parts, sphere((0.028, 0.018, 0.045), (w * 0.2, 0.012, d * 0.26), shell, 12)]


@kind("server_rack", (0.7, 2.0, 0.9))
def server_rack(wish: Wish) -> list[Part]:
    """A cabinet of servers with rows of small lights."""
    w, h, d = wish.size
    steel, face = wish.body("painted_metal", "#1d2024"), material("painted_metal", "#2e3238")
    parts = [box((0.05, h, d), (x * (w - 0.05) / 2, 0, 0), steel, bevel=0.008) for x in (-1, 1)]
    parts += [box((w, 0.06, d), (0, y, 0), steel, bevel=0.01) for y in (0.0, h - 0.06)]
    parts.append(box((w - 0.1, h - 0.12, d - 0.12), (0, 0.06, -0.06), material("carbon")))
    rng = wish.rng()
    tones = [glow(color, 6.0) for color in ((wish.color,) if wish.color else ("#2bff8a", "#2bb8ff", "#ffb02b"))]
    rows = max(int((h - 0.2) / 0.1), 1)
    for row in range(rows):
        y = 0.1 + row * (h - 0.2) / rows
        parts.append(box((w - 0.12, (h - 0.2) / rows - 0.016, 0.03), (0, y, d / 2 - 0.05), face))
        parts.append(box((w * 0.3, 0.03, 0.006), (w * 0.18, y + 0.025, d / 2 - 0.034), material("carbon")))
        for k in range(6):
            if rng.random() < 0.75:
                parts.append(
                    box(
                        (0.012, 0.012, 0.008),
                        (-w * 0.36 + 0.035 * k, y + 0.035, d / 2 - 0.034),
                        tones[int(rng.integers(len(tones)))],
                    )
                )
    return parts


def _water_tank_size(wish: Wish) -> Size:
    return (1.2, 1.3, 0.5) if wish.says("fish", "aquarium") else (1.8, 3.2, 1.8)


@kind("water_tank", (1.8, 3.2, 1.8), size_of=_water_tank_size)
def water_tank(wish: Wish) -> list[Part]:
    """A wooden tank with hoops and a cone for a roof on a frame of steel, as on old roofs; or an aquarium."""
    if wish.says("fish", "aquarium"):
        return aquarium(wish)
    r, h = wish.w / 2, wish.h
    wood, iron = wish.body("wood_planks", "#6d4f36"), material("iron")
    low = h * 0.34
    parts = [
        cylinder(r * 0.92, h * 0.44, (0, low, 0), wood, sides=28),
        cylinder(r, h * 0.2, (0, h * 0.79, 0), material("metal", "#6a6f72"), top=0.0, sides=28),
    ]
    parts += [ring(r * 0.93, 0.018, (0, low + h * 0.44 * y, 0), iron) for y in (0.1, 0.35, 0.6, 0.85)]
    corners = [(x * r * 0.7, z * r * 0.7) for x in (-1, 1) for z in (-1, 1)]
    parts += [rod((x * 1.1, 0, z * 1.1), (x, low, z), 0.05, iron) for x, z in corners]
    for side in range(4):
        brace = [
            rod((-r * 0.75, 0.1, r * 0.75), (r * 0.7, low * 0.9, r * 0.7), 0.022, iron),
            rod((r * 0.75, 0.1, r * 0.75), (-r * 0.7, low * 0.9, r * 0.7), 0.022, iron),
        ]
        parts += placed(brace, (0, 0, 0), side * pi / 2)
    parts += [box((r * 1.9, 0.08, 0.12), (0, low - 0.08, z * r), iron) for z in (-0.6, 0, 0.6)]
    ladder = [rod((x, 0, r * 1.0), (x, h * 0.78, r * 0.96), 0.018, iron) for x in (-0.18, 0.18)]
    ladder += [
        rod((-0.18, float(y), r * 0.98), (0.18, float(y), r * 0.98), 0.012, iron, 5)
        for y in np.arange(0.3, h * 0.76, 0.3)
    ]
    return parts + ladder
