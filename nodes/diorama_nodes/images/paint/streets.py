"""A street between houses in one-point perspective, with windows and signs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from diorama_nodes.images.colour import Rgb, mix
from diorama_nodes.images.paint.canvas import Canvas, Point, Polygon
from diorama_nodes.images.paint.mood import Mood

BLOCKS = (9.0, 6.2, 4.3, 3.0, 2.1, 1.45, 1.0)
"""Distances at which one house ends and the next begins."""
HALF_WIDTH = 0.46
EYE = 0.43


def paint_street(canvas: Canvas, mood: Mood, horizon: float, *, with_signs: bool) -> None:
    """Houses on both sides, wires between them, and where it is dark lit windows and signs."""
    middle = 0.5 + float(canvas.rng.uniform(-0.04, 0.04))
    canvas.glow((middle, horizon), 0.3, mix(mood.accents[0], mood.light, 0.4), 0.5 if mood.is_dark else 0.25)
    for far, near in pairwise(BLOCKS):
        for side in (-1, 1):
            _house(canvas, mood, (middle, horizon), side, (far, near), with_signs=with_signs)
        veil = np.exp(
            -(((canvas.x - middle) * canvas.aspect) ** 2 + (canvas.y - horizon) ** 2) / (0.5 / near + 0.12) ** 2
        )
        canvas.lay(veil, mood.haze, 0.1 + 0.25 * mood.thickness)
    wires = []
    for _ in range(5):
        left, right = canvas.rng.uniform(-0.05, 0.3, 2)
        sag = float(canvas.rng.uniform(0.05, 0.14))
        spread = np.linspace(0, 1, 24)
        height = left + (right - left) * spread + sag * 4 * spread * (1 - spread)
        wires.append((list(zip(spread.tolist(), height.tolist(), strict=True)), 0.003))
    canvas.lay(canvas.mask([], wires), mood.dark, 0.85)


def _at(vanishing: Point, side: int, distance: float, height: float) -> Point:
    """A place on the wall of a side: `height` from 0 on the ground to 1 at eye level and above."""
    return vanishing[0] + side * HALF_WIDTH / distance, vanishing[1] + EYE * (1 - height) / distance


def _house(
    canvas: Canvas, mood: Mood, vanishing: Point, side: int, reach: tuple[float, float], *, with_signs: bool
) -> None:
    far, near = reach
    top = float(canvas.rng.uniform(2.6, 5.2))
    nearness = 0.2 + 0.75 / near**0.8
    wall: Polygon = [_at(vanishing, side, d, h) for d, h in ((far, 0), (near, 0), (near, top), (far, top))]
    tint = mix(mood.dark, mood.lit((0.42, 0.36, 0.36)), 0.35 + 0.2 * float(canvas.rng.random()))
    foot = vanishing[1] + EYE / near
    shade = canvas.blend(
        [(0, mood.far(tint, nearness * 0.85)), (1, mood.far(tint, nearness * 0.6))], (canvas.y / foot) ** 3
    )
    canvas.lay(canvas.mask([wall]), shade)
    front: Polygon = [
        _at(vanishing, side, far, 0),
        _at(vanishing, side, far, top),
        _beside(vanishing, side, far, top),
        _beside(vanishing, side, far, 0),
    ]
    canvas.lay(canvas.mask([front]), mood.far(mix(tint, mood.dark, 0.4), nearness), 0.6)
    _windows(canvas, mood, vanishing, side, reach, top)
    if with_signs and near < 5:
        for level in canvas.rng.uniform(1.0, min(top, 3.2), 2):
            _sign(
                canvas,
                mood,
                vanishing,
                side,
                float(canvas.rng.uniform(near * 1.08, near * 0.4 + far * 0.6)),
                float(level),
            )


def _beside(vanishing: Point, side: int, distance: float, height: float) -> Point:
    x, y = _at(vanishing, side, distance, height)
    return x + side * 0.12 / distance, y


def _windows(canvas: Canvas, mood: Mood, vanishing: Point, side: int, reach: tuple[float, float], top: float) -> None:
    far, near = reach
    lit: list[Polygon] = []
    dim: list[Polygon] = []
    columns = 1 / np.linspace(1 / far, 1 / near, 6)
    for first, second in pairwise(columns.tolist()):
        start, end = first * 0.75 + second * 0.25, first * 0.25 + second * 0.75
        for level in np.arange(0.75, top - 0.3, 0.52):
            window = [
                _at(vanishing, side, d, h)
                for d, h in ((start, level), (end, level), (end, level + 0.27), (start, level + 0.27))
            ]
            (lit if canvas.rng.random() < (0.28 if mood.is_dark else 0.06) else dim).append(window)
    canvas.lay(canvas.mask(dim), mix(mood.sky[1], mood.dark, 0.5), 0.4)
    glowing = canvas.mask(lit)
    canvas.shine(glowing * 0.75, mix((1.0, 0.74, 0.4), mood.accents[int(canvas.rng.integers(len(mood.accents)))], 0.25))
    canvas.shine(canvas.soften(glowing, 0.012) * 0.35, (1.0, 0.7, 0.4))


def _sign(canvas: Canvas, mood: Mood, vanishing: Point, side: int, distance: float, level: float) -> None:
    """A sign that stands out from the wall, with strokes of writing on it."""
    colour: Rgb = mood.accents[int(canvas.rng.integers(len(mood.accents)))]
    x, y = _at(vanishing, side, distance, level)
    wide, tall = 0.05 / distance, float(canvas.rng.uniform(0.2, 0.36)) / distance
    left = x - wide if side > 0 else x
    paint_panel(canvas, mood, (left, y - tall, left + wide, y), colour, 1.0 if mood.is_dark else 0.45)


def paint_panel(
    canvas: Canvas, mood: Mood, at: tuple[float, float, float, float], colour: Rgb, strength: float
) -> None:
    """A lit panel from (left, top) to (right, bottom) with upright writing of invented strokes."""
    left, top, right, bottom = at
    corners: Polygon = [(left, top), (right, top), (right, bottom), (left, bottom)]
    canvas.lay(canvas.mask([corners]), mix(mood.dark, colour, 0.12), 0.92)
    wide, tall = right - left, bottom - top
    signs = max(1, min(5, round(tall / max(wide * canvas.aspect, 1e-6))))
    thick = max(wide * canvas.aspect * 0.075, 0.0022)
    strokes: list[tuple[Polygon, float]] = [([*corners, corners[0]], thick * 0.8)]
    for number in range(signs):
        cell = (left + wide * 0.2, top + tall * (number + 0.15) / signs, wide * 0.6, tall * 0.7 / signs)
        strokes += [(line, thick) for line in _glyph(canvas, cell)]
    light = canvas.mask([], strokes)
    canvas.shine(light * strength, mix(colour, (1, 1, 1), 0.35))
    canvas.shine(canvas.soften(light, 0.01) * 1.3 * strength, colour)
    canvas.glow(
        ((left + right) / 2, (top + bottom) / 2), max(tall, wide * canvas.aspect) * 0.75, colour, 0.42 * strength
    )


def _glyph(canvas: Canvas, cell: tuple[float, float, float, float]) -> list[Polygon]:
    """Four to six strokes, level, upright and falling, as in a written character."""
    x, y, wide, tall = cell
    levels = np.sort(canvas.rng.uniform(0, 1, 3))
    lines: list[Polygon] = [[(x, y + tall * float(v)), (x + wide, y + tall * float(v))] for v in levels]
    uprights = canvas.rng.uniform(0.15, 0.85, 2).tolist()
    lines += [[(x + wide * u, y), (x + wide * u, y + tall)] for u in uprights]
    if canvas.rng.random() < 0.6:
        lines.append([(x + wide * 0.5, y + tall * 0.3), (x, y + tall)])
        lines.append([(x + wide * 0.5, y + tall * 0.3), (x + wide, y + tall)])
    return lines
