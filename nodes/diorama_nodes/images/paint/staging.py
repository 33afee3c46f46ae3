"""The plan's objects and figures as silhouettes, composed by thirds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.images.colour import Rgb, mix, rgb
from diorama_nodes.images.paint.canvas import Canvas, Polygon
from diorama_nodes.images.paint.figures import BLOCK, Figure, figure_of, person_of
from diorama_nodes.images.paint.mood import Mood
from diorama_nodes.images.paint.streets import paint_panel
from diorama_nodes.plan.schema import ObjectSpec, ScenePlan

SIZES = {"tiny": 0.05, "small": 0.1, "medium": 0.16, "large": 0.24, "huge": 0.36}
MOST = 14
"""Silhouettes painted at most: more would hide the place."""
SLOTS = (1 / 3, 0.86, 0.12, 0.54, 0.96, 0.04, 0.45, 0.77, 0.22, 0.6, 0.91, 0.17, 0.5, 0.72)
"""Where things stand across, in order: the leading one on a third, the next ones balancing it."""
MOST_WITH_IMPLIED = 8
HANGING = ("on_wall", "hanging_from_ceiling", "hanging_from")
PERSON_HEIGHT = 0.27
INDOORS = 1.35
"""How much larger a thing looks in a room than in the open."""
SHORE = 0.16
"""How far below the horizon the water ends."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure and where it stands: `x` of its middle, `foot` and `height` in heights of the picture."""

    figure: Figure
    x: float
    foot: float
    height: float
    colour: Rgb | None = None
    is_person: bool = False
    is_hung: bool = False


def stage(plan: ScenePlan, canvas: Canvas, horizon: float, family: str) -> list[Standing]:
    """Who and what stands where, far ones first: the leading thing on one third, the cast on the other."""
    first = 1 / 3 if canvas.rng.random() < 0.5 else 2 / 3
    hung = {relation.subject for relation in plan.relations if relation.kind in HANGING}
    standing: list[Standing] = []
    for spec in sorted(plan.objects, key=lambda spec: (spec.is_implied, -SIZES[spec.size])):
        figure = figure_of(spec.kind)
        # What the place brought along fills the picture only where it has a shape of its own.
        if spec.is_implied and (figure is BLOCK or (spec.id in hung and not figure.glyphs)):
            continue
        for _ in range(min(spec.count, 2 if spec.is_implied else 5)):
            if len(standing) < (MOST_WITH_IMPLIED if spec.is_implied else MOST):
                standing.append(_thing(canvas, spec, (horizon, family), len(standing), first, is_hung=spec.id in hung))
    scale = INDOORS if family == "room" else 1.0
    people = [spec for spec in plan.characters for _ in range(min(spec.count, 4))][:6]
    for number, person in enumerate(people):
        x = 1 - first + 0.075 * ((number + 1) // 2) * (-1) ** number
        foot = horizon + (0.24 if number == 0 else 0.2 - 0.02 * number)
        colour = rgb(person.color) if person.color else None
        standing.append(
            Standing(
                person_of(person.role), x, foot, scale * PERSON_HEIGHT * (0.6 + foot - horizon) / 0.84, colour, True
            )
        )
    return sorted(standing, key=lambda thing: thing.foot)


def _thing(
    canvas: Canvas, spec: ObjectSpec, place: tuple[float, str], number: int, first: float, *, is_hung: bool
) -> Standing:
    (horizon, family), figure = place, figure_of(spec.kind)
    jitter = float(canvas.rng.uniform(-0.03, 0.03))
    across = SLOTS[number % len(SLOTS)]
    x = across if first < 0.5 else 1 - across
    near = 0.9 if spec.size in ("tiny", "small") else (0.25, 0.75, 0.5)[number % 3]
    depth = 0.62 if number == 0 else near
    foot = horizon + 0.03 + depth * 0.27
    if family == "water":
        foot = horizon + 0.1 + 0.04 * depth if "boat" in figure.words else max(foot, horizon + SHORE + 0.03)
    scale = INDOORS if family == "room" else 1.0
    height = min(scale * SIZES[spec.size] * figure.tall * (0.55 + 0.75 * depth), foot - 0.06)
    if is_hung:
        foot = horizon - 0.02 - 0.14 * depth
        height = min(height * 0.8, foot - 0.04)
    colour = rgb(spec.color) if spec.color else None
    return Standing(figure, x + jitter, foot, height, colour, is_hung=is_hung)


def paint_standing(canvas: Canvas, mood: Mood, thing: Standing, horizon: float) -> None:
    """One silhouette with its shadow, its light side, and what shines on it."""

    def placed(outline: Polygon) -> Polygon:
        return [(thing.x + x * thing.height / canvas.aspect, thing.foot - y * thing.height) for x, y in outline]

    nearness = float(np.clip(0.55 + (thing.foot - horizon) * 1.3, 0.4, 0.97)) * (1 - 0.25 * mood.thickness)
    if not thing.is_hung:
        _shadow(canvas, mood, thing)
    outlines = thing.figure.body[:1] if thing.is_hung and thing.figure.glyphs else thing.figure.body
    body = canvas.mask([placed(outline) for outline in outlines])
    own = mood.lit(thing.colour) if thing.colour else mix(mood.dark, mood.lit((0.45, 0.4, 0.38)), 0.4)
    tone = mood.far(mix(mood.dark, own, 0.72 if thing.colour else 0.5), nearness)
    foot = np.clip((thing.foot - canvas.y) / max(thing.height, 1e-3), 0, 1)
    canvas.lay(body, canvas.blend([(0, mix(tone, mood.dark, 0.35)), (1, mix(tone, mood.haze, 0.12))], foot))
    rim = np.clip(body - np.roll(body, (2, 2), (0, 1)), 0, 1) * body
    light = mood.accents[0] if mood.is_dark and thing.is_person else mood.light
    canvas.shine(rim * (0.7 if thing.is_person else 0.45), light)
    _lights(canvas, mood, thing, [placed(outline) for outline in thing.figure.lit])


def _shadow(canvas: Canvas, mood: Mood, thing: Standing) -> None:
    reach = 0.35 * thing.height
    away = ((canvas.x - thing.x) * canvas.aspect / max(reach, 1e-3)) ** 2 + (
        (canvas.y - thing.foot) / max(reach * 0.14, 1e-3)
    ) ** 2
    canvas.lay(np.exp(-away), mood.dark, 0.55)


def _lights(canvas: Canvas, mood: Mood, thing: Standing, shining: list[Polygon]) -> None:
    warm = (1.0, 0.76, 0.42)
    colour = (thing.colour or mood.accents[0]) if thing.figure.glyphs else mix(warm, thing.colour or warm, 0.35)
    strength = 1.0 if mood.brightness < 0.7 else 0.4
    if shining:
        mask = canvas.mask(shining)
        canvas.lay(mask, mix(mood.dark, colour, strength))
        canvas.shine(mask * strength, mix(colour, (1, 1, 1), 0.3))
    for x, y, radius in thing.figure.lights:
        at = (thing.x + x * thing.height / canvas.aspect, thing.foot - y * thing.height)
        canvas.glow(at, radius * thing.height, colour, 0.75 * strength)
    if thing.figure.glyphs:
        half = 0.28 * thing.height / canvas.aspect
        top, bottom = thing.foot - 0.98 * thing.height, thing.foot - 0.3 * thing.height
        paint_panel(canvas, mood, (thing.x - half, top, thing.x + half, bottom), colour, strength)
