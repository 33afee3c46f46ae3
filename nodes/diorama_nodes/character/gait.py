"""Walking and running: the steps along a track, and the phase that hips and arms swing with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from diorama_nodes.character.arrays import Array
from diorama_nodes.character.steps import Stand, Step
from diorama_nodes.character.track import Track, Travel

Pace = Literal["slow", "normal", "fast"]
Side = Literal["l", "r"]


@dataclass(frozen=True, slots=True)
class Gait:
    """How someone moves on: for the standard figure, in metres, seconds and radians.

    duty: the share of a cycle that a foot stands; width: half the distance between the feet's lines.
    """

    speeds: dict[Pace, float]
    step: float
    """Length of a step at normal pace; it grows with the speed to the power of `growth`."""
    growth: float
    acceleration: float
    duty: float
    width: float
    clearance: float
    strike: float
    push: float


GAITS: dict[str, Gait] = {
    "walk": Gait({"slow": 0.8, "normal": 1.25, "fast": 1.75}, 0.63, 0.5, 1.7, 0.60, 0.07, 0.045, 0.24, 0.80),
    "run": Gait({"slow": 2.3, "normal": 3.1, "fast": 4.3}, 1.08, 0.75, 2.6, 0.33, 0.045, 0.14, 0.08, 1.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A gait along a track from its first second: travel, and metres of a cycle of two steps."""

    gait: Gait
    track: Track
    travel: Travel
    stride: float

    def phase(self, times: Array) -> Array:
        """Cycles gone through at times (n,); whole numbers are where the left foot strikes."""
        return self.gait.duty / 2 + self.travel.distance(times) / self.stride

    def effort(self, times: Array) -> Array:
        """Speed at times (n,) as a share of the pace."""
        if self.travel.length == 0:
            return np.zeros_like(times)
        step = 0.02
        gone = self.travel.distance(times + step) - self.travel.distance(times - step)
        return gone / (2 * step) / self.travel.speed


def course(kind: str, pace: Pace, track: Track, size: float) -> Course:
    """The course of a figure of a size (1 for the standard one) along a track."""
    gait = GAITS[kind]
    # Equal Froude numbers: small figures are slower by the square root of their size.
    speed = gait.speeds[pace] * size**0.5
    step = gait.step * (gait.speeds[pace] / gait.speeds["normal"]) ** gait.growth * size
    travel = Travel(track.length, speed, gait.acceleration)
    count = max(round(track.length / step), 1)
    return Course(gait, track, travel, 2 * max(track.length, 1e-6) / count)


def beside(track: Track, distance: float, side: Side, width: float, turnout: float = 0.08) -> Stand:
    """Where a foot stands beside the track's place at a distance."""
    x, z = track.place(np.array([distance]))[0]
    heading = float(track.heading(np.array([distance]))[0])
    sign = 1.0 if side == "l" else -1.0
    return Stand(
        float(x + sign * width * np.cos(heading)),
        float(z - sign * width * np.sin(heading)),
        heading + sign * turnout,
    )


def gait_steps(course: Course, side: Side, size: float) -> list[Step]:
    """All steps of one foot, from both feet side by side to both feet side by side."""
    if course.track.length == 0:
        return []
    gait, length, stride = course.gait, course.track.length, course.stride
    start = gait.duty / 2
    end = start + length / stride
    fine = np.linspace(0, course.travel.seconds, 2000)
    phases = course.phase(fine)
    first = 1.0 if side == "l" else 0.5
    steps = []
    for land in np.arange(first, end + 1.0, 1.0):
        lift = max(land - 1 + gait.duty, start)
        if lift >= end - 0.02:
            break
        place = min((land + gait.duty / 2 - start) * stride - 0.05 * size, length)
        is_last = land + gait.duty > end + gait.duty / 2 - 1e-6 or place >= length - 1e-6
        seconds = np.interp([lift, min(float(land), end)], phases, fine)
        vigour = 0.4 if is_last or lift == start else 1.0
        steps.append(
            Step(
                float(seconds[0]),
                float(seconds[1]),
                beside(course.track, length if is_last else place, side, gait.width * size),
                gait.clearance,
                gait.strike * (0.3 if is_last else 1.0),
                gait.push * vigour,
            )
        )
    return steps
