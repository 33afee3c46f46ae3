"""Things to eat."""

from __future__ import annotations

from math import cos, pi, sin, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import Size, Wish, kind
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import blob, lathe, sphere, tube
from diorama_nodes.objects.shapes import disc
from diorama_nodes.objects.surfaces import moved, turned
from diorama_nodes.objects.varieties import single_fruit


def apple_at(at: tuple[float, float, float], radius: float, color: str) -> list[Part]:
    """An apple standing on a point."""
    r = radius
    side = []
    for t in np.linspace(-pi / 2, pi / 2, 13):
        dent = 0.16 * sin(t) ** 6
        side.append((max(r * cos(t) * (1 + 0.06 * sin(t)), 0.0), r * (0.95 + 0.95 * sin(t) * (1 - dent))))
    side[0], side[-1] = (0.0, r * 0.13), (0.0, r * 1.68)
    leaf = sphere(
        (r * 0.3, r * 0.03, r * 0.14), (at[0] + r * 0.32, at[1] + r * 1.95, at[2]), material("foliage", "#5c8a3a"), 8
    )
    stalk = tube(
        [(at[0], at[1] + r * 1.62, at[2]), (at[0] + r * 0.1, at[1] + r * 2.05, at[2])], r * 0.05, material("bark"), 5
    )
    return [lathe(side, at, material("food", color, roughness=0.35), 20), stalk, leaf]


def fruit_at(wish: Wish, what: str, radius: float, level: float) -> list[Part]:
    """A heap of fruit about the vertical, lying at `level`: of one sort where it is named, else mixed."""
    rng = wish.rng(6)
    one = radius * 0.36
    spots = [(radius * 0.5 * cos(a), level - one * 0.8, radius * 0.5 * sin(a)) for a in np.arange(5) * tau / 5] + [
        (0.0, level + one * 0.35, 0.0)
    ]
    parts: list[Part] = []
    for k, spot in enumerate(spots):
        sort = "apple" if "apple" in what else "orange" if "orange" in what else ("apple", "orange", "pear")[k % 3]
        if sort == "apple":
            parts += apple_at(spot, one * 0.9, ("#c0302a", "#9cb53c")[int(rng.integers(2))])
        else:
            tall = one if sort == "orange" else one * 1.25
            color = "#e08a24" if sort == "orange" else "#c9bb3e"
            parts.append(
                sphere((one * 0.92, tall, one * 0.92), (spot[0], spot[1] + tall, spot[2]), material("food", color), 14)
            )
    if "apple" not in what and "orange" not in what:
        parts += banana((0.0, level + one * 1.4, radius * 0.3), radius)
    return parts


def banana(at: tuple[float, float, float], length: float) -> list[Part]:
    """A banana, bent upwards."""
    angles = np.linspace(-0.9, 0.9, 9)
    spine = [(at[0] + length * 0.75 * sin(a), at[1] + length * 0.75 * (1 - cos(a)), at[2]) for a in angles]
    thick = [length * 0.04, *[length * 0.17] * 7, length * 0.05]
    return [tube(spine, thick, material("food", "#e3c13a"), 8)]


SORTS: dict[str, tuple[float, float, float]] = {
    "pumpkin": (0.34, 0.3, 0.34),
    "melon": (0.3, 0.24, 0.24),
    "orange": (0.09, 0.09, 0.09),
    "lemon": (0.1, 0.075, 0.075),
    "pear": (0.085, 0.13, 0.085),
    "peach": (0.085, 0.085, 0.085),
    "banana": (0.22, 0.08, 0.05),
}
"""Sizes of fruits that are made one by one."""


def _fruit_size(wish: Wish) -> Size:
    return next((size for name, size in SORTS.items() if wish.says(name)), (0.3, 0.16, 0.26))


@kind("fruit", (0.3, 0.16, 0.26), size_of=_fruit_size)
def fruit(wish: Wish) -> list[Part]:
    """A few fruits lying together, or one of the sort that is named."""
    named = next((name for name in SORTS if wish.says(name)), None)
    if named:
        return single_fruit(wish, named)
    r = wish.d * 0.16
    parts = [
        *apple_at((-0.07, 0, 0.03), r, wish.color or "#c0302a"),
        *apple_at((0.02, 0, -0.06), r, "#9cb53c"),
        *banana((0.05, 0.02, 0.08), 0.11),
    ]
    parts.append(sphere(r, (0.09, r, -0.02), material("food", "#e08a24"), 16))
    grape = material("food", "#5a2f6a", roughness=0.3)
    for k in range(14):
        x, z = 0.02 * (k % 4) - 0.03, 0.02 * (k // 4)
        parts.append(sphere(0.013, (x, 0.013 + 0.018 * (k % 3), z + 0.02), grape, 8))
    return parts


@kind("bread", (0.34, 0.13, 0.14))
def bread(wish: Wish) -> list[Part]:
    """A loaf with cuts across its crust."""
    w, h, d = wish.size
    crust = material("leather", wish.color or "#b5763a", roughness=0.85)
    loaf = blob((w / 2, h * 0.6, d / 2), (0, h * 0.5, 0), crust, wish.rng(), 0.06, 3)
    cuts = []
    for x in (-0.28, -0.09, 0.1, 0.29):
        arc = [
            (x * w + 0.25 * d * t, h * (0.48 + 0.58 * cos(t * 1.25) * (1 - 0.9 * x * x)), t * d * 0.38)
            for t in np.linspace(-1, 1, 7)
        ]
        cuts.append(tube(arc, [0.002, 0.007, 0.009, 0.01, 0.009, 0.007, 0.002], material("food", "#e8cf9a"), 6))
    return [loaf, *cuts]


@kind("ham", (0.4, 0.22, 0.24))
def ham(wish: Wish) -> list[Part]:
    """A joint of ham with its bone, cut at one end, rind scored."""
    w, h = wish.w, wish.h
    profile = [
        (0, -w * 0.32),
        (h * 0.4, -w * 0.32),
        (h * 0.5, -w * 0.15),
        (h * 0.46, w * 0.08),
        (h * 0.24, w * 0.26),
        (h * 0.12, w * 0.3),
        (0, w * 0.3),
    ]
    meat = turned(
        lathe(profile, material=material("leather", wish.color or "#a8543a", roughness=0.45), sides=24), "z", -pi / 2
    )
    parts = [moved(meat, (0, h / 2, 0))]
    face = [
        turned(disc(h * r, 0.006, (0, 0, 0), material("food", tone), 24), "y", -pi / 2)
        for r, tone in ((0.4, "#f2d8c0"), (0.36, "#d9817a"))
    ]
    parts += [moved(part, (-w * 0.322 - 0.003 * k, h / 2, 0)) for k, part in enumerate(face)]
    bone = material("ceramic", "#efe6d2")
    parts.append(tube([(w * 0.25, h / 2, 0), (w * 0.45, h / 2, 0)], 0.018, bone, 10))
    parts += [sphere(0.026, (w * 0.46, h / 2, z), bone, 10) for z in (-0.016, 0.016)]
    parts.append(moved(turned(disc(0.02, 0.006, (0, 0, 0), bone, 14), "y", -pi / 2), (-w * 0.33, h * 0.52, 0)))
    return parts
