"""A reference picture of a plan, from the sky to the varnish."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama.values import Image
from diorama_nodes.images.paint import air
from diorama_nodes.images.paint.brush import brushed
from diorama_nodes.images.paint.canvas import Canvas
from diorama_nodes.images.paint.mood import Mood, mood_of
from diorama_nodes.images.paint.places import FAR, GROUNDS, family_of, ground, reflect, shore
from diorama_nodes.images.paint.rooms import indoors, paint_room
from diorama_nodes.images.paint.sky import HEIGHT_OF_SUN, paint_sky
from diorama_nodes.images.paint.staging import SHORE, paint_standing, stage
from diorama_nodes.images.paint.streets import paint_street
from diorama_nodes.plan.schema import ScenePlan

HORIZONS = {"street": 0.58, "city": 0.7, "water": 0.6, "room": 0.66}


def painted(plan: ScenePlan, width: int, height: int, seed: int, progress: Callable[[float, str], None]) -> Image:
    """The picture of a plan."""
    environment = plan.environment
    canvas, mood = Canvas(width, height, seed), mood_of(environment)
    family = "room" if environment.setting == "indoor" else family_of(environment.place)
    horizon = HORIZONS.get(family, 0.64)
    progress(0.0, "painting the place")
    if family == "room":
        paint_room(canvas, mood, environment.place.lower(), (environment.style or "").lower())
        mood = indoors(mood)
    else:
        _outdoors(plan, canvas, mood, family, horizon)
    progress(0.4, "painting what is in it")
    wet = family in ("street", "city") and any(w in environment.weather for w in ("rain", "storm"))
    standing = stage(plan, canvas, horizon, family)
    for number, thing in enumerate(standing):
        progress(0.4 + 0.3 * number / len(standing), "painting what is in it")
        paint_standing(canvas, mood, thing, horizon)
    if wet:
        reflect(canvas, horizon + 0.02, 0.5, 0.03)
        for thing in standing:
            # The mirrored ground has taken their feet: they are painted once more, over it.
            if not thing.is_hung:
                paint_standing(canvas, mood, thing, horizon)
    _weather(plan, canvas, mood, horizon, family)
    canvas.rgb *= (0.93 + 0.14 * canvas.noise(34, 20, 4))[:, :, None]
    progress(0.7, "brushing")
    finished = air.finished(brushed(canvas), canvas)
    progress(1.0, "done")
    return Image((finished * 255).round().astype(np.uint8))


def _outdoors(plan: ScenePlan, canvas: Canvas, mood: Mood, family: str, horizon: float) -> None:
    environment = plan.environment
    sun = paint_sky(canvas, mood, environment, horizon)
    is_white = environment.season == "winter" or "snow" in (*environment.weather, environment.place[:4])
    soil = GROUNDS["snow"] if is_white and family != "water" else GROUNDS[family]
    if family == "street":
        ground(canvas, mood, soil, horizon)
        paint_street(canvas, mood, horizon, with_signs=mood.is_dark or "market" in environment.place)
        return
    FAR[family](canvas, mood, horizon)
    air.mist(canvas, mood, horizon - 0.03, 0.09, 0.25 + 0.6 * mood.thickness)
    if family != "desert":
        ground(canvas, mood, soil, horizon)
    if family == "water":
        reflect(canvas, horizon, 0.85, 0.035)
        shore(canvas, mood, horizon + SHORE)
    if sun and environment.time_of_day in HEIGHT_OF_SUN:
        air.shafts(canvas, mood, sun, 0.2)


def _weather(plan: ScenePlan, canvas: Canvas, mood: Mood, horizon: float, family: str) -> None:
    if family == "room":
        return
    weather = plan.environment.weather
    if any(word in weather for word in ("mist", "fog")):
        strength = 0.75 if "fog" in weather else 0.5
        air.mist(canvas, mood, horizon - 0.1, 0.4, 0.45 * mood.thickness)
        air.mist(canvas, mood, horizon + 0.02, 0.08, strength)
        air.mist(canvas, mood, horizon + 0.22, 0.06, strength * 0.55)
    if any(word in weather for word in ("rain", "storm")):
        air.rain(canvas, mood, 1.5 if "storm" in weather else 1.0)
    if "snow" in weather:
        air.snow(canvas, mood)
    if "dust" in weather:
        air.dust(canvas, mood)
