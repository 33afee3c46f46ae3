"""How cameras and lights are turned towards what they look at or shine on."""

from __future__ import annotations

import math

import numpy as np

from diorama.values.glb_nodes import Matrix
from diorama.values.mesh import Floats
from diorama.values.scene import Camera, Quaternion, Vector

SAMPLES_A_SECOND = 30.0
"""Keys of a camera's rotation; between two of them, turning evenly differs from looking at the target unseen."""


def look_times(camera: Camera) -> Floats:
    """The camera's own keys and evenly spaced moments between them, (n,) float32."""
    first, last = float(camera.times[0]), float(camera.times[-1])
    steps = min(math.ceil((last - first) * SAMPLES_A_SECOND), 100_000)
    between = np.linspace(first, last, steps + 1).astype(np.float32)
    return np.unique(np.concatenate([camera.times, between]))


def look_rotations(camera: Camera, times: Floats) -> Floats:
    """The rotation that looks from position to target at each moment, upright, (n, 4) float32."""
    positions = _between(camera.times, camera.positions, times)
    targets = _between(camera.times, camera.targets, times)
    quaternions = _quaternions(_upright(targets - positions))
    for row in range(1, len(quaternions)):
        # Both signs turn alike; the nearer one keeps a viewer that interpolates number by number from spinning.
        if quaternions[row] @ quaternions[row - 1] < 0:
            quaternions[row] *= -1
    return quaternions.astype(np.float32)


def _between(times: Floats, rows: Floats, moments: Floats) -> Matrix:
    return np.stack([np.interp(moments, times, rows[:, axis]) for axis in range(3)], axis=1)


def _upright(forward: Matrix) -> Matrix:
    """Rotations (n, 3, 3) whose -Z is the direction and whose Y is as near to up as can be."""
    lengths = np.linalg.norm(forward, axis=1, keepdims=True)
    back = np.where(lengths > 1e-9, -forward / np.maximum(lengths, 1e-9), (0.0, 0.0, 1.0))
    # Looking straight down or up, the top of the picture points away from +Z.
    is_steep = np.abs(back[:, 1:2]) > 1 - 1e-9
    up = np.where(is_steep, (0.0, 0.0, -1.0), (0.0, 1.0, 0.0))
    right = np.cross(up, back)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    return np.stack([right, np.cross(back, right), back], axis=2)


def _quaternions(turns: Matrix) -> Matrix:
    """Unit quaternions (n, 4) of rotations (n, 3, 3), each from its largest component (Shepperd, 1978)."""
    m = turns.transpose(1, 2, 0)
    x, y, z = m[0, 0], m[1, 1], m[2, 2]
    sums = [m[2, 1] + m[1, 2], m[0, 2] + m[2, 0], m[1, 0] + m[0, 1]]
    gaps = [m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]]
    candidates = np.array(
        [
            [1 + x - y - z, sums[2], sums[1], gaps[0]],
            [sums[2], 1 - x + y - z, sums[0], gaps[1]],
            [sums[1], sums[0], 1 - x - y + z, gaps[2]],
            [gaps[0], gaps[1], gaps[2], 1 + x + y + z],
        ]
    ).transpose(2, 0, 1)
    largest = np.argmax(candidates[:, range(4), range(4)], axis=1)
    chosen = candidates[np.arange(len(turns)), largest]
    return np.asarray(chosen / np.linalg.norm(chosen, axis=1, keepdims=True), np.float64)


def shine_rotation(direction: Vector) -> Quaternion:
    """The shortest turn from -Z, where a light of glTF shines, to the direction; none for a direction of no length."""
    x, y, z = direction
    length = math.sqrt(x * x + y * y + z * z)
    if length < 1e-12:
        return (0.0, 0.0, 0.0, 1.0)
    x, y, z = x / length, y / length, z / length
    w = 1.0 - z
    if w < 1e-9:
        return (0.0, 1.0, 0.0, 0.0)
    size = math.sqrt(x * x + y * y + w * w)
    return (y / size, -x / size, 0.0, w / size)
