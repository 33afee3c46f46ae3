"""The way along a path: a smooth line through its points, walked with an eased start and stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diorama.faults import BadInput
from diorama_nodes.character.arrays import Array

SPACING = 0.02
"""Metres between the samples of a line."""

LONGEST = 5000.0
"""Metres of the longest path."""


@dataclass(frozen=True, slots=True)
class Track:
    """A line on the ground: places (n, 2) as x and z at distances (n,), and the heading (n,) there in radians."""

    distances: Array
    places: Array
    headings: Array

    @property
    def length(self) -> float:
        """Metres from the first point to the last."""
        return float(self.distances[-1])

    def place(self, distance: Array) -> Array:
        """Places (k, 2) at distances (k,)."""
        return np.stack([np.interp(distance, self.distances, self.places[:, axis]) for axis in range(2)], 1)

    def heading(self, distance: Array) -> Array:
        """Headings (k,) in radians at distances (k,): 0 looks along +Z, a quarter turn along +X."""
        return np.interp(distance, self.distances, self.headings)


def track(points: Sequence[tuple[float, float]]) -> Track:
    """The smooth line through points (x, z); points less than 5 cm from the one before are passed over."""
    kept = [np.array(points[0], np.float64)]
    for point in points[1:]:
        if np.linalg.norm(np.array(point) - kept[-1]) > 0.05:
            kept.append(np.array(point, np.float64))
    if len(kept) == 1:
        return Track(np.array([0.0]), np.array(kept), np.array([0.0]))
    straight = float(np.linalg.norm(np.diff(np.array(kept), axis=0), axis=1).sum())
    if straight > LONGEST:
        raise BadInput(f"the path is {straight:,.0f} m long, but a figure goes at most {LONGEST:,.0f} m")
    line = _spline(np.array(kept))
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    distances = np.linspace(0, lengths[-1], max(int(lengths[-1] / SPACING), 8) + 1)
    places = np.stack([np.interp(distances, lengths, line[:, axis]) for axis in range(2)], 1)
    ways = np.gradient(places, axis=0)
    headings = np.unwrap(np.arctan2(ways[:, 0], ways[:, 1]))
    return Track(distances, places, headings)


def _spline(points: Array) -> Array:
    """A centripetal Catmull-Rom curve (Yuksel et al. 2011) through points (k, 2): no loops at sharp corners."""
    ends = [2 * points[0] - points[1], *points, 2 * points[-1] - points[-2]]
    pieces = []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        t1 = np.linalg.norm(p1 - p0) ** 0.5
        t2 = t1 + np.linalg.norm(p2 - p1) ** 0.5
        t3 = t2 + np.linalg.norm(p3 - p2) ** 0.5
        t = np.linspace(t1, t2, max(int(np.linalg.norm(p2 - p1) / SPACING), 8))[:, None]
        a1 = (t1 - t) / t1 * p0 + t / t1 * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / t2 * a1 + t / t2 * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        pieces.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.concatenate(pieces)


@dataclass(frozen=True, slots=True)
class Travel:
    """How a length is covered: speed up evenly, keep the pace, slow down evenly. Metres and seconds."""

    length: float
    speed: float
    acceleration: float

    @property
    def top_speed(self) -> float:
        """The pace, or what is reached where the way is too short for it."""
        return min(self.speed, float(np.sqrt(self.length * self.acceleration)))

    @property
    def ramp(self) -> float:
        """Seconds of speeding up, and of slowing down."""
        return self.top_speed / self.acceleration

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return 0.0 if self.length == 0 else self.length / self.top_speed + self.ramp

    def distance(self, times: Array) -> Array:
        """Metres covered at times (n,)."""
        if self.length == 0:
            return np.zeros_like(times)
        t = np.clip(times, 0, self.seconds)
        rising = 0.5 * self.acceleration * np.minimum(t, self.ramp) ** 2
        level = self.top_speed * np.clip(t - self.ramp, 0, self.seconds - 2 * self.ramp)
        late = np.clip(t - (self.seconds - self.ramp), 0, self.ramp)
        covered: Array = rising + level + self.top_speed * late - 0.5 * self.acceleration * late**2
        return covered
