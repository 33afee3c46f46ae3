"""Towers, castles, mills."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.buildings import gable_roof, gable_wall
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.openings import dial
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, lathe, sphere
from diorama_nodes.objects.shapes import arched, placed, ring, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.temples import pagoda


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
        return pagoda(wish)
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
