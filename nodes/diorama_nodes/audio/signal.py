"""The small tools of sound: decibels, noise, filters, curves, and laying one sound into another."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import numpy as np

RATE = 44_100
"""Frames a second of everything that this pack makes."""

Wave = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
"""Samples, float32: (frames,) for one channel, (frames, 2) for left and right."""
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Generator = np.random.Generator


def generator(seed: int, stream: int = 0) -> Generator:
    """Random numbers that only `seed` and `stream` decide."""
    return np.random.default_rng((seed, stream))


def frames(seconds: float) -> int:
    """The number of frames nearest to `seconds`."""
    return round(seconds * RATE)


def gain(decibels: float) -> float:
    """The factor of amplitude that `decibels` stand for."""
    return float(10.0 ** (decibels / 20.0))


def silence(count: int) -> Wave:
    """An empty stereo track of `count` frames."""
    return np.zeros((count, 2), np.float32)


def white(rng: Generator, count: int, channels: int = 1) -> Wave:
    """White noise of variance 1: (count,) for one channel, else (count, channels)."""
    shape = (count,) if channels == 1 else (channels, count)
    return np.asarray(rng.standard_normal(shape, np.float32).T, np.float32)


def noise(rng: Generator, count: int, curve: Callable[[Numbers], Numbers], channels: int = 1) -> Wave:
    """Noise whose amplitude over frequency (hertz) follows `curve`, scaled to variance 1."""
    import scipy.fft

    if count <= 0:
        return np.zeros((0,) if channels == 1 else (0, channels), np.float32)
    size = scipy.fft.next_fast_len(max(count, 16), real=True)
    bins = size // 2 + 1
    spectrum = rng.standard_normal((channels, 2 * bins), np.float32).view(np.complex64)
    # The curve is smooth: a thousand points of it, even in pitch, stand for all.
    points = np.geomspace(1.0, RATE / 2, 1024)
    shape = np.interp(np.arange(bins) * (RATE / size), points, np.asarray(curve(points), np.float64))
    shape *= np.sqrt(size / 4 / (np.sum(shape**2) + 1e-12))
    made = scipy.fft.irfft(spectrum * shape.astype(np.float32), n=size, axis=1, norm="ortho")[:, :count].T
    return np.ascontiguousarray(made[:, 0] if channels == 1 else made, np.float32)


def bell_curve(center: float, octaves: float) -> Callable[[Numbers], Numbers]:
    """A spectrum that has its top at `center` hertz and falls to 1/e at `octaves` to both sides."""
    return lambda hz: np.exp(-((np.log2(hz / center) / octaves) ** 2))


def slope_curve(low: float, high: float, per_octave: float) -> Callable[[Numbers], Numbers]:
    """A spectrum between two soft edges that changes by `per_octave` decibels from one octave to the next."""

    def curve(hz: Numbers) -> Numbers:
        tilt = 10 ** (per_octave / 20 * np.log2(hz / 1000.0))
        return np.asarray(tilt / np.sqrt((1 + (low / hz) ** 6) * (1 + (hz / high) ** 6)))

    return curve


@lru_cache(maxsize=256)
def _sections(kind: Literal["lowpass", "highpass", "bandpass"], edges: tuple[float, ...], order: int) -> Numbers:
    from scipy.signal import butter

    top = 0.49 * RATE
    cut = [min(max(edge, 5.0), top) for edge in edges]
    return np.asarray(butter(order, cut if len(cut) > 1 else cut[0], kind, fs=RATE, output="sos"), np.float64)


def _filtered(wave: Wave, sections: Numbers) -> Wave:
    from scipy.signal import sosfilt

    return np.asarray(sosfilt(sections, wave, axis=0), np.float32)


def lowpass(wave: Wave, hz: float, order: int = 2) -> Wave:
    """`wave` without what lies above `hz`."""
    return _filtered(wave, _sections("lowpass", (hz,), order))


def highpass(wave: Wave, hz: float, order: int = 2) -> Wave:
    """`wave` without what lies below `hz`."""
    return _filtered(wave, _sections("highpass", (hz,), order))


def bandpass(wave: Wave, low: float, high: float, order: int = 1) -> Wave:
    """What of `wave` lies between `low` and `high` hertz."""
    return _filtered(wave, _sections("bandpass", (low, high), order))


def drift(rng: Generator, count: int, hz: float) -> Wave:
    """A smooth curve from 0 to 1 that takes a new random height `hz` times a second."""
    steps = np.arange(count, dtype=np.float32) * np.float32(hz / RATE)
    index = steps.astype(np.int32)
    heights = rng.random(int(steps[-1]) + 2 if count else 2, np.float32)
    part = steps - index
    part = part * part * (3 - 2 * part)
    return np.asarray(heights[index] * (1 - part) + heights[index + 1] * part, np.float32)


def decay(count: int, seconds: float) -> Wave:
    """A curve that falls from 1 to 1/1000 in `seconds`."""
    rate = np.float32(-6.9078 / max(seconds, 1e-3) / RATE)
    return np.asarray(np.exp(np.arange(count, dtype=np.float32) * rate), np.float32)


def ramp(count: int, rise: float, fall: float) -> Wave:
    """A curve of ones that rises over the first `rise` and falls over the last `fall` seconds, both as a cosine."""
    curve = np.ones(count, np.float32)
    up, down = min(frames(rise), count // 2), min(frames(fall), count - count // 2)
    curve[:up] = 0.5 - 0.5 * np.cos(np.pi * np.arange(up) / max(up, 1))
    if down:
        curve[count - down :] *= (0.5 + 0.5 * np.cos(np.pi * (np.arange(down) + 1) / down)).astype(np.float32)
    return curve


def sides(pan: float) -> tuple[float, float]:
    """Left and right gain of a place from -1 (left) to 1 (right), equal in power."""
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    return float(np.cos(angle)), float(np.sin(angle))


def lay(track: Wave, sound: Wave, start: int, pan: float = 0.0, level: float = 1.0) -> None:
    """Add the one-channel `sound` to the stereo `track` from frame `start` on; what hangs over is dropped."""
    first = max(start, 0)
    end = min(start + len(sound), len(track))
    if end <= first:
        return
    part = sound[first - start : end - start]
    left, right = sides(pan)
    track[first:end, 0] += part * np.float32(left * level)
    track[first:end, 1] += part * np.float32(right * level)
