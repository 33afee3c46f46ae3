"""Birds, the night, and a fire."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.reverb import reverberated
from diorama_nodes.audio.signal import (
    RATE,
    Generator,
    Numbers,
    Wave,
    bandpass,
    bell_curve,
    decay,
    drift,
    frames,
    lay,
    noise,
    slope_curve,
    white,
)

BIRDS = 5
CRICKETS = 7


def whistle(seconds: float, hertz: Callable[[Numbers], Numbers], roughness: float = 0.0) -> Wave:
    """A whistled note whose pitch follows `hertz` from 0 to 1 of its length."""
    count = frames(seconds)
    part = np.arange(count) / max(count, 1)
    phase = 2 * np.pi * np.cumsum(hertz(part)) / RATE
    shape = np.sin(np.pi * part) ** 0.6
    if roughness:
        shape = shape * (1 - roughness * (0.5 + 0.5 * np.sin(2 * np.pi * 55 * part * seconds)))
    return np.asarray((np.sin(phase) + 0.08 * np.sin(2 * phase)) * shape, np.float32)


def _warble(base: float, turns: float) -> Callable[[Numbers], Numbers]:
    return lambda part: np.asarray(base * (1 + 0.22 * np.sin(2 * np.pi * turns * part)))


def _syllables(rng: Generator) -> list[Wave]:
    """The notes of one bird: of a warbler, a tit, a finch or a sparrow, each with a pitch of its own."""
    base = float(rng.uniform(2900, 4600))
    kind = int(rng.integers(4))
    if kind == 0:
        return [whistle(0.11, _warble(base, float(turn))) for turn in rng.uniform(0.5, 2.0, 5)]
    if kind == 1:
        high, low = whistle(0.13, lambda part: base * 1.35 - 120 * part), whistle(0.18, lambda part: base - 80 * part)
        return [high, low, high, low]
    if kind == 2:
        return [whistle(0.055, lambda part: base * (1.5 - 0.55 * part)) for _ in range(9)]
    return [whistle(0.08, lambda part: base * (0.85 + 0.5 * np.sin(np.pi * part)), 0.5) for _ in range(3)]


def birds(rng: Generator, count: int) -> Wave:
    """Several birds at their places, each with a song that it repeats, in the quiet air of a wood."""
    track = np.asarray(noise(rng, count, slope_curve(250, 3500, -5.0), 2) * np.float32(0.006), np.float32)
    for number in range(BIRDS):
        song, far = _syllables(rng), float(rng.uniform(0.25, 1.0))
        gap, pan = float(rng.uniform(0.02, 0.07)), -0.9 + 1.8 * number / (BIRDS - 1)
        start = float(rng.uniform(0.1, 1.2)) + 0.5 * number
        while start < count / RATE:
            at = start
            for note in song[: int(rng.integers(2, len(song) + 1))]:
                lay(track, note, frames(at), pan, 0.4 * far * float(rng.uniform(0.75, 1.0)))
                at += len(note) / RATE + gap
            start = at + float(rng.exponential(1.8)) + 0.6
    return reverberated(track, 1.4, 0.18, 6500.0)


def night(rng: Generator, count: int) -> Wave:
    """Crickets on all sides, each at its own pitch and pace, in still air; an owl from afar."""
    track = np.asarray(noise(rng, count, slope_curve(120, 900, -5.0), 2) * np.float32(0.02), np.float32)
    for number in range(CRICKETS):
        chirp = _chirp(rng)
        pace, level = float(rng.uniform(0.42, 0.8)), float(rng.uniform(0.06, 0.3))
        start, pan = float(rng.uniform(0, 0.7)), -1 + 2 * number / (CRICKETS - 1)
        while start < count / RATE:
            lay(track, chirp, frames(start), pan, level * float(rng.uniform(0.8, 1.0)))
            start += pace * float(rng.uniform(0.96, 1.05)) + (float(rng.uniform(1, 3)) if rng.random() < 0.04 else 0.0)
    start = float(rng.uniform(1.0, 3.0))
    while start < count / RATE:
        for delay, long in ((0.0, 0.35), (0.75, 0.18), (1.05, 0.6)):
            lay(track, whistle(long, lambda part: 395 - 25 * part), frames(start + delay), -0.5, 0.13)
        start += float(rng.uniform(9.0, 16.0))
    return reverberated(track, 1.8, 0.16, 4000.0)


def _chirp(rng: Generator) -> Wave:
    """Three or four pulses of a cricket's wing."""
    hz, pulse = float(rng.uniform(3900, 5200)), float(rng.uniform(0.016, 0.022))
    pulses = int(rng.integers(3, 5))
    made = np.zeros(frames(pulses * pulse * 1.9), np.float32)
    moment = np.arange(frames(pulse), dtype=np.float32) / RATE
    one = np.sin(2 * np.pi * hz * moment) * np.sin(np.pi * moment / pulse)
    for number in range(pulses):
        start = frames(number * pulse * 1.85)
        made[start : start + len(one)] += one[: len(made) - start] * np.float32(0.6 + 0.4 * number / pulses)
    return made


def fire(rng: Generator, count: int) -> Wave:
    """Flames that flutter low, embers that hiss, and wood that cracks, often softly and at times hard."""
    flutter = 0.5 + 0.35 * drift(rng, count, 9.0) + 0.3 * drift(rng, count, 1.2)
    flames = noise(rng, count, bell_curve(120, 1.0), 2) * (0.055 * flutter)[:, None]
    hiss = noise(rng, count, slope_curve(600, 7000, -2.0), 2) * (0.016 + 0.018 * drift(rng, count, 3.0))[:, None]
    track = np.asarray(flames + hiss, np.float32)
    cracks = [_crack(rng) for _ in range(40)]
    start = 0.05
    while start < count / RATE:
        for _ in range(int(rng.geometric(0.45))):
            level = min(0.13 * float(rng.pareto(1.7) + 0.3), 1.1)
            lay(track, cracks[int(rng.integers(40))], frames(start), float(rng.uniform(-0.6, 0.6)), level)
            start += float(rng.exponential(0.025))
        start += float(rng.exponential(0.11))
    return reverberated(track, 0.5, 0.08)


def _crack(rng: Generator) -> Wave:
    count = frames(float(rng.uniform(0.004, 0.03)))
    low = float(rng.choice((700, 1000, 1400, 1900, 2500)))
    return bandpass(white(rng, count), low, low * float(rng.choice((2.0, 4.0)))) * decay(count, count / RATE) * 2
