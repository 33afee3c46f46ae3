"""The camera: from where the scene is seen, and how the view moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diorama.values import Camera
from diorama_nodes.plan.schema import CameraSpec, PathSpec
from diorama_nodes.scene.framing import framed, subjects_of
from diorama_nodes.scene.habits import habit
from diorama_nodes.scene.items import Stood
from diorama_nodes.scene.place import Place
from diorama_nodes.scene.solids import Array, Boxes, box, collides, joined

KEYS = 9
ASPECT = 16 / 9
FOVS = {"close": 0.55, "medium": 0.7}
FEW = 3
"""Things that are so few that the view is fitted to them."""


def camera_of(
    spec: CameraSpec,
    place: Place,
    things: Sequence[Stood],
    paths: Sequence[PathSpec],
    seconds: float,
    asked: frozenset[str] = frozenset(),
) -> Camera:
    """Keys of position and target over the seconds; nothing stands at the eye or hides what it looks at."""
    named = [thing for thing in things if thing.item.id == spec.subject]
    if not named and not paths and not place.walls and len(things) <= FEW:
        named = [thing for thing in things if habit(thing.item.kind) != "sky"]
    solid = joined([*(thing.box for thing in things if thing.box.high[0] > 0.4), place.solid])
    figures = [path for path in paths if spec.subject in (None, path.character)] or list(paths)
    focus, radius = _focus(place, named, figures if not named else [], things)
    followed = _track(figures[0], seconds) if figures and not named else None
    eye = _clear_eye(_eye(spec, place, focus, radius, bool(named)), focus, place, solid, paths, named)
    subjects = subjects_of(things, paths, asked, spec.subject)
    if spec.shot in ("wide", "medium") and subjects:
        at, ahead = np.array(place.eye, np.float64), np.array(place.focus, np.float64)
        eye, focus = framed(place, at, ahead, FOVS.get(spec.shot, place.fov_y), subjects, solid)
    times = np.linspace(0.0, seconds, KEYS)
    eyes, targets = _moved(spec, eye, focus, times / seconds, place)
    if followed is not None:
        # The view leans towards who walks; a following camera keeps its distance to them.
        walk = followed - followed.mean(axis=0)
        share = 0.85 if spec.movement == "follow" else 0.3
        targets = targets + walk * share
        if spec.movement == "follow":
            eyes = eyes + walk * 0.8
    eyes = np.stack([_kept(at, place) for at in eyes])
    fov_y = FOVS.get(spec.shot, place.fov_y)
    return Camera(times.astype(np.float32), eyes.astype(np.float32), targets.astype(np.float32), float(fov_y))


def _track(path: PathSpec, seconds: float) -> Array:
    """Where a figure is at the keys, its chest, taken as walking evenly along its path."""
    line = np.array(path.points)
    far = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))]) if len(line) > 1 else np.zeros(1)
    at = np.linspace(0, far[-1], KEYS)
    x, z = (np.interp(at, far, line[:, axis]) for axis in (0, 1))
    return np.stack([x, np.full(KEYS, path.height + 1.15), z], axis=1)


def _focus(
    place: Place, named: Sequence[Stood], figures: Sequence[PathSpec], things: Sequence[Stood]
) -> tuple[Array, float]:
    """What is looked at, and how far it reaches around that point."""
    if named:
        low = np.min([(t.box.x[0], t.box.low[0], t.box.z[0]) for t in named], axis=0)
        high = np.max([(t.box.x[0], t.box.high[0], t.box.z[0]) for t in named], axis=0)
        spread = max(float(np.hypot(t.box.width[0], t.box.depth[0])) for t in named)
        return (low + high) / 2, float(np.linalg.norm(high - low) / 2 + spread / 2)
    if figures and not place.is_indoor:
        points = np.concatenate([np.array(path.points) for path in figures])
        middle = points.mean(axis=0)
        focus = np.array(place.focus, np.float64)
        if place.name not in ("alley", "street"):
            focus = np.array([(focus[0] + middle[0]) / 2, focus[1], (focus[2] + middle[1]) / 2])
        return focus, 3.0
    return np.array(place.focus, np.float64), 3.0


def _eye(spec: CameraSpec, place: Place, focus: Array, radius: float, has_subject: bool) -> Array:
    """Where the shot wants the eye, before walls and things are minded."""
    base = np.array(place.eye, np.float64)
    ahead = focus - base
    far = float(np.linalg.norm(ahead[[0, 2]]))
    way = ahead / max(float(np.linalg.norm(ahead)), 1e-6)
    wanted = {"close": max(radius * 2.2, 1.6), "medium": max(radius * 2.8, 3.2)}.get(spec.shot)
    if wanted is not None:
        base = focus - way * min(wanted, far)
        base[1] = max(base[1], min(focus[1] + 0.25, 1.6))
    elif has_subject:
        fitting = 1.25 * radius / np.tan(place.fov_y / 2)
        base = focus - way * max(fitting, 2.2) if place.ceiling is None else base
        base[1] = max(base[1], 1.2)
    if spec.shot == "low_angle":
        base[1] = 0.45
    elif spec.shot == "high_angle":
        base[1] = focus[1] + max(far * 0.6, 3.0)
    elif spec.shot == "overhead":
        base = focus + np.array([0.0, max(far, 5.0) * 0.95, 0.6])
    return base


def _kept(eye: Array, place: Place) -> Array:
    """The eye, brought back within walls, ceiling and above the ground."""
    kept = eye.copy()
    kept[1] = max(kept[1], 0.3)
    if place.is_indoor and place.ceiling is not None:
        kept[0] = np.clip(kept[0], place.low[0] + 0.2, place.high[0] - 0.2)
        kept[2] = np.clip(kept[2], place.low[1] + 0.2, max(place.high[1] + 1.5, place.eye[2]))
        kept[1] = min(kept[1], place.ceiling - 0.15)
    elif place.walls:
        kept[0] = np.clip(kept[0], place.low[0] + 0.35, place.high[0] - 0.35)
    return kept


def _clear_eye(
    eye: Array, focus: Array, place: Place, solid: Boxes, paths: Sequence[PathSpec], named: Sequence[Stood]
) -> Array:
    """The place nearest to the wanted one from which the focus is seen and where nothing stands."""
    rng = np.random.default_rng(5)
    offsets = np.concatenate([np.zeros((1, 3)), rng.normal(size=(160, 3)) * np.linspace(0.1, 2.6, 160)[:, None]])
    offsets[:, 1] = np.abs(offsets[:, 1]) * 0.5
    own = np.array([(t.box.x[0], t.box.z[0]) for t in named]).reshape(-1, 2)
    others = solid
    if len(own):
        mine = (np.hypot(solid.x[:, None] - own[:, 0], solid.z[:, None] - own[:, 1]) < 1e-6).any(axis=1)
        others = solid[~mine]
    figures = [np.array([x, path.height + 1.2, z]) for path in paths for x, z in path.points]
    best, fewest = eye, np.inf
    for offset in offsets:
        at = _kept(eye + offset, place)
        spot = box(at[0], at[2], 0.0, (0.5, 0.5, 0.5), at[1] - 0.25)
        if len(solid) and collides(spot, solid)[0]:
            continue
        faults = 4.0 * blocked(at, focus, others) + sum(blocked(at, figure, others) for figure in figures)
        faults += 0.3 * float(np.linalg.norm(offset))
        if faults < fewest:
            best, fewest = at, faults
        if faults < 0.05:
            break
    return best


def blocked(eye: Array, target: Array, solid: Boxes) -> int:
    """How many of the boxes stand between an eye and a place."""
    if not len(solid):
        return 0
    way = target - eye
    share = np.linspace(0.04, 0.93, 40)
    points = eye + way * share[:, None]
    local = np.abs(solid.local(points[None, :, [0, 2]]))
    inside = (local[..., 0] < solid.width[:, None] / 2) & (local[..., 1] < solid.depth[:, None] / 2)
    inside &= (points[None, :, 1] < solid.high[:, None]) & (points[None, :, 1] > solid.low[:, None])
    return int(inside.any(axis=1).sum())


def _moved(spec: CameraSpec, eye: Array, focus: Array, part: Array, place: Place) -> tuple[Array, Array]:
    """The eye's and target's keys for parts 0 to 1 of the time, eased in and out."""
    ease = (part * part * (3 - 2 * part))[:, None]
    apart = eye - focus
    far = float(np.linalg.norm(apart))
    eyes, targets = np.repeat(eye[None], len(part), axis=0), np.repeat(focus[None], len(part), axis=0)
    way = -apart / max(far, 1e-6)
    step = min(1.8, far * 0.16)
    if spec.movement == "dolly_in":
        eyes = eyes + ease * way * step
    elif spec.movement == "dolly_out":
        eyes = eyes + (1 - ease) * way * step
    elif spec.movement == "rise":
        lift = min(2.4, (place.ceiling - 0.3 - eye[1]) if place.ceiling else 2.4)
        eyes = eyes + ease * np.array([0.0, max(lift, 0.0), 0.0])
    elif spec.movement == "orbit":
        wide = 0.35 if place.is_indoor or place.walls else 0.9
        turn = (ease[:, 0] - 0.5) * wide
        x = apart[0] * np.cos(turn) + apart[2] * np.sin(turn)
        z = apart[2] * np.cos(turn) - apart[0] * np.sin(turn)
        eyes = focus + np.stack([x, np.full_like(x, apart[1]), z], axis=1)
    elif spec.movement == "pan":
        aside = np.array([-way[2], 0.0, way[0]])
        targets = targets + (ease - 0.5) * aside * far * 0.3
    return eyes, targets


def sees(camera: Camera, seconds: float, point: Array, margin: float = 1.0) -> bool:
    """Whether a place is within the picture (at 16:9) at a moment."""
    eye, target = (vector.astype(np.float64) for vector in camera.at(seconds))
    ahead = (target - eye) / max(float(np.linalg.norm(target - eye)), 1e-9)
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    right /= max(float(np.linalg.norm(right)), 1e-9)
    up, apart = np.cross(right, ahead), point - eye
    depth = float(apart @ ahead)
    half = depth * np.tan(camera.fov_y / 2) * margin
    return bool(depth > 0.05 and abs(apart @ right) <= half * ASPECT and abs(apart @ up) <= half)
