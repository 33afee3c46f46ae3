"""A room: the sound folded with noise that dies away, its highs first."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from diorama_nodes.audio.signal import RATE, Wave, frames, generator, lowpass


@lru_cache(maxsize=16)
def room(seconds: float, brightness: float) -> Wave:
    """The response of a room (frames, 2): it falls by 60 dB in `seconds`, and above `brightness` hertz faster.

    Left and right are independent, which is what makes the sound stand around the listener.
    """
    count = frames(seconds)
    rng = generator(round(seconds * 1000), 77)
    moment = (np.arange(count, dtype=np.float32) / RATE)[:, None]
    hiss = np.asarray(rng.standard_normal((count, 2), np.float32))
    dark = lowpass(hiss, brightness)
    late = dark * np.exp(-6.9 * moment / seconds) + (hiss - dark) * np.exp(-6.9 * moment / (0.35 * seconds))
    build = 1 - np.exp(-moment / 0.012)
    response = late * build
    for delay, level in zip(rng.uniform(0.007, 0.05, 8), rng.uniform(0.4, 1.0, 8), strict=True):
        response[frames(delay), int(rng.integers(2))] += 6 * level * (1 if rng.random() < 0.5 else -1)
    response /= np.sqrt(np.sum(response**2, axis=0))
    response.setflags(write=False)
    return np.asarray(response, np.float32)


def reverberated(wave: Wave, seconds: float, wet: float, brightness: float = 3500.0) -> Wave:
    """The stereo `wave` with the share `wet` of a room's answer added, as long as before."""
    from scipy.signal import oaconvolve

    if not len(wave) or wet <= 0:
        return wave
    answer = np.asarray(oaconvolve(wave, room(seconds, brightness), axes=0)[: len(wave)], np.float32)
    return np.asarray(wave + np.float32(wet) * answer, np.float32)
