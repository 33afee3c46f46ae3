"""What an old tape and a dusty record do to a sound."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.signal import (
    RATE,
    Generator,
    Wave,
    bandpass,
    drift,
    frames,
    highpass,
    lay,
    lowpass,
    silence,
    white,
)

WOW_SECONDS = 0.0016
FLUTTER_SECONDS = 0.00005
CLICKS_PER_SECOND = 14.0


def worn(wave: Wave, rng: Generator) -> Wave:
    """`wave` with its highs gone, gently saturated, wavering in pitch, with crackle and hiss over it."""
    peak = float(np.abs(wave).max(initial=0.0)) or 1.0
    warm = np.tanh(lowpass(highpass(wave, 35), 5600, 1) * np.float32(1.5 / peak)) * np.float32(peak / 1.5)
    return np.asarray(_wavering(warm, rng) + crackle(rng, len(wave)) * np.float32(peak), np.float32)


def _wavering(wave: Wave, rng: Generator) -> Wave:
    """`wave` read by a motor that is never quite steady."""
    count = len(wave)
    moment = np.arange(count)
    wow = (drift(rng, count, 1.1).astype(np.float64) - 0.5) * WOW_SECONDS
    flutter = np.sin(2 * np.pi * 6.7 * moment / RATE) * FLUTTER_SECONDS
    place = np.clip(moment + (wow + flutter) * RATE, 0, max(count - 1, 0))
    index = np.minimum(place.astype(np.int64), max(count - 2, 0))
    part = (place - index).astype(np.float32)[:, None]
    following = np.minimum(index + 1, count - 1)
    return np.asarray(wave[index] * (1 - part) + wave[following] * part, np.float32)


def crackle(rng: Generator, count: int) -> Wave:
    """The clicks and the hiss of a record beside a sound whose peak is 1."""
    track = silence(count)
    hiss = lowpass(white(rng, count, 2), 6000) * np.float32(0.0022)
    clicks = [_click(rng) for _ in range(12)]
    for _ in range(int(rng.poisson(CLICKS_PER_SECOND * count / RATE))):
        level = 0.012 * float(rng.pareto(2.2) + 0.3)
        lay(
            track,
            clicks[int(rng.integers(12))],
            int(rng.integers(count)),
            float(rng.uniform(-0.7, 0.7)),
            min(level, 0.09),
        )
    return track + hiss


def _click(rng: Generator) -> Wave:
    count = frames(float(rng.uniform(0.001, 0.004)))
    shape = np.exp(-np.arange(count, dtype=np.float32) * np.float32(6 / count))
    burst = bandpass(white(rng, count), 900, float(rng.uniform(3000, 7000)))
    return np.asarray(burst * shape * 2, np.float32)
