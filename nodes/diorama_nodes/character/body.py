"""The body's solids: torso, limbs, hands, feet and head, each blob carried by its joint."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from diorama_nodes.character.field import Blob, Cut, Point, Solid
from diorama_nodes.character.skeleton import Frame

SIDES = (("l", 1.0), ("r", -1.0))


def spot(frame: Frame, joint: str, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Point:
    """A place given in metres of the standard figure from one of its joints."""
    place = frame.places[joint] + np.array([x, y, z]) * frame.scale
    return (float(place[0]), float(place[1]), float(place[2]))


def between(frame: Frame, start: str, end: str, share: float, z: float = 0.0) -> Point:
    """A place on the line from one joint to another, moved forward by `z` standard metres."""
    place = frame.places[start] * (1 - share) + frame.places[end] * share
    return (float(place[0]), float(place[1]), float(place[2]) + z * frame.scale)


def _blob(
    frame: Frame,
    joint: str,
    start: Point,
    end: Point,
    radii: tuple[float, float],
    squash: Point = (1.0, 1.0, 1.0),
    blend: float = 0.03,
) -> Blob:
    size = frame.scale * frame.proportions.girth
    return Blob(frame.joint(joint), start, end, radii[0] * size, radii[1] * size, squash, blend * frame.scale)


def torso(frame: Frame) -> tuple[Blob, ...]:
    """Pelvis, waist, belly, chest and shoulders."""
    p = frame.proportions
    waist, hip, chest = (0.088, 0.112, 0.108) if p.is_curvy else (0.100, 0.104, 0.118)
    blobs = [
        _blob(frame, "hips", spot(frame, "hips", -0.062, -0.03), spot(frame, "hips", 0.062, -0.03), (hip, hip)),
        _blob(
            frame,
            "spine",
            spot(frame, "spine", -0.045, 0.02),
            spot(frame, "spine", 0.045, 0.02),
            (waist, waist),
            blend=0.10,
        ),
        _blob(
            frame,
            "chest",
            spot(frame, "chest", -0.062, 0.07),
            spot(frame, "chest", 0.062, 0.07),
            (chest, chest),
            blend=0.10,
        ),
    ]
    if p.belly:
        bulge = spot(frame, "spine", 0, 0.0, 0.03)
        blobs.append(_blob(frame, "spine", bulge, bulge, (0.10 + p.belly, 0), (1.15, 1.0, 1.0), 0.12))
    if p.is_curvy:
        for _, side in SIDES:
            bust = spot(frame, "chest", side * 0.052, 0.055, 0.068)
            blobs.append(_blob(frame, "chest", bust, bust, (0.056, 0), blend=0.05))
    for name, side in SIDES:
        tip = between(frame, f"shoulder_{name}", f"upper_arm_{name}", 0.9)
        inner = spot(frame, "neck", side * 0.03, -0.03, 0.0)
        blobs.append(_blob(frame, f"shoulder_{name}", inner, tip, (0.050, 0.047), blend=0.07))
    return tuple(blobs)


def arms(frame: Frame, *, bulk: float = 1.0) -> tuple[Blob, ...]:
    """Upper and lower arms."""
    blobs = []
    for name, _ in SIDES:
        shoulder, elbow, wrist = (frame.places[f"{part}_{name}"] for part in ("upper_arm", "lower_arm", "hand"))
        upper, middle, end = (_point(place) for place in (shoulder, elbow, wrist))
        blobs.append(_blob(frame, f"upper_arm_{name}", upper, middle, (0.050 * bulk, 0.041 * bulk), blend=0.04))
        blobs.append(_blob(frame, f"lower_arm_{name}", middle, end, (0.042 * bulk, 0.033 * bulk), blend=0.01))
    return tuple(blobs)


def legs(frame: Frame, *, bulk: float = 1.0) -> tuple[Blob, ...]:
    """Thighs and lower legs with their calves."""
    blobs = []
    for name, _ in SIDES:
        hip, knee, ankle = (_point(frame.places[f"{part}_{name}"]) for part in ("upper_leg", "lower_leg", "foot"))
        thigh = 0.092 if frame.proportions.is_curvy else 0.086
        blobs.append(_blob(frame, f"upper_leg_{name}", hip, knee, (thigh * bulk, 0.058 * bulk), blend=0.05))
        blobs.append(_blob(frame, f"lower_leg_{name}", knee, ankle, (0.057 * bulk, 0.042 * bulk), blend=0.01))
        calf = between(frame, f"lower_leg_{name}", f"foot_{name}", 0.32, -0.018)
        blobs.append(_blob(frame, f"lower_leg_{name}", calf, calf, (0.054 * bulk, 0), (1.0, 1.9, 1.0), blend=0.04))
    return tuple(blobs)


def wrist_cuts(frame: Frame, share: float = 0.96) -> tuple[Cut, ...]:
    """Planes that end sleeves at a share of the lower arm."""
    cuts = []
    for name, _ in SIDES:
        start, end = frame.places[f"lower_arm_{name}"], frame.places[f"hand_{name}"]
        way = (end - start) / np.linalg.norm(end - start)
        cuts.append(Cut(_point(start + (end - start) * share), _point(way), 0.11 * frame.scale))
    return tuple(cuts)


def shoes(frame: Frame, *, bulk: float = 1.0, shaft: float = 0.0) -> Solid:
    """Both shoes with flat soles, and a boot's shaft of so many standard metres above the ankle."""
    blobs: list[Blob] = []
    for name, side in SIDES:
        foot, toes = f"foot_{name}", f"toes_{name}"
        sole = -frame.places[foot][1] / frame.scale
        heel = spot(frame, foot, 0, sole + 0.040, -0.030)
        ball = spot(frame, toes, 0, 0.006, -0.01)
        tip = spot(frame, toes, -side * 0.006, 0.0, 0.045)
        blobs.append(_blob(frame, foot, heel, ball, (0.041 * bulk, 0.045 * bulk), (0.95, 1.0, 1.0), 0.0))
        blobs.append(_blob(frame, toes, ball, tip, (0.044 * bulk, 0.036 * bulk), (1.05, 0.9, 1.0), 0.01))
        top = spot(frame, foot, 0, 0.035 + shaft)
        low = spot(frame, foot, 0, -0.02, 0.005)
        blobs.append(_blob(frame, foot, low, top, (0.045 * bulk, (0.047 + shaft * 0.08) * bulk), blend=0.05))
    top_cut = Cut((0.0, frame.places["foot_l"][1] + (0.035 + shaft) * frame.scale, 0.0), (0.0, 1.0, 0.0))
    return Solid(tuple(blobs), (Cut((0.0, 0.0, 0.0), (0.0, -1.0, 0.0)), top_cut))


def hand(frame: Frame, name: str, *, is_fist: bool = False) -> Solid:
    """A hand with palm, thumb and fingers, a little bent, or closed around a handle that runs along +Z."""
    size = frame.scale
    side = 1.0 if name == "l" else -1.0
    joint = frame.joint(f"hand_{name}")
    wrist = frame.places[f"hand_{name}"].astype(np.float64)
    way = wrist - frame.places[f"lower_arm_{name}"]
    way /= np.linalg.norm(way)
    ahead = np.array([0.0, 0.0, 1.0])
    ahead -= way * (ahead @ way)
    ahead /= np.linalg.norm(ahead)
    inward = np.cross(way, ahead) * side
    inward = inward if inward[0] * side < 0 else -inward

    def at(along: float, forward: float, within: float) -> Point:
        return _point(wrist + size * (way * along + ahead * forward + inward * within))

    def finger(points: Sequence[Point], start: float, end: float) -> list[Blob]:
        pairs = list(pairwise(points))
        radii = np.linspace(start, end, len(points)) * size
        return [
            Blob(joint, a, b, float(radii[i]), float(radii[i + 1]), blend=0.006 * size)
            for i, (a, b) in enumerate(pairs)
        ]

    blobs = [
        Blob(joint, at(-0.035, 0, 0), at(0.03, 0, 0), 0.026 * size, 0.028 * size, (1.0, 1.0, 1.0)),
        Blob(joint, at(0.045, -0.018, 0.004), at(0.045, 0.022, 0.004), 0.022 * size, 0.022 * size, blend=0.03 * size),
    ]
    for number, forward in enumerate((-0.029, -0.010, 0.010, 0.029)):
        reach = (0.062, 0.072, 0.075, 0.068)[number]
        if is_fist:
            line = [
                at(0.062, forward, 0.004),
                at(0.082, forward, 0.022),
                at(0.066, forward, 0.044),
                at(0.046, forward, 0.040),
            ]
        else:
            line = [
                at(0.055, forward * 0.9, 0.004),
                at(0.055 + reach * 0.5, forward, 0.010),
                at(0.055 + reach, forward, 0.028),
            ]
        blobs += finger(line, 0.0125, 0.0095)
    thumb = [at(0.005, 0.022, 0.010), at(0.040, 0.048, 0.028), at(0.066, 0.042 if not is_fist else 0.030, 0.044)]
    blobs += finger(thumb, 0.015, 0.0105)
    return Solid(tuple(blobs), weight_blend=0.01)


def head(frame: Frame) -> Solid:
    """Head and neck: skull, jaw, nose, brow, cheeks and ears."""
    p = frame.proportions
    joint, neck = frame.joint("head"), frame.joint("neck")

    def at(x: float, y: float, z: float) -> Point:
        return head_spot(frame, x, y, z)

    size = frame.scale * p.head

    def ball(place: Point, radius: float, squash: Point, blend: float) -> Blob:
        return Blob(joint, place, place, radius * size, 0.0, squash, blend * size)

    jaw = 0.052 if p.is_curvy else 0.058
    blobs = [
        ball(at(0, 0.128, -0.006), 0.093, (0.86, 1.0, 1.04), 0.0),
        ball(at(0, 0.060, 0.020), jaw, (1.0, 1.08, 1.16), 0.07),
        ball(at(0, 0.022, 0.062), 0.020, (1.1, 0.9, 1.0), 0.035),
        ball(at(0, 0.118, 0.070), 0.030, (1.7, 0.6, 0.8), 0.03),
        Blob(joint, at(0, 0.104, 0.091), at(0, 0.075, 0.106), 0.0075 * size, 0.0115 * size, blend=0.014 * size),
    ]
    for _, side in SIDES:
        blobs.append(ball(at(side * 0.036, 0.075, 0.062), 0.022, (1.0, 1.0, 1.0), 0.03))
        blobs.append(ball(at(side * 0.082, 0.096, -0.004), 0.024, (0.35, 1.0, 0.65), 0.008))
    thick = (0.043 if p.is_curvy else 0.051) * frame.scale * p.girth
    base = spot(frame, "neck", 0, -0.06, -0.005)
    blobs.append(Blob(neck, base, at(0, 0.05, -0.012), thick * 1.15, thick, blend=0.02 * size))
    return Solid(tuple(blobs), weight_blend=0.012)


def head_spot(frame: Frame, x: float, y: float, z: float) -> Point:
    """A place given from the head's joint in metres of a head of standard size."""
    size = frame.scale * frame.proportions.head
    place = frame.places["head"]
    return (float(place[0] + x * size), float(place[1] + y * size), float(place[2] + z * size))


def _point(place: np.ndarray) -> Point:
    return (float(place[0]), float(place[1]), float(place[2]))
