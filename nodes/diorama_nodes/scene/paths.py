"""Where the cast stand and walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diorama_nodes.plan.schema import CharacterSpec, PathSpec, RelationSpec
from diorama_nodes.scene.framing import crossed
from diorama_nodes.scene.habits import SEATS, is_one_of
from diorama_nodes.scene.items import Item, Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.placing import Placing
from diorama_nodes.scene.proposals import Asked, beside, poses
from diorama_nodes.scene.relations import faces
from diorama_nodes.scene.solids import Array, Bools, Boxes, box, collides, joined
from diorama_nodes.scene.supports import heights_on
from diorama_nodes.scene.words import plain
from diorama_nodes.scene.world import WALKABLE, World, on_screen

FIGURE = (0.62, 1.78, 0.5)
SPEEDS = {"slow": 0.9, "normal": 1.35, "fast": 1.9}
RUNNING = {"slow": 2.6, "normal": 3.2, "fast": 4.2}
DOLLY = 0.2
"""Share of the way to its focus that the eye comes nearer at most."""
CLEAR = 0.36
"""Metres that a way keeps from what stands beside it."""
NEAREST = 2.3
"""Metres that figures keep from the eye."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the cast: the character it comes from, and its own id."""

    spec: CharacterSpec
    name: str

    @property
    def item(self) -> Item:
        """The figure as a thing to place."""
        return Item(self.name, 0, "figure", None, FIGURE)

    @property
    def is_walking(self) -> bool:
        """Whether it goes from one place to another."""
        return self.spec.action in ("walk", "run")

    def way_length(self, seconds: float) -> float:
        """Metres that it goes in the time, its start and its end being slower."""
        speed = (RUNNING if self.spec.action == "run" else SPEEDS)[self.spec.pace]
        return speed * max(seconds - 0.5, 0.5)


def figures_of(characters: Sequence[CharacterSpec]) -> list[Figure]:
    """One figure for each of the cast, in order, numbered where one character counts several."""
    return [
        Figure(spec, spec.id if spec.count == 1 else f"{spec.id}_{number + 1}")
        for spec in characters
        for number in range(spec.count)
    ]


def walk(placing: Placing, figures: Sequence[Figure], seconds: float, seed: int) -> list[PathSpec]:
    """A path for each figure, clear of things and of each other."""
    paths: list[PathSpec] = []
    taken: list[Boxes] = []
    for number, figure in enumerate(figures):
        rng = np.random.default_rng([seed, 41, number])
        path = _way(placing, figure, seconds, rng, taken, number) if figure.is_walking else None
        if path is None:
            path = _spot(placing, figure, rng, taken)
            if figure.is_walking:
                placing.report.append(
                    f"{plain(figure.name)}: there is no room to {figure.spec.action}, so the figure stays"
                )
        paths.append(path)
    return [_turned(path, figures, paths, placing.relations) for path in paths]


def _relations(placing: Placing, figure: Figure) -> list[tuple[int, RelationSpec]]:
    return [(number, rel) for number, rel in enumerate(placing.relations) if rel.subject == figure.spec.id]


def _target(world: World, figure: Figure) -> Stood | None:
    named = world.named(figure.spec.toward) if figure.spec.toward else []
    return named[0] if named else None


def _spot(placing: Placing, figure: Figure, rng: np.random.Generator, taken: list[Boxes]) -> PathSpec:
    """Where a figure stays: as its relations ask, on a seat where it sits, or in the middle of the view."""
    world, item = placing.world, figure.item
    wants = [
        Asked(rel.kind, anchor, None, rel.distance, number)
        for number, rel in _relations(placing, figure)
        for anchor in world.named(rel.object or "")[:1]
    ]
    target = _target(world, figure)
    own_seat = next(
        (
            want.anchor
            for want in wants
            if want.kind == "on" and want.anchor and is_one_of(want.anchor.item.kind, SEATS)
        ),
        None,
    )
    if figure.spec.action == "sit" and own_seat is not None:
        return _seated(figure, own_seat, taken)
    if figure.spec.action == "sit" and not any(want.kind in ("on", "in") for want in wants):
        seat = _free_seat(world, taken)
        if seat is not None:
            return _seated(figure, seat, taken)
    found = joined([_candidates(item, want, world, rng) for want in wants] or [_in_view(item, world, target, rng)])
    if not len(found):
        found = _in_view(item, world, target, rng)
    passes = frozenset(
        want.anchor.item.id for want in wants if want.anchor is not None and want.kind in ("on", "in", "under")
    )
    fine = world.fits(item, found, passes, strict=False)
    fine &= ~collides(found, joined(taken), 0.1) & _seen(world, found)
    if not fine.any():
        found = _in_view(item, world, None, rng, 600)
        fine = world.fits(item, found, frozenset(), strict=False) & ~collides(found, joined(taken), 0.05)
    if not fine.any():
        placing.report.append(f"{plain(figure.name)}: no free spot was found, so the figure may touch what is there")
        fine = np.ones(len(found), dtype=bool)
    found = found[fine]
    middle = _stand(world.place)
    score = placing.held(found, wants) - 0.02 * np.hypot(found.x - middle[0], found.z - middle[1])
    score += _liked_in_view(world, found, taken)
    best = found[int(np.argmax(score))]
    taken.append(best)
    height = float(best.low[0])
    return _path(figure, [(float(best.x[0]), float(best.z[0]))], height, target)


def _candidates(item: Item, want: Asked, world: World, rng: np.random.Generator) -> Boxes:
    from diorama_nodes.scene.proposals import proposals

    return proposals(item, want, world.place, rng)


def _path(figure: Figure, points: list[tuple[float, float]], height: float, target: Stood | None) -> PathSpec:
    facing: tuple[float, float] | None = (0.0, 1.0) if len(points) == 1 else None
    if target is not None:
        way = target.box.centers()[0] - np.array(points[-1])
        far = float(np.linalg.norm(way))
        if far > 0.05:
            facing = (round(float(way[0] / far), 4), round(float(way[1] / far), 4))
    rounded = tuple((round(x, 3), round(z, 3)) for x, z in points)
    spec = figure.spec
    return PathSpec(
        character=figure.name,
        action=spec.action,
        pace=spec.pace,
        points=rounded,
        height=round(height, 4),
        facing=facing,
    )


def _free_seat(world: World, taken: list[Boxes]) -> Stood | None:
    for thing in world.all():
        if is_one_of(thing.item.kind, SEATS) and not (taken and collides(thing.box, joined(taken))[0]):
            return thing
    return None


def _seated(figure: Figure, seat: Stood, taken: list[Boxes]) -> PathSpec:
    box_ = seat.box
    at = box_.points(np.array([[0.0, 0.1]]))[0, 0]
    taken.append(poses(figure.item, at[:1], at[1:], box_.yaw))
    front = box_.front()[0]
    path = _path(figure, [(float(at[0]), float(at[1]))], float(box_.low[0]), None)
    return path.model_copy(update={"facing": (round(float(front[0]), 4), round(float(front[1]), 4))})


def _in_view(item: Item, world: World, target: Stood | None, rng: np.random.Generator, count: int = 200) -> Boxes:
    if target is not None:
        turns = rng.uniform(-np.pi, np.pi, 24)
        turns[0] = float(target.box.yaw[0])
        return beside(item, target.box, turns, np.array([0.5, 1.0, 1.6]), np.array([0.0]), np.array([0.0]))
    place = world.place
    spread = np.array(place.size) / 2 - 0.35
    at = (
        np.array([place.focus[0], place.focus[2]])
        + rng.normal(size=(count, 2)) * spread * np.linspace(0.02, 0.8, count)[:, None]
    )
    at = np.clip(at, np.array(place.low) + 0.35, np.array(place.high) - 0.35)
    return poses(item, at[:, 0], at[:, 1], 0.0)


def _stand(place: Place) -> Array:
    """Where a figure of whom nothing is said stands best: in the middle of a room, half way to the eye outside."""
    part = 0.1 if place.is_indoor else 0.45
    return np.array([place.focus[k] + (place.eye[k] - place.focus[k]) * part for k in (0, 2)])


def _seen(world: World, found: Boxes) -> Bools:
    seen = on_screen(world.place, np.stack([found.x, found.low + 1.0, found.z], axis=1))
    return (np.abs(seen[:, 0]) < 0.85) & (seen[:, 2] > NEAREST)


def _liked_in_view(world: World, found: Boxes, taken: Sequence[Boxes]) -> Array:
    """Apart in the picture from the rest of the cast, and not behind things."""
    points = np.stack([found.x, found.low + 1.1, found.z], axis=1)
    solid = joined([thing.box for thing in world.all() if thing.box.high[0] > 0.5])
    liking = -0.8 * crossed(np.array(world.place.eye), points, solid, 0.0, 0.97)
    if taken:
        others = joined(list(taken))
        mine = on_screen(world.place, points)[:, 0]
        theirs = on_screen(world.place, np.stack([others.x, others.low + 1.1, others.z], axis=1))[:, 0]
        liking = liking + 0.6 * np.minimum(np.abs(mine[:, None] - theirs).min(axis=1) / 0.3, 1.0)
    return np.asarray(liking)


def _way(
    placing: Placing, figure: Figure, seconds: float, rng: np.random.Generator, taken: list[Boxes], number: int
) -> PathSpec | None:
    """A straight or once bent way in view, as long as the action lasts, on which nothing stands."""
    world = placing.world
    wanted = figure.way_length(seconds)
    target = _target(world, figure)
    over = [rel for _, rel in _relations(placing, figure) if rel.kind in ("on", "along", "in") and rel.object]
    starts, ends = _ends(world, figure, wanted, target, rng, number)
    lines = np.stack([starts, ends], axis=1)
    lines = _trimmed(lines, wanted)
    fine = _is_free(world, lines, target, taken)
    for rel in over:
        carrier = next(iter(world.named(rel.object or "")), None)
        if carrier is not None:
            fine &= ~np.isnan(heights_on(carrier, lines.mean(axis=1))) | (rel.kind != "on")
    fine &= np.linalg.norm(lines[:, 1] - lines[:, 0], axis=1) >= min(wanted * 0.35, 1.2)
    if not fine.any():
        return None
    seen = _is_seen(world, lines)
    fine = fine & seen if (fine & seen).any() else fine
    score = _liking(world, lines, wanted, target) + 0.05 * rng.random(len(lines))
    score[~fine] = -np.inf
    (x0, z0), (x1, z1) = lines[int(np.argmax(score))]
    taken.append(_strip(lines[int(np.argmax(score))], 0.5))
    return _path(
        figure, [(float(x0), float(z0)), (float(x1), float(z1))], _level(world, lines[int(np.argmax(score))]), target
    )


def _level(world: World, line: Array) -> float:
    """The height of the ground under a way: that of a deck or stage where the whole of it lies on one."""
    for thing in world.all():
        if is_one_of(thing.item.kind, WALKABLE) and not thing.item.is_flat:
            points = line[0] + (line[1] - line[0]) * np.linspace(0, 1, 5)[:, None]
            heights = heights_on(thing, points)
            if not np.isnan(heights).any() and np.ptp(heights) < 0.05:
                return float(heights.max())
    return 0.0


def _ends(
    world: World, figure: Figure, wanted: float, target: Stood | None, rng: np.random.Generator, number: int
) -> tuple[Array, Array]:
    """Starts and ends to choose from, (n, 2) each."""
    place, count = world.place, 500
    low, high = np.array(place.low) + CLEAR, np.array(place.high) - CLEAR
    starts, ends = rng.uniform(low, high, (count, 2)), rng.uniform(low, high, (count, 2))
    (x0, z0), (x1, z1) = place.way
    aside = (0.0, 0.75, -0.75, 1.3, -1.3)[number % 5]
    near = np.array([x1 + aside, z1 - 0.25 * number])
    step = np.array([x1 - x0, z1 - z0])
    step /= max(float(np.linalg.norm(step)), 1e-6)
    ends[0], starts[0] = near, near - step * min(wanted, float(np.hypot(x1 - x0, z1 - z0)))
    if number % 2:
        starts[0], ends[0] = ends[0].copy(), starts[0].copy()
    # A third of the ways are short, for rooms in which little is free.
    short = rng.uniform(-1, 1, (count // 3, 2))
    short *= rng.uniform(1.3, 2.4, (count // 3, 1)) / np.linalg.norm(short, axis=1, keepdims=True)
    starts[-len(short) :] = ends[-len(short) :] - short
    if target is not None:
        turns = np.concatenate([np.full(20, float(target.box.yaw[0])), rng.uniform(-np.pi, np.pi, 60)])
        goal = beside(
            figure.item, target.box, turns, np.array([0.45, 0.8, 1.2]), np.array([0.0]), np.array([0.0])
        ).centers()
        ends = np.resize(goal, (count, 2))
    return starts, ends


def _trimmed(lines: Array, wanted: float) -> Array:
    """Lines no longer than wanted, shortened at their start."""
    way = lines[:, 1] - lines[:, 0]
    length = np.linalg.norm(way, axis=1)
    part = np.minimum(wanted / np.maximum(length, 1e-6), 1.0)
    return np.stack([lines[:, 1] - way * part[:, None], lines[:, 1]], axis=1)


def _strip(line: Array, half: float) -> Boxes:
    way = line[1] - line[0]
    length = float(np.hypot(*way))
    middle = line.mean(axis=0)
    yaw = float(np.arctan2(way[0], way[1]))
    return box(float(middle[0]), float(middle[1]), yaw, (2 * half, 1.8, length + 2 * half), 0.13)


def _is_free(world: World, lines: Array, target: Stood | None, taken: list[Boxes]) -> Bools:
    place = world.place
    strips = joined([_strip(line, CLEAR) for line in lines])
    low, high = np.array(place.low) + CLEAR * 0.9, np.array(place.high) - CLEAR * 0.9
    inside = ((lines >= low) & (lines <= high)).all(axis=(1, 2))
    solid = [
        thing.box
        for thing in world.all()
        if not thing.item.is_flat and not is_one_of(thing.item.kind, WALKABLE) and thing.box.low[0] < 1.7
    ]
    if place.water is not None:
        solid.append(place.water.moved(high=place.water.high + 1.0))
    fine = inside & ~collides(strips, joined([*solid, place.solid])) & ~collides(strips, joined(taken))
    eye = np.array([place.eye[0], place.eye[2]])
    return np.asarray(fine & (np.linalg.norm(lines - eye, axis=2) > NEAREST).all(axis=1))


def _is_seen(world: World, lines: Array) -> Bools:
    """Whether both ends are well within the picture."""
    seen = np.ones(len(lines), dtype=bool)
    for end in (0, 1):
        points = np.stack([lines[:, end, 0], np.full(len(lines), 1.0), lines[:, end, 1]], axis=1)
        at = on_screen(world.place, points, DOLLY)
        seen &= (np.abs(at[:, 0]) < 0.78) & (at[:, 2] > NEAREST * 0.7)
    return seen


def _liking(world: World, lines: Array, wanted: float, target: Stood | None) -> Array:
    """Long enough, near the main way, and coming towards the viewer rather than going."""
    place = world.place
    length = np.linalg.norm(lines[:, 1] - lines[:, 0], axis=1)
    (x0, z0), (x1, z1) = place.way
    first = np.array([[(x0 + x1) / 2, (z0 + z1) / 2]])
    off_way = np.abs(lines.mean(axis=1) - first).sum(axis=1)
    score = 2.0 * np.minimum(length / wanted, 1.0) - 0.12 * off_way
    if target is None:
        score += 0.5 * (lines[:, 1, 1] - lines[:, 0, 1]) / np.maximum(length, 1e-6)
        score[0] += 1.0
    return np.asarray(score)


def _turned(
    path: PathSpec, figures: Sequence[Figure], paths: Sequence[PathSpec], relations: Sequence[RelationSpec]
) -> PathSpec:
    """A path whose figure looks at another of the cast where it was told to."""
    figure = next(figure for figure in figures if figure.name == path.character)
    names = {figure.spec.toward} | {
        rel.object for rel in relations if rel.subject == figure.spec.id and rel.kind == "facing"
    }
    for other, theirs in zip(figures, paths, strict=True):
        if theirs.character != path.character and other.spec.id in names:
            way = np.array(theirs.points[0]) - np.array(path.points[-1])
            far = float(np.linalg.norm(way))
            if far > 0.05:
                return path.model_copy(
                    update={"facing": (round(float(way[0] / far), 4), round(float(way[1] / far), 4))}
                )
    return path


__all__ = ["Figure", "faces", "figures_of", "walk"]
