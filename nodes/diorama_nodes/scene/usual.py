"""Poses that suit a kind of thing of which nothing was said."""

from __future__ import annotations

import numpy as np

from diorama_nodes.scene.habits import TABLES, habit, is_one_of
from diorama_nodes.scene.items import Item, Stood
from diorama_nodes.scene.proposals import (
    Asked,
    along_walls,
    anywhere,
    beside,
    corners,
    on_top,
    on_walls,
    poses,
    proposals,
)
from diorama_nodes.scene.solids import Boxes, joined
from diorama_nodes.scene.world import World


def usual(item: Item, world: World, rng: np.random.Generator) -> Boxes:
    """The poses usual for the item's kind; anywhere where it has no habit or its habit has no place here."""
    found = _by_habit(item, world, rng)
    return found if len(found) else anywhere(item, world.place, rng)


def _by_habit(item: Item, world: World, rng: np.random.Generator) -> Boxes:
    place, kept = world.place, habit(item.kind)
    tables = [thing for thing in world.all() if is_one_of(thing.item.kind, TABLES)]
    if kept == "wall" and place.walls:
        return on_walls(item, place, rng)
    if kept in ("at_wall", "doorway") and place.walls:
        return along_walls(item, place, rng)
    if kept == "corner" and place.is_indoor:
        return joined([corners(item, place, rng), along_walls(item, place, rng)])
    if kept == "ceiling" and place.is_indoor:
        return proposals(item, Asked("hanging_from_ceiling"), place, rng)
    if kept == "kerb":
        return _at_kerb(item, world, rng)
    if kept == "at_table" and tables:
        return _at_table(item, tables)
    if (kept == "on_table" or max(item.size) < 0.3) and tables:
        return joined([on_top(item, table, rng) for table in tables])
    if kept == "water" and place.water is not None:
        water = Stood(Item("water", 0, "water", None, (1.0, 1.0, 1.0)), place.water)
        return proposals(item, Asked("in", water), place, rng)
    if kept == "water" and place.name == "underwater":
        found = anywhere(item, place, rng)
        lift = rng.uniform(0.6, 2.0, len(found))
        return found.moved(low=found.low + lift, high=found.high + lift)
    if kept == "center":
        return proposals(item, Asked("center_of_scene"), place, rng)
    if kept == "back":
        return _at_back(item, world, rng)
    return joined([])


def _at_table(item: Item, tables: list[Stood]) -> Boxes:
    turns = [table.box.yaw[0] + np.arange(8) * np.pi / 4 for table in tables]
    gaps = np.array([0.06, 0.15, 0.3])
    found = [
        beside(item, table.box, turn[::2], gaps, np.array([0.0, -0.5, 0.5]), None)
        for table, turn in zip(tables, turns, strict=True)
    ]
    return joined(found)


def _at_kerb(item: Item, world: World, rng: np.random.Generator) -> Boxes:
    """Poses at both edges, on the far side of what is kept free, fronts to the middle."""
    place = world.place
    z = rng.uniform(place.low[1] + 0.5, place.high[1] - 0.5, 60)
    side = np.where(np.arange(60) % 2 == 0, -1.0, 1.0)
    yaw = -side * np.pi / 2
    edge = min(place.size[0] / 2 - item.size[2] / 2 - 0.15, max(place.way_width / 2 + item.size[2] / 2 + 1.2, 2.4))
    x = place.center[0] + side * np.maximum(edge + rng.uniform(-0.2, 0.2, 60), 0.0)
    return poses(item, x, z, yaw)


def _at_back(item: Item, world: World, rng: np.random.Generator) -> Boxes:
    """Poses in the far half of the bounds, more to the sides than in the middle."""
    place = world.place
    half = min(float(np.hypot(item.size[0], item.size[2])) / 2, min(place.size) / 2 - 0.01)
    # Behind what is looked at, but not in the water there.
    first = float(place.water.z[0] + place.water.depth[0] / 2) if place.water is not None else place.low[1]
    z = first + half + max(place.high[1] - first - 2 * half, 0.0) * 0.55 * rng.random(120)
    x = place.center[0] + (place.size[0] / 2 - half) * rng.uniform(-1, 1, 120)
    x[0], z[0] = place.center[0], first + half + (place.high[1] - first) * 0.15
    yaw = 0.0 if item.size[0] > 2.5 else rng.uniform(-0.6, 0.6, 120)
    return poses(item, x, z, yaw)
