"""Whether relations hold, measured on boxes as the plan's vocabulary defines them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.plan.schema import RelationKind
from diorama_nodes.scene.items import Stood
from diorama_nodes.scene.place import Place, Wall
from diorama_nodes.scene.solids import Array, Bools, Boxes, gaps, overlaps, repeated

GRID = np.stack(np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 5)), axis=-1).reshape(-1, 2)
GROUPS: frozenset[RelationKind] = frozenset(
    ("around", "aligned_row", "grid", "along", "both_sides", "opposite_sides", "stacked_on")
)
"""Relations that several subjects hold together."""
ALONE: frozenset[RelationKind] = frozenset(
    (
        "against_wall",
        "on_wall",
        "in_corner",
        "center_of_room",
        "center_of_scene",
        "hanging_from_ceiling",
        "aligned_row",
        "grid",
        "along",
    )
)
"""Relations that need no object."""


def to_wall(boxes: Boxes, wall: Wall) -> Array:
    """Distances of the footprints to a wall's plane, infinite for those not in front of it."""
    corners = boxes.footprints()
    start, normal = np.array(wall.start), np.array(wall.normal)
    along = np.array(wall.end) - start
    along = along / np.linalg.norm(along)
    middle = (boxes.centers() - start) @ along
    away = ((corners - start) @ normal).min(axis=1)
    beside = (middle < -0.01) | (middle > wall.length + 0.01) | (away < -0.05)
    return np.where(beside, np.inf, np.maximum(away, 0.0))


def _near_wall(boxes: Boxes, place: Place, reach: float) -> Bools:
    found = np.zeros(len(boxes), dtype=bool)
    for wall in place.walls:
        found |= to_wall(boxes, wall) <= reach
    return found


def _in_corner(boxes: Boxes, place: Place) -> Bools:
    if not place.walls:
        x = np.minimum(
            np.abs(boxes.footprints()[..., 0] - place.low[0]).min(axis=1),
            np.abs(boxes.footprints()[..., 0] - place.high[0]).min(axis=1),
        )
        z = np.minimum(
            np.abs(boxes.footprints()[..., 1] - place.low[1]).min(axis=1),
            np.abs(boxes.footprints()[..., 1] - place.high[1]).min(axis=1),
        )
        return np.asarray((x <= 0.8) & (z <= 0.8))
    near = [(np.array(wall.normal), to_wall(boxes, wall) <= 0.8) for wall in place.walls]
    found = np.zeros(len(boxes), dtype=bool)
    for number, (normal, is_near) in enumerate(near):
        for other, is_other_near in near[number + 1 :]:
            if abs(float(normal @ other)) < 0.1:
                found |= is_near & is_other_near
    return found


def _at_center(boxes: Boxes, place: Place) -> Bools:
    away = np.hypot(boxes.x - place.center[0], boxes.z - place.center[1])
    return np.asarray(away <= 0.2 * np.hypot(*place.size))


def _of_room(kind: RelationKind, boxes: Boxes, place: Place) -> Bools | None:
    if kind == "against_wall":
        return _near_wall(boxes, place, 0.3)
    if kind == "on_wall":
        return _near_wall(boxes, place, 0.02) & (boxes.low > 0.2)
    if kind == "in_corner":
        return _in_corner(boxes, place)
    if kind in ("center_of_room", "center_of_scene"):
        return _at_center(boxes, place)
    if kind == "hanging_from_ceiling":
        ceiling = place.ceiling if place.ceiling is not None else np.inf
        return np.asarray(np.abs(boxes.high - ceiling) <= 0.02)
    return None


def center_over(boxes: Boxes, anchor: Boxes) -> Bools:
    """Whether the centres lie over the anchor's footprint."""
    local = anchor.local(boxes.centers()[None])[0]
    return np.asarray((np.abs(local) <= np.array([anchor.width[0], anchor.depth[0]]) / 2 + 1e-6).all(axis=1))


def _inside(boxes: Boxes, anchor: Boxes) -> Bools:
    points = boxes.points(GRID)
    local = anchor.local(points.reshape(1, -1, 2))[0].reshape(*points.shape)
    within = (np.abs(local) <= np.array([anchor.width[0], anchor.depth[0]]) / 2 + 1e-6).all(axis=2)
    if float(anchor.high[0] - anchor.low[0]) < 0.1:
        # A surface, such as water: what is in it stands out of it.
        return np.asarray((within.mean(axis=1) >= 0.9) & (np.abs(boxes.low - anchor.low[0]) < 0.2))
    height = np.maximum(boxes.high - boxes.low, 1e-6)
    shared = np.minimum(boxes.high, anchor.high) - np.maximum(boxes.low, anchor.low - 0.02)
    return np.asarray(within.mean(axis=1) * np.clip(shared / height, 0, 1) >= 0.9)


def _ahead(boxes: Boxes, anchor: Boxes) -> Array:
    """Share of the footprints before the anchor's middle, as it faces."""
    points = boxes.points(GRID)
    local = anchor.local(points.reshape(1, -1, 2))[0].reshape(*points.shape)
    return np.asarray((local[..., 1] > 0).mean(axis=1))


def _beside(boxes: Boxes, anchor: Boxes) -> Array:
    """Share of the footprints on the viewer's left of the anchor's middle."""
    return np.asarray((boxes.points(GRID)[..., 0] < anchor.x[0]).mean(axis=1))


def faces(boxes: Boxes, x: float, z: float, radians: float = np.pi / 6) -> Bools:
    """Whether the fronts look at a place within an angle."""
    way = np.array([x, z]) - boxes.centers()
    far = np.linalg.norm(way, axis=1)
    cos = (boxes.front() * way).sum(axis=1) / np.maximum(far, 1e-9)
    return np.asarray((cos >= np.cos(radians) - 1e-9) | (far < 1e-6))


def between(boxes: Boxes, first: Boxes, second: Boxes) -> Bools:
    """Whether the centres lie between two anchors."""
    start, way = first.centers()[0], second.centers()[0] - first.centers()[0]
    length = float(np.linalg.norm(way))
    if length < 1e-6:
        return np.zeros(len(boxes), dtype=bool)
    offset = boxes.centers() - start
    part = offset @ way / length**2
    aside = np.abs(offset[:, 0] * way[1] - offset[:, 1] * way[0]) / length
    widest = max(first.width[0], first.depth[0], second.width[0], second.depth[0])
    return np.asarray((part >= 0.15) & (part <= 0.85) & (aside <= widest / 2))


def _distance(kind: RelationKind, boxes: Boxes, anchor: Boxes, metres: float | None) -> Bools:
    gap = gaps(boxes, anchor)
    if metres is not None and kind != "far":
        return np.asarray(np.abs(gap - metres) <= 0.25)
    if kind == "next_to":
        return np.asarray(gap <= 0.5)
    return np.asarray((gap >= 0.25) & (gap <= 1.75)) if kind == "near" else np.asarray(gap >= 4.0)


Pair = Callable[[Boxes, Boxes], Bools]
PAIRS: dict[RelationKind, Pair] = {
    "on": lambda boxes, anchor: (
        center_over(boxes, anchor) & (boxes.low <= anchor.high[0] + 0.02) & (boxes.low > anchor.low[0] + 0.01)
    ),
    "stacked_on": lambda boxes, anchor: center_over(boxes, anchor) & (np.abs(boxes.low - anchor.high[0]) <= 0.02),
    "under": lambda boxes, anchor: overlaps(boxes, anchor) & (boxes.high <= anchor.high[0]),
    "above": lambda boxes, anchor: overlaps(boxes, anchor, 0.35) & (boxes.low >= anchor.high[0] - 0.05),
    "below": lambda boxes, anchor: np.asarray(boxes.high <= anchor.low[0] + 0.05),
    "in": _inside,
    "left_of": lambda boxes, anchor: np.asarray(_beside(boxes, anchor) >= 0.5),
    "right_of": lambda boxes, anchor: np.asarray(_beside(boxes, anchor) <= 0.5),
    "in_front_of": lambda boxes, anchor: np.asarray(_ahead(boxes, anchor) >= 0.5),
    "behind": lambda boxes, anchor: np.asarray(_ahead(boxes, anchor) <= 0.5),
    "facing": lambda boxes, anchor: faces(boxes, float(anchor.x[0]), float(anchor.z[0])),
    "hanging_from": lambda boxes, anchor: overlaps(boxes, anchor, 0.2) & (np.abs(boxes.high - anchor.low[0]) <= 0.05),
    "leaning_against": lambda boxes, anchor: np.asarray(gaps(boxes, anchor) <= 0.03),
    "along": lambda boxes, anchor: np.asarray(gaps(boxes, anchor) <= 2.0),
    "around": lambda boxes, anchor: np.asarray(gaps(boxes, anchor) <= 1.5),
}


def holds(
    kind: RelationKind,
    boxes: Boxes,
    anchor: Stood | None,
    place: Place,
    other: Stood | None = None,
    metres: float | None = None,
) -> Bools:
    """Whether a relation holds for each of the boxes by itself, (n,)."""
    of_room = _of_room(kind, boxes, place)
    if of_room is not None:
        return of_room
    if anchor is None:
        return np.ones(len(boxes), dtype=bool)
    if kind == "between":
        return between(boxes, anchor.box, other.box) if other is not None else np.zeros(len(boxes), dtype=bool)
    if kind in ("next_to", "near", "far"):
        return _distance(kind, boxes, anchor.box, metres)
    pair = PAIRS.get(kind)
    held = pair(boxes, anchor.box) if pair is not None else np.ones(len(boxes), dtype=bool)
    if metres is not None and kind in ("left_of", "right_of", "in_front_of", "behind"):
        held = held & (np.abs(gaps(boxes, anchor.box) - metres) <= 0.25)
    return held


def group_holds(kind: RelationKind, boxes: Boxes, anchor: Boxes | None, rows: int | None, columns: int | None) -> bool:
    """Whether a relation of several subjects holds for all of them together."""
    if kind == "around" and anchor is not None:
        return _is_around(boxes, anchor)
    if kind in ("both_sides", "opposite_sides") and anchor is not None:
        return _is_on_both_sides(boxes, anchor)
    if kind == "aligned_row":
        return _are_aligned(boxes, rows or 1)
    if kind == "grid":
        return _is_lattice(boxes, rows, columns)
    return True


def _is_around(boxes: Boxes, anchor: Boxes) -> bool:
    if (gaps(boxes, repeated(anchor, len(boxes))) > 1.5).any():
        return False
    turn = np.sort(np.arctan2(boxes.x - anchor.x[0], boxes.z - anchor.z[0]))
    if len(turn) < 2:
        return True
    opened = np.diff(np.append(turn, turn[0] + 2 * np.pi))
    return bool(opened.max() <= 4 * np.pi / len(turn) + 1e-6) if len(turn) > 2 else bool(opened.max() <= 1.5 * np.pi)


def _is_on_both_sides(boxes: Boxes, anchor: Boxes) -> bool:
    local = anchor.local(boxes.centers()[None])[0]
    return any(bool((local[:, axis] > 0).any() and (local[:, axis] < 0).any()) for axis in (0, 1))


def _are_aligned(boxes: Boxes, rows: int) -> bool:
    if len(boxes) % rows:
        return False
    for start in range(0, len(boxes), len(boxes) // rows):
        row = boxes[start : start + len(boxes) // rows]
        points = row.centers() - row.centers().mean(axis=0)
        if len(row) > 2 and np.abs(np.linalg.svd(points)[0][:, 1:2] * np.linalg.svd(points)[1][1]).max() > 0.15:
            return False
        turn = np.angle(np.exp(2j * (row.yaw - row.yaw[0]))) / 2
        if np.abs(turn).max() > np.radians(5):
            return False
    return True


def _is_lattice(boxes: Boxes, rows: int | None, columns: int | None) -> bool:
    rows = rows or max(1, round(len(boxes) ** 0.5))
    columns = columns or -(-len(boxes) // rows)
    if len(boxes) != rows * columns:
        return False
    points = boxes.centers().reshape(rows, columns, 2)
    first = points - points.mean(axis=(0, 1))
    along = first.mean(axis=1, keepdims=True) + first.mean(axis=0, keepdims=True)
    return bool(np.abs(first - along).max() <= 0.15)
