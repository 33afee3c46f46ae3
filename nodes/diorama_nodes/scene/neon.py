"""Neon of the place itself: tubes bent to simple characters on boards that stand out from the walls."""

from __future__ import annotations

import numpy as np

from diorama.values import Light, Material, Part
from diorama_nodes.scene.facade import glow, paint
from diorama_nodes.scene.forms import boxes
from diorama_nodes.scene.textures import linear

COLORS = ("#ff2d78", "#21e6ff", "#ff8a1f", "#a45bff", "#3dff9a", "#ff4040")
STROKES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "日": (
        (-0.3, 0.4, 0.3, 0.4),
        (-0.3, 0, 0.3, 0),
        (-0.3, -0.4, 0.3, -0.4),
        (-0.3, -0.4, -0.3, 0.4),
        (0.3, -0.4, 0.3, 0.4),
    ),
    "中": (
        (-0.35, 0.25, 0.35, 0.25),
        (-0.35, -0.12, 0.35, -0.12),
        (-0.35, -0.12, -0.35, 0.25),
        (0.35, -0.12, 0.35, 0.25),
        (0, -0.48, 0, 0.48),
    ),
    "山": ((0, -0.35, 0, 0.45), (-0.38, -0.35, 0.38, -0.35), (-0.38, -0.35, -0.38, 0.12), (0.38, -0.35, 0.38, 0.12)),
    "王": ((-0.36, 0.4, 0.36, 0.4), (-0.3, 0.02, 0.3, 0.02), (-0.4, -0.4, 0.4, -0.4), (0, -0.4, 0, 0.4)),
    "田": (
        (-0.36, 0.4, 0.36, 0.4),
        (-0.36, 0, 0.36, 0),
        (-0.36, -0.4, 0.36, -0.4),
        (-0.36, -0.4, -0.36, 0.4),
        (0.36, -0.4, 0.36, 0.4),
        (0, -0.4, 0, 0.4),
    ),
    "木": ((-0.42, 0.2, 0.42, 0.2), (0, -0.45, 0, 0.45), (0, 0.18, -0.38, -0.3), (0, 0.18, 0.38, -0.3)),
    "大": ((-0.42, 0.15, 0.42, 0.15), (0, 0.45, 0, 0.1), (0, 0.12, -0.36, -0.42), (0, 0.12, 0.36, -0.42)),
    "火": (
        (0, 0.45, 0, 0.0),
        (0, 0.02, -0.36, -0.42),
        (0, 0.02, 0.36, -0.42),
        (-0.34, 0.25, -0.22, -0.02),
        (0.34, 0.25, 0.2, 0.0),
    ),
    "五": (
        (-0.34, 0.4, 0.34, 0.4),
        (-0.05, 0.4, -0.16, -0.4),
        (-0.3, 0.05, 0.22, 0.05),
        (0.22, 0.05, 0.2, -0.4),
        (-0.4, -0.4, 0.4, -0.4),
    ),
}
"""Characters as straight tubes in a unit square: x and y of both ends."""


def glyph(sign: str, middle: tuple[float, float, float], side: float, material: Material) -> list[Part]:
    """A character of glowing tubes that faces +Z."""
    parts: list[Part] = []
    for x0, y0, x1, y1 in STROKES[sign]:
        length = float(np.hypot(x1 - x0, y1 - y0)) * side
        bar = boxes([(0, 0, 0)], [(length + side * 0.07, side * 0.075, side * 0.075)], material)
        tilt = np.arctan2(y1 - y0, x1 - x0)
        cos, sin = np.cos(tilt), np.sin(tilt)
        spin = np.array([(cos, -sin, 0.0), (sin, cos, 0.0), (0.0, 0.0, 1.0)])
        offset = np.array(middle) + np.array([(x0 + x1) / 2, (y0 + y1) / 2, 0.0]) * side
        positions = (bar.positions @ spin.T + offset).astype(np.float32)
        parts.append(Part(positions, (bar.normals @ spin.T).astype(np.float32), bar.triangles, bar.uvs, material))
    return parts


def board(
    rng: np.random.Generator, wall_x: float, side: int, z: float, low: float, number: int
) -> tuple[list[Part], Light]:
    """A board of two to four characters one below the other, on the wall at `wall_x`, facing +Z, and its light.

    `side` is +1 where the way lies at greater x than the wall.
    """
    count, size = int(rng.integers(2, 5)), float(rng.uniform(0.6, 0.95))
    color = COLORS[number % len(COLORS)]
    tubes = glow(f"neon_{number}", color, 5.0)
    edge = glow(f"neon_edge_{number}", COLORS[(number + 2) % len(COLORS)], 3.0)
    back = paint("sign_board", "#0b0d14", 0.3)
    wide, tall = size * 1.25, size * (count * 1.08 + 0.25)
    x, y = wall_x + side * (0.28 + wide / 2), low + tall / 2
    parts = [boxes([(x, y, z)], [(wide, tall, 0.16)], back)]
    for sign, place in zip(rng.choice(sorted(STROKES), count, replace=False), range(count), strict=True):
        parts += glyph(str(sign), (x, low + tall - size * (0.67 + 1.08 * place), z + 0.12), size * 0.9, tubes)
    frame = [((x, y + side_ * tall / 2, z), (wide + 0.06, 0.06, 0.2)) for side_ in (-1, 1)]
    frame += [((x + side_ * wide / 2, y, z), (0.06, tall, 0.2)) for side_ in (-1, 1)]
    parts.append(boxes([at for at, _ in frame], [span for _, span in frame], edge))
    arms = [(wall_x + side * 0.14, y + tall * up, z) for up in (-0.35, 0.35)]
    parts.append(boxes(arms, [(0.3, 0.05, 0.05)] * 2, back))
    light = Light(f"neon_{number}", "point", linear(color), 9.0 * size, (x + side * 0.3, y, z + 0.7), reach=14.0)
    return parts, light
