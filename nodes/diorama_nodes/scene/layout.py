"""Lays a scene out: the place, the objects in it, the cast's ways, lights, air and camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diorama.context import Context
from diorama.faults import BadInput
from diorama.values import Mesh, Placement, Scene
from diorama.values.scene import Quaternion
from diorama_nodes.plan.schema import ObjectSpec, PathSpec, ScenePlan
from diorama_nodes.scene.habits import is_one_of
from diorama_nodes.scene.items import Item, Stood, item_of
from diorama_nodes.scene.lamps import lamps
from diorama_nodes.scene.look import camera_of
from diorama_nodes.scene.outlook import falling_in
from diorama_nodes.scene.paths import figures_of, walk
from diorama_nodes.scene.place import Dressing, Opening, Place
from diorama_nodes.scene.places import place_of
from diorama_nodes.scene.placing import Placing
from diorama_nodes.scene.weather import NIGHTS, environment_of, luminary
from diorama_nodes.scene.words import plain
from diorama_nodes.scene.world import World

HOUSES = frozenset(("building", "house", "skyscraper", "facade", "tower_block", "apartment"))
DARK = NIGHTS | {"dusk", "evening"}


@dataclass(frozen=True, slots=True)
class Layout:
    """A scene without its cast, their paths, and what could not be held."""

    scene: Scene
    paths: list[PathSpec]
    report: list[str]


def lay_out_plan(ctx: Context, plan: ScenePlan, meshes: Sequence[Mesh], seed: int) -> Layout:
    """The scene of a plan with one mesh for each of its objects."""
    if len(meshes) != len(plan.objects):
        raise BadInput(f"{len(meshes)} meshes were given, but the plan has {len(plan.objects)} objects")
    groups = [
        [item_of(spec.id, copy, _kind_of(spec), mesh) for copy in range(spec.count)]
        for spec, mesh in zip(plan.objects, meshes, strict=True)
    ]
    report: list[str] = []
    place = place_of(plan, groups, seed)
    figures = figures_of(plan.characters)
    if place.name in ("alley", "street", "square", "village"):
        fronts = {spec.id for spec in plan.objects if spec.is_implied and is_one_of(spec.kind, HOUSES)}
        groups = [items for items in groups if items[0].id not in fronts]
        report += [f"{plain(name)}: the {place.name}'s own house fronts stand for it" for name in sorted(fronts)]
    world = World(place, keeps_way=any(figure.is_walking for figure in figures))
    known = {spec.id for spec in plan.objects}
    relations = list(plan.relations)
    cast = {spec.id for spec in plan.characters}
    placing = Placing(
        world, relations, seed, report, frozenset(cast), frozenset(spec.id for spec in plan.objects if spec.is_implied)
    )
    ctx.progress(0.1, "placing objects")
    placing.place_all(groups)
    ctx.progress(0.5, "finding ways")
    paths = walk(placing, figures, plan.seconds, seed)
    ctx.progress(0.6, "building the place")
    things = [thing for thing in world.all() if thing.item.id in known]
    openings = _openings(place, things)
    dressing = place.dress(openings)
    ctx.progress(0.9, "setting lights and camera")
    scene = _scene(plan, place, dressing, things, meshes, paths, openings)
    return Layout(scene, paths, report)


def _kind_of(spec: ObjectSpec) -> str:
    """The kind that decides where a thing stands: a floor lamp does not stand on tables."""
    return "floor_lamp" if spec.kind == "lamp" and spec.attributes.get("kind") == "floor" else spec.kind


def _openings(place: Place, things: Sequence[Stood]) -> list[Opening]:
    """Holes in the walls behind windows and doors."""
    found: list[Opening] = []
    for thing in things:
        word = thing.item.kind.rpartition("_")[2]
        if word not in ("window", "door", "doorway", "entrance", "shoji"):
            continue
        box = thing.box
        for number, wall in enumerate(place.walls):
            apart = box.centers()[0] - wall.start
            away = apart[0] * wall.normal[0] + apart[1] * wall.normal[1]
            if abs(float(box.yaw[0]) - wall.yaw) < 0.1 and 0 <= away < float(box.depth[0]) / 2 + 0.2:
                way = ((wall.end[0] - wall.start[0]) / wall.length, (wall.end[1] - wall.start[1]) / wall.length)
                along = float(apart[0] * way[0] + apart[1] * way[1])
                width, height = float(box.width[0]) * 0.94, float(box.high[0] - box.low[0]) * 0.96
                found.append(Opening(number, along, float(box.low[0]), width, height))
                break
    return found


def _scene(
    plan: ScenePlan,
    place: Place,
    dressing: Dressing,
    things: Sequence[Stood],
    meshes: Sequence[Mesh],
    paths: list[PathSpec],
    openings: Sequence[Opening],
) -> Scene:
    offset = len(meshes)
    numbers = {spec.id: number for number, spec in enumerate(plan.objects)}
    placements = [
        _placement(thing, numbers[thing.item.id], plan.objects[numbers[thing.item.id]].kind) for thing in things
    ]
    placements += [
        Placement(copy.name, copy.mesh + offset, copy.translation, _about_y(copy.yaw), copy.scale, copy.kind)
        for copy in dressing.copies
    ]
    is_dark = plan.environment.time_of_day in DARK
    if paths:
        subject = (paths[0].points[-1][0], paths[0].height, paths[0].points[-1][1])
    else:
        subject = (place.focus[0], 0.0, place.focus[2])
    own = lamps(things, plan.lights, place, is_dark, subject)
    environment = environment_of(plan.environment, bool(own or dressing.lights) and place.name in ("alley", "street"))
    sun = luminary(plan.environment, plan.lights)
    if place.is_indoor:
        sun = falling_in(sun, place.walls, openings)
    # Sun or moon, then the objects' lights, then the place's.
    lights = (sun, *own, *dressing.lights)
    asked = frozenset(spec.id for spec in plan.objects if not spec.is_implied)
    camera = camera_of(plan.camera, place, things, paths, plan.seconds, asked)
    return Scene(plan.title, plan.seconds, (*meshes, *dressing.meshes), tuple(placements), lights, camera, environment)


def _placement(thing: Stood, mesh: int, kind: str) -> Placement:
    translation, rotation = thing.transform()
    scale = (thing.scale, thing.scale, thing.scale)
    return Placement(thing.item.name, mesh, translation, rotation, scale, kind)


def _about_y(yaw: float) -> Quaternion:
    import math

    return (0.0, math.sin(yaw / 2), 0.0, math.cos(yaw / 2))


__all__ = ["Item", "Layout", "lay_out_plan"]
