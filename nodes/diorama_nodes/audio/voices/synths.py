"""Synthesisers: saws through a filter that opens and closes, and plain low sines."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.signal import RATE, Numbers, Wave
from diorama_nodes.audio.tone import tone
from diorama_nodes.audio.voices.voice import Player, envelope


def filtered_saw(
    *,
    low: float,
    high: float,
    close: float,
    attack: float,
    release: float,
    cents: tuple[float, ...],
    sag: float = 0.0,
    square: bool = False,
    peak: float = 0.6,
    vibrato: float = 0.0,
    level: float = 0.4,
) -> Player:
    """A saw or square through a resonant low-pass that starts at `high` hertz and nears `low` in `close` seconds."""

    def play(hz: float, seconds: float, force: float) -> Wave:
        def levels(number: Numbers, moment: Numbers) -> Numbers:
            pitch = number * hz
            cutoff = low + (high * (0.4 + 0.6 * force) - low) * np.exp(-moment / close)
            ratio = pitch / cutoff
            passed = 1 / np.sqrt(1 + ratio**6) + peak * np.exp(-(((ratio - 0.95) / 0.25) ** 2))
            shape = np.where(number % 2 == 0, 0.0 if square else 1.0, 1.0) / number
            return np.asarray(shape * passed)

        shape = envelope(seconds, min(attack, 0.7 * seconds + 0.003), release, sag=sag, sag_seconds=0.2)
        made = tone(hz, len(shape) / RATE, levels, cents=cents, vibrato=vibrato)[: len(shape)]
        return np.asarray(made * shape * np.float32(level * force), np.float32)

    return play


def low_sine(*, second: float, fall: float, attack: float, release: float) -> Player:
    """A round bass: a sine with a little of its octave, which falls to 1/e in `fall` seconds."""

    def play(hz: float, seconds: float, force: float) -> Wave:
        shape = envelope(seconds, attack, release)
        count = np.arange(len(shape), dtype=np.float64)
        phase = (2 * np.pi * ((hz * count / RATE) % 1.0)).astype(np.float32)
        moment = (count / RATE).astype(np.float32)
        made = np.sin(phase) + np.float32(second) * np.sin(2 * phase) * np.exp(-moment * 5)
        made += np.float32(second / 2) * np.sin(3 * phase) * np.exp(-moment * 9)
        return np.asarray(np.tanh(made * 1.2) * np.exp(-moment / np.float32(fall)) * shape * (0.62 * force), np.float32)

    return play


lead = filtered_saw(
    low=1300, high=4200, close=0.25, attack=0.008, release=0.12, cents=(-8.0, 7.0), sag=0.25, vibrato=9, level=0.34
)
pluck = filtered_saw(
    low=350, high=4200, close=0.09, attack=0.002, release=0.22, cents=(-5.0, 6.0), sag=0.75, level=0.42
)
pad = filtered_saw(
    low=750, high=1000, close=1.5, attack=0.9, release=1.2, cents=(-11.0, -4.0, 3.0, 10.0), peak=0.15, level=0.4
)
synth_bass = filtered_saw(
    low=160, high=1500, close=0.12, attack=0.003, release=0.05, cents=(0.0, 5.0), square=True, level=0.62
)
sub = low_sine(second=0.15, fall=9.0, attack=0.4, release=0.8)
soft_bass = low_sine(second=0.35, fall=1.6, attack=0.008, release=0.09)
