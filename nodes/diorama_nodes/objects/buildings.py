"""Houses, towers and other buildings."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import NEON, Wish, kind
from diorama_nodes.objects.materials import glow, material, shaded
from diorama_nodes.objects.openings import dial
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, lathe, sphere
from diorama_nodes.objects.shapes import arched, disc, placed, ring, rod
from diorama_nodes.objects.surfaces import moved, scaled, turned
from diorama_nodes.objects.varieties import pyramid, tipi


def gable_roof(
    width: float, depth: float, rise: float, at: tuple[float, float, float], stuff: Material, thick: float = 0.12
) -> list[Part]:
    """Two slopes over a rectangle, the ridge along x."""
    x, y, z = at
    slope = float(np.hypot(depth / 2, rise))
    lean = float(np.arctan2(rise, depth / 2))
    parts = []
    for side in (-1, 1):
        leaf = box((width, slope, thick), (0, 0, 0), stuff)
        tilted = turned(moved(leaf, (0, -slope, -thick / 2)), "x", lean - pi / 2)
        parts.append(moved(tilted if side > 0 else turned(tilted, "y", pi), (x, y + rise, z)))
    return parts


def gable_wall(width: float, rise: float, thick: float, at: tuple[float, float, float], stuff: Material) -> Part:
    """The triangle under a roof's ridge, facing +X."""
    triangle = [(-width / 2, 0), (width / 2, 0), (0, rise)]
    return moved(turned(extrude(triangle, thick, material=stuff), "y", pi / 2), at)


def opening(width: float, height: float, at: tuple[float, float, float], pane: Material, frame: Material) -> list[Part]:
    """A window with frame, bars and sill that looks along +Z, a little before a wall's plane."""
    x, y, z = at
    t = width * 0.09
    bars = [
        ((width, t, 0.06), (x, y, z)),
        ((width, t, 0.06), (x, y + height - t, z)),
        ((t, height, 0.06), (x - width / 2 + t / 2, y, z)),
    ]
    bars += [
        ((t, height, 0.06), (x + width / 2 - t / 2, y, z)),
        ((t * 0.6, height, 0.05), (x, y, z)),
        ((width, t * 0.6, 0.05), (x, y + height / 2, z)),
    ]
    bars.append(((width * 1.16, t, 0.14), (x, y - t, z)))
    sizes, places = np.array([bar[0] for bar in bars]), np.array([bar[1] for bar in bars])
    return [boxes(sizes, places, frame), box((width - t, height - t, 0.04), (x, y + t / 2, z), pane)]


def _pane(wish: Wish, rng: np.random.Generator) -> Material:
    """A dark window, or a lit one: by night in a city most are, elsewhere where it is said."""
    lit = 0.55 if wish.is_night_city else 0.85 if wish.says("lit", "warm", "glow") else 0.3
    if rng.random() < lit:
        tone = NEON[int(rng.integers(len(NEON)))] if wish.is_night_city and rng.random() < 0.25 else "#ffca7a"
        return glow(tone, 1.6)
    return material("dark_glass", "#27323a")


@kind("house", (7.0, 6.4, 6.0))
def house(wish: Wish) -> list[Part]:
    """Two floors under a tiled roof, with a door, windows and a chimney."""
    w, h, d = wish.size
    wall, roof = wish.body("plaster", "#d9cdb6"), material("roof_tiles")
    trim, rng = material("wood", "#efe9dc"), wish.rng()
    eaves = h * 0.6
    parts = [
        box((w * 0.9, eaves, d * 0.88), (0, 0, 0), wall),
        box((w * 0.92, h * 0.05, d * 0.9), (0, 0, 0), material("stone_blocks")),
    ]
    parts += gable_roof(w, d, h * 0.32, (0, eaves, 0), roof, h * 0.025)
    parts += [
        gable_wall(d * 0.88, h * 0.31, w * 0.9, (0, eaves, 0), wall),
        box((w * 0.08, h * 0.28, w * 0.08), (w * 0.22, h * 0.72, -d * 0.15), material("brick")),
    ]
    front = d * 0.44 + 0.01
    for x in (-0.28, 0.28):
        parts += opening(w * 0.15, h * 0.17, (w * x, h * 0.11, front), _pane(wish, rng), trim)
    for x in (-0.28, 0.0, 0.28):
        parts += opening(w * 0.13, h * 0.16, (w * x, h * 0.37, front), _pane(wish, rng), trim)
    for side in (-1, 1):
        for z in (-0.22, 0.22):
            for y in (0.11, 0.37):
                one = opening(d * 0.15, h * 0.16, (0, h * y, 0), _pane(wish, rng), trim)
                parts += placed(one, (side * (w * 0.45 + 0.01), 0, z * d), side * pi / 2)
    parts += [
        box((w * 0.15, h * 0.31, 0.1), (0, 0, front), material("wood", "#6a3f2a"), bevel=0.02),
        box((w * 0.19, h * 0.33, 0.06), (0, 0, front), trim),
    ]
    parts += [
        box((w * 0.24, h * 0.03, d * 0.06), (0, h * 0.34, front), roof),
        box((w * 0.22, h * 0.03, d * 0.06), (0, 0, front), material("stone")),
    ]
    return [*parts, sphere(0.05, (w * 0.05, h * 0.15, front + 0.08), material("brass"), 8)]


@kind("cabin", (5.0, 3.9, 4.2))
def cabin(wish: Wish) -> list[Part]:
    """A hut of logs with a porch, a stone chimney and a steep roof."""
    w, h, d = wish.size
    log, rng = wish.body("bark", "#7a5636"), wish.rng()
    rows = 9
    eaves = h * 0.55
    r = eaves / rows / 2
    bw, bd = w * 0.8, d * 0.68
    back = -d * 0.08
    parts = [box((bw - 2 * r, eaves, bd - 2 * r), (0, 0, back), material("wood", "#4a3321"))]
    for row in range(rows):
        y = r + row * 2 * r
        parts += [
            rod((-bw / 2 - 0.15, y, back + z * bd / 2), (bw / 2 + 0.15, y, back + z * bd / 2), r * 1.03, log, 8)
            for z in (-1, 1)
        ]
        parts += [
            rod((x * bw / 2, y + r, back - bd / 2 - 0.15), (x * bw / 2, y + r, back + bd / 2 + 0.15), r * 1.03, log, 8)
            for x in (-1, 1)
        ]
    parts += gable_roof(w, d, h * 0.4, (0, eaves, 0), material("wood_planks", "#4e3a2b"), 0.1)
    parts += [gable_wall(bd, h * 0.34, bw, (0, eaves, back), material("wood_planks", "#6b4a30"))]
    front = back + bd / 2 + r
    parts += opening(w * 0.16, h * 0.2, (-w * 0.24, h * 0.2, front), _pane(wish, rng), material("wood", "#c9ad84"))
    parts += opening(w * 0.16, h * 0.2, (w * 0.24, h * 0.2, front), _pane(wish, rng), material("wood", "#c9ad84"))
    parts += [
        box((w * 0.17, h * 0.46, 0.1), (0, 0, front - 0.02), material("wood_planks", "#5a3a22")),
        box((w * 0.86, 0.08, d * 0.2), (0, 0, d * 0.37), material("wood_planks")),
    ]
    parts += [rod((x * w * 0.4, 0, d * 0.44), (x * w * 0.4, eaves, d * 0.44), 0.06, log) for x in (-1, 1)]
    return [
        *parts,
        box((w * 0.12, h * 0.9, w * 0.12), (-bw / 2, 0, back), material("stone_blocks")),
        box((w * 0.14, h * 0.04, w * 0.14), (-bw / 2, h * 0.88, back), material("stone")),
    ]


@kind("building", (9.0, 14.0, 8.0), keeps_shape=False)
def building(wish: Wish) -> list[Part]:
    """A block of brick with rows of windows, a shop front, a cornice and things on its roof."""
    w, h, d = wish.size
    wall, rng = wish.body("brick"), wish.rng()
    trim, dark = material("concrete"), material("painted_metal", "#30363b")
    top = h * 0.93
    parts = [
        box((w * 0.97, top, d * 0.96), (0, 0, 0), wall),
        box((w, h * 0.03, d), (0, top - h * 0.02, 0), trim, bevel=0.05),
        box((w * 0.99, h * 0.02, d * 0.98), (0, 3.2, 0), trim),
    ]
    floors = max(int((top - 3.6) / 2.9), 1)
    across = max(int(w / 2.1), 1)
    step = (top - 3.6) / floors
    for floor in range(floors):
        for k in range(across):
            spot = ((k - (across - 1) / 2) * w * 0.92 / across, 3.9 + floor * step, d * 0.48 + 0.01)
            parts += opening(min(1.1, w / across * 0.6), min(1.5, step * 0.6), spot, _pane(wish, rng), dark)
    parts += [box((w * 0.36, 2.2, 0.06), (x * w * 0.24, 0.5, d * 0.48), glow("#ffd9a0", 1.2)) for x in (-1, 1)]
    parts += [
        box((1.1, 2.4, 0.1), (0, 0, d * 0.48), dark, bevel=0.02),
        box((w * 0.9, 0.6, 0.2), (0, 2.75, d * 0.49), dark),
    ]
    parts += [
        box((w * 0.12, h * 0.05, d * 0.14), (x * w, top, z * d), dark, bevel=0.03)
        for x, z in ((-0.25, -0.1), (0.1, 0.15), (0.3, -0.2))
    ]
    return [*parts, box((0.06, h - top, 0.06), (-w * 0.3, top, d * 0.2), dark)]


@kind("skyscraper", (16.0, 70.0, 16.0), keeps_shape=False)
def skyscraper(wish: Wish) -> list[Part]:
    """A tower of glass that steps back as it rises, some windows lit, a mast with a red light on top."""
    w, h, d = wish.size
    shell, rng = wish.body("dark_glass", "#27333d"), wish.rng()
    steel = material("painted_metal", "#3a424a")
    parts: list[Part] = []
    low = 0.0
    for share, top in ((1.0, 0.5), (0.8, 0.76), (0.58, 0.92)):
        sw, sd, sh = w * share, d * share, h * top - low
        parts.append(box((sw * 0.97, sh, sd * 0.97), (0, low, 0), shell))
        columns = np.linspace(-0.5, 0.5, 7)
        ribs = [(x * sw * 0.97, low, z * sd * 0.485) for x in columns for z in (-1, 1)] + [
            (x * sw * 0.485, low, z * sd * 0.97) for z in columns for x in (-1, 1)
        ]
        parts.append(boxes(np.tile([w * 0.018, sh, w * 0.018], (len(ribs), 1)), np.array(ribs), steel))
        parts.append(box((sw, h * 0.008, sd), (0, h * top - h * 0.006, 0), steel))
        floors = int(sh / (h * 0.022))
        cells = [
            (floor, column, side)
            for floor in range(floors)
            for column in range(6)
            for side in range(4)
            if rng.random() < 0.34
        ]
        tones = ["#ffd08a", "#cfe6ff"] + ([wish.neon()] if wish.is_night_city else [])
        for k, tone in enumerate(tones):
            own = [cell for j, cell in enumerate(cells) if j % len(tones) == k]
            parts += _lit_cells(own, sw, sd, low, sh / floors, glow(tone, 1.8))
        low = h * top
    return [
        *parts,
        cylinder(w * 0.03, h * 0.07, (0, low, 0), steel, top=w * 0.008, sides=10),
        sphere(w * 0.025, (0, h * 0.99, 0), glow("#ff2b2b", 6.0), 8),
    ]


def _lit_cells(
    cells: list[tuple[int, int, int]], width: float, depth: float, low: float, step: float, lit: Material
) -> list[Part]:
    sizes, places = [], []
    for floor, column, side in cells:
        along, y = (column - 2.5) / 6, low + (floor + 0.2) * step
        if side < 2:
            sizes.append((width * 0.115, step * 0.6, 0.05))
            places.append((along * width * 0.97, y, (side * 2 - 1) * depth * 0.485))
        else:
            sizes.append((0.05, step * 0.6, depth * 0.115))
            places.append(((side * 2 - 5) * width * 0.485, y, along * depth * 0.97))
    return [boxes(np.array(sizes), np.array(places), lit)] if sizes else []


def battlements(width: float, depth: float, y: float, tooth: float, stuff: Material) -> Part:
    """Teeth along the four edges of a rectangle."""
    places = []
    for length, other, swap in ((width, depth, False), (depth, width, True)):
        count = max(int(length / tooth / 2), 2)
        for along in np.linspace(-(length - tooth) / 2, (length - tooth) / 2, count):
            for side in (-1, 1):
                across = side * (other - tooth * 0.6) / 2
                places.append((across, y, float(along)) if swap else (float(along), y, across))
    return boxes(np.tile([tooth, tooth * 1.2, tooth * 0.9], (len(places), 1)), np.array(places), stuff)


def round_battlements(radius: float, y: float, tooth: float, stuff: Material, count: int = 12) -> list[Part]:
    """Teeth about a round tower."""
    one = box((tooth, tooth * 1.2, tooth * 0.7), (0, y, radius - tooth * 0.3), stuff)
    return [turned(one, "y", k * tau / count) for k in range(count)]


@kind("tower", (4.0, 11.0, 4.0))
def tower(wish: Wish) -> list[Part]:
    """A round tower of stone: slits, a door, a jutting top with battlements and a cone of tiles; or a pagoda."""
    if wish.says("pagoda"):
        return _pagoda(wish)
    r, h = wish.w / 2, wish.h
    stone = wish.body("stone_blocks")
    dark = material("carbon")
    body = [
        (0, 0),
        (r * 0.86, 0),
        (r * 0.74, h * 0.08),
        (r * 0.7, h * 0.56),
        (r * 0.95, h * 0.62),
        (r * 0.95, h * 0.7),
        (0, h * 0.7),
    ]
    parts = [lathe(body, material=stone, sides=24), *round_battlements(r * 0.95, h * 0.7, r * 0.26, stone)]
    parts += [
        cylinder(r * 0.66, h * 0.08, (0, h * 0.7, 0), stone, sides=20),
        cylinder(r * 0.86, h * 0.2, (0, h * 0.78, 0), material("roof_tiles", "#3f4a5c"), top=0.0, sides=20),
    ]
    slits = [(0.4, 0.3), (2.4, 0.38), (4.4, 0.26), (0.2, 0.5), (3.2, 0.52)]
    for angle, y in slits:
        parts.append(turned(box((r * 0.12, h * 0.07, r * 0.1), (0, h * y, r * 0.69), dark), "y", angle))
    gate = extrude(arched(r * 0.6, h * 0.16), r * 0.1, (0, 0, r * 0.8), material("wood_planks", "#4f3420"))
    frame = extrude(arched(r * 0.78, h * 0.175), r * 0.16, (0, 0, r * 0.74), stone)
    flag = extrude(
        [(0, 0), (r * 0.7, h * 0.02), (0, h * 0.045)], 0.02, (r * 0.02, h * 0.95, 0), material("fabric", "#b32b2b")
    )
    return [*parts, frame, gate, rod((0, h * 0.97, 0), (0, h, 0), 0.04, dark), flag]


@kind("castle", (24.0, 16.0, 20.0))
def castle(wish: Wish) -> list[Part]:
    """A keep within walls, a round tower at every corner, a gate house in front."""
    w, h, d = wish.size
    stone, roof, dark = wish.body("stone_blocks"), material("roof_tiles", "#46506a"), material("carbon")
    parts: list[Part] = []
    r, wall = w * 0.09, h * 0.34
    cx, cz = w / 2 - r, d / 2 - r
    for z in (-1, 1):
        parts += [
            box((2 * cx, wall, r * 0.8), (0, 0, z * cz), stone),
            moved(battlements(2 * cx, r * 0.8, wall, r * 0.3, stone), (0, 0, z * cz)),
        ]
        parts += [
            box((r * 0.8, wall, 2 * cz), (z * cx, 0, 0), stone),
            moved(battlements(r * 0.8, 2 * cz, wall, r * 0.3, stone), (z * cx, 0, 0)),
        ]
    for x in (-1, 1):
        for z in (-1, 1):
            turret = [
                (0, 0),
                (r, 0),
                (r * 0.86, h * 0.08),
                (r * 0.84, h * 0.44),
                (r, h * 0.48),
                (r, h * 0.54),
                (0, h * 0.54),
            ]
            spot = (x * cx, 0.0, z * cz)
            parts += [
                lathe(turret, spot, stone, 16),
                cylinder(r * 1.02, h * 0.2, (spot[0], h * 0.56, spot[2]), roof, top=0.0, sides=16),
            ]
            parts += placed(round_battlements(r, h * 0.54, r * 0.3, stone, 8), spot)
            parts.append(box((r * 0.16, h * 0.06, r * 0.1), (spot[0], h * 0.32, spot[2] + r * 0.84), dark))
    kw, kd = w * 0.34, d * 0.34
    parts += [
        box((kw, h * 0.7, kd), (0, 0, -d * 0.1), stone),
        moved(battlements(kw, kd, h * 0.7, r * 0.32, stone), (0, 0, -d * 0.1)),
    ]
    parts += gable_roof(kw * 0.8, kd * 0.8, h * 0.2, (0, h * 0.71, -d * 0.1), roof, 0.2)
    parts.append(gable_wall(kd * 0.78, h * 0.19, kw * 0.78, (0, h * 0.71, -d * 0.1), stone))
    parts += [
        box((kw * 0.1, h * 0.1, 0.2), (x * kw, h * y, -d * 0.1 + kd / 2), glow("#ffca7a", 1.6))
        for x in (-0.3, 0, 0.3)
        for y in (0.42, 0.56)
    ]
    gate_w = w * 0.2
    parts += [
        box((gate_w, h * 0.46, r * 1.6), (0, 0, cz + r * 0.2), stone),
        moved(battlements(gate_w, r * 1.6, h * 0.46, r * 0.3, stone), (0, 0, cz + r * 0.2)),
    ]
    parts += [
        extrude(arched(gate_w * 0.52, h * 0.28), 0.3, (0, 0, cz + r), material("wood_planks", "#4f3420")),
        rod((0, h * 0.9, -d * 0.1), (0, h, -d * 0.1), 0.08, dark),
    ]
    return [
        *parts,
        extrude(
            [(0, 0), (w * 0.08, h * 0.03), (0, h * 0.06)],
            0.06,
            (0.06, h * 0.94, -d * 0.1),
            material("fabric", "#b32b2b"),
        ),
    ]


@kind("lighthouse", (5.0, 15.0, 5.0))
def lighthouse(wish: Wish) -> list[Part]:
    """A tapering tower in bands, a gallery, the lit lantern and a dome."""
    r, h = wish.w / 2, wish.h
    white, band, iron = material("plaster", "#eeeae0"), material("plaster", wish.color or "#b5332c"), material("iron")
    parts = [
        lathe(
            [(0, 0), (r, 0), (r, h * 0.03), (r * 0.85, h * 0.05), (0, h * 0.05)],
            material=material("stone_blocks"),
            sides=28,
        )
    ]
    levels = np.linspace(0.04, 0.74, 6)
    for k, (a, b) in enumerate(pairwise(levels)):
        lower, upper = r * (0.8 - 0.42 * (a - 0.04)), r * (0.8 - 0.42 * (b - 0.04))
        parts.append(
            lathe([(0, h * a), (lower, h * a), (upper, h * b), (0, h * b)], material=band if k % 2 else white, sides=28)
        )
    gallery = [(0, h * 0.73), (r * 0.5, h * 0.73), (r * 0.78, h * 0.76), (r * 0.78, h * 0.775), (0, h * 0.775)]
    parts.append(lathe(gallery, material=iron, sides=28))
    for k in range(14):
        x, z = r * 0.74 * sin(k * tau / 14), r * 0.74 * cos(k * tau / 14)
        parts.append(rod((x, h * 0.775, z), (x, h * 0.83, z), 0.025, iron, 5))
    parts += [ring(r * 0.74, 0.03, (0, h * y, 0), iron) for y in (0.805, 0.83)]
    parts += [
        cylinder(r * 0.42, h * 0.1, (0, h * 0.775, 0), material("glass"), sides=12),
        sphere((r * 0.24, h * 0.035, r * 0.24), (0, h * 0.825, 0), glow("#fff0b8", 10.0), 14),
    ]
    parts += [
        box((0.07, h * 0.1, 0.07), (r * 0.42 * sin(a), h * 0.775, r * 0.42 * cos(a)), iron)
        for a in np.arange(8) * tau / 8
    ]
    dome = [
        (0, h * 0.87),
        (r * 0.52, h * 0.87),
        (r * 0.5, h * 0.89),
        (r * 0.36, h * 0.93),
        (r * 0.1, h * 0.955),
        (r * 0.03, h * 0.96),
        (r * 0.03, h),
        (0, h),
    ]
    parts.append(lathe(dome, material=band, sides=24))
    parts += [
        extrude(arched(r * 0.42, h * 0.13), 0.3, (0, h * 0.04, r * 0.78), material("wood", "#5a3a24")),
        *[
            box((r * 0.16, h * 0.045, 0.3), (0, h * y, r * (0.78 - 0.42 * y)), material("dark_glass"))
            for y in (0.3, 0.45, 0.6)
        ],
    ]
    return parts


@kind("clock_tower", (4.0, 15.0, 4.0))
def clock_tower(wish: Wish) -> list[Part]:
    """A square tower of brick with a lit dial on every side, belfry arches and a spire."""
    w, h, d = wish.size
    wall, trim, roof = wish.body("brick"), material("stone"), material("roof_tiles", "#3e4f52")
    s = w * 0.8
    parts = [box((s, h * 0.72, s * d / w), (0, 0, 0), wall), box((w, h * 0.04, d), (0, 0, 0), trim, bevel=0.05)]
    parts += [box((s * 1.1, h * 0.015, s * 1.1 * d / w), (0, h * y, 0), trim) for y in (0.24, 0.5)]
    parts += [
        box((w, h * 0.025, d), (0, h * 0.71, 0), trim, bevel=0.04),
        turned(cylinder(w * 0.62, h * 0.24, (0, h * 0.735, 0), roof, top=0.0, sides=4), "y", pi / 4),
    ]
    brass = material("brass")
    for k in range(4):
        face = dial(s * 0.36, (0, h * 0.6, s / 2 + 0.04), brass, "#fff1c8", 1.4)
        slit = [
            extrude(arched(s * 0.2, h * 0.1), 0.1, (x * s * 0.25, h * 0.32, s / 2), material("dark_glass"))
            for x in (-1, 1)
        ]
        parts += placed([*face, *slit], (0, 0, 0), k * pi / 2)
    parts += [
        extrude(arched(s * 0.36, h * 0.14), 0.2, (0, 0, s / 2), material("wood_planks")),
        rod((0, h * 0.96, 0), (0, h, 0), 0.05, brass),
    ]
    return [*parts, sphere(0.12, (0, h * 0.985, 0), brass, 10)]


@kind("windmill", (7.0, 9.5, 5.0))
def windmill(wish: Wish) -> list[Part]:
    """A tapering mill with a turned cap and four sails of lattice and cloth."""
    w, h, d = wish.size
    r = d * 0.42
    wall, wood, cloth = wish.body("plaster", "#e3dccb"), material("wood", "#5f4128"), material("canvas")
    body = [(0, 0), (r, 0), (r * 0.66, h * 0.62), (0, h * 0.62)]
    cap = [(0, h * 0.6), (r * 0.78, h * 0.6), (r * 0.7, h * 0.68), (r * 0.3, h * 0.76), (0, h * 0.77)]
    parts = [lathe(body, material=wall, sides=20), lathe(cap, material=material("thatch"), sides=20)]
    parts += [
        extrude(arched(r * 0.5, h * 0.2), 0.2, (0, 0, r * 0.93), wood),
        *[
            box((r * 0.26, h * 0.07, 0.2), (0, h * y, r * (0.98 - 0.5 * y)), material("dark_glass"))
            for y in (0.32, 0.46)
        ],
    ]
    hub = (0.0, h * 0.64, r * 0.95)
    reach = min(w / 2, h - hub[1]) * 1.05
    parts.append(rod((0, hub[1], 0), (0, hub[1], hub[2] + 0.15), 0.14, wood))
    for k in range(4):
        sail = [
            box((0.1, reach, 0.08), (0, 0, 0), wood),
            box((reach * 0.2, reach * 0.76, 0.02), (reach * 0.11, reach * 0.2, 0), cloth),
        ]
        sail += [
            box((reach * 0.24, 0.04, 0.05), (reach * 0.1, float(y) * reach, 0.02), wood)
            for y in np.linspace(0.2, 0.96, 8)
        ]
        sail.append(box((0.05, reach * 0.78, 0.05), (reach * 0.22, reach * 0.2, 0.02), wood))
        parts += [moved(turned(part, "z", 0.5 + k * pi / 2), hub) for part in sail]
    return parts


@kind("temple", (10.0, 8.0, 8.0))
def temple(wish: Wish) -> list[Part]:
    """A hall of columns under a pediment; in an Asian style a pagoda of three bent roofs; a stepped pyramid."""
    if wish.says("pyramid"):
        return pyramid(wish)
    if any(word in wish.style + " " + wish.shape for word in ("japan", "chin", "asia", "pagoda", "zen")) or wish.says(
        "pagoda", "japan", "buddh"
    ):
        return _pagoda(wish)
    w, h, d = wish.size
    stone = wish.body("marble", "#dcd5c5")
    parts = [box((w * (1 - 0.05 * k), h * 0.04, d * (1 - 0.05 * k)), (0, h * 0.04 * k, 0), stone) for k in range(3)]
    foot, top = h * 0.12, h * 0.66
    cw, cd = w * 0.8, d * 0.8
    spots = [(x * cw / 2, z * cd / 2) for x in np.linspace(-1, 1, 6) for z in (-1, 1)] + [
        (x * cw / 2, z * cd / 2) for z in np.linspace(-0.6, 0.6, 3) for x in (-1, 1)
    ]
    for x, z in spots:
        parts += column_at((x, foot, z), w * 0.036, top - foot, stone)
    parts += [
        box((w * 0.9, h * 0.07, d * 0.9), (0, top, 0), stone, bevel=0.03),
        box((w * 0.5, top - foot, d * 0.5), (0, foot, -d * 0.05), material("marble", "#c9c0ad")),
    ]
    roof = extrude([(-w * 0.48, 0), (w * 0.48, 0), (0, h * 0.26)], d * 0.94, (0, top + h * 0.07, 0), stone)
    return [*parts, roof, box((w * 0.14, h * 0.36, 0.1), (0, foot, d * 0.2), material("carbon"))]


def _pagoda(wish: Wish) -> list[Part]:
    w, h, d = wish.size
    red, roof = wish.body("wood", "#9a3324"), material("roof_tiles", "#34413f")
    parts = [box((w * 0.9, h * 0.05, d * 0.9), (0, 0, 0), material("stone_blocks"))]
    for k in range(3):
        low, share = h * (0.05 + 0.28 * k), 1 - 0.2 * k
        bw, bd = w * 0.52 * share, d * 0.52 * share
        parts += [box((bw, h * 0.17, bd), (0, low, 0), material("plaster", "#e8dfc8"))]
        parts += [
            box((bw * 0.06, h * 0.17, bd * 0.06), (x * bw / 2, low, z * bd / 2), red)
            for x in (-1, -0.33, 0.33, 1)
            for z in (-1, 1)
        ]
        parts += [
            box((bw * 0.26, h * 0.14, bd * 1.02), (0, low, 0), material("wood", "#5a2018")),
            box((bw * 1.04, h * 0.015, bd * 1.04), (0, low + h * 0.155, 0), red),
        ]
        curve = [
            (0, h * 0.165),
            (0.71, h * 0.175),
            (0.69, h * 0.19),
            (0.52, h * 0.205),
            (0.38, h * 0.235),
            (0.25 if k < 2 else 0.0, h * 0.28),
            (0, h * 0.28),
        ]
        eaves = lathe([(radius * share, y) for radius, y in curve], (0, low, 0), roof, 4)
        parts.append(scaled(turned(eaves, "y", pi / 4), (w, 1, d)))
    return [
        *parts,
        cylinder(0.07, h * 0.12, (0, h * 0.88, 0), material("gold"), top=0.02),
        *[disc(0.01, 0.01, (0, h, 0), material("gold"), 6)],
    ]


def column_at(at: tuple[float, float, float], radius: float, height: float, stuff: Material) -> list[Part]:
    """A column with base and capital."""
    r, h = radius, height
    profile = [
        (0, 0),
        (r * 1.45, 0),
        (r * 1.45, h * 0.03),
        (r * 1.2, h * 0.06),
        (r, h * 0.07),
        (r * 0.98, h * 0.4),
        (r * 0.84, h * 0.92),
        (r * 1.15, h * 0.95),
        (r * 1.3, h * 0.97),
        (0, h * 0.97),
    ]
    return [lathe(profile, at, stuff, 12), box((r * 2.8, h * 0.035, r * 2.8), (at[0], at[1] + h * 0.965, at[2]), stuff)]


@kind("tent", (2.6, 1.7, 2.8))
def tent(wish: Wish) -> list[Part]:
    """A ridge tent with poles, ropes and an open flap; a tipi where one was asked for."""
    if wish.says("tipi"):
        return tipi(wish)
    w, h, d = wish.size
    cloth, pole = wish.body("canvas", "#8a8f5a"), material("wood")
    dark = material("fabric", shaded(wish.color or "#8a8f5a", 0.35))
    tw, td = w * 0.82, d * 0.9
    slope = float(np.hypot(tw / 2, h * 0.94))
    parts = []
    for side in (-1, 1):
        leaf = box((0.02, slope, td), (0, -slope, 0), cloth)
        parts.append(moved(turned(leaf, "z", side * float(np.arctan2(tw / 2, h * 0.94))), (0, h * 0.95, 0)))
    back = extrude([(-tw / 2, 0), (tw / 2, 0), (0, h * 0.93)], 0.02, (0, 0, -td / 2 + 0.03), cloth)
    inside = extrude([(-tw / 2 * 0.9, 0), (tw / 2 * 0.9, 0), (0, h * 0.86)], 0.02, (0, 0, td * 0.3), dark)
    flaps = [
        extrude([(side * tw / 2, 0), (side * tw * 0.16, 0), (0, h * 0.93)], 0.02, (0, 0, td / 2 - 0.02), cloth)
        for side in (-1, 1)
    ]
    ropes = [
        rod((side * tw * 0.26, h * 0.45, z * td * 0.5), (side * w / 2, 0.0, z * td * 0.55), 0.008, material("paper"), 5)
        for side in (-1, 1)
        for z in (-0.9, 0, 0.9)
    ]
    pegs = [
        rod((side * w / 2, 0.0, z * td * 0.55), (side * w * 0.48, 0.12, z * td * 0.55), 0.014, pole, 6)
        for side in (-1, 1)
        for z in (-0.9, 0, 0.9)
    ]
    return [
        *parts,
        back,
        inside,
        *flaps,
        *ropes,
        *pegs,
        rod((0, 0, td / 2), (0, h, td / 2), 0.025, pole),
        rod((0, h * 0.94, -d / 2), (0, h * 0.94, d / 2), 0.02, pole),
    ]
