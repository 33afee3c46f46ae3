"""Poses that a single thing might take: beside, on, in or under another, at walls, in corners, or anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.plan.schema import RelationKind
from diorama_nodes.scene.habits import BLADES, MOUNTED_LOW, SEATS, TABLES, habit, is_one_of
from diorama_nodes.scene.items import Item, Stood, leaned_height, leaned_reach
from diorama_nodes.scene.place import Place, Wall
from diorama_nodes.scene.solids import Array, Boxes, joined
from diorama_nodes.scene.supports import heights_on

LEAN = 0.24
"""Radians by which a leaning thing is tilted."""
SHELVES = 5
"""Levels below the top that are tried."""
NINTHS = np.stack(np.meshgrid([-0.85, 0.0, 0.85], [-0.85, 0.0, 0.85]), axis=-1).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A single relation asked of an item: the things it refers to are already standing."""

    kind: RelationKind
    anchor: Stood | None = None
    other: Stood | None = None
    metres: float | None = None
    number: int = -1
    """Which of the plan's relations it comes from."""


def poses(item: Item, x: Array, z: Array, yaw: Array | float, low: Array | float = 0.0) -> Boxes:
    """Boxes of the item's size at places and turns."""
    count = len(x)
    base = np.broadcast_to(np.asarray(low, np.float64), (count,))
    width, height, depth = item.size
    return Boxes(
        np.asarray(x, np.float64),
        np.asarray(z, np.float64),
        np.broadcast_to(np.asarray(yaw, np.float64), (count,)),
        np.full(count, float(width)),
        np.full(count, float(depth)),
        base,
        base + height,
    )


def reach(size: tuple[float, float, float], yaw: Array | float, ways: Array) -> Array:
    """Half extents of a footprint of a size and turn along unit directions (n, 2)."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    right = np.abs(ways[:, 0] * cos - ways[:, 1] * sin) * size[0] / 2
    return np.asarray(right + np.abs(ways[:, 0] * sin + ways[:, 1] * cos) * size[2] / 2)


def beside(item: Item, anchor: Boxes, turns: Array, gaps: Array, slides: Array, yaws: Array | None = None) -> Boxes:
    """Poses at directions `turns` (radians in the world, 0 along +Z) from an anchor, with gaps and slides.

    Slides are along the anchor's side, in halves of its length. Without `yaws` the item takes the anchor's turn,
    and faces it.
    """
    turn, gap, slide = (grid.ravel() for grid in np.meshgrid(turns, gaps, slides, indexing="ij"))
    ways = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    across = np.stack([ways[:, 1], -ways[:, 0]], axis=1)
    size = (float(anchor.width[0]), 1.0, float(anchor.depth[0]))
    found: list[Boxes] = []
    facing = turn + np.pi
    for yaw in [np.full_like(turn, anchor.yaw[0]), facing] if yaws is None else [turn * 0 + yaw for yaw in yaws]:
        away = reach(size, float(anchor.yaw[0]), ways) + gap + reach(item.size, yaw, ways)
        aside = slide * np.maximum(reach(size, float(anchor.yaw[0]), across), 0.3)
        at = anchor.centers() + ways * away[:, None] + across * aside[:, None]
        found.append(poses(item, at[:, 0], at[:, 1], yaw))
    return joined(found)


def at_wall(item: Item, wall: Wall, along: Array, gap: float = 0.03, low: Array | float = 0.0) -> Boxes:
    """Poses with the back to a wall, at metres `along` it."""
    start, end, normal = np.array(wall.start), np.array(wall.end), np.array(wall.normal)
    way = (end - start) / max(wall.length, 1e-9)
    at = start + along[:, None] * way + normal * (item.size[2] / 2 + gap)
    return poses(item, at[:, 0], at[:, 1], wall.yaw, low)


def along_walls(item: Item, place: Place, rng: np.random.Generator, count: int = 40) -> Boxes:
    """Poses with the back to the walls, all over them and close into the corners."""
    found: list[Boxes] = []
    for wall in place.walls:
        room = wall.length / 2 - item.size[0] / 2 - 0.03
        if room >= 0:
            even = wall.length / 2 + room * np.linspace(-1, 1, count // 2 + 1)
            found.append(at_wall(item, wall, np.append(even, wall.length / 2 + room * rng.uniform(-1, 1, count // 2))))
    return joined(found)


def on_walls(item: Item, place: Place, rng: np.random.Generator) -> Boxes:
    """Poses hung on the walls, at the height usual for their kind; signs in a way stand out from its walls."""
    kind = item.kind
    base = next((MOUNTED_LOW[name] for name in (kind, kind.rpartition("_")[2]) if name in MOUNTED_LOW), 1.2)
    if place.ceiling is not None:
        base = min(base, max(place.ceiling - item.size[1] - 0.03, 0.0))
    is_blade = is_one_of(kind, BLADES) and not place.is_indoor
    found: list[Boxes] = []
    for wall in place.walls:
        room = wall.length / 2 - item.size[0] / 2 - 0.02
        if room < 0 and not is_blade:
            continue
        along = wall.length / 2 + max(room, 0.0) * np.append(np.linspace(-1, 1, 25), rng.uniform(-1, 1, 20))
        low = np.full(len(along), base)
        if place.ceiling is None and base > 2:
            low = base + rng.uniform(0.0, 2.6, len(along))
        if is_blade and abs(wall.normal[0]) > 0.9:
            found.append(_blades(item, wall, along, low))
        else:
            found.append(at_wall(item, wall, along, 0.01, low))
    return joined(found)


def _blades(item: Item, wall: Wall, along: Array, low: Array) -> Boxes:
    start, end = np.array(wall.start), np.array(wall.end)
    at = start + along[:, None] * (end - start) / wall.length
    x = at[:, 0] + wall.normal[0] * (item.size[0] / 2 + 0.015)
    return poses(item, x, at[:, 1], 0.0, low)


def corners(item: Item, place: Place, rng: np.random.Generator) -> Boxes:
    """Poses in the corners of the bounds, turned inwards."""
    x0, z0, x1, z1 = *place.low, *place.high
    found: list[Boxes] = []
    for x, sx in ((x0, 1), (x1, -1)):
        for z, sz in ((z0, 1), (z1, -1)):
            for yaw in (0.0, sx * np.pi / 2, sx * np.pi / 4 if sz > 0 else sx * 3 * np.pi / 4):
                axes = np.array([(1.0, 0.0), (0.0, 1.0)])
                wide, deep = reach(item.size, yaw, axes)
                gap = np.concatenate([[0.04], rng.uniform(0.04, 0.6, 6)])
                found.append(poses(item, x + sx * (wide + gap), z + sz * (deep + gap[::-1]), yaw))
    return joined(found)


def anywhere(item: Item, place: Place, rng: np.random.Generator, count: int = 160) -> Boxes:
    """Poses all over the bounds, most of them facing the viewer."""
    half = min(float(np.hypot(item.size[0], item.size[2])) / 2, min(place.size) / 2)
    x = rng.uniform(place.low[0] + half, place.high[0] - half + 1e-9, count)
    z = rng.uniform(place.low[1] + half, place.high[1] - half + 1e-9, count)
    yaw = np.where(np.arange(count) % 3 == 0, rng.uniform(-0.5, 0.5, count), 0.0)
    return joined([poses(item, x, z, yaw), poses(item, x, z, np.pi / 2)])


def on_top(item: Item, carrier: Stood, rng: np.random.Generator, count: int = 70) -> Boxes:
    """Poses standing on top of a carrier where it is level; none where nothing of it carries."""
    found = _over_carrier(item, carrier, rng, count)
    heights = heights_on(carrier, found.points(NINTHS).reshape(-1, 2)).reshape(len(found), -1)
    return _resting(item, found, heights)


def on_shelves(item: Item, carrier: Stood, rng: np.random.Generator) -> Boxes:
    """Poses on any level of a carrier that has room above it for the item."""
    found = _over_carrier(item, carrier, rng, 90)
    points = found.points(NINTHS).reshape(-1, 2)
    above = heights_on(carrier, points)
    levels = [_resting(item, found, above.reshape(len(found), -1))]
    for _ in range(SHELVES):
        heights = heights_on(carrier, points, below=above)
        # A board is thinner than 6 cm: what stands under it must not reach it.
        roomy = np.where(above - heights >= item.size[1] + 0.06, heights, np.nan)
        levels.append(_resting(item, found, roomy.reshape(len(found), -1)))
        above = heights
    return joined(levels)


def _over_carrier(item: Item, carrier: Stood, rng: np.random.Generator, count: int) -> Boxes:
    units = np.concatenate([np.zeros((1, 2)), rng.uniform(-0.92, 0.92, (count, 2))])
    at = carrier.box.points(units)[0]
    turns = carrier.box.yaw[0] + np.where(np.arange(len(at)) % 2 == 0, 0.0, rng.uniform(-0.5, 0.5, len(at)))
    return poses(item, at[:, 0], at[:, 1], turns)


def _resting(item: Item, found: Boxes, heights: Array) -> Boxes:
    """Poses let down on heights (n, 9) under their footprints: the most level ones, or those that bridge a gap."""
    held = ~np.isnan(heights)
    is_held = held[:, 4] | (held.sum(axis=1) >= 4)
    if not is_held.any():
        return found[:0]
    low = np.nanmax(heights[is_held], axis=1)
    level = (np.abs(heights[is_held] - low[:, None]) < 0.02).mean(axis=1)
    chosen = found[is_held].moved(low=low, high=low + item.size[1])
    return chosen[level >= min(level.max(), 0.99) - 1e-9]


def inside(item: Item, anchor: Stood, rng: np.random.Generator, count: int = 40) -> Boxes:
    """Poses within an anchor's bounds, on the lowest face of it that carries, or on its own ground."""
    spare = np.maximum(np.array([anchor.box.width[0] - item.size[0], anchor.box.depth[0] - item.size[2]]), 0.0)
    units = np.concatenate([np.zeros((1, 2)), rng.uniform(-0.95, 0.95, (count, 2))])
    units = units * spare / np.array([anchor.box.width[0], anchor.box.depth[0]])
    at = anchor.box.points(units)[0]
    ground = anchor.box.low[0]
    heights = heights_on(anchor, at, highest=False)
    room = anchor.box.high[0] - item.size[1]
    low = np.where(np.isnan(heights) | (heights > max(room, ground) + 0.02), ground, heights)
    return poses(item, at[:, 0], at[:, 1], anchor.box.yaw[0], low)


def leaning(item: Item, anchor: Boxes) -> Boxes:
    """Boxes that hold the item leaning back against each side of an anchor."""
    behind, ahead = leaned_reach(item.size, LEAN)
    height = leaned_height(item.size, LEAN)
    sides = anchor.yaw[0] + np.array([np.pi / 2, -np.pi / 2, 0.0, np.pi])
    # Where the anchor is lower than the leaning thing, its edge touches the back farther down.
    cut = max(height - float(anchor.high[0] - anchor.low[0]), 0.0) * np.tan(LEAN)
    shape = Item(item.id, item.copy, item.kind, None, (item.size[0], height, ahead - behind))
    gap, slides = np.array([0.004 - cut]), np.linspace(-0.7, 0.7, 7)
    return joined([beside(shape, anchor, np.array([turn]), gap, slides, np.array([turn])) for turn in sides])


def proposals(item: Item, asked: Asked, place: Place, rng: np.random.Generator) -> Boxes:
    """Poses that one relation suggests; none where it only narrows what others suggest."""
    kind, anchor = asked.kind, asked.anchor
    if kind == "on_wall":
        return on_walls(item, place, rng)
    if kind == "against_wall":
        return along_walls(item, place, rng)
    if kind == "in_corner":
        return corners(item, place, rng)
    if kind in ("center_of_room", "center_of_scene"):
        spread = 0.1 * float(np.hypot(*place.size))
        at = np.array(place.center) + np.concatenate([np.zeros((1, 2)), rng.uniform(-spread, spread, (30, 2))])
        return joined([poses(item, at[:, 0], at[:, 1], yaw) for yaw in (0.0, np.pi / 2)])
    if kind == "hanging_from_ceiling":
        spots = anywhere(item, place, rng, 60)
        ceiling = place.ceiling if place.ceiling is not None else 3.2
        return spots.moved(low=np.full(len(spots), ceiling - item.size[1]), high=np.full(len(spots), ceiling))
    return _of_anchor(item, asked, anchor, place, rng) if anchor is not None else joined([])


def _of_anchor(item: Item, asked: Asked, anchor: Stood, place: Place, rng: np.random.Generator) -> Boxes:
    kind = asked.kind
    if kind in ("on", "stacked_on"):
        return on_top(item, anchor, rng)
    if kind == "in":
        return inside(item, anchor, rng)
    if kind in ("above", "hanging_from"):
        return _over(item, anchor, place, hangs=kind == "hanging_from")
    if kind in ("under", "below"):
        return _under(item, anchor, place, rng)
    if kind == "between" and asked.other is not None:
        first, second = anchor.box.centers()[0], asked.other.box.centers()[0]
        part = np.concatenate([[0.5], rng.uniform(0.25, 0.75, 20)])[:, None]
        at = first + (second - first) * part
        return joined([poses(item, at[:, 0], at[:, 1], yaw) for yaw in (0.0, np.pi / 2)])
    if kind == "leaning_against":
        return leaning(item, anchor.box)
    found = _around(item, asked, anchor)
    return _lifted(item, found, anchor) if anchor.on is not None and len(found) else found


def _around(item: Item, asked: Asked, anchor: Stood) -> Boxes:
    kind, own = asked.kind, float(anchor.box.yaw[0])
    gaps, slides = np.linspace(0.06, 0.45, 5), np.linspace(-0.8, 0.8, 7)
    if kind == "near":
        gaps = np.linspace(0.5, 1.45, 6)
    elif kind == "far":
        gaps = np.linspace(4.05, 12.0, 9)
    elif kind in ("left_of", "right_of", "in_front_of", "behind"):
        gaps = np.array([0.12, 0.35, 0.6, 1.0, 1.6, 2.4])
    if asked.metres is not None:
        gaps = asked.metres + np.array([0.0, 0.1, -0.1])
    sides = {"left_of": [-np.pi / 2], "right_of": [np.pi / 2], "in_front_of": [own], "behind": [own + np.pi]}
    turns = np.array(sides.get(kind, [own + np.pi / 2, own - np.pi / 2, own, own + np.pi]))
    if kind in ("left_of", "right_of", "in_front_of", "behind", "far", "near"):
        slides = np.linspace(-1.5, 1.5, 9)
    yaws = None
    if is_one_of(item.kind, SEATS) and is_one_of(anchor.item.kind, TABLES):
        yaws = turns[:1] + np.pi if len(turns) == 1 else None
    elif kind in ("left_of", "right_of", "behind"):
        yaws = np.array([own, own + 0.3, own - 0.3, own + np.pi / 2])
    return beside(item, anchor.box, turns, gaps, slides, yaws)


def _lifted(item: Item, found: Boxes, anchor: Stood) -> Boxes:
    """Poses brought up to what carries the anchor; those beside it fall away."""
    carrier = anchor.on
    assert carrier is not None
    low = heights_on(carrier, found.centers())
    is_held = ~np.isnan(low)
    return found[is_held].moved(low=low[is_held], high=low[is_held] + item.size[1])


def _over(item: Item, anchor: Stood, place: Place, hangs: bool) -> Boxes:
    box = anchor.box
    if hangs:
        low = np.array([box.low[0] - item.size[1]])
        # Before a wall what hangs is moved out until its back is clear of it.
        out = np.array([0.0, max((item.size[2] - float(box.depth[0])) / 2, 0.0) + 0.005])
        at = box.centers() + out[:, None] * box.front()
        return poses(item, at[:, 0], at[:, 1], box.yaw[0], low[0])
    base = float(box.high[0]) + np.array([0.02, 0.1, 0.25, 0.45])
    found = [poses(item, np.repeat(box.x, 4), np.repeat(box.z, 4), np.repeat(box.yaw, 4), base)]
    for wall in place.walls:
        way = (np.array(wall.end) - np.array(wall.start)) / wall.length
        along = float((box.centers()[0] - np.array(wall.start)) @ way)
        found.append(at_wall(item, wall, np.full(4, along), 0.01, np.maximum(base, 0.9)))
    return joined(found[1:] + found[:1]) if habit(item.kind) == "wall" else joined(found)


def _under(item: Item, anchor: Stood, place: Place, rng: np.random.Generator) -> Boxes:
    box = anchor.box
    slides = np.concatenate([[0.0], rng.uniform(-0.5, 0.5, 12)])
    at = box.points(np.stack([slides, slides[::-1] * 0.5], axis=1))[0]
    turns = [float(box.yaw[0]), float(box.yaw[0]) + np.pi / 2]
    found = [poses(item, at[:, 0], at[:, 1], yaw) for yaw in turns]
    for wall in place.walls:
        way = (np.array(wall.end) - np.array(wall.start)) / wall.length
        along = float((box.centers()[0] - np.array(wall.start)) @ way)
        found.append(at_wall(item, wall, along + np.array([0.0, 0.2, -0.2, 0.4, -0.4])))
    return joined(found)
