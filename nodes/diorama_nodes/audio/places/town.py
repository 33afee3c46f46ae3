"""A city, a crowd, and the hum of machines."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.reverb import reverberated
from diorama_nodes.audio.signal import (
    RATE,
    Generator,
    Numbers,
    Wave,
    bell_curve,
    drift,
    frames,
    generator,
    lay,
    lowpass,
    noise,
    ramp,
    slope_curve,
)
from diorama_nodes.audio.tone import tone
from diorama_nodes.audio.voices.voice import band_of

SPEAKERS = 13
MAINS_HZ = 50.0


def city(rng: Generator, count: int) -> Wave:
    """Far traffic, the hum of signs and lines, cars that pass from side to side, a horn streets away."""
    traffic = noise(rng, count, slope_curve(45, 420, -4.5), 2) * (0.18 + 0.12 * drift(rng, count, 0.4))[:, None]
    traffic += noise(rng, count, slope_curve(300, 2200, -5.0), 2) * (0.05 + 0.03 * drift(rng, count, 0.7))[:, None]
    track = np.asarray(traffic + 0.05 * hum(rng, count), np.float32)
    start = float(rng.uniform(-1.5, 1.0))
    while start < count / RATE:
        _pass_by(rng, track, start)
        start += float(rng.uniform(4.0, 8.5))
    far = np.zeros_like(track)
    start = float(rng.uniform(2.0, 6.0))
    while start < count / RATE:
        pitch, long = float(rng.uniform(330, 420)), float(rng.uniform(0.25, 0.7))
        horn = tone(pitch, long, _reed) + tone(pitch * 1.26, long, _reed)
        lay(far, horn * ramp(len(horn), 0.02, 0.05), frames(start), float(rng.uniform(-0.8, 0.8)), 0.05)
        start += float(rng.uniform(9.0, 20.0))
    return np.asarray(track + reverberated(lowpass(far, 1500), 1.8, 1.0, 1800.0), np.float32)


def _reed(number: Numbers, moment: Numbers) -> Numbers:
    return np.asarray(np.broadcast_to(number**-0.7 * np.exp(-number / 9), (len(moment), number.shape[1])))


def _pass_by(rng: Generator, track: Wave, start: float) -> None:
    """A car that comes, passes and goes: nearer is louder and brighter, and its engine's note drops as it passes."""
    seconds = float(rng.uniform(4.0, 6.5))
    count = frames(seconds)
    part = np.linspace(-1, 1, count, dtype=np.float32) * (1 if rng.random() < 0.5 else -1)
    far = np.abs(np.linspace(-1, 1, count, dtype=np.float32))
    near = 1 / (1 + (far * 5) ** 2) * np.clip((1 - far) * 4, 0, 1)
    tyres = (
        noise(rng, count, slope_curve(250, 2400, -2.0)) * near**1.5
        + 0.7 * noise(rng, count, bell_curve(90, 0.8)) * near
    )
    engine_hz = float(rng.uniform(62, 95)) * (1 - 0.05 * np.tanh(np.linspace(-6, 6, count)))
    phase = 2 * np.pi * np.cumsum(engine_hz) / RATE
    engine = np.sum([np.sin(number * phase) / number for number in range(1, 6)], axis=0) * near
    sound = np.asarray(0.36 * tyres + 0.13 * engine, np.float32)
    first = max(-frames(start), 0)
    at, angle = max(frames(start), 0), (np.clip(part * 2.2, -0.95, 0.95) + 1) * np.pi / 4
    end = min(at + count - first, len(track))
    if end > at:
        stretch = slice(first, first + end - at)
        track[at:end, 0] += (sound * np.cos(angle))[stretch].astype(np.float32)
        track[at:end, 1] += (sound * np.sin(angle))[stretch].astype(np.float32)


def crowd(rng: Generator, count: int) -> Wave:
    """Many voices at once, none to be understood: each speaks in syllables, phrases and pauses of its own."""
    track = np.asarray(noise(rng, count, bell_curve(420, 1.1), 2) * np.float32(0.012), np.float32)
    for number in range(SPEAKERS):
        pitch = float(rng.uniform(88, 135) if rng.random() < 0.55 else rng.uniform(165, 240))
        spoken = [_syllable(rng, pitch) for _ in range(9)]
        pan, level = -0.9 + 1.8 * number / (SPEAKERS - 1), float(rng.uniform(0.12, 0.4))
        start = float(rng.uniform(-1.0, 1.0))
        while start < count / RATE:
            for _ in range(int(rng.integers(3, 12))):
                lay(track, spoken[int(rng.integers(9))], frames(start), pan, level * float(rng.uniform(0.6, 1.0)))
                start += float(rng.uniform(0.12, 0.26))
            start += float(rng.exponential(0.5))
    return reverberated(lowpass(track, 3600), 1.1, 0.5, 2500.0)


VOWELS = ((730, 1090), (270, 2290), (300, 870), (530, 1840), (570, 840), (490, 1350))
"""First and second formants in hertz of vowels as men speak them (Peterson and Barney, 1952)."""


def _syllable(rng: Generator, pitch: float) -> Wave:
    first, second = VOWELS[int(rng.integers(len(VOWELS)))]
    bend, seconds = float(rng.uniform(-0.15, 0.2)), float(rng.uniform(0.1, 0.26))

    def levels(number: Numbers, moment: Numbers) -> Numbers:
        hz = number * pitch * (1 + bend)
        color = 0.05 + band_of(hz, first, 0.3) + 0.6 * band_of(hz, second, 0.22) + 0.25 * band_of(hz, 2600, 0.3)
        return np.asarray(np.broadcast_to(color / number**0.5, (len(moment), number.shape[1])))

    made = tone(pitch * (1 + bend), seconds, levels, slide=float(rng.uniform(-120, 120)))
    onset = noise(generator(round(pitch * 10), 3), frames(0.04), slope_curve(1500, 6000, 0.0)) * np.float32(0.05)
    made[: len(onset)] += onset * np.linspace(1, 0, len(onset), dtype=np.float32)
    return made * ramp(len(made), 0.03, 0.07)


def hum(rng: Generator, count: int) -> Wave:
    """A transformer: the mains and its harmonics, which beat slowly, and a breath of air."""
    moment = np.arange(count, dtype=np.float64) / RATE
    track = np.zeros((count, 2), np.float32)
    for number, level in ((1, 0.5), (2, 1.0), (3, 0.22), (4, 0.42), (6, 0.2), (8, 0.1), (12, 0.05)):
        cycles = (MAINS_HZ * number + float(rng.uniform(-0.06, 0.06))) * moment
        phase = (2 * np.pi * (cycles % 1.0)).astype(np.float32)
        loud = np.float32(level) * (np.float32(0.7) + np.float32(0.3) * drift(rng, count, 0.4))
        for side in (0, 1):
            track[:, side] += loud * np.sin(phase + np.float32(rng.uniform(0, 6.28)))
    air = noise(rng, count, slope_curve(100, 1500, -4.0), 2)
    return np.asarray(track * np.float32(0.3) + air * np.float32(0.03), np.float32)
