"""Who is where when: the segments of a performance, the body's place and heading, and both feet's steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from diorama.values.motion import Clip
from diorama_nodes.character.arrays import Array
from diorama_nodes.character.gait import Course, Side, beside, course, gait_steps
from diorama_nodes.character.gestures import BEAT
from diorama_nodes.character.rotation import eased, smoothed
from diorama_nodes.character.steps import Stand, Step
from diorama_nodes.character.track import track
from diorama_nodes.plan.schema import PathSpec

STANCE = 0.105
"""Half the distance between the feet of who stands, in metres of the standard figure."""

SIDES: tuple[Side, Side] = ("l", "r")
TURN_SECONDS = 0.42
"""Seconds of a step when turning on the spot."""

SPIN_SECONDS = 3.2
"""Seconds of a whole turn."""

SEAT_REACH = 0.40
"""Metres that the feet of who sits are before the hips."""


@dataclass(frozen=True, slots=True, eq=False)
class Staging:
    """Places (n, 2) and headings (n,) of the body, each foot's first stand and steps, clips, and the gait's course."""

    places: Array
    headings: Array
    stands: dict[Side, Stand]
    steps: dict[Side, list[Step]]
    clips: tuple[Clip, ...]
    course: Course


def stage(path: PathSpec, times: Array, size: float) -> Staging:
    """The staging of a path: go along it, turn to where it wants to face, then do the action there."""
    moves = path.action in ("walk", "run")
    line = track(path.points)
    going = course(path.action if moves else "walk", path.pace, line, size)
    arrival = going.travel.seconds
    steps = {side: gait_steps(going, side, size) for side in SIDES}
    width = going.gait.width * size
    if line.length:
        stands = {side: beside(line, 0.0, side, width) for side in SIDES}
        distance = going.travel.distance(times)
        places, headings = line.place(distance), smoothed(line.heading(distance), 0.16 / _frame(times))
    else:
        facing = path.facing or (0.0, 1.0)
        line = replace(line, headings=np.array([float(np.arctan2(facing[0], facing[1]))]))
        stands = {side: beside(line, 0.0, side, STANCE * size) for side in SIDES}
        places, headings = line.place(times), line.heading(times)
    begin = arrival
    if line.length:
        begin = _turn(path, steps, float(line.headings[-1]), line.places[-1], headings, times, arrival, size)
    clips = _clips(path, arrival, begin, float(times[-1]))
    staging = Staging(places, headings, stands, steps, clips, going)
    if begin < times[-1]:
        if path.action == "spin":
            _spin(staging, times, begin, size)
        elif path.action == "dance":
            _dance(staging, times, begin, size)
        elif path.action == "sit":
            _sit(staging, times, begin, size)
    return staging


def _frame(times: Array) -> float:
    return float(times[1] - times[0]) if len(times) > 1 else 1.0


def _clips(path: PathSpec, arrival: float, begin: float, end: float) -> tuple[Clip, ...]:
    rests = "idle" if path.action in ("walk", "run") else path.action
    clips = []
    if arrival > 0:
        clips.append(Clip(path.action if path.action == "run" else "walk", 0.0, min(arrival, end)))
    if begin > arrival and arrival < end:
        clips.append(Clip("turn", arrival, min(begin, end)))
    if begin < end or not clips:
        clips.append(Clip(rests, min(begin, end), end))
    return tuple(clips)


def _around(place: Array, heading: float, side: Side, width: float, ahead: float = 0.0) -> Stand:
    sign = 1.0 if side == "l" else -1.0
    x = place[0] + sign * width * np.cos(heading) + ahead * np.sin(heading)
    z = place[1] - sign * width * np.sin(heading) + ahead * np.cos(heading)
    return Stand(float(x), float(z), heading + sign * 0.10)


def _turn(
    path: PathSpec,
    steps: dict[Side, list[Step]],
    heading: float,
    place: Array,
    headings: Array,
    times: Array,
    arrival: float,
    size: float,
) -> float:
    """Turn to where the path wants to face, with as many steps as it takes; gives the second when it is done."""
    wanted = heading if path.facing is None else float(np.arctan2(path.facing[0], path.facing[1]))
    angle = float(np.mod(wanted - heading + np.pi, 2 * np.pi) - np.pi)
    count = max(int(np.ceil(abs(angle) / 0.9)), 1) * 2
    seconds = TURN_SECONDS * (count + 0.3)
    headings += angle * eased((times - arrival) / seconds)
    leading: tuple[Side, Side] = ("l", "r") if angle >= 0 else ("r", "l")
    for number in range(count):
        lift = arrival + TURN_SECONDS * (number + 0.15)
        reached = heading + angle * min((number // 2 + 1) / (count // 2), 1.0)
        stand = _around(place, reached, leading[number % 2], STANCE * size)
        steps[leading[number % 2]].append(Step(lift, lift + TURN_SECONDS * 0.9, stand, 0.045, 0.0, 0.25))
    return arrival + seconds


def _spin(staging: Staging, times: Array, begin: float, size: float) -> None:
    """Turn on and on, in steps of a sixth of a turn."""
    after = np.maximum(times - begin, 0.0)
    rate = 2 * np.pi / SPIN_SECONDS
    staging.headings[:] += rate * np.where(after < 1, 0.5 * after**2, after - 0.5)
    place = staging.places[-1]
    count = int((times[-1] - begin) / 0.40)
    for number in range(count):
        lift = begin + 0.12 + 0.40 * number
        middle = lift + 0.36 + 0.20
        heading = float(np.interp(middle, times, staging.headings))
        side = SIDES[number % 2]
        staging.steps[side].append(
            Step(lift, lift + 0.36, _around(place, heading, side, STANCE * size), 0.05, 0.0, 0.4)
        )


def _dance(staging: Staging, times: Array, begin: float, size: float) -> None:
    """Step to the left, close, step to the right, close: a step on each beat."""
    heading = float(staging.headings[-1])
    left = np.array([np.cos(heading), -np.sin(heading)])
    home = staging.places[-1].copy()
    reach = 0.15 * size
    beats = int((times[-1] - begin) / BEAT)
    offsets = []
    for beat in range(beats):
        side: Side = "l" if beat % 4 in (0, 3) else "r"
        far = reach if beat % 4 in (0, 1) else -reach
        opens = beat % 2 == 0
        sign = 1.0 if side == "l" else -1.0
        width = STANCE * size * (1.35 if opens else 0.95)
        stand = _around(home + left * far, heading + sign * 0.12, side, width, 0.03 * size * sign)
        lift = begin + BEAT * beat + 0.06
        staging.steps[side].append(Step(lift, lift + BEAT * 0.68, stand, 0.07, -0.12, 0.45))
        offsets.append(far)
    aim = np.array([0.0, *offsets])[np.clip(((times - begin) / BEAT + 1).astype(int), 0, beats)]
    aim = np.where(times < begin, 0.0, aim)
    staging.places[:] += smoothed(aim, 0.17 / _frame(times))[:, None] * left


def _sit(staging: Staging, times: Array, begin: float, size: float) -> None:
    """Bring the hips back over the seat, or the feet before it where the figure sits from the first."""
    ahead = SEAT_REACH * size
    way = np.array([np.sin(staging.headings[-1]), np.cos(staging.headings[-1])])
    if staging.course.track.length:
        staging.places[:] -= way * ahead * eased((times - begin) / 1.4)[:, None]
        return
    for side in SIDES:
        heading = float(staging.headings[-1])
        staging.stands[side] = _around(staging.places[-1], heading, side, 0.12 * size, ahead)
