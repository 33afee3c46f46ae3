"""Walls, gates, bridges, columns, wells, fountains: what is built but is no house."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.castles import battlements
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import box, boxes, cylinder, extrude, sphere, tube
from diorama_nodes.objects.shapes import arched, ring, rod
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.varieties import hedge


@kind("wall", (4.0, 2.4, 0.3), keeps_shape=False)
def wall(wish: Wish) -> list[Part]:
    """A stretch of wall with piers and a coping."""
    w, h, d = wish.size
    stuff, cap = wish.body("brick"), material("concrete")
    parts = [box((w, h - 0.1, d * 0.72), (0, 0, 0), stuff), box((w, 0.1, d * 0.95), (0, h - 0.1, 0), cap, bevel=0.02)]
    count = max(round(w / 2), 1) + 1
    parts += [
        box((min(0.35, w * 0.15), h - 0.08, d), (float(x), 0, 0), stuff)
        for x in np.linspace(-w / 2 + 0.175, w / 2 - 0.175, count)
    ]
    return [*parts, box((w, h * 0.08, d * 0.9), (0, 0, 0), cap, bevel=0.015)]


@kind("fence", (3.0, 1.1, 0.14), keeps_shape=False)
def fence(wish: Wish) -> list[Part]:
    """Pointed pickets on two rails between posts; bars of iron where metal was asked for, a hedge of leaves."""
    if wish.material in ("foliage", "leaves") or wish.says("hedge"):
        return hedge(wish)
    w, h, d = wish.size
    if wish.material in ("metal", "iron", "steel"):
        iron = wish.body("iron")
        parts = [box((w, 0.04, d * 0.4), (0, h * y, 0), iron) for y in (0.12, 0.84)]
        xs = np.arange(-w / 2 + 0.06, w / 2, 0.13)
        parts += [rod((float(x), 0.03, 0), (float(x), h * 0.93, 0), 0.012, iron, 6) for x in xs]
        parts += [cylinder(0.025, h * 0.08, (float(x), h * 0.92, 0), iron, top=0.0, sides=6) for x in xs]
        return parts + [box((d * 0.7, h * 0.96, d * 0.7), (x * (w - d) / 2, 0, 0), iron) for x in (-1, 1)]
    wood = wish.body("wood", "#b59a78")
    parts = [box((w, 0.09, d * 0.3), (0, h * y, -d * 0.15), wood) for y in (0.2, 0.66)]
    count = max(int(w / 0.16), 2)
    picket = [(-0.045, 0), (0.045, 0), (0.045, h * 0.9), (0, h * 0.98), (-0.045, h * 0.9)]
    parts += [
        extrude(picket, d * 0.22, (float(x), 0, d * 0.12), wood) for x in np.linspace(-w / 2 + 0.1, w / 2 - 0.1, count)
    ]
    posts = np.linspace(-w / 2 + 0.05, w / 2 - 0.05, max(round(w / 1.5), 1) + 1)
    return parts + [box((0.1, h, d * 0.7), (float(x), 0, -d * 0.15), wood, bevel=0.012) for x in posts]


def _voussoirs(
    width: float, rise_from: float, thick: float, depth: float, stuff: Material, count: int = 13
) -> list[Part]:
    """The wedges of a round arch that stand a little proud."""
    parts = []
    r = width / 2
    for k in range(count):
        a, b = pi * k / count + 0.012, pi * (k + 1) / count - 0.012
        wedge = [
            (radius * cos(t), rise_from + radius * sin(t))
            for radius, t in ((r, a), (r + thick, a), (r + thick, b), (r, b))
        ]
        parts.append(extrude(wedge, depth, material=stuff))
    return parts


@kind("arch", (3.0, 3.6, 0.8))
def arch(wish: Wish) -> list[Part]:
    """A round arch of cut stones on two piers."""
    w, h, d = wish.size
    stone = wish.body("stone")
    inner = w * 0.62
    spring = h - inner / 2 - w * 0.19
    rows = 6
    parts = _voussoirs(inner, spring, w * 0.16, d, stone)
    for x in (-1, 1):
        for row in range(rows):
            size = (w * 0.17, spring / rows - 0.015, d * 0.96)
            parts.append(box(size, (x * (inner / 2 + w * 0.085), row * spring / rows, 0), stone, bevel=0.02))
        parts += [
            box((w * 0.19, h * 0.03, d), (x * (w / 2 - w * 0.095), y, 0), stone, bevel=0.012)
            for y in (0.0, spring - h * 0.03)
        ]
    return [
        *parts,
        extrude([(-w * 0.05, h * 0.86), (w * 0.05, h * 0.86), (w * 0.07, h), (-w * 0.07, h)], d * 1.04, material=stone),
    ]


@kind("gate", (4.0, 3.4, 0.7))
def gate(wish: Wish) -> list[Part]:
    """Two leaves of iron bars between pillars with balls on top."""
    w, h, d = wish.size
    stone, iron = material("stone_blocks"), wish.body("iron")
    pillar = w * 0.15
    parts: list[Part] = []
    for x in (-1, 1):
        spot = x * (w - pillar) / 2
        parts += [
            box((pillar, h * 0.78, d * 0.86), (spot, 0, 0), stone),
            box((pillar * 1.15, h * 0.05, d), (spot, h * 0.78, 0), material("stone"), bevel=0.02),
        ]
        parts.append(sphere(min(pillar, d) * 0.5, (spot, h * 0.83 + min(pillar, d) * 0.42, 0), material("stone"), 16))
    span = w - 2 * pillar
    for x in np.linspace(-span / 2 + 0.04, span / 2 - 0.04, 19):
        top = h * (0.72 + 0.2 * cos(pi * float(x) / span))
        parts += [
            rod((float(x), 0.06, 0), (float(x), top, 0), 0.016, iron, 6),
            cylinder(0.035, 0.12, (float(x), top, 0), iron, top=0.0, sides=6),
        ]
    for y in (0.06, 0.36, 0.66):
        parts.append(box((span, 0.05, 0.04), (0, h * y, 0), iron))
    parts += [ring(span * 0.06, 0.012, (x * span * 0.25, h * 0.51, 0.0), iron, "z", 16) for x in (-1.4, -0.6, 0.6, 1.4)]
    return [*parts, box((0.09, 0.16, 0.1), (0, h * 0.34, 0), material("brass"), bevel=0.01)]


@kind("torii", (4.2, 4.0, 0.7))
def torii(wish: Wish) -> list[Part]:
    """A Shinto gate: two leaning pillars, a tie beam, and a bent lintel with a black cap."""
    w, h, d = wish.size
    red, black = wish.body("wood", "#c2391f"), material("wood", "#211c1a")
    parts: list[Part] = []
    for x in (-1, 1):
        foot, head = (x * w * 0.36, 0.0, 0.0), (x * w * 0.32, h * 0.86, 0.0)
        parts += [
            tube([foot, head], [h * 0.045, h * 0.038], red, 16),
            cylinder(h * 0.062, h * 0.08, foot, black, top=h * 0.055, sides=16),
        ]
    parts += [
        box((w * 0.86, h * 0.06, d * 0.26), (0, h * 0.66, 0), red, bevel=0.015),
        box((w * 0.06, h * 0.16, d * 0.2), (0, h * 0.72, 0), red),
    ]
    for low, tall, share, stuff, deep in ((0.85, 0.065, 0.46, red, 0.5), (0.91, 0.05, 0.5, black, 0.95)):
        along = np.linspace(-1, 1, 15)
        lift = h * 0.04 * np.abs(along) ** 2.5
        top = [(w * share * a, h * (low + tall) + b) for a, b in zip(along, lift, strict=True)]
        bottom = [(w * share * a * 0.97, h * low + b) for a, b in zip(along, lift, strict=True)]
        parts.append(extrude([*bottom, *top[::-1]], d * deep, material=stuff))
    return [
        *parts,
        box((w * 0.1, h * 0.12, 0.06), (0, h * 0.735, d * 0.16), black),
        box((w * 0.08, h * 0.1, 0.06), (0, h * 0.745, d * 0.17), material("gold")),
    ]


@kind("bridge", (3.0, 2.2, 9.0), keeps_shape=False)
def bridge(wish: Wish) -> list[Part]:
    """A hump-backed bridge of stone over an arch, that one crosses along z; of red wood in Japan."""
    w, h, d = wish.size
    is_wood = wish.material == "wood" or "japan" in wish.style
    stuff = wish.body("wood", "#b03a26") if is_wood else wish.body("stone_blocks")
    deck_h, rail = h * 0.6, h * 0.36
    z = np.linspace(-d / 2, d / 2, 25)
    crown = deck_h * (0.18 + 0.82 * np.cos(z / d * pi) ** 1.2)
    span = d * 0.6
    under = [
        (t * span / 2, max(deck_h * 0.78 * float(np.sqrt(max(1 - t * t, 0.0))), 0.0)) for t in np.linspace(-1, 1, 19)
    ]
    side = [
        (-d / 2, 0.0),
        *under,
        (d / 2, 0.0),
        *[(float(a), float(b)) for a, b in zip(z[::-1], crown[::-1], strict=True)],
    ]
    parts = []
    if is_wood:
        beam = [
            *[(float(a), float(b) - 0.22) for a, b in zip(z, crown, strict=True)],
            *[(float(a), float(b)) for a, b in zip(z[::-1], crown[::-1], strict=True)],
        ]
        parts += [
            moved(turned(extrude(beam, 0.18, material=stuff), "y", -pi / 2), (x * (w / 2 - 0.1), 0, 0)) for x in (-1, 1)
        ]
        planks = [
            box((w, 0.06, d / 60), (0, float(np.interp(p, z, crown)), float(p)), material("wood", "#8a6240"))
            for p in np.linspace(-d / 2 + 0.08, d / 2 - 0.08, 52)
        ]
        parts += planks
    else:
        parts.append(turned(extrude(side, w, material=stuff), "y", -pi / 2))
    for x in (-1, 1):
        spot = x * (w / 2 - 0.1)
        low = [(float(a), float(b)) for a, b in zip(z, crown, strict=True)]
        if is_wood:
            parts.append(tube([(spot, b + rail * 0.9, a) for a, b in low], 0.06, stuff, 8))
            parts += [box((0.12, rail, 0.12), (spot, b, a), stuff) for a, b in low[::4]]
            parts += [sphere(0.09, (spot, b + rail, a), material("brass"), 8) for a, b in low[::4]]
        else:
            band = [*low, *[(a, b + rail) for a, b in low[::-1]]]
            parts.append(moved(turned(extrude(band, 0.22, material=stuff), "y", -pi / 2), (spot, 0, 0)))
            cap = [*[(a, b + rail) for a, b in low], *[(a, b + rail + 0.1) for a, b in low[::-1]]]
            parts.append(moved(turned(extrude(cap, 0.32, material=material("stone")), "y", -pi / 2), (spot, 0, 0)))
    return parts


@kind("drawbridge", (3.6, 4.6, 5.2))
def drawbridge(wish: Wish) -> list[Part]:
    """A deck of beams let down in front of a gate of stone, held by chains."""
    w, h, d = wish.size
    stone, wood, iron = material("stone_blocks"), wish.body("wood_planks", "#6b482b"), material("iron")
    gate_d = d * 0.2
    back = -d / 2 + gate_d / 2
    posts = [box((w * 0.2, h * 0.88, gate_d), (x * w * 0.4, 0, back), stone) for x in (-1, 1)]
    lintel = extrude(
        [*[(x, y) for x, y in arched(w * 0.6, h * 0.7)[2:][::-1]], (w * 0.3, h * 0.88), (-w * 0.3, h * 0.88)],
        gate_d,
        (0, 0, back),
        stone,
    )
    parts = [*posts, lintel, moved(battlements(w, gate_d, h * 0.88, w * 0.1, stone), (0, 0, back))]
    count = 12
    long = d - gate_d
    xs = np.linspace(-w * 0.26, w * 0.26, count)
    parts.append(
        boxes(
            np.tile([w * 0.52 / count - 0.01, 0.14, long], (count, 1)),
            np.array([[x, 0.02, back + gate_d / 2 + long / 2] for x in xs]),
            wood,
        )
    )
    parts += [box((w * 0.58, 0.05, 0.14), (0, 0.15, back + gate_d / 2 + long * s), iron) for s in (0.12, 0.5, 0.88)]
    for x in (-1, 1):
        start, end = np.array([x * w * 0.28, h * 0.72, back + gate_d / 2]), np.array([x * w * 0.27, 0.2, d / 2 - 0.15])
        for k in range(14):
            a, b = start + (end - start) * (k + 0.05) / 14, start + (end - start) * (k + 0.8) / 14
            parts.append(rod(tuple(a), tuple(b), 0.035 if k % 2 else 0.022, iron, 6))
    return parts


@kind("jetty", (1.8, 1.3, 7.0), keeps_shape=False)
def jetty(wish: Wish) -> list[Part]:
    """A landing stage of planks on posts, running out along z, a rope and a ladder at its end."""
    w, h, d = wish.size
    wood, post = wish.body("wood", "#8a6c4c"), material("bark", "#5f4934")
    deck = h * 0.72
    rng = wish.rng()
    count = int(d / 0.17)
    zs = np.linspace(-d / 2 + 0.08, d / 2 - 0.08, count)
    sizes = np.column_stack(
        [w * rng.uniform(0.95, 1.0, count), np.full(count, 0.05), np.full(count, d / count - 0.012)]
    )
    parts = [boxes(sizes, np.column_stack([np.zeros(count), np.full(count, deck), zs]), wood)]
    parts += [box((0.1, 0.14, d), (x * w * 0.4, deck - 0.14, 0), wood) for x in (-1, 1)]
    for z in np.linspace(-d / 2 + 0.2, d / 2 - 0.2, max(round(d / 1.8), 1) + 1):
        parts += [rod((x * w * 0.45, 0, float(z)), (x * w * 0.45, h, float(z)), 0.08, post, 10) for x in (-1, 1)]
    return [
        *parts,
        ring(0.16, 0.025, (w * 0.25, deck + 0.07, d * 0.4), material("canvas")),
        ring(0.12, 0.025, (w * 0.25, deck + 0.11, d * 0.4), material("canvas")),
    ]


@kind("stairs", (1.4, 1.8, 2.6), keeps_shape=False)
def stairs(wish: Wish) -> list[Part]:
    """Steps that rise towards -Z between low walls with a rail."""
    w, h, d = wish.size
    stone = wish.body("stone")
    count = max(round(h / 0.18), 2)
    rise, tread = h * 0.7 / count, d / count
    parts = [
        box((w - 0.2, rise * (k + 1), tread), (0, 0, d / 2 - tread * (k + 0.5)), stone, bevel=0.008)
        for k in range(count)
    ]
    for x in (-1, 1):
        side = [(-d / 2, 0), (d / 2, 0), (d / 2, rise * 1.2), (-d / 2, h * 0.74)]
        parts.append(
            moved(
                turned(extrude([(-z, y) for z, y in side], 0.1, material=stone), "y", pi / 2),
                (x * (w / 2 - 0.05), 0, 0),
            )
        )
        iron = material("iron")
        parts.append(
            rod((x * (w / 2 - 0.05), h * 0.3 + rise, d / 2 - 0.06), (x * (w / 2 - 0.05), h, -d / 2 + 0.06), 0.022, iron)
        )
        parts += [
            rod(
                (x * (w / 2 - 0.05), h * (0.66 * s + 0.02), d / 2 - d * s),
                (x * (w / 2 - 0.05), h * 0.34 + h * 0.66 * s, d / 2 - d * s),
                0.012,
                iron,
            )
            for s in (0.04, 0.35, 0.66, 0.96)
        ]
    return parts
