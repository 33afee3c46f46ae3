"""Limbs that reach: legs bent so that the feet are where they belong, arms aimed and bent at the elbow."""

from __future__ import annotations

import numpy as np

from diorama_nodes.character.arrays import Array
from diorama_nodes.character.rotation import aimed, unit

REACH = 0.995
"""The share of its full length that a leg may be stretched to, so that knees do not snap straight."""


def leg(hip: Array, ankle: Array, pole: Array, bones: Array) -> tuple[Array, Array]:
    """World turns (n, 3, 3) of upper and lower leg that bring the ankle to its place.

    hip, ankle: (n, 3) in metres; pole: (n, 3), where the knee points; bones: (2, 3), offsets of knee and
    ankle in the bind pose.
    """
    upper, lower = np.linalg.norm(bones, axis=1)
    span = ankle - hip
    length = np.clip(np.linalg.norm(span, axis=1), abs(upper - lower) + 0.02, (upper + lower) * 0.9995)
    way = unit(span)
    hinge = unit(np.cross(way, pole))
    toward = np.cross(hinge, way)
    cosine = np.clip((upper**2 + length**2 - lower**2) / (2 * upper * length), -1, 1)[:, None]
    thigh = way * cosine + toward * np.sqrt(1 - cosine**2)
    shank = unit(way * length[:, None] - thigh * upper)
    return tuple(_swung(bone, direction, hinge) for bone, direction in zip(bones, (thigh, shank), strict=True))  # type: ignore[return-value]


def _swung(bone: Array, way: Array, hinge: Array) -> Array:
    rest_hinge = np.array([[-1.0, 0.0, 0.0]])
    rest = aimed(bone[None], np.cross(rest_hinge, unit(bone[None])))
    return aimed(way, np.cross(hinge, way)) @ rest.transpose(0, 2, 1)


def reach_limit(hip: Array, ankle: Array, bones: Array) -> Array:
    """How much higher (n,) the hip may be before the leg is too short for the ankle's place; negative if it is."""
    longest = float(np.linalg.norm(bones, axis=1).sum()) * REACH
    aside = np.minimum(np.linalg.norm((ankle - hip)[:, [0, 2]], axis=1), longest * 0.95)
    room: Array = ankle[:, 1] + np.sqrt(longest**2 - aside**2) - hip[:, 1]
    return room


def arm(way: Array, bend: Array, elbow: Array, bones: Array) -> tuple[Array, Array]:
    """Turns (n, 3, 3) of the upper arm in the frame of its parent, and of the lower arm in that of the upper one.

    way: (n, 3), where the upper arm points; bend: (n, 3), where the elbow folds to; elbow: (n,), radians from
    straight; bones: (2, 3), offsets of elbow and wrist in the bind pose.
    """
    ahead = np.array([[0.0, 0.0, 1.0]])
    rest = aimed(bones[:1], ahead)
    upper = aimed(way, bend) @ rest.transpose(0, 2, 1)
    hinge = np.cross(unit(bones[0]), ahead[0])
    return upper, around(unit(hinge), elbow)


def around(axis: Array, angles: Array) -> Array:
    """Turns (n, 3, 3) by angles (n,) about one axis (3,) (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    sines, cosines = np.sin(angles)[:, None, None], np.cos(angles)[:, None, None]
    turns: Array = np.eye(3) + sines * cross + (1 - cosines) * (cross @ cross)
    return turns
