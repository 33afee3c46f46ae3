"""Rotations of many frames at once: matrices (frames, 3, 3) and the unit quaternions for them."""

from __future__ import annotations

import numpy as np

from diorama_nodes.character.arrays import Array


def about(axis: int, angles: Array) -> Array:
    """Turns by angles (n,) about the x, y or z axis (0, 1, 2)."""
    cosines, sines = np.cos(angles), np.sin(angles)
    turns = np.zeros((len(angles), 3, 3))
    turns[:, axis, axis] = 1
    one, other = (axis + 1) % 3, (axis + 2) % 3
    turns[:, one, one] = turns[:, other, other] = cosines
    turns[:, other, one] = sines
    turns[:, one, other] = -sines
    return turns


def euler(angles: Array) -> Array:
    """Turns (n, 3, 3) by angles (n, 3): first roll about z, then pitch about x, then yaw about y."""
    return about(1, angles[:, 1]) @ about(0, angles[:, 0]) @ about(2, angles[:, 2])


def unit(vectors: Array) -> Array:
    """The vectors (..., 3) brought to length 1."""
    lengths: Array = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)


def aimed(ways: Array, bends: Array) -> Array:
    """Frames (n, 3, 3) whose first column is `ways` and whose second is `bends` made square to it."""
    first = unit(ways)
    second = unit(bends - first * (bends * first).sum(-1, keepdims=True))
    return np.stack([first, second, np.cross(first, second)], -1)


def quaternions(turns: Array) -> Array:
    """Unit quaternions (frames, joints, 4) x y z w of matrices (frames, joints, 3, 3), without jumps of sign."""
    diagonal = np.diagonal(turns, axis1=-2, axis2=-1)
    trace = diagonal.sum(-1)
    squares = np.stack([1 + 2 * diagonal[..., axis] - trace for axis in range(3)] + [1 + trace], -1)
    largest = squares.argmax(-1)
    off = {(i, j): turns[..., i, j] for i in range(3) for j in range(3) if i != j}
    xw, yw, zw = off[2, 1] - off[1, 2], off[0, 2] - off[2, 0], off[1, 0] - off[0, 1]
    xy, xz, yz = off[0, 1] + off[1, 0], off[0, 2] + off[2, 0], off[1, 2] + off[2, 1]
    rows = [
        np.stack([squares[..., 0], xy, xz, xw], -1),
        np.stack([xy, squares[..., 1], yz, yw], -1),
        np.stack([xz, yz, squares[..., 2], zw], -1),
        np.stack([xw, yw, zw, squares[..., 3]], -1),
    ]
    chosen = np.take_along_axis(np.stack(rows, -2), largest[..., None, None], -2)[..., 0, :]
    chosen /= np.linalg.norm(chosen, axis=-1, keepdims=True)
    chosen[0] = np.where(chosen[0, :, 3:] < 0, -chosen[0], chosen[0])
    flips = np.sign((chosen[1:] * chosen[:-1]).sum(-1))
    chosen[1:] *= np.cumprod(np.where(flips < 0, -1.0, 1.0), axis=0)[..., None]
    return chosen


def eased(share: Array) -> Array:
    """A smooth way from 0 to 1 as `share` goes from 0 to 1, still at both ends."""
    x = np.clip(share, 0.0, 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)


def smoothed(values: Array, frames: float) -> Array:
    """Values (n,) or (n, k) averaged over about so many frames, the ends held."""
    reach = int(np.ceil(frames * 2.5))
    if reach < 1:
        return values
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(frames, 0.3)) ** 2)
    kernel /= kernel.sum()
    wide = np.concatenate([np.repeat(values[:1], reach, 0), values, np.repeat(values[-1:], reach, 0)])
    if wide.ndim == 1:
        return np.convolve(wide, kernel, "valid")
    return np.stack([np.convolve(wide[:, column], kernel, "valid") for column in range(wide.shape[1])], 1)
