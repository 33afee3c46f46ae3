"""Ponds of gardens."""

from __future__ import annotations

from math import pi, tau

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import Wish, kind
from diorama_nodes.objects.materials import material
from diorama_nodes.objects.primitives import blob, cylinder, extrude
from diorama_nodes.objects.surfaces import moved, turned

STONES = 26


@kind("pond", (4.2, 0.3, 3.0), keeps_shape=False)
def pond(wish: Wish) -> list[Part]:
    """Still water within a rim of stones; with lilies or fish where they are said to be in it."""
    w, h, d = wish.size
    rng = wish.rng()
    angles = np.arange(STONES * 2) / (STONES * 2) * tau
    reach = 0.86 + 0.05 * np.sin(2 * angles + rng.uniform(0, tau)) + 0.04 * np.sin(3 * angles + rng.uniform(0, tau))
    outline = np.stack([reach * np.cos(angles) * w / 2, reach * np.sin(angles) * d / 2], axis=1)
    water = extrude(outline, h * 0.3, material=material("dark_glass", wish.color or "#1d4249", roughness=0.03))
    parts = [moved(turned(water, "x", -pi / 2), (0.0, h * 0.15, 0.0))]
    stone = material("stone", "#7d7a73")
    for x, y in outline[::2] * 1.06:
        size = np.array([w * 0.05, h * 0.45, d * 0.07]) * rng.uniform(0.8, 1.25, 3)
        radii = (float(size[0]), float(size[1]), float(size[2]))
        parts.append(blob(radii, (float(x), h * 0.35, float(-y)), stone, rng, 0.3, 1, True))
    return [*parts, *_life(wish, rng)]


def _life(wish: Wish, rng: np.random.Generator) -> list[Part]:
    """Leaves on the water, more of them where there are lilies; backs of fish."""
    w, h, d = wish.size
    green, orange = material("foliage", "#4f8a45"), material("ceramic", "#e0702a")
    spots = rng.uniform(-0.3, 0.3, (14, 2)) * (w, d)
    leaves = spots[: 10 if wish.says("lily", "lilies", "lotus") else 4]
    parts = [cylinder(0.15, 0.012, (float(x), h * 0.3, float(z)), green, sides=18) for x, z in leaves]
    if wish.says("koi", "fish"):
        parts += [blob((0.2, 0.03, 0.06), (float(x), h * 0.3, float(z)), orange, rng, 0.1, 2) for x, z in spots[-4:]]
    return parts
