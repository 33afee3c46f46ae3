"""Arithmetic on many vectors at once: vectors are (3, n) float32, so that each component lies together in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int32]]
Indices = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

LUMA = (0.2126, 0.7152, 0.0722)
"""Weights of linear red, green and blue in luminance (Rec. 709)."""


def floats(values: ArrayLike) -> Floats:
    """The values as float32, not copied where they already are."""
    return np.asarray(values, np.float32)


def dot(left: Floats, right: Floats) -> Floats:
    """The inner products of (3, n) vectors, (n,)."""
    total: Floats = left[0] * right[0]
    total += left[1] * right[1]
    total += left[2] * right[2]
    return total


def luminance(color: Floats) -> Floats:
    """The luminance of linear colours (3, n), (n,)."""
    total: Floats = color[0] * np.float32(LUMA[0])
    total += color[1] * np.float32(LUMA[1])
    total += color[2] * np.float32(LUMA[2])
    return total


def normalized(vectors: Floats) -> Floats:
    """The vectors (3, n) at length 1; nought stays nought."""
    length = np.sqrt(dot(vectors, vectors))
    np.maximum(length, np.float32(1e-20), out=length)
    return floats(vectors / length)


def column(values: Sequence[float] | Floats) -> Floats:
    """Three numbers as a (3, 1) vector that spreads over many."""
    return np.asarray(values, np.float32).reshape(3, 1)


def frames(normals: Floats) -> tuple[Floats, Floats]:
    """Two tangents for each unit normal (3, n), without a branch (Duff et al. 2017, JCGT 6(1))."""
    x, y, z = normals
    sign = np.copysign(np.float32(1.0), z)
    a = np.float32(-1.0) / (sign + z)
    b = x * y * a
    first = np.stack([np.float32(1.0) + sign * x * x * a, sign * b, -sign * x])
    second = np.stack([b, sign + y * y * a, -y])
    return first, second
