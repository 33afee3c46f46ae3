"""Loudness that follows a curve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diorama.curve import Curve
from diorama.values.audio import Samples

CHUNK = 1 << 18


def shaped(samples: Samples, curve: Curve, check: Callable[[], None]) -> Samples:
    """`samples`, (frames, channels) float32, each frame multiplied by the curve's height at its share of the length."""
    count = len(samples)
    made: Samples = np.empty_like(samples)
    for start in range(0, count, CHUNK):
        check()
        end = min(start + CHUNK, count)
        heights = curve.at(np.arange(start, end) / max(count - 1, 1))
        made[start:end] = samples[start:end] * heights[:, None].astype(np.float32)
    return made
