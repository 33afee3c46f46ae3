"""Small plants: flowers, grass, bushes, mushrooms, lettuce."""

from __future__ import annotations

from dataclasses import replace
from math import cos, sin, tau

import numpy as np

from diorama.values import Material, Part
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import glow, leafy, material, shaded
from diorama_nodes.objects.primitives import blob, box, lathe, sheet, sphere, tube
from diorama_nodes.objects.shapes import leaf_cards
from diorama_nodes.objects.surfaces import moved, turned


def petal(length: float, width: float, rise: float, stuff_color: str, stuff: str = "food") -> Part:
    """A leaf that grows from the origin along +Z, bent up at its end by `rise`."""
    share = np.linspace(0, 1, 6)
    half = width / 2 * np.sin(np.pi * np.clip(share * 0.93 + 0.06, 0, 1)) ** 0.8
    x = np.stack([-half, np.zeros(6), half], axis=1)
    z = np.repeat((share * length)[:, None], 3, axis=1)
    y = rise * (share**1.5)[:, None] + np.stack([half * 0.25, np.zeros(6), half * 0.25], axis=1)
    return sheet(np.stack([x, y, z], axis=-1), leafy(stuff, stuff_color))


BLOSSOMS = {
    "rose": "#b3203a",
    "tulip": "#d83a5a",
    "sunflower": "#f2b81f",
    "daisy": "#f4f1e6",
    "lily": "#f2e6ea",
    "poppy": "#d8301f",
    "lotus": "#e8a0b8",
    "lavender": "#8a6ac8",
}
"""Colours of flowers that are named."""


@kind("flower", (0.22, 0.45, 0.22))
def flower(wish: Wish) -> list[Part]:
    """A stem with leaves and a blossom of two rings of petals."""
    r, h = wish.w / 2, wish.h
    species = next((word for word in BLOSSOMS if wish.says(word)), None)
    usual = BLOSSOMS[species] if species else ("#d8456b", "#e8b830", "#7a55c7", "#e86a2f")[wish.seed % 4]
    color, green = wish.color or usual, "#4a7a34"
    parts = [tube([(0, 0, 0), (0.01, h * 0.5, 0.01), (0, h * 0.86, 0)], 0.008, material("foliage", green), 7)]
    for k, y in enumerate((0.18, 0.34, 0.26)):
        leaf = turned(petal(r * 1.5, r * 0.5, r * 0.5, green, "foliage"), "y", k * 2.2)
        parts.append(moved(leaf, (0, h * y, 0)))
    head = []
    for row, (count, size, rise) in enumerate(((9, 1.0, 0.25), (7, 0.7, 0.6))):
        for k in range(count):
            one = petal(r * size, r * 0.55 * size, r * rise, shaded(color, 1 + 0.25 * row))
            head.append(turned(one, "y", tau * (k + 0.5 * row) / count))
    head.append(sphere((r * 0.28, r * 0.16, r * 0.28), (0, r * 0.1, 0), material("food", "#e8b53a"), 12))
    return parts + [moved(turned(part, "x", 0.35), (0, h * 0.86, 0)) for part in head]


def blades(wish: Wish, count: int, reach: float, height: float, color: str, spread: float = 0.4) -> list[Part]:
    """Blades of grass about the origin, each bent its own way."""
    rng = wish.rng(11)
    stuff = leafy("grass", color)
    parts = []
    for _ in range(count):
        angle, far = rng.uniform(0, tau), reach * np.sqrt(rng.uniform(0, 1)) * 0.7
        tall, lean, turn = height * rng.uniform(0.5, 1.0), height * spread * rng.uniform(0.2, 1.0), rng.uniform(0, tau)
        share = np.linspace(0, 1, 4)
        half = 0.012 * (height / 0.3) ** 0.5 * (1 - share**2) + 0.0008
        bend = lean * share**2
        foot = np.array([far * cos(angle), 0, far * sin(angle)])
        side, ahead = np.array([cos(turn), 0, -sin(turn)]), np.array([sin(turn), 0, cos(turn)])
        spine = foot + np.outer(share * tall, [0, 1, 0]) + np.outer(bend, ahead)
        parts.append(sheet(np.stack([spine - np.outer(half, side), spine + np.outer(half, side)], axis=1), stuff))
    return parts


@kind("grass", (0.6, 0.32, 0.6))
def grass(wish: Wish) -> list[Part]:
    """A tuft of grass."""
    return blades(wish, 60, wish.w * 0.42, wish.h, wish.color or "#5f8a3a")


@kind("bush", (1.1, 0.9, 1.0))
def bush(wish: Wish) -> list[Part]:
    """A rounded shrub of leaves over a dark heart."""
    rng = wish.rng()
    w, h, d = wish.size
    color = wish.color or "#47722f"
    centres = np.array(
        [
            [0, h * 0.5, 0],
            [-w * 0.2, h * 0.42, d * 0.1],
            [w * 0.2, h * 0.44, 0.05],
            [0.02, h * 0.4, -d * 0.2],
            [0.05, h * 0.62, d * 0.1],
        ]
    )
    radii = np.array([[w * 0.34, h * 0.38, d * 0.34]] + [[w * 0.26, h * 0.34, d * 0.27]] * 4)
    core = material("foliage", shaded(color, 0.6))
    parts = [
        blob(tuple(radius * 0.95), tuple(centre), core, rng, 0.2, 2)
        for centre, radius in zip(centres, radii, strict=True)
    ]
    return [*parts, leaf_cards(rng, centres, radii, 900, 0.055 * (h / 0.9), leafy("foliage", color))]


@kind("cactus", (0.9, 1.6, 0.5))
def cactus(wish: Wish) -> list[Part]:
    """A ribbed column with two arms and a flower."""
    h, w = wish.h, wish.w
    green = wish.body("plastic", "#4f7d45") if wish.material else material("foliage", wish.color or "#5b8a4c")
    parts = [_ribbed([(0, 0), (0.14, 0.02), (0.17, h * 0.5), (0.15, h * 0.9), (0.08, h * 0.98), (0, h)], green)]
    for side, y, up in ((-1, 0.4, 0.35), (1, 0.55, 0.28)):
        bend = [
            (0, h * y, 0),
            (side * w * 0.26, h * y, 0),
            (side * w * 0.38, h * (y + 0.05), 0),
            (side * w * 0.4, h * (y + up), 0),
        ]
        parts += [tube(bend, 0.085, green, 10), sphere(0.085, (side * w * 0.4, h * (y + up), 0), green, 10)]
    rng = wish.rng()
    for _ in range(70):
        angle, y = rng.uniform(0, tau), rng.uniform(0.05, 0.92) * h
        x, z = cos(angle), sin(angle)
        parts.append(
            tube([(0.15 * x, y, 0.15 * z), (0.2 * x, y + 0.015, 0.2 * z)], [0.004, 0.0005], material("paper"), 3)
        )
    bloom = [moved(turned(petal(0.09, 0.05, 0.06, "#e0559a"), "y", k * tau / 7), (0, h - 0.01, 0)) for k in range(7)]
    return parts + bloom


def _ribbed(profile: list[tuple[float, float]], stuff: Material, ribs: int = 12) -> Part:
    """A turned shape whose radius waves about its axis."""
    part = lathe(profile, material=stuff, sides=48)
    angle = np.arctan2(part.positions[:, 0], part.positions[:, 2])
    factor = (1 + 0.09 * np.cos(ribs * angle)).astype(np.float32)[:, None]
    points = part.positions * np.concatenate([factor, np.ones_like(factor), factor], axis=1)
    return replace(part, positions=points)


@kind("mushroom", (0.22, 0.24, 0.22))
def mushroom(wish: Wish) -> list[Part]:
    """A toadstool: a spotted cap, gills, a ring on its stem; and a small one beside it."""
    r, h = wish.w / 2, wish.h
    parts = _toadstool(wish, r * 0.85, h, (-r * 0.12, 0, 0))
    return parts + _toadstool(wish, r * 0.36, h * 0.45, (r * 0.72, 0, r * 0.3))


def _toadstool(wish: Wish, r: float, h: float, at: tuple[float, float, float]) -> list[Part]:
    pale = material("wax", "#efe6d2")
    stem = [(0, 0), (r * 0.34, 0), (r * 0.24, h * 0.25), (r * 0.2, h * 0.6), (0, h * 0.62)]
    cap = [
        (r * 0.2, h * 0.6),
        (r * 0.98, h * 0.52),
        (r, h * 0.56),
        (r * 0.9, h * 0.75),
        (r * 0.62, h * 0.92),
        (r * 0.25, h * 0.99),
        (0, h),
    ]
    skirt = [(r * 0.22, h * 0.42), (r * 0.42, h * 0.36), (r * 0.22, h * 0.45)]
    parts = [
        lathe(stem, at, pale, 16),
        lathe([(0, h * 0.6), *cap], at, _cap(wish), 24),
        lathe(skirt, at, pale, 16),
    ]
    for k, (out, turn) in enumerate(
        (
            (0.0, 0.0),
            (0.55, 0.4),
            (0.55, 1.7),
            (0.55, 2.9),
            (0.55, 4.1),
            (0.55, 5.3),
            (0.86, 1.0),
            (0.86, 2.3),
            (0.86, 3.6),
            (0.86, 4.8),
            (0.86, 6.0),
        )
    ):
        y = h * (1 - 0.02 - 0.35 * out**2.2)
        size = r * (0.14 if k < 6 else 0.1)
        parts.append(
            sphere(
                (size, size * 0.5, size), (at[0] + r * out * cos(turn), at[1] + y, at[2] + r * out * sin(turn)), pale, 8
            )
        )
    return parts


def _cap(wish: Wish) -> Material:
    if wish.says("glow"):
        return glow(wish.color or "#4de0c8", 2.5)
    return material("food", wish.color or "#c22f28")


def lettuce_head(wish: Wish, radius: float, at: tuple[float, float, float], stream: int = 0) -> list[Part]:
    """A rosette of frilled leaves."""
    rng = wish.rng(40 + stream)
    color = wish.color if wish.kind == "lettuce" and wish.color else "#7fb04a"
    parts = []
    for row, (count, rise) in enumerate(((6, 0.35), (5, 0.85))):
        for k in range(count):
            leaf = petal(
                radius * (1 - 0.3 * row), radius * 0.95, radius * rise, shaded(color, 1 + 0.35 * row), "foliage"
            )
            parts.append(moved(turned(leaf, "y", tau * (k + 0.5 * row) / count + float(rng.uniform(-0.2, 0.2))), at))
    return parts


@kind("lettuce", (0.2, 0.15, 0.2))
def lettuce(wish: Wish) -> list[Part]:
    """A head of lettuce."""
    r = wish.w / 2
    heart = blob(
        (r * 0.5, r * 0.5, r * 0.5),
        (0, r * 0.45, 0),
        material("foliage", shaded(wish.color or "#8aba55", 1.4)),
        wish.rng(),
        0.2,
        2,
    )
    outer = [turned(part, "y", 0.3) for part in lettuce_head(wish, r, (0, 0.0, 0), 1)]
    return [heart, *lettuce_head(wish, r, (0, r * 0.12, 0)), *outer]


@kind("planter", (0.8, 0.75, 0.4))
def planter(wish: Wish) -> list[Part]:
    """A trough of clay with soil and flowering plants."""
    w, h, d = wish.size
    clay = wish.body("clay")
    tall = h * 0.42
    parts = [
        box((w, tall, d), (0, 0, 0), clay, bevel=0.02),
        box((w + 0.04, 0.05, d + 0.04), (0, tall - 0.04, 0), clay, bevel=0.012),
    ]
    parts.append(box((w - 0.06, 0.02, d - 0.06), (0, tall, 0), material("soil")))
    rng = wish.rng()
    centres = np.array([[x * w, tall + h * 0.22, float(rng.uniform(-0.1, 0.1)) * d] for x in (-0.33, -0.1, 0.12, 0.34)])
    radii = np.tile([w * 0.16, h * 0.26, d * 0.4], (4, 1))
    parts += [
        blob(tuple(radius * 0.9), tuple(centre), material("foliage", "#31552a"), rng, 0.25, 1)
        for centre, radius in zip(centres, radii, strict=True)
    ]
    parts.append(leaf_cards(rng, centres, radii, 420, 0.045, leafy("foliage", "#4d7f3a")))
    for _ in range(16):
        spot = centres[int(rng.integers(4))] + rng.normal(size=3) * [0.06, 0.02, 0.08] + [0, h * 0.22, 0]
        parts.append(
            sphere(0.028, tuple(spot), material("food", ("#d8456b", "#e8b830", "#f0ece0")[int(rng.integers(3))]), 8)
        )
    return parts
