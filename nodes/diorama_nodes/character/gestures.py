"""What trunk, head and arms do in each action, as channels over time that can be mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diorama_nodes.character.arrays import Array

Channels = dict[str, Array]
"""By name: `hips`, `spine`, `chest`, `neck`, `head` are (n, 3) radians of pitch, yaw and roll in their parent's frame;
`shift` is (n, 3) metres of the hips to the left, up and forward; for each side `way`, `bend` (n, 3) and `elbow` (n, 1)
are as `limbs.arm` takes them, and `shrug` (n, 1) metres that the shoulder is raised."""

TAU = 2 * np.pi
BEAT = 0.52
"""Seconds of a beat that dancers move to."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What a gesture is made from: seconds since it began (n,), phase and effort of the gait (n,), and chance."""

    times: Array
    phase: Array
    effort: Array
    chances: Array
    """(8,) numbers from 0 to 1 of the seed: they shift and stretch, so that no two figures move alike."""


def _columns(times: Array, *values: Array | float) -> Array:
    return np.stack([np.broadcast_to(np.asarray(value, np.float64), times.shape) for value in values], 1)


def idle(moment: Moment) -> Channels:
    """Standing: breathing, weight that goes slowly from foot to foot, looking about."""
    t, c = moment.times, moment.chances
    breath = np.sin(TAU * (t * (0.24 + 0.04 * c[0]) + c[1]))
    sway = np.sin(TAU * (t * (0.09 + 0.03 * c[2]) + c[3]))
    look = 0.6 * np.sin(TAU * (t * 0.11 + c[4])) + 0.4 * np.sin(TAU * (t * 0.17 + c[5]))
    channels = {
        "hips": _columns(t, 0.0, 0.02 * sway, 0.025 * sway),
        "spine": _columns(t, 0.01 - 0.008 * breath, 0.0, -0.02 * sway),
        "chest": _columns(t, 0.01 - 0.016 * breath, 0.04 * look, -0.012 * sway),
        "neck": _columns(t, 0.02, 0.10 * look, 0.0),
        "head": _columns(t, 0.01 + 0.02 * np.sin(TAU * (t * 0.13 + c[6])), 0.16 * look, 0.015 * sway),
        "shift": _columns(t, 0.014 * sway, -0.012 + 0.002 * breath, 0.0),
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        drift = 0.02 * np.sin(TAU * (t * 0.21 + c[7] + 0.3 * sign))
        channels[f"way_{side}"] = _columns(t, sign * (0.17 + 0.006 * breath), -1.0, 0.02 + drift)
        channels[f"bend_{side}"] = _columns(t, -sign * 0.35, 0.0, 1.0)
        channels[f"elbow_{side}"] = _columns(t, 0.26 + 0.02 * breath + drift)
        channels[f"shrug_{side}"] = _columns(t, 0.003 * breath)
    return channels


def walk(moment: Moment) -> Channels:
    """Walking: hips that turn and drop, shoulders against them, arms that swing."""
    cosine, late = np.cos(TAU * moment.phase), np.cos(TAU * (moment.phase - 0.06))
    sine = np.sin(TAU * (moment.phase - 0.05))
    t = moment.times
    channels = {
        "hips": _columns(t, 0.02, -0.10 * cosine, 0.045 * sine),
        "spine": _columns(t, 0.02 + 0.012 * np.cos(2 * TAU * moment.phase), 0.10 * late, -0.03 * sine),
        "chest": _columns(t, 0.01, 0.09 * late, -0.015 * sine),
        "neck": _columns(t, 0.0, -0.05 * late, 0.0),
        "head": _columns(t, -0.03 + 0.012 * np.cos(2 * TAU * (moment.phase - 0.1)), -0.04 * late, 0.006 * sine),
        "shift": _columns(t, 0.022 * sine, -0.022 - 0.014 * np.cos(2 * TAU * (moment.phase - 0.06)), 0.0),
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        swing = -sign * 0.40 * late
        ahead = np.clip(-sign * late, -1, 1)
        channels[f"way_{side}"] = _columns(t, sign * 0.15 - sign * 0.03 * ahead, -np.cos(swing), np.sin(swing - 0.03))
        channels[f"bend_{side}"] = _columns(t, -sign * 0.30, np.sin(swing), np.cos(swing))
        channels[f"elbow_{side}"] = _columns(t, 0.34 + 0.20 * ahead)
        channels[f"shrug_{side}"] = _columns(t, 0.0)
    return channels


def run(moment: Moment) -> Channels:
    """Running: leaning on, elbows bent, a bound between the steps."""
    cosine, late = np.cos(TAU * (moment.phase - 0.02)), np.cos(TAU * (moment.phase - 0.05))
    sine = np.sin(TAU * moment.phase)
    t = moment.times
    channels = {
        "hips": _columns(t, 0.10, -0.14 * cosine, 0.04 * sine),
        "spine": _columns(t, 0.09, 0.15 * late, -0.03 * sine),
        "chest": _columns(t, 0.05, 0.15 * late, -0.02 * sine),
        "neck": _columns(t, -0.07, -0.08 * late, 0.0),
        "head": _columns(t, -0.12, -0.08 * late, 0.0),
        "shift": _columns(t, 0.010 * sine, -0.045 - 0.034 * np.cos(2 * TAU * (moment.phase - 0.17)), 0.0),
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        swing = -sign * 0.72 * late - 0.12
        channels[f"way_{side}"] = _columns(t, sign * 0.22, -np.cos(swing), np.sin(swing))
        channels[f"bend_{side}"] = _columns(t, -sign * 0.22, np.sin(swing), np.cos(swing))
        channels[f"elbow_{side}"] = _columns(t, 1.50 - sign * 0.22 * late)
        channels[f"shrug_{side}"] = _columns(t, 0.006)
    return channels


def wave(moment: Moment) -> Channels:
    """Standing with the right arm raised every few seconds, the hand waving."""
    channels = idle(moment)
    t = moment.times
    # Ahead by a second, so that the hand is up where a scene of the usual length is pictured.
    turn = np.mod(t + 1.2, 4.6)
    up = _rise(turn, 0.1, 0.75) * (1 - _rise(turn, 3.2, 3.95))
    rock = 0.36 * np.sin(TAU * 1.75 * (turn - 0.6)) * _rise(turn, 0.5, 0.9) * (1 - _rise(turn, 2.9, 3.3))
    _mix(channels, "way_r", _columns(t, -0.94, 0.10, 0.30), up)
    _mix(channels, "bend_r", _columns(t, -0.10, 1.0, 0.10), up)
    _mix(channels, "elbow_r", _columns(t, 1.25 + rock), up)
    _mix(channels, "shrug_r", _columns(t, 0.018), up)
    channels["head"] = channels["head"] * (1 - 0.7 * up[:, None]) + _columns(t, -0.04 * up, 0.0, 0.07 * up)
    channels["spine"] = channels["spine"] + _columns(t, 0.0, 0.0, 0.05 * up)
    return channels


def sit(moment: Moment) -> Channels:
    """Seated, hands on the thighs, breathing and looking about."""
    channels = idle(moment)
    t = moment.times
    channels["hips"] = _columns(t, -0.10, 0.0, 0.0)
    channels["spine"] = channels["spine"] + _columns(t, 0.10, 0.0, 0.0)
    channels["shift"] = _columns(t, 0.0, 0.0, 0.0)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        channels[f"way_{side}"] = _columns(t, sign * 0.20, -0.92, 0.30)
        channels[f"bend_{side}"] = _columns(t, -sign * 0.22, 0.3, 1.0)
        channels[f"elbow_{side}"] = _columns(t, 0.98)
    return channels


def dance(moment: Moment) -> Channels:
    """Dancing on the spot: hips and shoulders against each other, arms that rise by turns."""
    t = moment.times
    beat = t / BEAT
    bar = np.sin(TAU * beat / 4 + 0.4)
    hop = np.cos(TAU * beat)
    twist = np.sin(TAU * beat / 2)
    channels = {
        "hips": _columns(t, 0.03, 0.16 * twist, 0.09 * np.sin(TAU * beat / 2 + 0.5)),
        "spine": _columns(t, 0.03 * hop, -0.12 * twist, -0.10 * np.sin(TAU * beat / 2 + 0.3)),
        "chest": _columns(t, 0.03 * hop, -0.16 * twist, 0.07 * bar),
        "neck": _columns(t, 0.04 * hop, 0.06 * twist, 0.0),
        "head": _columns(t, 0.07 * hop, 0.08 * bar, -0.08 * bar),
        "shift": _columns(t, 0.0, -0.055 - 0.028 * hop, 0.0),
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        lift = 0.5 + 0.5 * np.sin(TAU * beat / 8 + (0.0 if sign > 0 else np.pi))
        pulse = np.sin(TAU * beat + 0.4 * sign)
        channels[f"way_{side}"] = _columns(
            t, sign * (0.75 + 0.15 * lift), -0.55 + 1.05 * lift, 0.35 + 0.12 * twist * sign
        )
        channels[f"bend_{side}"] = _columns(t, -sign * 0.25, 0.75 + 0.5 * lift, 0.75 - 0.5 * lift)
        channels[f"elbow_{side}"] = _columns(t, 1.25 + 0.22 * pulse)
        channels[f"shrug_{side}"] = _columns(t, 0.015 * lift)
    return channels


def spin(moment: Moment) -> Channels:
    """Turning on the spot with arms spread out."""
    channels = idle(moment)
    t = moment.times
    wave_ = np.sin(TAU * t * 0.5)
    channels["head"] = _columns(t, -0.14, 0.12, 0.0)
    channels["chest"] = _columns(t, -0.06, 0.05, 0.0)
    channels["shift"] = _columns(t, 0.0, -0.035 + 0.01 * np.sin(TAU * t * 2.2), 0.0)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        channels[f"way_{side}"] = _columns(t, sign * 0.97, 0.05 + 0.10 * sign * wave_, 0.12)
        channels[f"bend_{side}"] = _columns(t, 0.0, 0.35, 1.0)
        channels[f"elbow_{side}"] = _columns(t, 0.30)
    return channels


GESTURES: dict[str, Callable[[Moment], Channels]] = {
    "idle": idle,
    "walk": walk,
    "run": run,
    "wave": wave,
    "sit": sit,
    "dance": dance,
    "spin": spin,
}


def hold(channels: Channels, thing: str, side: str) -> None:
    """Bend one arm of the channels as someone carries a thing."""
    sign = 1.0 if side == "l" else -1.0
    x, y, z, inward, elbow = HOLDS.get(thing, HOLDS[""])
    count = np.arange(len(channels["shift"]), dtype=np.float64)
    # A little of the arm's own swing stays, so that it does not look frozen.
    lively = channels[f"way_{side}"][:, 2:3] * 0.12
    channels[f"way_{side}"] = _columns(count, sign * x, y, z) + lively * np.array([0.0, 0.0, 1.0])
    channels[f"bend_{side}"] = _columns(count, -sign * inward, 0.3, 1.0)
    channels[f"elbow_{side}"] = _columns(count, elbow) + lively


HOLDS: dict[str, tuple[float, float, float, float, float]] = {
    "umbrella": (0.16, -0.95, 0.22, 0.15, 1.95),
    "lantern": (0.20, -0.85, 0.45, 0.15, 0.95),
    "sword": (0.26, -0.95, 0.05, -0.10, 0.75),
    "staff": (0.45, -0.85, 0.10, -0.30, 1.00),
    "": (0.18, -0.95, 0.18, 0.15, 1.25),
}
"""For each thing: where the upper arm points (away from the body, up, ahead), how far inward the elbow folds, and its
bend in radians."""


def _rise(times: Array, start: float, end: float) -> Array:
    x: Array = np.clip((times - start) / (end - start), 0, 1)
    return x * x * (3 - 2 * x)


def _mix(channels: Channels, name: str, other: Array, share: Array) -> None:
    channels[name] = channels[name] * (1 - share[:, None]) + other * share[:, None]
