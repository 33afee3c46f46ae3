"""The nodes that make figures and let them move."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field

from diorama.context import Context
from diorama.node import Advanced, Cost, Unit, node
from diorama.types import Seed
from diorama.values import Motion, Rig
from diorama_nodes.plan.schema import CharacterSpec, PathSpec


class Character(NamedTuple):
    """A figure that can be moved."""

    rig: Rig


class Animated(NamedTuple):
    """How a figure moves."""

    motion: Motion


@node(version=1, cost=Cost(seconds=0.4), category="character")
def make_character(
    ctx: Context,
    character: Annotated[CharacterSpec, Field(description="who it is, what they wear and carry")],
    seed: Annotated[Seed, Field(description="chooses skin, hair and clothes where the character leaves them open")] = 0,
) -> Character:
    """Make a skinned figure in its bind pose, dressed for its role, with what it carries in its hand."""
    from diorama_nodes.character.figure import figure

    return Character(figure(character, seed, ctx.progress))


@node(version=1, cost=Cost(seconds=0.2), category="character")
def animate(
    ctx: Context,
    rig: Annotated[Rig, Field(description="a figure from make_character")],
    path: Annotated[PathSpec, Field(description="where it goes, what it does there, and how fast")],
    seconds: Annotated[float, Field(gt=0, le=600, description="how long it moves"), Unit("s")] = 12.0,
    fps: Annotated[float, Field(ge=10, le=120, description="poses a second"), Unit("Hz"), Advanced] = 30.0,
    seed: Annotated[Seed, Field(description="shifts breathing and glances, so that no two figures move alike")] = 0,
) -> Animated:
    """Move a figure along a path and let it act: feet that stay where they stand, idle once the path is done."""
    from diorama_nodes.character.performance import perform

    ctx.progress(0.0, "animating")
    return Animated(perform(rig.skeleton, path, seconds, fps, seed))
