"""Machines to play at."""

from __future__ import annotations

import numpy as np

from diorama.values import Part
from diorama_nodes.objects.kinds import NEON, Wish, kind
from diorama_nodes.objects.materials import glow, material
from diorama_nodes.objects.primitives import box, cylinder, extrude, sphere
from diorama_nodes.objects.surfaces import moved, turned


@kind("arcade_machine", (0.75, 1.8, 0.85))
def arcade_machine(wish: Wish) -> list[Part]:
    """A cabinet with a bright marquee, a leaning screen with a game on it, a stick and buttons."""
    w, h, d = wish.size
    rng = wish.rng()
    colors = [wish.color or NEON[int(rng.integers(len(NEON)))], *rng.permutation(NEON)]
    side = np.array(
        [(-0.5, 0), (0.42, 0), (0.42, 0.45), (0.5, 0.52), (0.12, 0.6), (0.0, 0.84), (0.3, 0.88), (0.3, 1), (-0.5, 1)]
    )
    outline = [(x * d, y * h) for x, y in side]
    panel = material("plastic", str(colors[0]), roughness=0.35)
    body = material("plastic", "#191b26", roughness=0.4)
    inner = [(x * 0.98, y) for x, y in outline]
    parts = [_across(extrude(inner, w * 0.9, material=body))]
    parts += [moved(_across(extrude(outline, w * 0.05, material=panel)), (s * w * 0.475, 0, 0)) for s in (-1, 1)]
    tilt = float(np.arctan2(0.12 * d, 0.24 * h))
    screen = box((w * 0.72, h * 0.22, 0.012), (0, 0, 0), glow("#0c2a5a", 1.2))
    sprites = [
        box((w * 0.07, h * 0.018, 0.006), (w * float(x), h * float(y), 0.009), glow(str(color), 3.5))
        for x, y, color in zip(rng.uniform(-0.3, 0.3, 9), rng.uniform(0.02, 0.19, 9), np.resize(colors, 9), strict=True)
    ]
    parts += [moved(turned(part, "x", -tilt), (0, h * 0.61, d * 0.125)) for part in [screen, *sprites]]
    parts.append(box((w * 0.86, h * 0.09, 0.01), (0, h * 0.895, d * 0.302), glow(str(colors[1]), 3.0)))
    parts.append(box((w * 0.5, h * 0.16, 0.01), (0, h * 0.2, d * 0.425), glow(str(colors[2]), 1.2)))
    deck = h * 0.555
    stick = [
        cylinder(0.008, 0.07, (-w * 0.22, deck, d * 0.34), material("metal")),
        sphere(0.022, (-w * 0.22, deck + 0.08, d * 0.34), material("plastic", "#d93030")),
    ]
    knobs = [
        cylinder(0.018, 0.03, (w * x, deck - 0.008 * k, d * 0.34), glow(str(colors[k]), 1.0))
        for k, x in enumerate((0.05, 0.15, 0.25))
    ]
    return [*parts, *stick, *knobs]


def _across(part: Part) -> Part:
    """A side view drawn from the back to the front, as a shape whose front is at +Z."""
    return turned(part, "y", -np.pi / 2)
