"""What is in the air: mist in layers, rain, snow, dust, light shafts, and the darkening towards the corners."""

from __future__ import annotations

import numpy as np

from diorama_nodes.images.colour import mix
from diorama_nodes.images.paint.canvas import Canvas, Field, Point, Polygon
from diorama_nodes.images.paint.mood import Mood


def mist(canvas: Canvas, mood: Mood, level: float, depth: float, strength: float) -> None:
    """A bank of mist around a height of the picture, torn by noise."""
    bank = np.exp(-(((canvas.y - level) / depth) ** 2)) * (0.35 + 0.85 * canvas.noise(3, 7, 4))
    canvas.lay(np.clip(bank, 0, 1), mood.haze, strength)


def rain(canvas: Canvas, mood: Mood, strength: float) -> None:
    """Streaks, near ones longer, and splashes on the ground."""
    slant = float(canvas.rng.uniform(0.08, 0.16))
    for count, length, width, light in ((900, 0.05, 0.0012, 0.28), (260, 0.11, 0.002, 0.34)):
        x, y = (
            canvas.rng.uniform(-0.1, 1.1, int(count * strength)),
            canvas.rng.uniform(-0.1, 1.05, int(count * strength)),
        )
        reach = length * canvas.rng.uniform(0.6, 1.3, len(x))
        ends = np.stack([x, y, x - slant * reach / canvas.aspect, y + reach], axis=1).tolist()
        streaks: list[tuple[Polygon, float]] = [([(a, b), (c, d)], width) for a, b, c, d in ends]
        canvas.shine(canvas.mask([], streaks) * light, mix(mood.light, mood.sky[2], 0.5))
    splashes: list[tuple[Polygon, float]] = []
    for x, y in zip(canvas.rng.uniform(0, 1, 130).tolist(), canvas.rng.uniform(0.72, 1, 130).tolist(), strict=True):
        wide = 0.006 * (y - 0.55) * 2
        splashes.append(([(x - wide, y), (x, y + wide * 0.5), (x + wide, y)], 0.0015))
    canvas.shine(canvas.mask([], splashes) * 0.3, mood.light)


def snow(canvas: Canvas, mood: Mood) -> None:
    """Flakes, near ones larger and softer."""
    for count, radius, light in ((900, 0.0016, 0.75), (260, 0.0032, 0.8), (46, 0.008, 0.4)):
        turn = np.linspace(0, 2 * np.pi, 9, endpoint=False)
        flakes: list[Polygon] = []
        for x, y, size in zip(
            canvas.rng.random(count), canvas.rng.random(count), canvas.rng.uniform(0.6, 1.4, count), strict=True
        ):
            across, down = radius * size * np.cos(turn) / canvas.aspect, radius * size * np.sin(turn)
            flakes.append(list(zip((x + across).tolist(), (y + down).tolist(), strict=True)))
        canvas.lay(
            canvas.soften(canvas.mask(flakes), radius * 0.35),
            mix(mood.haze, (1, 1, 1), 0.55 + 0.35 * mood.brightness),
            light,
        )


def dust(canvas: Canvas, mood: Mood) -> None:
    """Blown streaks of dust."""
    canvas.lay(np.clip(canvas.noise(2, 26, 4) * 1.4 - 0.5, 0, 1) * np.clip(canvas.y * 1.4 - 0.2, 0, 1), mood.haze, 0.6)


def shafts(canvas: Canvas, mood: Mood, source: Point, strength: float) -> None:
    """Rays that spread from a light."""
    turn = np.arctan2((canvas.x - source[0]) * canvas.aspect, canvas.y - source[1])
    knots = canvas.rng.random(60).astype(np.float32)
    rays = np.interp((turn + np.pi) / (2 * np.pi) * 59, np.arange(60), knots)
    away = np.hypot((canvas.x - source[0]) * canvas.aspect, canvas.y - source[1])
    # Near their source the rays would pinch together; there the glow stands alone.
    fall = np.exp(-away * 1.8) * (1 - np.exp(-((away / 0.16) ** 2)))
    canvas.shine((np.clip(rays * 1.6 - 0.5, 0, 1) * fall * strength).astype(np.float32), mood.light)


def finished(rgb: Field, canvas: Canvas) -> Field:
    """The picture graded: a soft glow of its lights, a gentle curve, darker corners."""
    from scipy import ndimage

    bright = np.clip(rgb - 0.62, 0, 1)
    bloom = ndimage.gaussian_filter(bright, (0.018 * canvas.height, 0.018 * canvas.height, 0))
    lit = 1 - (1 - rgb) * (1 - np.clip(bloom * 0.9, 0, 0.9))
    curved = lit * lit * (3 - 2 * lit) * 0.35 + lit * 0.65
    corner = ((canvas.x - 0.5) ** 2 + (canvas.y - 0.5) ** 2)[:, :, None]
    weave = (canvas.noise(canvas.width // 5, canvas.height // 5, 2) - 0.5)[:, :, None] * 0.022
    graded: Field = np.clip(curved * (1.04 - 0.5 * corner) + weave, 0, 1)
    return graded
