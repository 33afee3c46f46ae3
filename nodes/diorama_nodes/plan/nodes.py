"""The planner's nodes: from a sentence to a scene plan, an object, a score, or a figure."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.node import Cost, Unit, node
from diorama.types import Seed
from diorama_nodes.plan.schema import (
    LONGEST_PROMPT,
    CharacterSpec,
    MusicSpec,
    ObjectSpec,
    PathSpec,
    ScenePlan,
    SoundSpec,
)

Prompt = Annotated[
    str,
    Field(description=f"what is wanted, in English, German or Japanese; 1 to {LONGEST_PROMPT:,} characters"),
]
PACES = {"slow": 0.9, "normal": 1.35, "fast": 1.8}
"""Metres a second of a walk."""
RUNS = {"slow": 2.2, "normal": 3.0, "fast": 4.0}
"""Metres a second of a run."""
LONGEST_WAY = 14.0
"""Metres that a lone figure goes at most, so that it stays in view."""
_ROLES = {"robot": "robot", "skeleton": "skeleton", "knight_statue": "knight"}


class Planned(NamedTuple):
    """A scene plan and its parts, ready to be built one by one."""

    plan: ScenePlan
    objects: list[ObjectSpec]
    cast: list[CharacterSpec]
    music: MusicSpec | None
    sounds: list[SoundSpec]
    seconds: Annotated[float, Unit("s")]


@node(version=1, cost=Cost(seconds=0.02), category="plan")
def plan_scene(ctx: Context, prompt: Prompt, seed: Seed = 0) -> Planned:
    """Plan a scene from a sentence by a lexicon and rules of grammar.

    What the plan could not take up is listed in its `unplaced`, each with a reason.
    """
    from diorama_nodes.plan.planner import plan_of

    ctx.check_cancelled()
    plan = plan_of(prompt, seed)
    return Planned(plan, list(plan.objects), cast_of(plan), plan.music, list(plan.sounds), plan.seconds)


class DescribedObject(NamedTuple):
    """One kind of object."""

    object: ObjectSpec


@node(version=1, cost=Cost(seconds=0.02), category="plan")
def describe_object(ctx: Context, prompt: Prompt, seed: Seed = 0) -> DescribedObject:
    """Describe the first object that a text names."""
    from diorama_nodes.plan.lexicon import lexicon
    from diorama_nodes.plan.planner import plan_of

    ctx.check_cancelled()
    plan = plan_of(prompt, seed)
    named = [spec for spec in plan.objects if not spec.is_implied]
    named += [
        ObjectSpec(id=spec.id, kind=spec.role, color=spec.color)
        for spec in plan.characters
        if spec.role in lexicon().kinds
    ]
    if not named:
        raise BadInput("the prompt names no object that can be built; a noun such as 'wooden chair' is wanted")
    return DescribedObject(named[0].model_copy(update={"count": 1}))


class Worded(NamedTuple):
    """A prompt for a picture, and what it is not to show."""

    prompt: str
    negative: str


@node(version=1, cost=Cost(seconds=0.001), category="plan")
def picture_prompt(
    ctx: Context,
    plan: Annotated[ScenePlan, Field(description="the scene that is to be pictured")],
    look: Annotated[
        str, Field(max_length=300, description="how it is to look: the words that end the prompt")
    ] = "concept art, detailed, cinematic light",
) -> Worded:
    """Put a scene plan into the words that models make pictures from."""
    from diorama_nodes.plan.wording import prompt_of, unwanted_of

    ctx.check_cancelled()
    return Worded(prompt_of(plan, look), unwanted_of(plan))


class PlannedMusic(NamedTuple):
    """A score and its length."""

    music: MusicSpec
    seconds: Annotated[float, Unit("s")]


@node(version=1, cost=Cost(seconds=0.02), category="plan")
def plan_music(ctx: Context, prompt: Prompt, seed: Seed = 0) -> PlannedMusic:
    """Plan music from a text: genre, tempo, key, mode, meter and instruments, or what fits the scene it describes."""
    from diorama_nodes.plan.planner import plan_of

    ctx.check_cancelled()
    plan = plan_of(prompt, seed)
    if plan.music is None:
        raise BadInput("the prompt asks for no music; a genre, mood or scene is wanted")
    return PlannedMusic(plan.music, plan.seconds)


class PlannedCharacter(NamedTuple):
    """A figure, where it goes, and for how long."""

    character: CharacterSpec
    path: PathSpec
    seconds: Annotated[float, Unit("s")]


@node(version=1, cost=Cost(seconds=0.02), category="plan")
def plan_character(ctx: Context, prompt: Prompt, seed: Seed = 0) -> PlannedCharacter:
    """Plan one figure from a text and a way for what it does."""
    from diorama_nodes.plan.planner import plan_of

    ctx.check_cancelled()
    plan = plan_of(prompt, seed)
    figures = cast_of(plan)
    stand_ins = [spec for spec in plan.objects if spec.kind in _ROLES and not spec.is_implied]
    if figures:
        figure = figures[0]
    elif stand_ins:
        figure = CharacterSpec(id=stand_ins[0].kind, role=_ROLES[stand_ins[0].kind], color=stand_ins[0].color)
    else:
        raise BadInput("the prompt names nobody who could move; a figure such as 'a knight walking' is wanted")
    figure = figure.model_copy(update={"toward": None})
    return PlannedCharacter(figure, way_of(figure, plan.seconds, seed), plan.seconds)


def cast_of(plan: ScenePlan) -> list[CharacterSpec]:
    """One entry a figure, each with an id of its own."""
    taken = {spec.id for spec in plan.objects} | {spec.id for spec in plan.characters}
    cast: list[CharacterSpec] = []
    for spec in plan.characters:
        cast.append(spec.model_copy(update={"count": 1}))
        number = 1
        for _ in range(spec.count - 1):
            while f"{spec.id}_{number}" in taken or number == 1:
                number += 1
            taken.add(f"{spec.id}_{number}")
            cast.append(spec.model_copy(update={"count": 1, "id": f"{spec.id}_{number}"}))
    return cast


def way_of(figure: CharacterSpec, seconds: float, seed: int) -> PathSpec:
    """A gently curved way past the middle for who walks or runs, and a place in the middle for who stays."""
    if figure.action not in ("walk", "run"):
        return PathSpec(
            character=figure.id, action=figure.action, pace=figure.pace, points=((0.0, 0.0),), facing=(0.0, 1.0)
        )
    speed = (RUNS if figure.action == "run" else PACES)[figure.pace]
    length = min(speed * seconds, LONGEST_WAY)
    bend = float(np.random.default_rng(seed).uniform(0.04, 0.1)) * length
    along = np.linspace(-0.5, 0.5, 9)
    points = tuple((round(float(x) * length, 4), round(float(bend * (0.25 - x * x) * 4), 4)) for x in along)
    return PathSpec(character=figure.id, action=figure.action, pace=figure.pace, points=points)
