"""Drums: each stroke a short sound of one channel, made anew for every variant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.music.score import Drum
from diorama_nodes.audio.signal import (
    RATE,
    Generator,
    Wave,
    bandpass,
    decay,
    frames,
    generator,
    highpass,
    lowpass,
    white,
)


def _moments(seconds: float) -> Wave:
    return np.arange(frames(seconds), dtype=np.float32) / np.float32(RATE)


def _swept(seconds: float, start: float, end: float, fall: float) -> Wave:
    """A sine whose pitch falls from `start` to `end` hertz, nearing it by 1/e each `fall` seconds."""
    moment = _moments(seconds)
    cycles = end * moment + (start - end) * fall * (1 - np.exp(-moment / fall))
    return np.asarray(np.sin(2 * np.pi * cycles), np.float32)


def _kick(rng: Generator) -> Wave:
    body = _swept(0.42, 165, 49, 0.035) * decay(frames(0.42), 0.42)
    click = lowpass(white(rng, frames(0.42)), 3500) * decay(frames(0.42), 0.018)
    return np.asarray(np.tanh(1.6 * body) * 0.85 + 0.16 * click, np.float32)


def _snare(rng: Generator) -> Wave:
    count = frames(0.3)
    rattle = bandpass(white(rng, count), 1500, 8500) * decay(count, 0.24)
    head = (_swept(0.3, 240, 185, 0.02) + 0.5 * _swept(0.3, 380, 330, 0.02)) * decay(count, 0.16)
    return np.asarray(0.52 * rattle + 0.45 * head, np.float32)


def _rim(rng: Generator) -> Wave:
    count = frames(0.09)
    return np.asarray(
        (np.sin(2 * np.pi * 1700 * _moments(0.09)) + 0.5 * np.sin(2 * np.pi * 820 * _moments(0.09)))
        * decay(count, 0.05)
        + 0.3 * white(rng, count) * decay(count, 0.01),
        np.float32,
    ) * np.float32(0.5)


def _brush(rng: Generator) -> Wave:
    count = frames(0.26)
    moment = _moments(0.26)
    sweep = np.minimum(moment / 0.012, 1) * np.exp(-moment * 16)
    return np.asarray(bandpass(white(rng, count), 1800, 7000) * sweep * 0.5, np.float32)


def _clap(rng: Generator) -> Wave:
    count = frames(0.3)
    hands = bandpass(white(rng, count), 900, 3600) * np.float32(1.6)
    shape = np.zeros(count, np.float32)
    for delay, level in ((0.0, 0.7), (0.011, 0.6), (0.022, 0.9)):
        start = frames(delay)
        shape[start:] = np.maximum(shape[start:], level * decay(count - start, 0.05 if delay < 0.02 else 0.26))
    return np.asarray(hands * shape, np.float32)


def _metal(seconds: float, fall: float, low: float, level: float) -> Callable[[Generator], Wave]:
    """A cymbal: noise and six tones that stand in no simple ratio, high-passed."""

    def play(rng: Generator) -> Wave:
        count, moment = frames(seconds), _moments(seconds)
        tones = np.zeros(count, np.float32)
        for hz in (2130.0, 3142.0, 4237.0, 5411.0, 6733.0, 8219.0):
            tones += np.sign(np.sin(2 * np.pi * hz * moment + rng.random())).astype(np.float32)
        made = highpass(0.12 * tones + 0.9 * white(rng, count), low)
        return np.asarray(made * decay(count, fall) * np.float32(level), np.float32)

    return play


def _ride(rng: Generator) -> Wave:
    count, moment = frames(0.9), _moments(0.9)
    ping = sum(np.sin(2 * np.pi * hz * moment) for hz in (3120.0, 4270.0, 5560.0, 7010.0))
    wash = highpass(white(rng, count), 5000) * decay(count, 0.8)
    return np.asarray(0.09 * ping * decay(count, 0.5) + 0.13 * wash, np.float32)


def _shaker(rng: Generator) -> Wave:
    count, moment = frames(0.12), _moments(0.12)
    shape = np.minimum(moment / 0.02, 1) * np.exp(-np.maximum(moment - 0.02, 0) * 50)
    return np.asarray(bandpass(white(rng, count), 4000, 11000) * shape * 0.6, np.float32)


def _tom(rng: Generator) -> Wave:
    count = frames(0.45)
    return np.asarray(_swept(0.45, 190, 105, 0.06) * decay(count, 0.45) + 0.1 * white(rng, count) * decay(count, 0.02))


def _timpani(rng: Generator) -> Wave:
    seconds = 1.6
    count, moment = frames(seconds), _moments(seconds)
    partials = ((1.0, 1.0, 1.4), (1.5, 0.6, 1.1), (1.99, 0.35, 0.8), (2.44, 0.2, 0.5))
    made = sum(
        level * np.sin(2 * np.pi * 73.4 * ratio * moment) * decay(count, fall) for ratio, level, fall in partials
    )
    return np.asarray(0.5 * made + 0.2 * lowpass(white(rng, count), 900) * decay(count, 0.05), np.float32)


STROKES: dict[Drum, Callable[[Generator], Wave]] = {
    "kick": _kick,
    "snare": _snare,
    "rim": _rim,
    "brush": _brush,
    "clap": _clap,
    "hat": _metal(0.12, 0.07, 7000, 0.3),
    "open_hat": _metal(0.4, 0.3, 6500, 0.28),
    "ride": _ride,
    "crash": _metal(2.2, 2.0, 3500, 0.35),
    "shaker": _shaker,
    "tom": _tom,
    "timpani": _timpani,
}

PANS: dict[Drum, float] = {"hat": 0.3, "open_hat": 0.3, "ride": -0.35, "crash": -0.3, "shaker": 0.4, "tom": -0.2}
"""Where the drums stand that do not stand in the middle."""

VARIANTS = 3


def stroke(drum: Drum, variant: int) -> Wave:
    """One stroke; `variant` (from 0) changes its noise, as no two strokes are alike."""
    return STROKES[drum](generator(variant, 40))
