"""The sea and a stream."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.signal import RATE, Generator, Wave, bell_curve, decay, drift, frames, lay, noise, slope_curve

WAVE_SECONDS = (5.0, 7.5)
BUBBLES_PER_SECOND = 110.0


def sea(rng: Generator, count: int) -> Wave:
    """Waves that rise, break from one side to the other, and run back hissing over the sand."""
    swell, foam, side = _waves(rng, count)
    deep = noise(rng, count, bell_curve(110, 1.1), 2) * (0.16 + 1.0 * swell)[:, None]
    surf = noise(rng, count, slope_curve(250, 2600, -3.5), 2) * (0.05 + 1.0 * swell**1.4)[:, None]
    hiss = noise(rng, count, slope_curve(1500, 12_000, -1.0), 2) * (0.03 + 0.55 * foam)[:, None]
    width = np.stack([1.15 - 0.6 * side, 0.55 + 0.6 * side], axis=1)
    return np.asarray((0.9 * deep + surf) * width + hiss * width[:, ::-1], np.float32)


def _waves(rng: Generator, count: int) -> tuple[Wave, Wave, Wave]:
    """For each frame: how high the wave stands, how much foam runs back, and which side it breaks on (0 to 1)."""
    swell, foam = np.zeros(count, np.float32), np.zeros(count, np.float32)
    moment = np.arange(count, dtype=np.float32) / RATE
    start = -float(rng.uniform(1.0, 2.5))
    while start < count / RATE:
        height, long = float(rng.uniform(0.65, 1.0)), float(rng.uniform(*WAVE_SECONDS))
        part = (moment - start) / long
        rise = np.clip(part / 0.42, 0, 1)
        swell += height * np.where(part < 0.42, rise**2.2, np.exp(-np.maximum(part - 0.42, 0) * 7.0)) * (part > 0)
        back = np.clip((part - 0.40) / 0.08, 0, 1) * np.exp(-np.maximum(part - 0.48, 0) * 4.2)
        foam += height * back
        start += long * float(rng.uniform(0.85, 1.05))
    return np.minimum(swell, 1.3), np.minimum(foam, 1.3), drift(rng, count, 0.16)


def water(rng: Generator, count: int) -> Wave:
    """A stream over stones: bubbles that each give a rising note, over a steady rush."""
    rush = noise(rng, count, slope_curve(400, 5000, -2.5), 2) * (0.05 + 0.04 * drift(rng, count, 2.5))[:, None]
    track = np.asarray(rush + 0.025 * noise(rng, count, bell_curve(220, 0.8), 2), np.float32)
    bubbles = [_bubble(rng) for _ in range(64)]
    total = int(rng.poisson(BUBBLES_PER_SECOND * count / RATE))
    chosen, starts = rng.integers(len(bubbles), size=total), rng.integers(count, size=total)
    levels, pans = 0.12 * (rng.pareto(2.6, total) + 0.4), rng.uniform(-0.9, 0.9, total)
    for which, start, level, pan in zip(chosen, starts, levels, pans, strict=True):
        lay(track, bubbles[int(which)], int(start), float(pan), min(float(level), 0.8))
    return track


def _bubble(rng: Generator) -> Wave:
    """A bubble's ring: the smaller, the higher and the shorter; its note rises as it nears the surface."""
    hz = float(np.exp(rng.uniform(np.log(380), np.log(2600))))
    ring = 0.02 + 26 / hz * float(rng.uniform(0.6, 1.6))
    count = frames(ring * 1.2)
    moment = np.arange(count, dtype=np.float32) / RATE
    phase = hz * (moment + float(rng.uniform(0.5, 3.0)) * moment**2)
    return np.asarray(np.sin(2 * np.pi * phase) * decay(count, ring) * np.minimum(moment / 0.002, 1), np.float32)
