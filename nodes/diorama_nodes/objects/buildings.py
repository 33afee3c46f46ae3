"""Houses, towers and other buildings."""

from __future__ import annotations

from math import pi

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import NEON, Wish, kind
from diorama_nodes.objects.materials import glow, material, shaded
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, sphere
from diorama_nodes.objects.shapes import placed, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.varieties import tipi


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
