"""Rain, wind and thunder."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.reverb import reverberated
from diorama_nodes.audio.signal import (
    RATE,
    Generator,
    Wave,
    bell_curve,
    decay,
    drift,
    frames,
    lay,
    lowpass,
    noise,
    slope_curve,
    white,
)

DROPS_PER_SECOND = 90.0


def rain(rng: Generator, count: int) -> Wave:
    """A wash of far rain that swells a little, and near drops on what is around."""
    wash = noise(rng, count, slope_curve(350, 11_000, -1.6), 2)
    wash *= (0.8 + 0.35 * drift(rng, count, 0.35))[:, None]
    body = noise(rng, count, slope_curve(90, 500, -3.0), 2) * np.float32(0.16)
    track = np.asarray(wash * np.float32(0.42) + body, np.float32)
    drops = [_drop(rng) for _ in range(32)]
    total = int(rng.poisson(DROPS_PER_SECOND * count / RATE))
    chosen, starts = rng.integers(len(drops), size=total), rng.integers(count, size=total)
    levels, pans = np.minimum(0.25 * (rng.pareto(2.5, total) + 0.2), 2.2), rng.uniform(-1, 1, total)
    for which, start, level, pan in zip(chosen, starts, levels, pans, strict=True):
        lay(track, drops[int(which)], int(start), float(pan), float(level))
    return track


def _drop(rng: Generator) -> Wave:
    """A drop: a tick of noise, and for some the note of the bubble it shuts in."""
    count = frames(float(rng.uniform(0.006, 0.03)))
    moment = np.arange(count, dtype=np.float32) / RATE
    tick = lowpass(white(rng, count), float(rng.uniform(2500, 8000))) * decay(count, 0.008)
    hz = float(np.exp(rng.uniform(np.log(900), np.log(4200))))
    note = np.sin(2 * np.pi * (hz * moment + hz * 4 * moment**2)) * decay(count, float(rng.uniform(0.008, 0.03)))
    return np.asarray(tick * 0.7 + note * float(rng.uniform(0.0, 0.8)), np.float32)


def wind(rng: Generator, count: int) -> Wave:
    """Gusts: the harder it blows, the higher the band that sounds; now and then it whistles round an edge."""
    gust = drift(rng, count, 0.45) * 0.65 + drift(rng, count, 1.3) * 0.35
    track = noise(rng, count, bell_curve(130, 1.1), 2) * (0.5 + 0.5 * gust)[:, None]
    for center, need in ((320.0, 0.25), (620.0, 0.42), (1150.0, 0.58)):
        share = np.clip((gust - need) / 0.45, 0, 1) ** 1.3
        track += noise(rng, count, bell_curve(center, 0.5), 2) * (1.1 * share)[:, None]
    whistle = noise(rng, count, bell_curve(880, 0.045)) * np.clip((gust - 0.55) / 0.4, 0, 1) ** 2
    pan = drift(rng, count, 0.2)
    track += whistle[:, None] * np.stack([1 - pan, pan], axis=1) * np.float32(0.35)
    return np.asarray(track, np.float32)


def thunder(rng: Generator, count: int) -> Wave:
    """Strokes that crack and roll away for seconds, over a far rumble."""
    track = noise(rng, count, bell_curve(55, 0.8), 2) * (0.02 + 0.05 * drift(rng, count, 0.5))[:, None]
    start = min(0.6 + float(rng.random()), 0.15 * count / RATE)
    while start < count / RATE:
        near = float(rng.uniform(0.35, 1.0))
        roll = _stroke(rng, near)
        lay(track, roll, frames(start), float(rng.uniform(-0.6, 0.6)), near)
        start += float(rng.uniform(6.5, 13.0))
    return reverberated(np.asarray(track, np.float32), 2.6, 0.5, 900.0)


def _stroke(rng: Generator, near: float) -> Wave:
    """A stroke of lightning heard from `near` (1 is close): a crack of many parts, and what the hills give back."""
    count = frames(6.5)
    moment = np.arange(count, dtype=np.float32) / RATE
    rough = np.clip(drift(rng, count, 7.0) * 1.5 - 0.25, 0, 1) * 0.7 + 0.3
    made = 2.2 * noise(rng, count, bell_curve(60, 0.9)) * np.minimum(moment / 0.25, 1) * np.exp(-moment / 1.9) * rough
    made += 0.9 * noise(rng, count, bell_curve(190, 0.9)) * np.minimum(moment / 0.06, 1) * np.exp(-moment / 0.9) * rough
    for _ in range(int(10 * near)):
        at = frames(float(rng.exponential(0.12)))
        long = min(frames(0.25), count - at)
        crack = lowpass(white(rng, max(long, 0)), 900 + 3600 * near) * decay(max(long, 0), 0.16)
        made[at : at + long] += crack * np.float32(2.4 * near * rng.uniform(0.4, 1.0))
    return np.asarray(made * np.clip((6.5 - moment) / 1.5, 0, 1), np.float32)
