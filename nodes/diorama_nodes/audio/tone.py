"""A periodic tone whose harmonics each take a course of their own: the ground of most voices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama_nodes.audio.signal import RATE, Numbers, Wave, frames

Levels = Callable[[Numbers, Numbers], Numbers]
"""Amplitudes (periods, harmonics) from harmonic numbers (1, harmonics) and seconds (periods, 1)."""

HIGHEST = 15_000.0
"""Harmonics above this many hertz are left out: nothing folds back, and few would hear them."""


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch, 69 being 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def tone(
    hz: float,
    seconds: float,
    levels: Levels,
    *,
    cents: tuple[float, ...] = (0.0,),
    vibrato: float = 0.0,
    vibrato_hz: float = 5.3,
    slide: float = 0.0,
) -> Wave:
    """A tone of `hz` that lasts `seconds`, one channel.

    Every period is one row of an inverse Fourier transform, so that each harmonic follows its own envelope at the
    cost of a single one. All harmonics start as sines: rows meet at zero, and a change of level makes no click.
    The rows are then read at the asked pitch: `cents` are the detunings of strings that sound together, `vibrato`
    is a depth in cents that comes in after a moment, `slide` the cents below at which the tone begins.
    """
    import scipy.fft

    count = frames(seconds)
    periods = int(count / RATE * hz * 1.06) + 3
    harmonics = max(int(HIGHEST / hz), 1)
    size = 1 << int(np.ceil(np.log2(max(2.2 * RATE / hz, 16))))
    number = np.arange(1, harmonics + 1, dtype=np.float64)[None, :]
    moment = (np.arange(periods, dtype=np.float64) / hz)[:, None]
    spectrum = np.zeros((periods, size // 2 + 1), np.complex64)
    spectrum[:, 1 : harmonics + 1] = -0.5j * np.broadcast_to(levels(number, moment), (periods, harmonics))
    table = scipy.fft.irfft(spectrum, n=size, axis=1, norm="forward").reshape(-1)
    made = np.zeros(count, np.float32)
    for detuning in cents:
        made += _read(table, _cycles(hz, count, detuning, vibrato, vibrato_hz, slide) * size)
    return made / np.float32(len(cents))


def _cycles(hz: float, count: int, cents: float, vibrato: float, vibrato_hz: float, slide: float) -> Numbers:
    """How many periods have passed at each frame."""
    pitch = hz * 2 ** (cents / 1200)
    moment = np.arange(count) / RATE
    cycles = pitch * moment
    if vibrato:
        depth = pitch * (2 ** (vibrato / 1200) - 1) / (2 * np.pi * vibrato_hz)
        cycles = cycles + depth * np.clip((moment - 0.15) / 0.5, 0, 1) * np.sin(2 * np.pi * vibrato_hz * moment)
    if slide:
        cycles = cycles + pitch * (2 ** (-slide / 1200) - 1) * 0.02 * (1 - np.exp(-moment / 0.02))
    return np.asarray(np.maximum(cycles, 0.0))


def _read(table: Wave, places: Numbers) -> Wave:
    index = places.astype(np.int64)
    part = (places - index).astype(np.float32)
    index = np.minimum(index, len(table) - 2)
    return np.asarray(table[index] * (1 - part) + table[index + 1] * part, np.float32)
