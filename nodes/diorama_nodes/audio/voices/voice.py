"""What a voice is, and the envelopes that voices share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from diorama_nodes.audio.signal import RATE, Numbers, Wave, bandpass, frames, generator, white

Player = Callable[[float, float, float], Wave]
"""A note of one channel from hertz, seconds that it is held, and force from 0 to 1; its release comes on top."""


@dataclass(frozen=True, slots=True)
class Voice:
    """An instrument: how it sounds, how loud it is beside the others, and where it sits."""

    play: Player
    level: float = 0.0
    """Decibels."""
    pan: float = 0.0
    spread: float = 0.0
    """How far low and high notes stand apart, from 0 to 1."""
    send: float = 1.0
    """Its share of the room: 0 for dry."""
    drive: float = 0.0
    """How far the whole part is driven into saturation."""
    tremolo: float = 0.0
    """Depth of a slow swaying from side to side."""


def envelope(seconds: float, attack: float, release: float, *, sag: float = 0.0, sag_seconds: float = 0.3) -> Wave:
    """A curve over the held `seconds` and the release: up in `attack`, down by the share `sag`, then to nought."""
    held, gone = max(frames(seconds), 1), frames(release)
    moment = np.arange(held + gone, dtype=np.float32) / RATE
    curve = np.minimum(moment / max(attack, 1e-4), 1.0)
    curve = curve * curve * (3 - 2 * curve)
    if sag:
        curve *= 1 - sag + sag * np.exp(-np.maximum(moment - attack, 0) / sag_seconds)
    if gone:
        part = np.arange(gone, dtype=np.float32) / gone
        curve[held:] *= (1 - part) ** 2
    return np.asarray(curve, np.float32)


def band_of(hz: Numbers, center: float, octaves: float) -> Numbers:
    """A resonance over frequency: 1 at `center`, falling to both sides."""
    return np.asarray(np.exp(-((np.log2(np.maximum(hz, 1.0) / center) / octaves) ** 2)))


def tick(seconds: float, low: float, high: float, level: float) -> Wave:
    """A burst of filtered noise: a hammer, a pick, a breath that begins. Always the same one."""
    count = frames(seconds)
    burst = bandpass(white(generator(5, count), count), low, high)
    fall = np.exp(-np.arange(count, dtype=np.float32) * np.float32(5.0 / count))
    return np.asarray(burst * fall * np.float32(level), np.float32)


def joined(body: Wave, head: Wave) -> Wave:
    """`body` with `head` added at its start."""
    made = body.copy()
    count = min(len(made), len(head))
    made[:count] += head[:count]
    return made
