"""Sounds brought to one rate, two channels and one length, and added up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np

from diorama.values.audio import Audio
from diorama_nodes.audio.signal import RATE, Wave, gain, silence


@dataclass(frozen=True, slots=True)
class Voicing:
    """Sounds that are mixed at one level in decibels."""

    sounds: Sequence[Audio]
    level: float


def resampled(wave: Wave, rate: int) -> Wave:
    """`wave` of `rate` frames a second at the pack's own rate."""
    from scipy.signal import resample_poly

    if rate == RATE or not len(wave):
        return wave
    shared = gcd(rate, RATE)
    return np.asarray(resample_poly(wave, RATE // shared, rate // shared, axis=0), np.float32)


def stereo(audio: Audio) -> Wave:
    """The samples of `audio` at the pack's rate, left and right; of more channels the even ones go to the left."""
    wave = np.asarray(audio.samples, np.float32)
    if audio.channels == 1:
        # Equal in power to a sound in the middle, as a pan puts it there.
        wave = np.repeat(wave * np.float32(np.sqrt(0.5)), 2, axis=1)
    elif audio.channels > 2:
        wave = np.stack([wave[:, 0::2].mean(axis=1), wave[:, 1::2].mean(axis=1)], axis=1)
    return resampled(wave, audio.rate)


def mixed(groups: Sequence[Voicing], check: Callable[[], None]) -> Wave:
    """The sum of all sounds, as long as the longest; `check` is called between them, for a cancel to take hold."""
    longest = [-(-len(sound.samples) * RATE // sound.rate) for group in groups for sound in group.sounds]
    track = silence(max(longest, default=0))
    for group in groups:
        for sound in group.sounds:
            check()
            wave = stereo(sound)
            track[: len(wave)] += wave[: len(track)] * np.float32(gain(group.level))
    return track
