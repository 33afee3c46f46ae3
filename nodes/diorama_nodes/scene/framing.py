"""From where a view shows what was asked for: large enough, whole, and with nothing in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from diorama_nodes.plan.schema import PathSpec
from diorama_nodes.scene.habits import habit
from diorama_nodes.scene.items import Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.solids import Array, Bools, Boxes, collides

Indices = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
ASPECT = 16 / 9
SHOWN = 0.4
"""Share of the scene at which it is pictured where no moment is given."""
PROMISING, BEST = 900, 40
"""Views of which it is seen whether something stands at the eye, and of those whether something hides a subject."""
FIGURE, STREET = (0.3, 0.55), (0.2, 0.4)
"""Share of the picture's height that a figure takes up; less in a street, which is to be seen itself."""
THING, INSIDE = (0.32, 0.6), (0.16, 0.36)
"""Share of the picture's width or height that the leading thing takes up; less in a room."""
TALL = 1.75
NEAREST = 1.0
"""Metres before the eye in which nothing large stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """Something to be seen: points of its outline (k, 3), how much it matters, where its front looks."""

    points: Array
    weight: float
    also: Array = field(default_factory=lambda: np.zeros((0, 3)))
    """Places that are to be in the picture too: where a figure comes from and goes to."""
    front: float | None = None
    boxes: Boxes | None = None
    is_figure: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Eyes and what they look at, (n, 3) each."""

    eyes: Array
    focuses: Array

    def project(self, points: Array, fov_y: float) -> Array:
        """Where points (k, 3) are in each picture, from -1 to 1 across and up, with depths: (n, k, 3)."""
        ahead = self.focuses - self.eyes
        ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
        right = np.cross(ahead, [0.0, 1.0, 0.0])
        right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)
        apart = points[None] - self.eyes[:, None]
        depth = np.einsum("nkc,nc->nk", apart, ahead)
        half = np.tan(fov_y / 2) * np.maximum(depth, 1e-3)
        across = np.einsum("nkc,nc->nk", apart, right) / (half * ASPECT)
        upwards = np.einsum("nkc,nc->nk", apart, np.cross(right, ahead)) / half
        return np.stack([across, upwards, depth], axis=2)

    def at(self, chosen: Indices) -> Views:
        """Some of the views."""
        return Views(self.eyes[chosen], self.focuses[chosen])


def subjects_of(
    things: Sequence[Stood], paths: Sequence[PathSpec], asked: frozenset[str], leading: str | None
) -> list[Subject]:
    """What is to be seen, the leading one first: figures, and the things that the sentence names."""
    found = [
        Subject(_outline_of(path, SHOWN), 3.0 if number < 2 else 1.5, _ends_of(path), is_figure=True)
        for number, path in enumerate(paths)
    ]
    copies: dict[str, list[Stood]] = {}
    for thing in things:
        if thing.item.id in asked and habit(thing.item.kind) != "sky":
            copies.setdefault(thing.item.id, []).append(thing)
    for name, group in copies.items():
        some = group[:: max(len(group) // 4, 1)][:4] if len(group) > 4 else group
        weight = (3.0 if name == leading else 1.2) / len(some)
        for thing in some:
            front = float(thing.box.yaw[0]) if habit(thing.item.kind) != "flat" else None
            found.append(Subject(_corners(thing.box), weight, front=front, boxes=thing.box))
    return sorted(found, key=lambda subject: (not subject.is_figure, -subject.weight))


def _outline_of(path: PathSpec, share: float) -> Array:
    """A figure some way along its path, at head, hips and feet."""
    line = np.array(path.points)
    at = line[0] + (line[-1] - line[0]) * share
    heights = np.array([0.05, 0.9, TALL]) * (0.75 if path.action == "sit" else 1.0) + path.height
    return np.array([(at[0] + aside, height, at[1]) for height in heights for aside in (-0.3, 0.3)])


def _ends_of(path: PathSpec) -> Array:
    """The chest of a figure where it starts and where it ends."""
    return np.array([(x, path.height + 1.2, z) for x, z in (path.points[0], path.points[-1])])


def _corners(box: Boxes) -> Array:
    flat = box.footprints()[0]
    return np.array([(x, y, z) for x, z in flat for y in (float(box.low[0]), float(box.high[0]))])


def framed(
    place: Place, eye: Array, focus: Array, fov_y: float, subjects: Sequence[Subject], solid: Boxes
) -> tuple[Array, Array]:
    """The eye and focus, moved from those given to where the subjects are seen best."""
    views = _choices(place, eye, focus, subjects)
    is_furnished = place.is_indoor and len(solid) > len(subjects) + 1
    figure, thing = (STREET, THING) if _is_street(place) else (FIGURE, INSIDE if is_furnished else THING)
    score = _shown(views, subjects, fov_y, figure if subjects[0].is_figure else thing)
    if not subjects[0].is_figure:
        score -= 3.0 * _off(_spread(views, subjects, fov_y), 0.3 if place.is_indoor else 0.42, 0.92)
    score -= _strayed(views, eye, focus)
    order = np.argsort(-score, kind="stable")[:PROMISING]
    order = order[~_is_stuck(views.at(order), solid)][:BEST]
    best, most = (eye, focus), -np.inf
    for number in order:
        at = views.eyes[number], views.focuses[number]
        total = score[number] - _hidden(*at, subjects, solid, fov_y)
        if total > most + 1e-9:
            best, most = at, total
    return best


def _choices(place: Place, eye: Array, focus: Array, subjects: Sequence[Subject]) -> Views:
    """Eyes nearer and farther, to both sides, lower and higher; looking at the focus or at the subjects."""
    weights = np.array([subject.weight for subject in subjects])
    middles = np.array([subject.points.mean(axis=0) for subject in subjects])
    middle = (middles * weights[:, None]).sum(axis=0) / weights.sum()
    lead = middles[0]
    turns = np.radians([0.0]) if _is_street(place) else np.radians(np.arange(-60, 61, 10))
    shares = np.array([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.45, 1.9, 2.6])
    goals = [focus, middle, (focus + middle) / 2, (lead + middle) / 2, lead]
    if _is_street(place):
        # A street is composed around its own focus: the eye only comes a little nearer.
        shares, goals = shares[6:9], [focus, (3 * focus + middle) / 4]
    lifts = np.array([0.0]) if _is_street(place) else np.array([-0.25, 0.0, 0.5, 1.0])
    eyes, focuses = [], []
    for goal in goals:
        apart = eye - goal
        for turn in turns:
            cos, sin = np.cos(turn), np.sin(turn)
            flat = np.array([apart[0] * cos + apart[2] * sin, 0.0, apart[2] * cos - apart[0] * sin])
            for share in shares:
                for lift in lifts:
                    at = goal + flat * share
                    at[1] = max(eye[1] + lift * max(share * np.hypot(*flat[[0, 2]]) / 6.0, 0.5), 0.5)
                    eyes.append(at)
                    focuses.append(goal)
    return Views(np.array([_kept(at, place) for at in eyes]), np.array(focuses))


def _is_street(place: Place) -> bool:
    return bool(place.walls) and not place.is_indoor


def _kept(eye: Array, place: Place) -> Array:
    """The eye, brought back within walls, ceiling and above the ground."""
    kept = eye.copy()
    kept[1] = max(kept[1], 0.3)
    if place.is_indoor and place.ceiling is not None:
        kept[0] = np.clip(kept[0], place.low[0] + 0.3, place.high[0] - 0.3)
        kept[2] = np.clip(kept[2], place.low[1] + 0.3, max(place.high[1] + 1.5, place.eye[2]))
        kept[1] = min(kept[1], place.ceiling - 0.3)
    elif place.walls:
        kept[0] = np.clip(kept[0], place.low[0] + 0.35, place.high[0] - 0.35)
    return kept


def _is_stuck(views: Views, solid: Boxes) -> Bools:
    """Whether something stands at the eye, or right before it."""
    count = len(views.eyes)
    stuck = np.zeros(count, dtype=bool)
    way = views.focuses - views.eyes
    far = np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    stuck |= far[:, 0] < 0.9
    for ahead in (0.0, 0.35, 0.7):
        at = views.eyes + way / far * ahead
        ones = np.ones(count)
        spots = Boxes(at[:, 0], at[:, 2], 0 * ones, 0.5 * ones, 0.5 * ones, at[:, 1] - 0.25, at[:, 1] + 0.25)
        stuck |= collides(spots, solid)
    return stuck


def _shown(views: Views, subjects: Sequence[Subject], fov_y: float, good: tuple[float, float]) -> Array:
    """How well each view shows the subjects: whole, and of a good size."""
    score = np.zeros(len(views.eyes))
    # Who walks is to be seen as well when the eye has come nearer.
    near = Views(views.eyes + 0.16 * (views.focuses - views.eyes), views.focuses)
    for number, subject in enumerate(subjects):
        seen = views.project(subject.points, fov_y)
        inside = (np.abs(seen[..., :2]) < (0.9, 0.86)).all(axis=2) & (seen[..., 2] > 0.8)
        score += 3.0 * subject.weight * inside.mean(axis=1)
        if len(subject.also):
            seen_also = near.project(subject.also, fov_y)
            inside = (np.abs(seen_also[..., :2]) < 0.9).all(axis=2) & (seen_also[..., 2] > 1.2)
            score += 3.0 * subject.weight * inside.mean(axis=1)
        least, most = seen[..., :2].min(axis=1), seen[..., :2].max(axis=1)
        size = (most - least) / 2
        if number == 0:
            extent = size[:, 1] if subject.is_figure else size.max(axis=1)
            score -= 3.0 * _off(extent, *good)
            score -= 0.8 * np.abs((least + most)[:, 0] / 2)
            if subject.front is not None:
                apart = views.eyes - subject.points.mean(axis=0)
                score += 0.7 * np.cos(np.arctan2(apart[:, 0], apart[:, 2]) - subject.front)
    return score


def _off(size: Array, least: float, most: float) -> Array:
    """How far, in doublings, a size is below the least or above the most."""
    kept = np.clip(size, 1e-3, 50.0)
    return np.asarray(np.maximum(np.log2(least / kept), 0.0) + np.maximum(np.log2(kept / most), 0.0))


def _spread(views: Views, subjects: Sequence[Subject], fov_y: float) -> Array:
    """Share of the picture's width or height that all subjects take up together."""
    seen = views.project(np.concatenate([subject.points for subject in subjects]), fov_y)[..., :2]
    return np.asarray(np.ptp(seen, axis=1).max(axis=1) / 2)


def _strayed(views: Views, eye: Array, focus: Array) -> Array:
    """How far a view is from the one that suits the place: turned aside, lifted, looking down or up."""
    first, apart = eye - focus, views.eyes - views.focuses
    turn = np.arctan2(apart[:, 0], apart[:, 2]) - np.arctan2(first[0], first[2])
    turn = np.abs((turn + np.pi) % (2 * np.pi) - np.pi)
    lengths = np.hypot(*(views.eyes - eye)[:, [0, 2]].T) / max(float(np.hypot(first[0], first[2])), 1e-6)
    steep = np.arctan2(apart[:, 1], np.hypot(apart[:, 0], apart[:, 2]))
    return np.asarray(
        0.8 * np.maximum(lengths - 0.1, 0.0)
        + 0.6 * turn
        + 6.0 * np.maximum(steep - 0.12, 0.0)
        + 2.0 * np.maximum(-steep - 0.3, 0.0)
    )


def _hidden(eye: Array, focus: Array, subjects: Sequence[Subject], solid: Boxes, fov_y: float) -> float:
    """What stands before the subjects, and large things close to the eye."""
    total = 0.0
    for subject in subjects:
        others = solid if subject.boxes is None else _without(solid, subject.boxes)
        targets = np.concatenate([subject.points, subject.points.mean(axis=0, keepdims=True)])
        total += 3.0 * subject.weight * float(crossed(eye, targets, others, 0.0, 0.97).mean())
    view = Views(eye[None], focus[None])
    grid = np.array([(x, y) for x in (-0.8, -0.4, 0.0, 0.4, 0.8) for y in (-0.7, 0.0, 0.7)])
    far = float(np.linalg.norm(subjects[0].points.mean(axis=0) - eye))
    own = subjects[0].boxes
    others = solid if own is None else _without(solid, own)
    near = crossed(eye, _rays(view, grid, fov_y) + eye, others, 0.0, max(NEAREST, min(0.5 * far, 4.0)))
    return total + 6.0 * float(near.mean())


def _rays(view: Views, grid: Array, fov_y: float) -> Array:
    """Unit directions through places of the picture, (k, 3)."""
    ahead = view.focuses[0] - view.eyes[0]
    ahead = ahead / np.linalg.norm(ahead)
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    right /= max(float(np.linalg.norm(right)), 1e-9)
    tangent = np.tan(fov_y / 2)
    ways = (
        ahead + np.outer(grid[:, 0] * tangent * ASPECT, right) + np.outer(grid[:, 1] * tangent, np.cross(right, ahead))
    )
    return np.asarray(ways / np.linalg.norm(ways, axis=1, keepdims=True))


def crossed(eye: Array, targets: Array, solid: Boxes, start: float, end: float) -> Bools:
    """For each target whether a box is met between two shares of the way to it."""
    if not len(solid):
        return np.zeros(len(targets), dtype=bool)
    ends = np.stack([np.broadcast_to(eye, targets.shape), targets], axis=1)
    flat = solid.local(ends.reshape(1, -1, 3)[..., [0, 2]]).reshape(len(solid), -1, 2, 2)
    height = np.broadcast_to(ends[None, ..., 1], flat.shape[:3])
    apart = np.concatenate([flat, height[..., None]], axis=3)
    first, way = apart[:, :, 0], apart[:, :, 1] - apart[:, :, 0]
    half = np.stack([solid.width / 2, solid.depth / 2], axis=1) * 0.96
    low = np.concatenate([-half, solid.low[:, None]], axis=1)[:, None]
    high = np.concatenate([half, solid.high[:, None]], axis=1)[:, None]
    safe = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, two = (low - first) / safe, (high - first) / safe
    enter = np.minimum(one, two).max(axis=2)
    leave = np.maximum(one, two).min(axis=2)
    return np.asarray(((enter < leave) & (leave > start) & (enter < end)).any(axis=0))


def _without(solid: Boxes, own: Boxes) -> Boxes:
    """The boxes but for those at a place, and for what stands on it."""
    same = np.hypot(solid.x - own.x[0], solid.z - own.z[0]) < 1e-6
    return solid[~same]
