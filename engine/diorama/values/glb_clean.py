"""Arrays as glTF asks for them: unit normals and quaternions, weights that sum to one. What fits is left as it is."""

from __future__ import annotations

import numpy as np

from diorama.values.mesh import Floats
from diorama.values.rig import Joints

UNIT_TOLERANCE = 1e-4
"""How far a length may be from one; the Khronos validator complains beyond about five times this."""
WEIGHT_TOLERANCE = 2e-7
"""How far a sum of weights may be from one, a weight that is not nought (glTF 2.0, 3.7.3.3)."""


def unit_rows(rows: Floats, instead: tuple[float, ...]) -> Floats:
    """The rows with length one; a row of no length becomes `instead`."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    off = np.abs(lengths - 1.0) > UNIT_TOLERANCE
    if not off.any():
        return rows
    mended = np.array(rows, np.float32)
    short = lengths < 1e-12
    scaled = rows[off] / np.where(short, 1.0, lengths)[off, None]
    mended[off] = scaled.astype(np.float32)
    mended[short] = instead
    return mended


def clean_weights(joints: Joints, weights: Floats) -> tuple[Joints, Floats]:
    """Joints and weights where each row sums to one, names no joint twice, and joint 0 where a weight is nought."""
    joints, weights = _without_twins(joints, weights)
    sums = weights.sum(axis=1, dtype=np.float64)
    used = np.maximum((weights > 0).sum(axis=1), 1)
    off = (np.abs(sums - 1.0) > WEIGHT_TOLERANCE * used) | (weights < 0).any(axis=1)
    if off.any():
        mended = np.array(weights, np.float64)
        mended[off] = np.maximum(mended[off], 0)
        lost = off & (mended.sum(axis=1) < 1e-12)
        mended[lost] = (1.0, 0.0, 0.0, 0.0)
        mended[off] /= mended[off].sum(axis=1, keepdims=True)
        weights = mended.astype(np.float32)
    idle = (weights == 0) & (joints != 0)
    if idle.any():
        joints = np.where(idle, 0, joints).astype(np.uint16)
    return joints, weights


def _without_twins(joints: Joints, weights: Floats) -> tuple[Joints, Floats]:
    """The same where no row gives weight to one joint twice: the first of the twins takes the weight of both."""
    for first in range(3):
        for second in range(first + 1, 4):
            twins = (joints[:, first] == joints[:, second]) & (weights[:, first] > 0) & (weights[:, second] > 0)
            if twins.any():
                weights = np.array(weights, np.float32)
                weights[twins, first] += weights[twins, second]
                weights[twins, second] = 0
    return joints, weights
