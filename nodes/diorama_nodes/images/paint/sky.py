"""The sky: gradient, sun or moon, stars, clouds."""

from __future__ import annotations

import numpy as np

from diorama_nodes.images.colour import mix
from diorama_nodes.images.paint.canvas import Canvas, Point
from diorama_nodes.images.paint.mood import Mood
from diorama_nodes.plan.schema import EnvironmentSpec

HEIGHT_OF_SUN = {"dawn": 0.1, "morning": 0.45, "noon": 0.8, "afternoon": 0.55, "golden_hour": 0.14, "dusk": 0.04}
COVER = {"cloudy": 0.55, "rain": 0.7, "storm": 0.9, "snow": 0.6, "fog": 0.4, "wind": 0.35}


def paint_sky(canvas: Canvas, mood: Mood, environment: EnvironmentSpec, horizon: float) -> Point | None:
    """Fill the canvas with sky down to `horizon`; gives the place of sun or moon, where one is to be seen."""
    above, between, low = mood.sky
    canvas.rgb[:] = canvas.blend([(0, above), (0.6, between), (1, low)], canvas.y / horizon)
    cover = max([0.18, *(COVER.get(word, 0.0) for word in environment.weather)])
    if mood.brightness < 0.4 and cover < 0.5:
        _stars(canvas, horizon, 1 - mood.brightness * 2)
    side = 0.3 if canvas.rng.random() < 0.5 else 0.7
    raised = HEIGHT_OF_SUN.get(environment.time_of_day, 0.62)
    sun = (side + float(canvas.rng.uniform(-0.04, 0.04)), horizon * (1 - raised))
    if cover < 0.8:
        is_moon = environment.time_of_day in ("evening", "night", "midnight")
        _disc(canvas, sun, 0.035 if is_moon else 0.045, mood, (1 - cover * 0.7) * (0.55 if is_moon else 1.0))
    _clouds(canvas, mood, horizon, cover)
    return sun if cover < 0.8 else None


def _stars(canvas: Canvas, horizon: float, strength: float) -> None:
    rng = canvas.rng
    count = canvas.width * canvas.height // 1400
    rows = (rng.random(count) ** 1.4 * horizon * canvas.height * 0.9).astype(int)
    columns = rng.integers(0, canvas.width, count)
    light = np.zeros(canvas.rgb.shape[:2], np.float32)
    light[rows, columns] = rng.random(count) ** 3 * strength
    canvas.shine(canvas.soften(light, 0.0012) * 2.2 + light * 0.5, (0.9, 0.95, 1.0))


def _disc(canvas: Canvas, at: Point, radius: float, mood: Mood, strength: float) -> None:
    canvas.glow(at, 0.42, mood.light, 0.38 * strength)
    canvas.glow(at, 0.13, mood.light, 0.5 * strength)
    away = np.hypot((canvas.x - at[0]) * canvas.aspect, canvas.y - at[1])
    canvas.lay(np.clip((radius - away) * canvas.height / 2 + 0.5, 0, 1), mix(mood.light, (1, 1, 1), 0.55), strength)


def _clouds(canvas: Canvas, mood: Mood, horizon: float, cover: float) -> None:
    billow = canvas.noise(3, 5, 6)
    wisp = canvas.noise(2, 14, 4)
    body = np.clip((billow * 0.75 + wisp * 0.25 - (0.74 - 0.42 * cover)) * 3.6, 0, 1)
    body *= np.clip((horizon - canvas.y) / 0.18, 0, 1)
    lit = mix(mood.sky[2], mood.light, 0.55) if not mood.is_dark else mix(mood.sky[1], mood.sky[2], 0.6)
    shade = mix(mood.sky[1], mood.dark, 0.15 + 0.2 * cover)
    edge = np.clip(np.gradient(body, axis=0) * 22 + 0.55, 0, 1)
    canvas.lay(body, canvas.blend([(0, shade), (1, lit)], edge), 0.75)
