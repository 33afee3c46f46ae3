"""Loudness brought to a target, with peaks held below a ceiling by a limiter that looks ahead."""

from __future__ import annotations

import numpy as np

from diorama_nodes.audio.loudness import SILENCE, integrated_loudness, true_peaks
from diorama_nodes.audio.signal import RATE, Wave, frames, gain

AHEAD_SECONDS = 0.004
RELEASE_DB_PER_SECOND = 90.0
MARGIN_DB = 0.15
"""Kept below the ceiling, for the little that a moving gain adds between the frames."""
MOST_GAIN_DB = 60.0
SAFE = 3.0
"""A sound whose samples stay below the ceiling by this factor has true peaks below it too, and needs no search."""


def limiter_gain(peaks: Wave, ceiling: float) -> Wave:
    """The gain of each frame that keeps `peaks` (amplitudes) at or below `ceiling` (an amplitude).

    The reduction in decibels is held and let go along a straight line, then spread by a maximum and a mean of the
    same width, which begin before the peak and have come down in full when it is there.
    """
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    reduction = 20 * np.log10(np.maximum(peaks.astype(np.float64) / ceiling, 1.0))
    fall = np.arange(len(peaks)) * (RELEASE_DB_PER_SECOND / RATE)
    held = np.maximum.accumulate(reduction + fall) - fall
    width = 2 * frames(AHEAD_SECONDS) + 1
    smooth = uniform_filter1d(maximum_filter1d(np.maximum(held, 0.0), width), width)
    return np.asarray(10 ** (-np.asarray(smooth) / 20), np.float32)


def limited(samples: Wave, ceiling_db: float = -1.0) -> Wave:
    """`samples` with true peaks below `ceiling_db` dBTP."""
    return _held(samples, true_peaks(samples), 1.0, ceiling_db)


def mastered(samples: Wave, target_lufs: float, ceiling_db: float = -1.0) -> Wave:
    """`samples` at the integrated loudness of `target_lufs`, their true peaks below `ceiling_db` dBTP.

    Limiting takes some loudness away, so the gain is found in a few rounds; what is silent stays silent.
    """
    loudness = integrated_loudness(samples, RATE)
    if loudness <= SILENCE:
        return samples
    level = min(target_lufs - loudness, MOST_GAIN_DB)
    if float(np.abs(samples).max()) * gain(level) * SAFE < gain(ceiling_db):
        return samples * np.float32(gain(level))
    peaks = true_peaks(samples)
    made = _held(samples, peaks, gain(level), ceiling_db)
    for _ in range(4):
        missing = target_lufs - integrated_loudness(made, RATE)
        if abs(missing) < 0.05 or level + missing > MOST_GAIN_DB:
            break
        level += missing
        made = _held(samples, peaks, gain(level), ceiling_db)
    return made


def _held(samples: Wave, peaks: Wave, level: float, ceiling_db: float) -> Wave:
    ceiling = gain(ceiling_db)
    if float(peaks.max(initial=0.0)) * level <= ceiling * gain(-0.02):
        return samples * np.float32(level)
    made = samples * (limiter_gain(peaks * np.float32(level), ceiling * gain(-MARGIN_DB)) * np.float32(level))[:, None]
    highest = float(true_peaks(made).max(initial=0.0))
    return made if highest < ceiling else made * np.float32(ceiling / highest * gain(-0.02))
