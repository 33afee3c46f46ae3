"""Loudness and true peak as ITU-R BS.1770-4 defines them.

Source: Recommendation ITU-R BS.1770-4 (10/2015), annex 1 (K-weighting, gating) and annex 2 (true peak). The annex
tabulates the K-weighting filters for 48 kHz only; for other rates they are designed anew from the analogue
parameters that give the tabulated coefficients at 48 kHz.
"""

from __future__ import annotations

import math

import numpy as np

from diorama_nodes.audio.signal import Numbers, Wave

SILENCE = -120.0
"""LUFS and dBTP given for a sound without anything in it."""

CHUNK, OVERLAP = 2**16, 64
"""Frames that are oversampled at once, and how many beside them the filter may look at."""

BLOCK_SECONDS = 0.4
STEP_SECONDS = 0.1
ABSOLUTE_GATE = -70.0
RELATIVE_GATE = -10.0


def k_weighting(rate: int) -> Numbers:
    """The two sections of the K-weighting filter at `rate`, (2, 6): a high shelf for the head, then a high-pass."""
    shelf_hz, shelf_gain, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = math.tan(math.pi * shelf_hz / rate)
    high = 10 ** (shelf_gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / shelf_q + k * k
    shelf = [
        (high + band * k / shelf_q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / shelf_q + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / shelf_q + k * k) / a0,
    ]
    pass_hz, pass_q = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * pass_hz / rate)
    a0 = 1 + k / pass_q + k * k
    cut = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / pass_q + k * k) / a0]
    return np.array([shelf, cut])


def integrated_loudness(samples: Wave, rate: int) -> float:
    """The gated loudness of `samples` (frames, channels) in LUFS; of a sound under 0.4 s that of the whole of it."""
    power = _block_power(samples, rate)
    if not len(power):
        return SILENCE
    loudness = -0.691 + 10 * np.log10(np.maximum(power, 1e-13))
    kept = power[loudness > ABSOLUTE_GATE]
    if not len(kept):
        return SILENCE
    gate = -0.691 + 10 * math.log10(float(kept.mean())) + RELATIVE_GATE
    kept = power[(loudness > ABSOLUTE_GATE) & (loudness > gate)]
    return -0.691 + 10 * math.log10(float(kept.mean()))


def _block_power(samples: Wave, rate: int) -> Numbers:
    """Mean square, summed over the channels, of each block of 0.4 s; blocks begin 0.1 s apart."""
    from scipy.signal import sosfilt

    if not len(samples):
        return np.zeros(0)
    weighted = np.asarray(sosfilt(k_weighting(rate), samples.astype(np.float64), axis=0))
    square = np.einsum("fc,fc->f", weighted, weighted)
    total = np.concatenate([[0.0], np.cumsum(square)])
    block, step = round(BLOCK_SECONDS * rate), round(STEP_SECONDS * rate)
    starts = np.arange(0, max(len(samples) - block, 0) + 1, step)
    ends = np.minimum(starts + block, len(samples))
    return np.asarray((total[ends] - total[starts]) / (ends - starts))


def true_peaks(samples: Wave) -> Wave:
    """The largest amplitude over all channels from each frame to the next, found by fourfold oversampling."""
    from scipy.signal import resample_poly

    found = np.zeros(len(samples), np.float32)
    for start in range(0, len(samples), CHUNK):
        first, end = max(start - OVERLAP, 0), min(start + CHUNK + OVERLAP, len(samples))
        finer = np.abs(np.asarray(resample_poly(samples[first:end].astype(np.float32), 4, 1, axis=0)))
        kept = finer.reshape(end - first, -1).max(axis=1)[start - first :][:CHUNK]
        found[start : start + len(kept)] = kept
    return found


def true_peak(samples: Wave) -> float:
    """The highest true peak in dBTP."""
    highest = float(true_peaks(samples).max(initial=0.0))
    return 20 * math.log10(highest) if highest > 1e-6 else SILENCE
