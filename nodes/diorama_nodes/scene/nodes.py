"""Nodes that put plans, meshes and figures together to scenes."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import Field

from diorama.context import Context
from diorama.faults import BadInput
from diorama.node import Cost, node
from diorama.types import Seed
from diorama.values import Actor, Mesh, Motion, Rig, Scene
from diorama_nodes.audio.footfall import Surface
from diorama_nodes.plan.schema import PathSpec, ScenePlan


class LaidOut(NamedTuple):
    """A scene without its cast, where the cast go and on what, and what could not be placed as asked."""

    scene: Scene
    paths: list[PathSpec]
    surface: Surface
    report: list[str]


class Staged(NamedTuple):
    """A scene that is ready to be looked at."""

    scene: Scene


@node(version=1, cost=Cost(seconds=0.6), category="scene")
def lay_out(
    ctx: Context,
    plan: Annotated[ScenePlan, Field(description="what is in the scene and how it stands to each other")],
    meshes: Annotated[list[Mesh], Field(description="one mesh for each object of the plan, in its order")],
    seed: Annotated[Seed, Field(description="another number gives another arrangement")] = 0,
) -> LaidOut:
    """Put a plan's objects into the place it names, with light, air, camera, and ways for the cast."""
    from diorama_nodes.scene.footing import surface_of
    from diorama_nodes.scene.layout import lay_out_plan

    layout = lay_out_plan(ctx, plan, meshes, seed)
    return LaidOut(layout.scene, layout.paths, surface_of(plan.environment), layout.report)


@node(version=1, cost=Cost(seconds=0.3), category="scene")
def add_actors(
    ctx: Context,
    scene: Annotated[Scene, Field(description="the scene without its cast")],
    rigs: Annotated[list[Rig], Field(description="the figures")],
    motions: Annotated[list[Motion], Field(description="how each figure moves, in the same order")],
) -> Staged:
    """Put figures and their motions into a scene."""
    if len(rigs) != len(motions):
        raise BadInput(f"{len(rigs)} figures and {len(motions)} motions were given, but each figure needs one motion")
    for rig, motion in zip(rigs, motions, strict=True):
        if rig.skeleton.names != motion.skeleton.names:
            raise BadInput(f"the motion given for {rig.name!r} is made for another skeleton than the figure has")
    names = _unlike([actor.name for actor in scene.actors], [rig.name for rig in rigs])
    actors = tuple(Actor(name, rig, motion) for name, rig, motion in zip(names, rigs, motions, strict=True))
    joined = Scene(
        scene.title,
        scene.seconds,
        scene.meshes,
        scene.placements,
        scene.lights,
        scene.camera,
        scene.environment,
        (*scene.actors, *actors),
    )
    return Staged(joined)


def _unlike(taken: list[str], names: list[str]) -> list[str]:
    """The names, numbered where one is taken already."""
    given = list(taken)
    for name in names:
        number, chosen = 1, name
        while chosen in given:
            number += 1
            chosen = f"{name}_{number}"
        given.append(chosen)
    return given[len(taken) :]


@node(version=1, cost=Cost(seconds=0.1), category="scene")
def stage(
    ctx: Context,
    rig: Annotated[Rig, Field(description="the figure")],
    motion: Annotated[Motion, Field(description="how it moves")],
    seed: Annotated[Seed, Field(description="another number gives other surfaces")] = 0,
) -> Staged:
    """Show a moving figure on a plain studio floor, lit from three sides, always in view."""
    from diorama_nodes.scene.stage import staged

    return add_actors(ctx, staged(rig.name, motion, seed), [rig], [motion])


@node(version=1, cost=Cost(seconds=0.1), category="scene")
def stage_mesh(
    ctx: Context,
    mesh: Annotated[Mesh, Field(description="the shape to show")],
    seconds: Annotated[float, Field(gt=0, le=600, description="how long one turn around it lasts")] = 8.0,
    seed: Annotated[Seed, Field(description="another number gives other surfaces")] = 0,
) -> Staged:
    """Show a mesh on a plain studio floor, the camera going around it."""
    from diorama_nodes.scene.stage import shown

    if not mesh.vertex_count:
        raise BadInput("a mesh without vertices was given, but there must be something to show")
    return Staged(shown(mesh, seconds, seed))
