"""Ways in which several things may stand together: rings, rows, lattices, pairs, stacks."""

from __future__ import annotations

import numpy as np

from diorama_nodes.plan.schema import RelationKind, RelationSpec
from diorama_nodes.scene.items import Item, Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.proposals import at_wall, poses, reach
from diorama_nodes.scene.solids import Array, Boxes, joined


def formations(
    relation: RelationSpec, items: list[Item], anchor: Stood | None, place: Place, others: frozenset[RelationKind]
) -> list[Boxes]:
    """Arrangements of all items that the relation allows, the likeliest first; `others` are also asked of them."""
    kind = relation.kind
    if kind == "around" and anchor is not None:
        return _rings(items, anchor)
    if kind in ("both_sides", "opposite_sides"):
        return _pairs(items, anchor, place, others)
    if kind == "aligned_row":
        return _rows(items, relation.rows or 1, place, others, anchor)
    if kind == "grid":
        return _lattices(items, relation.rows, relation.columns, place)
    if kind == "along":
        return _along(items, anchor, place, others)
    return []


def _rings(items: list[Item], anchor: Stood) -> list[Boxes]:
    count, box = len(items), anchor.box
    size = (float(box.width[0]), 1.0, float(box.depth[0]))
    found: list[Boxes] = []
    is_small = max(items[0].size[0], items[0].size[2]) < 0.8
    for gap in (0.1, 0.3, 0.6, 0.02, 0.9) if is_small else (0.9, 0.5, 1.2, 0.3, 0.1):
        for start in (0.0, 0.5, 0.25, 0.75):
            turn = box.yaw[0] + (np.arange(count) + start) * 2 * np.pi / count
            ways = np.stack([np.sin(turn), np.cos(turn)], axis=1)
            away = _rim(size, float(box.yaw[0]), ways) + gap + reach(items[0].size, turn + np.pi, ways)
            at = box.centers() + ways * away[:, None]
            low = float(box.low[0]) if anchor.on is None and box.low[0] > 1.0 else 0.0
            found.append(poses(items[0], at[:, 0], at[:, 1], turn + np.pi, low))
    return found


def _rim(size: tuple[float, float, float], yaw: float, ways: Array) -> Array:
    """How far from the middle of a footprint its edge is along unit directions (n, 2)."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    right = np.abs(ways[:, 0] * cos - ways[:, 1] * sin)
    ahead = np.abs(ways[:, 0] * sin + ways[:, 1] * cos)
    return np.asarray(np.minimum(size[0] / 2 / np.maximum(right, 1e-6), size[2] / 2 / np.maximum(ahead, 1e-6)))


def _pairs(items: list[Item], anchor: Stood | None, place: Place, others: frozenset[RelationKind]) -> list[Boxes]:
    """Left and right by turns, one pair after another."""
    count = len(items)
    side = np.where(np.arange(count) % 2 == 0, -1.0, 1.0)
    row = np.arange(count) // 2
    if anchor is None:
        return _on_both_walls(items, place)
    box, item = anchor.box, items[0]
    front = box.front()[0]
    right = np.array([front[1], -front[0]])
    found: list[Boxes] = []
    for gap in (0.08, 0.3, 0.6, 1.2):
        for start in _starts(box, item, others):
            aside = float(box.width[0]) / 2 + gap + item.size[0] / 2
            if "behind" in others or "in_front_of" in others:
                aside = max(float(box.width[0]) * 0.3, item.size[0]) + gap
            ahead = start + (-1 if "in_front_of" not in others else 1) * row * (item.size[2] + 0.9)
            wider = row * (item.size[0] + 0.12)
            if "next_to" in others and ("behind" in others or "in_front_of" in others):
                # All as close to it as the first pair: one beside the other.
                at = box.centers() + (side * (aside + wider))[:, None] * right + start * front
                found.append(poses(item, at[:, 0], at[:, 1], box.yaw[0]))
            at = box.centers() + side[:, None] * aside * right + ahead[:, None] * front
            found.append(poses(item, at[:, 0], at[:, 1], box.yaw[0]))
    if "on_wall" in others or "against_wall" in others:
        found = _on_both_walls(items, place) + found
    return found


def _starts(box: Boxes, item: Item, others: frozenset[RelationKind]) -> tuple[float, ...]:
    """How far before the anchor's middle the first pair may stand: behind it, before it, or along it."""
    clear = float(box.depth[0]) / 2 + item.size[2] / 2
    if "behind" in others:
        return (-clear - (0.1 if "next_to" in others else 0.6), -clear - 1.2)
    if "in_front_of" in others:
        return (clear + 0.6, clear + 1.2)
    level = (item.size[2] - float(box.depth[0])) / 2
    return (level, 0.0, -level)


def _on_both_walls(items: list[Item], place: Place) -> list[Boxes]:
    sides = [
        next((wall for wall in place.walls if wall.normal[0] > 0.9), None),
        next((wall for wall in place.walls if wall.normal[0] < -0.9), None),
    ]
    count = len(items)
    per_side = -(-count // 2)
    found: list[Boxes] = []
    for margin in (0.5, 0.65, 0.8):
        rows: list[Boxes] = []
        for number in range(count):
            part = (number // 2 + 0.5) / per_side
            wall = sides[number % 2]
            if wall is None:
                x = place.way[1][0] + (-1 if number % 2 == 0 else 1) * (
                    place.way_width / 2 + items[0].size[0] / 2 + 0.3
                )
                z = place.low[1] + (place.size[1]) * (1 - part * margin * 1.2)
                rows.append(poses(items[0], np.array([x]), np.array([z]), 0.0))
            else:
                # The left wall runs away from the viewer, the right one towards it.
                along = wall.length * (part if number % 2 == 0 else 1 - part)
                rows.append(at_wall(items[0], wall, np.array([along])))
        found.append(joined(rows))
    return found


def _rows(
    items: list[Item], rows: int, place: Place, others: frozenset[RelationKind], anchor: Stood | None
) -> list[Boxes]:
    per_row = -(-len(items) // rows)
    item, found = items[0], list[Boxes]()
    if rows == 1 and ("against_wall" in others or (place.is_indoor and "facing" not in others)):
        found += _wall_rows(items, place)
    center = np.array(place.center) if anchor is None else anchor.box.centers()[0]
    for gap in (0.04, 0.3, 0.8):
        for aisle in (1.3, 1.0, 1.8, 2.4):
            for yaw in (np.pi / 2, 0.0) if rows == 2 else (0.0, np.pi / 2):
                step = item.size[0] + gap
                number = np.arange(len(items))
                along = (number % per_row - (per_row - 1) / 2) * step
                across = (number // per_row - (rows - 1) / 2) * (item.size[2] + aisle)
                turn = np.full(len(items), yaw)
                if rows == 2:
                    turn = np.where(number // per_row == 0, yaw, yaw + np.pi)
                right, ahead = np.array([np.cos(yaw), -np.sin(yaw)]), np.array([np.sin(yaw), np.cos(yaw)])
                for slide in (0.0, -0.2, 0.2, -0.35):
                    middle = center + np.array([0.0, slide * place.size[1]])
                    at = middle + along[:, None] * right + across[:, None] * ahead
                    found.append(poses(item, at[:, 0], at[:, 1], turn))
    return found


def _wall_rows(items: list[Item], place: Place) -> list[Boxes]:
    found: list[Boxes] = []
    for wall in sorted(place.walls, key=lambda wall: -wall.normal[1]):
        for gap in (0.06, 0.3, 0.02):
            step = items[0].size[0] + gap
            along = (np.arange(len(items)) - (len(items) - 1) / 2) * step
            room = wall.length / 2 - along[-1] - items[0].size[0] / 2
            if room >= 0:
                found += [at_wall(items[0], wall, wall.length / 2 + along + room * s) for s in (0.0, -0.6, 0.6)]
    return found


def _lattices(items: list[Item], rows: int | None, columns: int | None, place: Place) -> list[Boxes]:
    rows = rows or max(1, round(len(items) ** 0.5))
    columns = columns or -(-len(items) // rows)
    item = items[0]
    row, column = np.divmod(np.arange(len(items)), columns)
    found: list[Boxes] = []
    for aside, behind in ((0.6, 1.1), (0.4, 0.9), (0.8, 0.8), (0.3, 0.5), (0.12, 0.2)):
        for slide in (0.0, 0.12, -0.12, 0.25, -0.25):
            x = place.center[0] + (column - (columns - 1) / 2) * (item.size[0] + aside)
            z = place.center[1] + slide * place.size[1] - (row - (rows - 1) / 2) * (item.size[2] + behind)
            found.append(poses(item, x, z, 0.0))
    return found


def _along(items: list[Item], anchor: Stood | None, place: Place, others: frozenset[RelationKind]) -> list[Boxes]:
    """Spread evenly along an anchor's long sides, or along the way on one side of it or by turns."""
    if "against_wall" in others and place.walls:
        return _on_both_walls(items, place) if len(items) > 1 else []
    count = len(items)
    part = (np.arange(count) + 0.5) / count
    if anchor is None:
        (x0, z0), (x1, z1) = place.way
        line, way = np.array([(x0, z0), (x1, z1)]), place.way_width / 2
    else:
        box = anchor.box
        ahead = np.array([(0.0, -1.0), (0.0, 1.0)] if box.depth[0] >= box.width[0] else [(-1.0, 0.0), (1.0, 0.0)])
        line, way = box.points(ahead)[0], float(min(box.depth[0], box.width[0])) / 2
    step = line[1] - line[0]
    across = np.array([step[1], -step[0]]) / max(float(np.linalg.norm(step)), 1e-9)
    found: list[Boxes] = []
    half = max(items[0].size[0], items[0].size[2]) / 2
    for side in (np.where(np.arange(count) % 2 == 0, 1.0, -1.0), np.ones(count), -np.ones(count)):
        for gap in (0.3, 0.8, 1.4):
            at = line[0] + part[:, None] * step + side[:, None] * (way + gap + half) * across
            found.append(poses(items[0], at[:, 0], at[:, 1], np.arctan2(-side * across[0], -side * across[1])))
    return found
