"""Footsteps: when each foot is lifted and set down, and where it stands in between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diorama_nodes.character.arrays import Array
from diorama_nodes.character.rotation import eased

HEEL, BALL = -0.055, 0.135
"""Metres of heel and ball before the ankle, for the standard figure."""

_FAR = 1e6


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a foot stands: the place under its ankle in metres, and its heading in radians."""

    x: float
    z: float
    heading: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step: lifted and set down at these seconds, to stand there. Angles in radians, metres."""

    lift: float
    land: float
    stand: Stand
    clearance: float = 0.06
    strike: float = 0.22
    """How far the toes point up where the heel strikes."""
    push: float = 0.75
    """How far the heel is up where the toes leave the ground."""


@dataclass(frozen=True, slots=True, eq=False)
class Feet:
    """One foot over all frames: ankle (n, 3), heading, pitch (toes down is positive), toe bend and contact (n,)."""

    ankle: Array
    heading: Array
    pitch: Array
    toes: Array
    contact: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def follow(first: Stand, steps: list[Step], times: Array, size: float, ankle: float, ground: float) -> Feet:
    """The foot's way through its steps at times (n,); `size` is that of the figure, `ankle` its height in metres."""
    stands = [first, *(step.stand for step in steps)]
    index = np.searchsorted(np.array([step.land for step in steps]), times, side="right")
    lifts = np.array([step.lift for step in steps] + [_FAR])[index]
    lands = np.array([-_FAR, *(step.land for step in steps)])[index]
    next_land = np.array([step.land for step in steps] + [_FAR])[index]
    strike = np.array([0.0, *(step.strike for step in steps)])
    push = np.array([*(step.push for step in steps), 0.0])
    clearance = np.array([*(step.clearance for step in steps), 0.0])[index] * size
    here = np.array([[stand.x, stand.z, stand.heading] for stand in stands])[index]
    there = np.array([[stand.x, stand.z, stand.heading] for stand in [*stands[1:], stands[-1]]])[index]

    is_swing = times >= lifts
    share = np.where(is_swing, (times - lifts) / np.where(is_swing, next_land - lifts, 1.0), 0.0)
    # The heel rolls down within a tenth of a second and leaves a quarter of a second before the toes do.
    settle = np.minimum(0.10, 0.3 * (lifts - lands))
    roll = np.minimum(0.26, 0.5 * (lifts - lands))
    down = -strike[index] * (1 - eased((times - lands) / settle))
    rise = np.clip(1 - (lifts - times) / roll, 0, 1)
    up = push[index] * rise**2
    stance_pitch = np.where(is_swing, 0.0, down + up)
    next_strike = strike[np.minimum(index + 1, len(steps))]
    fall = eased(share * 1.15)
    swing_pitch = push[index] * (1 - fall) * (1 + 0.8 * share) - next_strike * fall
    pitch = np.where(is_swing, swing_pitch, stance_pitch)

    leave = _ankle(here, push[index], size, ankle)
    arrive = _ankle(there, -next_strike, size, ankle)
    # Leaves the ground with some speed, arrives with little.
    s = share
    ahead = (s**3 - 2 * s**2 + s) * 0.7 + (3 * s**2 - 2 * s**3) + (s**3 - s**2) * 0.35
    flying = leave * (1 - ahead[:, None]) + arrive * ahead[:, None]
    flying[:, 1] += clearance * np.sin(np.pi * np.clip(share, 0, 1)) ** 1.5
    place = np.where(is_swing[:, None], flying, _ankle(here, stance_pitch, size, ankle))
    place[:, 1] += ground
    heading = here[:, 2] + (there[:, 2] - here[:, 2]) * np.where(is_swing, eased(share), 0.0)
    toes = np.where(is_swing, -push[index] * np.clip(1 - share * 4, 0, 1), -np.maximum(up, 0) * ~is_swing)
    return Feet(place, heading, pitch, toes, ~is_swing)


def _ankle(stand: Array, pitch: Array, size: float, ankle: float) -> Array:
    """The ankle (n, 3) of a foot that stands there, turned about its ball (pitch > 0) or its heel (pitch < 0)."""
    pivot = np.where(pitch > 0, BALL, HEEL) * size
    low = np.where(pitch > 0, ankle - 0.03 * size, ankle)
    forward = pivot - pivot * np.cos(pitch) + low * np.sin(pitch)
    height = ankle - low + pivot * np.sin(pitch) + low * np.cos(pitch)
    x = stand[:, 0] + np.sin(stand[:, 2]) * forward
    z = stand[:, 1] + np.cos(stand[:, 2]) * forward
    return np.stack([x, height, z], 1)
