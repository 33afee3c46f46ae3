"""Values as glTF asks for them: unit normals and quaternions, weights that sum to one, factors up to one.

Values are brought into this form when they are made, so that what a node is given is the same whether it was
computed a moment ago or read from a file. What fits already is left as it is, to the bit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from diorama.values.mesh import Floats
    from diorama.values.rig import Joints

Doubles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

UNIT_TOLERANCE = 1e-4
"""How far a length may be from one; the Khronos validator complains beyond about five times this."""
WEIGHT_TOLERANCE = 2e-7
"""How far a sum of weights may be from one, a weight that is not nought (glTF 2.0, 3.7.3.3)."""


def unit_quaternion(quaternion: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The quaternion (x, y, z, w) with length one; no turn for one of no length."""
    x, y, z, w = quaternion
    length = math.sqrt(x * x + y * y + z * z + w * w)
    if length < 1e-12:
        return (0.0, 0.0, 0.0, 1.0)
    return quaternion if abs(length - 1.0) <= UNIT_TOLERANCE else (x / length, y / length, z / length, w / length)


def clipped(factor: float) -> float:
    """The factor between nought and one."""
    return min(max(factor, 0.0), 1.0)


def unit_rows(rows: Floats, instead: tuple[float, ...]) -> Floats:
    """The rows (..., n) with length one; a row of no length becomes `instead`."""
    lengths = np.sqrt(np.einsum("...i,...i->...", rows, rows, dtype=np.float64))
    off = np.abs(lengths - 1.0) > UNIT_TOLERANCE
    if not off.any():
        return rows
    mended = np.array(rows, np.float32)
    short = lengths < 1e-12
    scaled = rows[off] / np.where(short, 1.0, lengths)[off][:, None]
    mended[off] = scaled.astype(np.float32)
    mended[short] = instead
    return mended


def clean_weights(joints: Joints, weights: Floats) -> tuple[Joints, Floats]:
    """Joints and weights where each row sums to one, names no joint twice, and joint 0 where a weight is nought."""
    merged = _merged(joints, weights)
    sums = merged.sum(axis=1)
    used = np.maximum((merged > 0).sum(axis=1), 1)
    off = (np.abs(sums - 1.0) > WEIGHT_TOLERANCE * used) | (merged < 0).any(axis=1)
    if off.any():
        kept = np.maximum(merged[off], 0)
        kept[kept.sum(axis=1) < 1e-12] = (1.0, 0.0, 0.0, 0.0)
        merged[off] = kept / kept.sum(axis=1, keepdims=True)
    clean = merged.astype(np.float32)
    idle = (clean == 0) & (joints != 0)
    return np.where(idle, 0, joints).astype(np.uint16) if idle.any() else joints, clean


def _merged(joints: Joints, weights: Floats) -> Doubles:
    """The weights where no row gives any to one joint twice: the first of the twins takes the weight of both."""
    merged = np.array(weights, np.float64)
    for first in range(3):
        for second in range(first + 1, 4):
            twins = (joints[:, first] == joints[:, second]) & (merged[:, first] > 0) & (merged[:, second] > 0)
            merged[twins, first] += merged[twins, second]
            merged[twins, second] = 0
    return merged
